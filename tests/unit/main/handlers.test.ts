import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createLostCalls } from '#electron/main/calls/lost-calls.ts'
import { createReportFiles } from '#electron/main/calls/report-files.ts'
import { createDoor, type Sender } from '#electron/main/ipc/door.ts'
import { createHandlers } from '#electron/main/ipc/handlers.ts'
import { createJournals } from '#electron/main/journal/journals.ts'
import { createDialLinks } from '#electron/main/os/dial-links.ts'
import { createCouncilAuth } from '#electron/main/session/council-auth.ts'
import { createDataKeys } from '#electron/main/session/data-keys.ts'
import { createOsVault } from '#electron/main/session/os-vault.ts'
import { createSession } from '#electron/main/session/session.ts'
import { createSessionStore } from '#electron/main/session/session-store.ts'
import { createWorkFiles } from '#electron/main/work-files.ts'
import type { AppInfo } from '#shared/contract/ipc.ts'
import { err } from '#shared/kernel/result.ts'
import { entry, operationId } from './entries.ts'
import { adviser, fakeClock, fakeSafeStorage, recordingLog, temporaryFolder } from './fakes.ts'

const phone: Sender = { window: 'phone', url: 'app://bundle/phone.html', isMainFrame: true }
const desk: Sender = { window: 'desk', url: 'app://bundle/desk.html', isMainFrame: true }
const scope = 'https://desk.example.org'
const info: AppInfo = {
  version: '1',
  mode: 'live',
  councilName: 'A',
  runtime: 'electron',
  configProblem: null,
}

/** The whole main process below the door, on a real folder; only the council and the key store are fakes. */
function setUp(folder = temporaryFolder()) {
  const log = recordingLog()
  const clock = fakeClock()
  const vault = createOsVault({ safeStorage: fakeSafeStorage(), platform: 'linux', isPractice: false, log })
  const council = { expired: false }
  const session = createSession({
    auth: createCouncilAuth({
      clock,
      fetch: async (url) => {
        if (url.endsWith('/v1/me')) return Response.json({ adviser })
        if (council.expired) return Response.json({ error: 'invalid_grant' }, { status: 400 })
        return Response.json({ access_token: 'a', token_type: 'Bearer', expires_in: 900, refresh_token: 'r' })
      },
    }),
    store: createSessionStore({ folder: join(folder, 'session'), scope, vault, log }),
    vault,
    clock,
    log,
    councilUrl: () => scope,
    onChange: () => {},
  })
  const journals = createJournals({ folder: join(folder, 'journal'), log })
  const handlers = createHandlers({
    info,
    scope,
    session,
    journals,
    dataKeys: createDataKeys({ folder: join(folder, 'keys'), vault, log }),
    practice: undefined,
    lostCalls: createLostCalls(clock.now),
    reports: createReportFiles({ folder: join(folder, 'call-reports'), log, now: clock.now }),
    workFiles: createWorkFiles({ folder: join(folder, 'unsent-work'), log, now: clock.now }),
    headsets: { activate: async () => true },
    dialLinks: createDialLinks({ log, read: () => err('empty') }),
    log,
    attention: () => {},
    theme: () => {},
  })
  const door = createDoor(handlers, log)
  const signIn = () => door(desk, 'session.signIn', { username: 'practice.adviser', password: 'correct' })
  return { door, signIn, session, council, clock, journals, log, folder }
}

describe('behind the door', () => {
  test('gives neither key nor journal to anybody who is signed out', async () => {
    const { door } = setUp()
    for (const [name, request] of [
      ['vault.dataKey', {}],
      ['journal.read', {}],
      ['journal.append', { entries: [entry(1)] }],
      ['journal.settle', { operationIds: [operationId(1)] }],
    ] as const) {
      expect(await door(phone, name, request), name).toMatchObject({
        ok: false,
        error: { code: 'session/signed-out' },
      })
    }
  })

  test('keeps an entry over a restart until it is settled', async () => {
    const first = setUp()
    await first.signIn()
    expect(await first.door(phone, 'journal.append', { entries: [entry(1), entry(2)] })).toEqual({
      ok: true,
      value: {},
    })
    await first.journals.close()
    const second = setUp(first.folder)
    await second.signIn()
    await second.door(phone, 'journal.settle', { operationIds: [operationId(1)] })
    expect(await second.door(phone, 'journal.read', {})).toEqual({ ok: true, value: { entries: [entry(2)] } })
    await second.journals.close()
  })

  test('saves work in hand when the council ends the session, but reads nothing out', async () => {
    const { door, signIn, session, council, clock, journals } = setUp()
    await signIn()
    council.expired = true
    clock.advance(900_000)
    expect(await door(desk, 'session.token', { force: false })).toMatchObject({
      error: { code: 'session/expired' },
    })
    expect(session.current()).toEqual({ name: 'signed-out', reason: 'expired' })
    expect(await door(phone, 'journal.append', { entries: [entry(1)] })).toEqual({ ok: true, value: {} })
    expect(await door(phone, 'journal.read', {})).toMatchObject({ error: { code: 'session/signed-out' } })
    expect(await door(phone, 'vault.dataKey', {})).toMatchObject({ error: { code: 'session/signed-out' } })
    council.expired = false
    await signIn()
    expect(await door(phone, 'journal.read', {})).toEqual({ ok: true, value: { entries: [entry(1)] } })
    await journals.close()
  })

  test('saves nothing for an adviser who has signed out', async () => {
    const { door, signIn } = setUp()
    await signIn()
    await door(desk, 'session.signOut', {})
    expect(await door(phone, 'journal.append', { entries: [entry(1)] })).toMatchObject({
      error: { code: 'session/signed-out' },
    })
  })

  test('gives the same 32-byte data key every time', async () => {
    const { door, signIn } = setUp()
    await signIn()
    const answer = await door(phone, 'vault.dataKey', {})
    expect(answer).toEqual(await door(phone, 'vault.dataKey', {}))
    const key = answer.ok && 'key' in answer.value ? answer.value.key : ''
    expect(Buffer.from(key, 'base64')).toHaveLength(32)
  })

  test('gives no key while the desk is locked, and still saves work in hand', async () => {
    const { door, signIn, session, journals } = setUp()
    await signIn()
    await session.lock('screen')
    expect(await door(phone, 'vault.dataKey', {})).toMatchObject({ error: { code: 'session/locked' } })
    expect(await door(phone, 'journal.append', { entries: [entry(1)] })).toMatchObject({ ok: true })
    expect(await door(desk, 'session.unlock', { password: 'correct' })).toMatchObject({ ok: true })
    expect(await door(phone, 'vault.dataKey', {})).toMatchObject({ ok: true })
    await journals.close()
  })

  test('forgets key and journal at the council’s order, and who was signed in', async () => {
    const { door, signIn, session, folder } = setUp()
    await signIn()
    const key = await door(phone, 'vault.dataKey', {})
    await door(phone, 'journal.append', { entries: [entry(1)] })
    expect(await door(phone, 'session.wiped', {})).toMatchObject({ ok: true })
    expect(session.current()).toEqual({ name: 'signed-out', reason: 'wiped' })
    for (const kept of ['keys', 'journal', 'session']) expect(readdirSync(join(folder, kept))).toEqual([])
    await signIn()
    expect(await door(phone, 'vault.dataKey', {})).not.toEqual(key)
    expect(await door(phone, 'journal.read', {})).toEqual({ ok: true, value: { entries: [] } })
  })

  test('gives calls back to the adviser who had them, after the phone page died', async () => {
    const { door, signIn, clock } = setUp()
    const call = {
      contactId: 'b3c9f7f2-7b9f-4c8e-8f60-1a2b3c4d5e6f',
      direction: 'inbound',
      remote: { withheld: true },
      queue: null,
      answeredAt: clock.now(),
    }
    await signIn()
    expect(await door(phone, 'calls.remember', { calls: [call] })).toEqual({ ok: true, value: {} })
    clock.advance(500)
    expect(await door(phone, 'calls.lost', {})).toEqual({
      ok: true,
      value: { calls: [{ ...call, lostAt: clock.now() }] },
    })
    expect(await door(desk, 'calls.lost', {})).toMatchObject({ error: { code: 'ipc/wrong-sender' } })
  })

  test('has no practice in live mode', async () => {
    const { door } = setUp()
    expect(await door(desk, 'practice.status', {})).toEqual({ ok: true, value: { name: 'not-practice' } })
    expect(await door(desk, 'practice.call', {})).toMatchObject({ error: { code: 'practice/not-practice' } })
    expect(await door(desk, 'practice.network', { cut: true })).toMatchObject({
      error: { code: 'practice/not-practice' },
    })
  })

  test('writes a page’s log line with its facts', async () => {
    const { door, log } = setUp()
    await door(phone, 'log.write', { level: 'error', code: 'sip/not-registered', facts: { status: 403 } })
    expect(log.lines).toEqual([{ level: 'error', code: 'sip/not-registered', facts: { status: 403 } }])
  })

  test('logs no name, number or note of everything it does', async () => {
    const { door, signIn, log, journals } = setUp()
    await signIn()
    await door(phone, 'journal.append', { entries: [entry(1, 'bin not emptied')] })
    await door(phone, 'journal.append', { entries: [{ ...entry(2), version: 2 }] })
    await journals.close()
    const text = JSON.stringify(log.lines)
    for (const word of ['Practice', 'practice.adviser', 'correct', 'bin not', 'adv-1'])
      expect(text).not.toContain(word)
  })
})
