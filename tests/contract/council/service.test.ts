import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { agentStateAnswer, me, problem, searchAnswer } from '#shared/contract/rest.ts'
import { versions } from '#shared/contract/versions.ts'
import { backends } from './backends.ts'
import { type Desk, type RunningCouncil, runCouncil, signIn } from './running-council.ts'

describe.each(backends)('the service, on $name', (backend) => {
  let running: RunningCouncil
  let desk: Desk

  beforeAll(async () => {
    running = await runCouncil(backend)
    desk = await signIn(running)
  })
  afterAll(() => running.stop())

  const put = (path: string, body: unknown) =>
    desk.fetch(path, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })

  test('describes the adviser as the contract says', async () => {
    const profile = me.parse(await desk.json('/v1/me'))
    expect(profile.contractVersion).toBe(versions.rest)
    expect(profile.adviser).toMatchObject({ username: 'sam.practice', languages: ['en'] })
    expect(profile.sip).toMatchObject({
      uri: 'sip:sam.practice@practice.example.org',
      servers: ['ws://127.0.0.1:5099/sip'],
    })
    expect(profile.sip.password).toBe(await running.council.sipAccounts.password('sam.practice'))
    expect(profile.queues.map(({ id }) => id)).toEqual(['waste', 'council-tax', 'housing', 'general'])
    expect(profile).toMatchObject({ wrapUpSeconds: 60, cacheLeaseDays: 14 })
    expect(Date.parse(profile.council.facts.binOutBy?.asAt ?? '')).toBeLessThanOrEqual(running.clock.now())
  })

  test('gives an adviser only the queues the adviser takes', async () => {
    const jo = await signIn(running, 'jo.practice')
    const profile = me.parse(await jo.json('/v1/me'))
    expect(profile.queues.map(({ id }) => id)).toEqual(['waste', 'general'])
  })

  test('names a published script for every queue and every fact that a script asks for', async () => {
    const profile = me.parse(await desk.json('/v1/me'))
    const { scripts } = (await desk.json('/v1/scripts')) as { scripts: { id: string; version: number }[] }
    for (const { scriptId } of profile.queues) {
      const version = scripts.find(({ id }) => id === scriptId)?.version
      const document = await desk.json(`/v1/scripts/${scriptId}/versions/${version}`)
      const { facts } = (document as { requires: { facts: string[] } }).requires
      expect(Object.keys(profile.council.facts)).toEqual(expect.arrayContaining(facts))
    }
  })

  test('offers every disposition that a published script may suggest', async () => {
    const profile = me.parse(await desk.json('/v1/me'))
    const codes = profile.dispositions.map(({ code }) => code)
    const { scripts } = (await desk.json('/v1/scripts')) as { scripts: { id: string; version: number }[] }
    for (const { id, version } of scripts) {
      const text = JSON.stringify(await desk.json(`/v1/scripts/${id}/versions/${version}`))
      for (const [, code] of text.matchAll(/"disposition":"([^"]+)"/g)) expect(codes).toContain(code)
    }
  })

  test('answers a state request with the state as it is', async () => {
    const answer = agentStateAnswer.parse(await (await put('/v1/me/state', { name: 'ready' })).json())
    expect(answer).toMatchObject({ state: { name: 'ready' }, pending: null })
    expect(await desk.json('/v1/me/state')).toEqual(answer)
    const unknown = await put('/v1/me/state', { name: 'not-ready', reason: 'asleep' })
    expect(await unknown.json()).toMatchObject({ status: 422, code: 'state/unknown-reason' })
    expect(await desk.json('/v1/me/state')).toEqual(answer)
  })

  test.each([
    ['nothing there', () => desk.fetch('/v1/nothing'), 404, 'route/unknown'],
    ['a method not taken', () => desk.fetch('/v1/me', { method: 'POST', body: '' }), 405, 'route/method'],
    ['nobody signed in', () => fetch(`${running.council.url}/v1/me`), 401, 'session/needed'],
    ['a made-up token', () => fetch(`${running.council.url}/v1/me`, bearer('x')), 401, 'session/expired'],
    ['not JSON', () => postJson('{"operations": ['), 400, 'request/malformed'],
    ['no operations', () => postJson('{"operations": []}'), 422, 'request/invalid'],
    ['another shape', () => postJson('[]'), 422, 'request/invalid'],
    ['a state of no kind', () => put('/v1/me/state', { name: 'asleep' }), 422, 'request/invalid'],
    ['a limit out of range', () => desk.fetch('/v1/changes?limit=1001'), 422, 'request/invalid'],
    ['no cursor of ours', () => desk.fetch('/v1/changes?cursor=abc'), 400, 'changes/cursor-malformed'],
    ['an unknown script', () => desk.fetch('/v1/scripts/none/versions/1'), 404, 'script/unknown'],
    ['no version number', () => desk.fetch('/v1/scripts/missed-bin/versions/x'), 404, 'script/unknown'],
    ['a short search', () => desk.fetch('/v1/search?q=%20a%20'), 400, 'search/too-short'],
    ['a body over 1 MB', () => postJson(`"${'x'.repeat(1024 * 1024)}"`), 413, 'request/too-large'],
  ])('answers %s with a problem', async (_, ask, status, code) => {
    const answer = await ask()
    expect(answer.status).toBe(status)
    expect(answer.headers.get('content-type')).toBe('application/problem+json')
    expect(problem.parse(await answer.json())).toMatchObject({ status, code })
  })

  const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } })
  const postJson = (body: string) =>
    desk.fetch('/v1/operations', { method: 'POST', headers: { 'content-type': 'application/json' }, body })

  test('refuses a body over 1 MB that does not say how long it is', async () => {
    const status = await new Promise((resolve, reject) => {
      const sent = request(
        `${running.council.url}/v1/operations`,
        { method: 'POST', headers: { authorization: `Bearer ${desk.tokens.access_token}` } },
        (answer) => {
          answer.resume()
          resolve(answer.statusCode)
        },
      )
      sent.on('error', reject)
      for (let megabytes = 0; megabytes < 2; megabytes += 0.25) sent.write('x'.repeat(256 * 1024))
      sent.end()
    })
    expect(status).toBe(413)
  })

  test('names the methods an address takes', async () => {
    const answer = await desk.fetch('/v1/me/state', { method: 'DELETE' })
    expect(answer.headers.get('allow')?.split(', ').sort()).toEqual(['GET', 'PUT'])
  })

  test('lets the desk’s own pages in, and no other origin', async () => {
    const preflight = (origin: string) =>
      fetch(`${running.council.url}/v1/changes`, {
        method: 'OPTIONS',
        headers: {
          origin,
          'access-control-request-method': 'GET',
          'access-control-request-headers': 'authorization,adviser-desktop-contract,if-none-match',
        },
      })
    for (const origin of ['app://bundle', 'https://bundle.app.internal']) {
      const answer = await preflight(origin)
      expect(answer.headers.get('access-control-allow-origin')).toBe(origin)
      const allowed = answer.headers.get('access-control-allow-headers')?.toLowerCase().split(',')
      expect(allowed).toEqual(
        expect.arrayContaining(['authorization', 'adviser-desktop-contract', 'if-none-match']),
      )
      const refused = await desk.fetch('/v1/nothing', { headers: { origin } })
      expect(refused.headers.get('access-control-allow-origin')).toBe(origin)
      const exposed = refused.headers.get('access-control-expose-headers')?.toLowerCase().split(',')
      expect(exposed).toEqual(expect.arrayContaining(['etag', 'retry-after']))
    }
    for (const origin of ['https://example.org', 'null', 'app://bundle.example.org']) {
      expect((await preflight(origin)).headers.get('access-control-allow-origin')).toBeNull()
    }
  })

  test('sends a script document once', async () => {
    const path = '/v1/scripts/missed-bin/versions/2'
    const first = await desk.fetch(path)
    const etag = first.headers.get('etag') ?? ''
    expect(etag).toMatch(/^"[\w-]+"$/)
    expect(first.headers.get('cache-control')).toContain('immutable')
    expect(await first.json()).toMatchObject({ id: 'missed-bin', version: 2 })
    for (const held of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const again = await desk.fetch(path, { headers: { 'if-none-match': held } })
      expect(again.status).toBe(304)
      expect(again.headers.get('etag')).toBe(etag)
      expect(await again.text()).toBe('')
    }
    const other = await desk.fetch(path, { headers: { 'if-none-match': '"other"' } })
    expect(other.status).toBe(200)
  })

  test('finds residents by number however it is written, by name and by postcode', async () => {
    const find = async (text: string) =>
      searchAnswer.parse(await desk.json(`/v1/search?q=${encodeURIComponent(text)}`))
    const both = ['cast-amara-okafor', 'cast-michael-okafor']
    for (const number of ['01632 960142', '+44 1632 960 142', '(01632) 960142']) {
      expect((await find(number)).residents.map(({ id }) => id)).toEqual(both)
    }
    expect((await find('okafor ZX14QT')).residents.map(({ id }) => id)).toEqual(both)
    expect((await find('michael OKAFOR')).residents.map(({ id }) => id)).toEqual([both[1]])
    expect((await find('100%_')).residents).toEqual([])
    expect((await find('\0\0\0 okafor michael')).residents.map(({ id }) => id)).toEqual([both[1]])
  })

  test('finds a case by its reference', async () => {
    const { cases } = searchAnswer.parse(await desk.json('/v1/search?q=wr-2026-001100'))
    expect(cases.map(({ reference }) => reference)).toEqual(['WR-2026-001100'])
  })

  test('publishes the contract as OpenAPI 3.1, without a sign-in', async () => {
    const answer = await fetch(`${running.council.url}/v1/openapi.json`)
    const document = (await answer.json()) as { openapi: string; paths: Record<string, object> }
    expect(document.openapi).toBe('3.1.0')
    expect(Object.keys(document.paths)).toEqual(expect.arrayContaining(['/oauth/token', '/v1/operations']))
  })

  test('listens on this machine only', () => {
    expect(new URL(running.council.url).hostname).toBe('127.0.0.1')
  })

  test('tells a desk that asks without end to wait, and nobody else', async () => {
    const eager = await signIn(running)
    const asked = async () => (await eager.fetch('/v1/me/state')).status
    let status = await asked()
    for (let count = 1; count < 601 && status === 200; count += 1) status = await asked()
    expect(status).toBe(429)
    const refused = await eager.fetch('/v1/me/state')
    expect(refused.headers.get('retry-after')).toBe('1')
    expect(problem.parse(await refused.json())).toMatchObject({ status: 429, code: 'request/too-many' })
    expect((await desk.fetch('/v1/me/state')).status).toBe(200)
    await running.clock.run(1000)
    expect(await asked()).toBe(200)
  })

  test('finds residents by property number, and cases only in the adviser’s scope', async () => {
    const jo = await signIn(running, 'jo.practice')
    const find = async (from: Desk, text: string) =>
      searchAnswer.parse(await from.json(`/v1/search?q=${encodeURIComponent(text)}`))
    const [found] = (await find(desk, 'gwen pritchard')).residents
    const atProperty = await find(desk, found?.address.uprn ?? 'none')
    expect(atProperty.residents.map(({ id }) => id)).toContain('cast-gwen-pritchard')
    expect((await find(desk, 'HO-2026-0')).cases.length).toBeGreaterThan(0)
    const josCases = (await find(jo, 'HO-2026-0')).cases
    expect(josCases.every(({ assignedTo }) => assignedTo === 'adviser-jo')).toBe(true)
    expect((await find(jo, 'WR-2026-0')).cases.length).toBeGreaterThan(0)
  })

  test('logs no query, no body and nobody’s name', async () => {
    await desk.fetch('/v1/search?q=Okafor')
    const text = JSON.stringify(running.log)
    expect(text).toContain('/v1/search')
    for (const word of ['kafor', '960142', 'practice-only', desk.tokens.access_token, 'Elm']) {
      expect(text).not.toContain(word)
    }
  })

  test('logs nothing that someone should look at', () => {
    expect(running.log.filter(({ level }) => level === 'error')).toEqual([])
  })

  if (backend.name === 'PostgreSQL') {
    test('a database that drops its connections makes requests wait, and nothing worse', async () => {
      const asked = Array.from({ length: 5 }, () => desk.fetch('/v1/changes'))
      await running.dropConnections?.()
      for (const answer of await Promise.all(asked)) {
        expect([200, 503]).toContain(answer.status)
        if (answer.status === 503) expect(answer.headers.get('retry-after')).toBe('2')
      }
      await expect.poll(async () => (await desk.fetch('/v1/changes')).status).toBe(200)
    })
  }
})
