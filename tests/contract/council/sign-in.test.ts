import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { tokenError, tokenResponse } from '#shared/contract/rest.ts'
import { backends } from './backends.ts'
import { deskOf, passwordForm, postForm, type RunningCouncil, runCouncil, signIn } from './running-council.ts'

describe.each(backends)('signing in, on $name', (backend) => {
  let running: RunningCouncil
  const token = (form: Record<string, string>) => postForm(`${running.council.url}/oauth/token`, form)

  beforeAll(async () => {
    running = await runCouncil(backend)
  })
  afterAll(() => running.stop())

  test('gives a bearer token for fifteen minutes that nobody may keep in a cache', async () => {
    const answer = await token(passwordForm('sam.practice'))
    expect(answer.status).toBe(200)
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(tokenResponse.parse(await answer.json())).toMatchObject({ token_type: 'Bearer', expires_in: 900 })
  })

  test.each([
    ['a wrong password', passwordForm('sam.practice', 'guess'), 'invalid_grant'],
    ['an unknown adviser', passwordForm('nobody'), 'invalid_grant'],
    ['an impossible username', passwordForm('sam\0'), 'invalid_grant'],
    ['an unknown refresh token', { grant_type: 'refresh_token', refresh_token: 'x' }, 'invalid_grant'],
    ['another grant', { grant_type: 'client_credentials' }, 'unsupported_grant_type'],
    ['no grant', {}, 'invalid_request'],
    ['no password', { grant_type: 'password', username: 'sam.practice' }, 'invalid_request'],
  ])('refuses %s in the words of RFC 6749', async (_, form, error) => {
    const answer = await token(form)
    expect(answer.status).toBe(400)
    expect(tokenError.parse(await answer.json())).toEqual({ error })
  })

  test('refuses a body that is not a form', async () => {
    const answer = await fetch(`${running.council.url}/oauth/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(passwordForm('sam.practice')),
    })
    expect(answer.status).toBe(400)
    expect(await answer.json()).toEqual({ error: 'invalid_request' })
  })

  test('makes a username wait after ten wrong passwords, and lets it in afterwards', async () => {
    for (let attempt = 0; attempt < 10; attempt += 1) await token(passwordForm('jo.practice', 'guess'))
    const locked = await token(passwordForm('jo.practice'))
    expect(locked.status).toBe(429)
    expect(locked.headers.get('content-type')).toBe('application/problem+json')
    expect(Number(locked.headers.get('retry-after'))).toBeGreaterThan(0)
    await running.clock.run(30_000)
    expect((await token(passwordForm('jo.practice'))).status).toBe(200)
  })

  // Fifty passwords are looked at, each of which is meant to take its time.
  const patience = { timeout: 120_000 }
  test(
    'makes an address wait that fails with many usernames, and lets it in afterwards',
    patience,
    async () => {
      await running.clock.run(60 * 60_000)
      const guess = (count: number) => token(passwordForm(`guess-${count}`))
      let answer = await guess(0)
      for (let count = 1; count < 51 && answer.status === 400; count += 1) answer = await guess(count)
      expect(answer.status).toBe(429)
      const refused = await token(passwordForm('sam.practice'))
      expect(refused.headers.get('retry-after')).toBe('2')
      expect(await refused.json()).toMatchObject({ status: 429, code: 'session/locked' })
      await running.clock.run(2000)
      expect((await token(passwordForm('sam.practice'))).status).toBe(200)
      await running.clock.run(60 * 60_000)
    },
  )

  test('ends an access token after fifteen minutes and renews it for twelve hours', async () => {
    const desk = await signIn(running)
    const refresh = { grant_type: 'refresh_token', refresh_token: desk.tokens.refresh_token }
    await running.clock.run(15 * 60_000 - 1)
    expect((await desk.fetch('/v1/me/state')).status).toBe(200)
    await running.clock.run(1)
    const expired = await desk.fetch('/v1/me/state')
    expect(expired.status).toBe(401)
    expect(expired.headers.get('www-authenticate')).toContain('invalid_token')
    expect(await expired.json()).toMatchObject({ status: 401, code: 'session/expired' })

    const renewed = deskOf(running.council.url, tokenResponse.parse(await (await token(refresh)).json()))
    expect((await renewed.fetch('/v1/me/state')).status).toBe(200)
    await running.clock.run(12 * 60 * 60_000)
    expect(await (await token(refresh)).json()).toEqual({ error: 'invalid_grant' })
  })

  test('keeps tokens through a restart of the service, and nowhere readable', async () => {
    const desk = await signIn(running)
    await running.restart()
    const again = deskOf(running.council.url, desk.tokens)
    expect((await again.fetch('/v1/me')).status).toBe(200)
  })

  test('signing out ends every token of that sign-in and no other', async () => {
    const [left, kept] = [await signIn(running), await signIn(running)]
    const answer = await postForm(`${running.council.url}/oauth/revoke`, { token: left.tokens.refresh_token })
    expect(answer.status).toBe(200)
    expect((await left.fetch('/v1/me')).status).toBe(401)
    expect((await kept.fetch('/v1/me')).status).toBe(200)
    const refresh = { grant_type: 'refresh_token', refresh_token: left.tokens.refresh_token }
    expect(await (await token(refresh)).json()).toEqual({ error: 'invalid_grant' })
  })

  test('knows the telephone account of an adviser in both directions', async () => {
    const { sipAccounts } = running.council
    expect(sipAccounts.adviserOf('sam.practice')).toBe('adviser-sam')
    expect(sipAccounts.usernameOf('adviser-sam')).toBe('sam.practice')
    expect(await sipAccounts.password('sam.practice')).toMatch(/^[\w-]{24}$/)
    expect(await sipAccounts.password('nobody')).toBeUndefined()
  })
})
