import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createCouncilAuth, type Fetch } from '#electron/main/session/council-auth.ts'
import { createOsVault } from '#electron/main/session/os-vault.ts'
import { createSession, resumableForMs } from '#electron/main/session/session.ts'
import { createSessionStore } from '#electron/main/session/session-store.ts'
import type { Session } from '#shared/contract/ipc.ts'
import { versions } from '#shared/contract/versions.ts'
import { adviser, fakeClock, fakeSafeStorage, recordingLog, temporaryFolder } from './fakes.ts'

interface Asked {
  readonly path: string
  readonly form: Record<string, string>
  readonly headers: Headers
}

type Answer = Response | (() => Response | Promise<Response>)

/** A council on the wire: counts its refresh tokens, refuses used ones, and can be told to answer otherwise. */
function fakeCouncil() {
  const asked: Asked[] = []
  const scripted: Answer[] = []
  let issued = 0
  let valid = ''
  const json = (body: unknown, status = 200, headers = {}) => Response.json(body, { status, headers })
  const grant = () => {
    issued += 1
    valid = `refresh-${issued}`
    return json({
      access_token: `access-${issued}`,
      token_type: 'Bearer',
      expires_in: 900,
      refresh_token: valid,
    })
  }
  const fetch: Fetch = async (url, init) => {
    const { pathname } = new URL(url)
    const form = Object.fromEntries(new URLSearchParams(typeof init.body === 'string' ? init.body : ''))
    asked.push({ path: pathname, form, headers: new Headers(init.headers) })
    const next = scripted.shift()
    if (next) return typeof next === 'function' ? next() : next
    if (pathname === '/v1/me') return json({ adviser, contractVersion: 1 })
    if (form.grant_type === 'password') {
      return form.password === 'correct' ? grant() : json({ error: 'invalid_grant' }, 400)
    }
    return form.refresh_token === valid ? grant() : json({ error: 'invalid_grant' }, 400)
  }
  return { fetch, asked, answerNext: (...answers: Answer[]) => scripted.push(...answers), json }
}

function unreachable(): Response {
  throw new TypeError('net::ERR_CONNECTION_REFUSED')
}

function setUp(folder = temporaryFolder(), options: { backend?: string; isPractice?: boolean } = {}) {
  const council = fakeCouncil()
  const clock = fakeClock()
  const log = recordingLog()
  const vault = createOsVault({
    safeStorage: fakeSafeStorage(options.backend),
    platform: 'linux',
    isPractice: options.isPractice ?? false,
    log,
  })
  const told: Session[] = []
  const place = { councilUrl: 'https://desk.example.org' as string | undefined }
  /** The app, started again on the same profile. */
  const start = () =>
    createSession({
      auth: createCouncilAuth({ fetch: council.fetch, clock }),
      store: createSessionStore({ folder, scope: 'https://desk.example.org', vault, log }),
      vault,
      clock,
      log,
      councilUrl: () => place.councilUrl,
      onChange: (session) => told.push(session),
    })
  return { council, clock, log, told, place, folder, start, session: start() }
}

function later<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => {}
  const promise = new Promise<T>((done) => {
    resolve = done
  })
  return { promise, resolve }
}

describe('signing in', () => {
  test('asks for a token and for who it is, and tells the pages', async () => {
    const { session, council, told, clock } = setUp()
    const signedIn = {
      name: 'signed-in',
      adviser,
      councilUrl: 'https://desk.example.org',
      since: clock.now(),
      confirmed: true,
    }
    expect(await session.signIn('practice.adviser', 'correct')).toEqual({ ok: true, value: signedIn })
    expect(told).toEqual([signedIn])
    expect(session.current()).toEqual(signedIn)
    expect(council.asked).toMatchObject([
      {
        path: '/oauth/token',
        form: { grant_type: 'password', username: 'practice.adviser', password: 'correct' },
      },
      { path: '/v1/me' },
    ])
    expect(council.asked[1]?.headers.get('Authorization')).toBe('Bearer access-1')
    expect(
      council.asked.every(({ headers }) => headers.get('Adviser-Desktop-Contract') === String(versions.rest)),
    ).toBe(true)
  })

  test('says when name or password are wrong, and stays signed out', async () => {
    const { session } = setUp()
    expect(await session.signIn('practice.adviser', 'wrong')).toMatchObject({
      ok: false,
      error: { code: 'session/wrong-credentials', retry: 'now' },
    })
    expect(session.current()).toEqual({ name: 'signed-out', reason: 'never' })
  })

  test.each<[string, (council: ReturnType<typeof fakeCouncil>) => Answer, object]>([
    ['no network', () => unreachable, { code: 'session/unreachable', retry: 'later' }],
    [
      'an overloaded council',
      ({ json }) => json({}, 503, { 'Retry-After': '7' }),
      { code: 'session/unreachable', retryAfterMs: 7_000 },
    ],
    ['a hotel’s web page', () => new Response('<html>Welcome</html>'), { code: 'session/malformed-answer' }],
    [
      'a proxy’s refusal',
      () => new Response('<html>No</html>', { status: 403 }),
      { code: 'session/malformed-answer' },
    ],
    ['half a token', ({ json }) => json({ access_token: 'a' }), { code: 'session/malformed-answer' }],
    [
      'a refused client',
      ({ json }) => json({ error: 'unauthorized_client' }, 400),
      { code: 'session/refused', retry: 'never' },
    ],
  ])('distinguishes %s', async (_name, answer, error) => {
    const { session, council } = setUp()
    council.answerNext(answer(council))
    expect(await session.signIn('practice.adviser', 'correct')).toMatchObject({ ok: false, error })
  })

  test('gives up on a council that does not answer', async () => {
    const { session, council, clock } = setUp()
    const fetchAsked = later<void>()
    council.answerNext(() => {
      fetchAsked.resolve()
      return new Promise<Response>(() => {})
    })
    // The wire never answers; what ends the wait is the signal, which a real fetch obeys.
    const auth = createCouncilAuth({
      clock,
      fetch: (url, init) =>
        Promise.race([
          council.fetch(url, init),
          new Promise<Response>((_, reject) =>
            init.signal?.addEventListener('abort', () => reject(new Error('aborted'))),
          ),
        ]),
    })
    const asking = auth.signIn('https://desk.example.org', 'practice.adviser', 'correct')
    await fetchAsked.promise
    clock.advance(10_000)
    expect(await asking).toMatchObject({ ok: false, error: { code: 'session/unreachable' } })
    expect(session.current().name).toBe('signed-out')
  })

  test('is refused while somebody is signed in', async () => {
    const { session } = setUp()
    await session.signIn('practice.adviser', 'correct')
    expect(await session.signIn('other', 'correct')).toMatchObject({
      ok: false,
      error: { code: 'session/already-signed-in' },
    })
  })

  test('is refused in live mode on a computer that protects no secrets, before the password is sent', async () => {
    const { session, council } = setUp(undefined, { backend: 'basic_text' })
    expect(await session.signIn('practice.adviser', 'correct')).toMatchObject({
      ok: false,
      error: { code: 'vault/not-protected', retry: 'never' },
    })
    expect(council.asked).toEqual([])
  })

  test('is possible in practice on such a computer', async () => {
    const { session } = setUp(undefined, { backend: 'basic_text', isPractice: true })
    expect(await session.signIn('practice.adviser', 'correct')).toMatchObject({ ok: true })
  })

  test('waits for the practice council to be there', async () => {
    const { session, place } = setUp()
    place.councilUrl = undefined
    expect(await session.signIn('practice.adviser', 'correct')).toMatchObject({
      error: { code: 'session/practice-not-running', retry: 'later' },
    })
  })
})

describe('token', () => {
  test('is used as long as it is good for a minute, then refreshed', async () => {
    const { session, council, clock } = setUp()
    await session.signIn('practice.adviser', 'correct')
    clock.advance(839_000)
    expect(await session.token(false)).toEqual({ ok: true, value: 'access-1' })
    clock.advance(2_000)
    expect(await session.token(false)).toEqual({ ok: true, value: 'access-2' })
    expect(council.asked.at(-1)?.form).toEqual({ grant_type: 'refresh_token', refresh_token: 'refresh-1' })
  })

  test('is refreshed once for all who ask at the same time', async () => {
    const { session, council, clock } = setUp()
    await session.signIn('practice.adviser', 'correct')
    clock.advance(900_000)
    const before = council.asked.length
    const tokens = await Promise.all([session.token(false), session.token(true), session.token(true)])
    expect(tokens).toEqual(Array(3).fill({ ok: true, value: 'access-2' }))
    expect(council.asked.length - before).toBe(1)
  })

  test('is fetched anew when a page was refused, but not again for the other page', async () => {
    const { session, clock } = setUp()
    await session.signIn('practice.adviser', 'correct')
    clock.advance(6_000)
    expect(await session.token(true)).toEqual({ ok: true, value: 'access-2' })
    clock.advance(1_000)
    expect(await session.token(true)).toEqual({ ok: true, value: 'access-2' })
    clock.advance(6_000)
    expect(await session.token(true)).toEqual({ ok: true, value: 'access-3' })
  })

  test('is still given out in its last minute when the council cannot be reached', async () => {
    const { session, council, clock } = setUp()
    await session.signIn('practice.adviser', 'correct')
    clock.advance(870_000)
    council.answerNext(unreachable, unreachable)
    expect(await session.token(false)).toEqual({ ok: true, value: 'access-1' })
    clock.advance(60_000)
    expect(await session.token(false)).toMatchObject({
      error: { code: 'session/unreachable', retry: 'later' },
    })
    expect(session.current().name).toBe('signed-in')
  })

  test('ends the session as expired when the council’s refresh token has run out', async () => {
    const { session, council, clock, told } = setUp()
    await session.signIn('practice.adviser', 'correct')
    clock.advance(900_000)
    council.answerNext(council.json({ error: 'invalid_grant' }, 400))
    expect(await session.token(false)).toMatchObject({ error: { code: 'session/expired' } })
    expect(told.at(-1)).toEqual({ name: 'signed-out', reason: 'expired' })
    expect(session.adviserId()).toBeUndefined()
    expect(session.lastAdviserId()).toBe('adv-1')
  })

  test('ends the session as refused when the council turns the desk away', async () => {
    const { session, council, clock, told } = setUp()
    await session.signIn('practice.adviser', 'correct')
    clock.advance(900_000)
    council.answerNext(council.json({ error: 'unauthorized_client' }, 401))
    expect(await session.token(false)).toMatchObject({ error: { code: 'session/refused' } })
    expect(told.at(-1)).toEqual({ name: 'signed-out', reason: 'refused' })
  })

  test('survives a malformed answer', async () => {
    const { session, council, clock } = setUp()
    await session.signIn('practice.adviser', 'correct')
    clock.advance(900_000)
    council.answerNext(new Response('{"access_token":'))
    expect(await session.token(false)).toMatchObject({ error: { code: 'session/malformed-answer' } })
    expect(await session.token(false)).toEqual({ ok: true, value: 'access-2' })
  })

  test('is not given to anybody who is signed out', async () => {
    const { session } = setUp()
    expect(await session.token(false)).toMatchObject({ error: { code: 'session/signed-out' } })
  })
})

describe('starting again', () => {
  test('resumes the session at once and has the council confirm it', async () => {
    const { session, start, clock, told } = setUp()
    await session.signIn('practice.adviser', 'correct')
    const since = clock.now()
    clock.advance(60_000)
    const again = start()
    await again.resume()
    expect(told.at(-1)).toMatchObject({ name: 'signed-in', since, confirmed: false })
    await expect.poll(() => told.at(-1)).toMatchObject({ name: 'signed-in', since, confirmed: true })
    expect(await again.token(false)).toEqual({ ok: true, value: 'access-2' })
  })

  test('resumes with the council out of reach, and is confirmed later', async () => {
    const { session, start, council } = setUp()
    await session.signIn('practice.adviser', 'correct')
    const refused = later<void>()
    council.answerNext(() => {
      refused.resolve()
      return unreachable()
    })
    const again = start()
    await again.resume()
    await refused.promise
    expect(again.current()).toMatchObject({ name: 'signed-in', confirmed: false })
    await expect.poll(() => again.token(false)).toEqual({ ok: true, value: 'access-2' })
    expect(again.current()).toMatchObject({ name: 'signed-in', confirmed: true })
  })

  test('asks to sign in after twelve hours, and keeps no token', async () => {
    const { session, start, clock, folder } = setUp()
    await session.signIn('practice.adviser', 'correct')
    clock.advance(resumableForMs)
    const again = start()
    await again.resume()
    expect(again.current()).toEqual({ name: 'signed-out', reason: 'expired' })
    expect(readdirSync(folder)).toEqual([])
  })

  test('lets a running session live beyond twelve hours', async () => {
    const { session, clock } = setUp()
    await session.signIn('practice.adviser', 'correct')
    clock.advance(resumableForMs + 1)
    expect(await session.token(false)).toEqual({ ok: true, value: 'access-2' })
  })

  test('ends the session when the council knows another adviser by that token', async () => {
    const { session, start, council, told } = setUp()
    await session.signIn('practice.adviser', 'correct')
    const again = start()
    council.answerNext(
      council.json({ access_token: 'a', token_type: 'Bearer', expires_in: 900, refresh_token: 'r' }),
      council.json({ adviser: { ...adviser, id: 'adv-2' } }),
    )
    await again.resume()
    await expect.poll(() => told.at(-1)).toEqual({ name: 'signed-out', reason: 'refused' })
  })

  test('uses the refresh token of the last refresh, which is the only one still good', async () => {
    const { session, start, clock } = setUp()
    await session.signIn('practice.adviser', 'correct')
    clock.advance(900_000)
    await session.token(false)
    const again = start()
    await again.resume()
    expect(await again.token(false)).toEqual({ ok: true, value: 'access-3' })
  })

  test('takes an unreadable session file for none', async () => {
    const { session, start, folder, log } = setUp()
    await session.signIn('practice.adviser', 'correct')
    const [name = ''] = readdirSync(folder)
    writeFileSync(join(folder, name), 'damaged')
    const again = start()
    await again.resume()
    expect(again.current()).toEqual({ name: 'signed-out', reason: 'never' })
    expect(log.codes()).toContain('vault/unreadable')
  })

  test('keeps neither token nor name readable on the disk', async () => {
    const { session, folder } = setUp()
    await session.signIn('practice.adviser', 'correct')
    const [name = ''] = readdirSync(folder)
    const text = readFileSync(join(folder, name)).toString('latin1')
    expect(name).not.toContain('desk.example.org')
    expect(text).not.toContain('refresh-1')
    expect(text).not.toContain('Practice Adviser')
  })

  test('finds the practice council where it is now', async () => {
    const { session, start, place, council, told } = setUp()
    await session.signIn('practice.adviser', 'correct')
    place.councilUrl = undefined
    const again = start()
    const before = council.asked.length
    await again.resume()
    expect(again.current()).toMatchObject({ councilUrl: 'https://desk.example.org', confirmed: false })
    expect(council.asked.length).toBe(before)
    place.councilUrl = 'http://127.0.0.1:4040'
    again.councilMoved()
    expect(again.current()).toMatchObject({ councilUrl: 'http://127.0.0.1:4040' })
    await expect
      .poll(() => told.at(-1))
      .toMatchObject({ councilUrl: 'http://127.0.0.1:4040', confirmed: true })
  })
})

describe('signing out', () => {
  test('wipes the token, also one that is just being refreshed', async () => {
    const { session, council, clock, folder, start } = setUp()
    await session.signIn('practice.adviser', 'correct')
    clock.advance(900_000)
    const answer = later<Response>()
    council.answerNext(() => answer.promise)
    const refreshing = session.token(false)
    expect(await session.signOut()).toEqual({ name: 'signed-out', reason: 'by-adviser' })
    answer.resolve(
      council.json({ access_token: 'late', token_type: 'Bearer', expires_in: 900, refresh_token: 'late' }),
    )
    expect(await refreshing).toMatchObject({ error: { code: 'session/signed-out' } })
    expect(readdirSync(folder)).toEqual([])
    expect(session.lastAdviserId()).toBeUndefined()
    const again = start()
    await again.resume()
    expect(again.current()).toEqual({ name: 'signed-out', reason: 'never' })
  })

  test('ends the sign-in at the council too, and waits for no answer', async () => {
    const { session, council, log } = setUp()
    await session.signIn('practice.adviser', 'correct')
    const answer = later<Response>()
    council.answerNext(() => answer.promise)
    expect(await session.signOut()).toEqual({ name: 'signed-out', reason: 'by-adviser' })
    expect(council.asked.at(-1)).toMatchObject({
      path: '/oauth/revoke',
      form: { token: 'refresh-1', token_type_hint: 'refresh_token' },
    })
    answer.resolve(new Response('', { status: 404 }))
    await expect.poll(() => log.codes()).toContain('session/not-revoked')
    expect(await session.signIn('practice.adviser', 'correct')).toMatchObject({ ok: true })
  })
})

describe('locking', () => {
  async function signedIn() {
    const bench = setUp()
    await bench.session.signIn('practice.adviser', 'correct')
    return bench
  }

  test('keeps the session and says that it is locked, until the password is typed', async () => {
    const { session, told } = await signedIn()
    expect(await session.lock('idle')).toMatchObject({ name: 'signed-in', locked: 'idle' })
    expect(told.at(-1)).toMatchObject({ locked: 'idle' })
    expect(await session.unlock('wrong')).toMatchObject({
      ok: false,
      error: { code: 'session/wrong-password' },
    })
    expect(session.current()).toMatchObject({ locked: 'idle' })
    expect(await session.unlock('correct')).toMatchObject({ ok: true })
    expect(session.current()).not.toHaveProperty('locked')
  })

  test('is undone with no council to ask', async () => {
    const { session, place, council } = await signedIn()
    await session.lock('screen')
    place.councilUrl = undefined
    const asked = council.asked.length
    expect(await session.unlock('correct')).toMatchObject({ ok: true })
    expect(council.asked.length).toBe(asked)
  })

  test('does not outlast a start of the app by being started again', async () => {
    const { session, start } = await signedIn()
    await session.lock('by-adviser')
    const again = start()
    await again.resume()
    expect(again.current()).toMatchObject({ name: 'signed-in', locked: 'by-adviser' })
    expect(await again.unlock('correct')).toMatchObject({ ok: true })
    const third = start()
    await third.resume()
    expect(third.current()).not.toHaveProperty('locked')
  })

  test('ends the session at the fifth wrong password', async () => {
    const { session } = await signedIn()
    await session.lock('idle')
    for (let tries = 1; tries <= 4; tries++)
      expect(await session.unlock('wrong')).toMatchObject({ ok: false })
    expect(session.current()).toMatchObject({ name: 'signed-in' })
    await session.unlock('wrong')
    expect(session.current()).toEqual({ name: 'signed-out', reason: 'too-many-tries' })
  })

  test('of nobody does nothing', async () => {
    const { session } = setUp()
    expect(await session.lock('idle')).toMatchObject({ name: 'signed-out' })
    expect(await session.unlock('correct')).toMatchObject({
      ok: false,
      error: { code: 'session/signed-out' },
    })
  })
})
