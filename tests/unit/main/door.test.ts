import { describe, expect, test } from 'vitest'
import { bugFacts, createDoor, type Handlers, type Sender } from '#electron/main/ipc/door.ts'
import { createProblemHandlers } from '#electron/main/ipc/handlers.ts'
import { requests } from '#shared/contract/ipc.ts'
import { appError } from '#shared/kernel/app-error.ts'
import { err, ok } from '#shared/kernel/result.ts'
import { recordingLog } from './fakes.ts'

const desk: Sender = { window: 'desk', url: 'app://bundle/desk.html', isMainFrame: true }
const phone: Sender = { window: 'phone', url: 'app://bundle/phone.html', isMainFrame: true }

function setUp(overrides: Partial<Handlers> = {}) {
  const log = recordingLog()
  const handled: string[] = []
  const names = Object.keys(requests) as (keyof Handlers)[]
  const answerAll = Object.fromEntries(
    names.map((name) => [
      name,
      () => {
        handled.push(name)
        return ok({})
      },
    ]),
  ) as unknown as Handlers
  return { door: createDoor({ ...answerAll, ...overrides }, log), log, handled }
}

describe('the door', () => {
  test('answers a page’s request with the handler’s value', async () => {
    const { door } = setUp({ 'session.token': ({ force }) => ok({ token: `forced: ${force}` }) })
    expect(await door(desk, 'session.token', { force: true })).toEqual({
      ok: true,
      value: { token: 'forced: true' },
    })
  })

  test('knows a page by its address, whatever stands behind ? and #', async () => {
    const { door } = setUp()
    const asked = { ...desk, url: 'app://bundle/desk.html?x=1#part' }
    expect(await door(asked, 'app.info', {})).toMatchObject({ ok: true })
  })

  test.each<[string, Sender]>([
    ['contents that are no window of ours', { ...desk, window: undefined }],
    ['a frame inside the page', { ...desk, isMainFrame: false }],
    ['another address in our window', { ...desk, url: 'https://evil.example.org/desk.html' }],
    ['another file of the app', { ...desk, url: 'app://bundle/other.html' }],
    ['another host of the scheme', { ...desk, url: 'app://evil/desk.html' }],
    ['an address that only begins like ours', { ...desk, url: 'app://bundle/desk.html.evil' }],
    ['the desk’s address in the phone’s window', { ...desk, window: 'phone' }],
    ['a frame that is gone', { ...desk, url: '' }],
  ])('refuses %s', async (_name, sender) => {
    const { door, handled, log } = setUp()
    expect(await door(sender, 'app.info', {})).toEqual({
      ok: false,
      error: { code: 'ipc/wrong-sender', retry: 'never', detail: 'app.info' },
    })
    expect(handled).toEqual([])
    expect(log.lines).toMatchObject([{ level: 'error', code: 'ipc/wrong-sender' }])
  })

  test('lets each page ask what the contract gives it, and nothing else', async () => {
    for (const sender of [desk, phone]) {
      for (const [name, { pages }] of Object.entries(requests)) {
        const answer = await setUp().door(sender, name, undefined)
        const isAllowed = (pages as readonly string[]).includes(sender.window ?? '')
        const code = answer.ok ? 'ok' : answer.error.code
        expect(code, `${sender.window} asks ${name}`).toBe(
          isAllowed ? 'ipc/wrong-arguments' : 'ipc/wrong-sender',
        )
      }
    }
  })

  test.each([['no.such.request'], ['toString'], ['__proto__'], [''], [7], [null], [{}]])(
    'refuses the unknown request %j',
    async (name) => {
      const { door, handled } = setUp()
      expect(await door(desk, name, {})).toEqual({
        ok: false,
        error: { code: 'ipc/unknown-request', retry: 'never' },
      })
      expect(handled).toEqual([])
    },
  )

  test('refuses wrong arguments, names the field and never the value', async () => {
    const { door, handled, log } = setUp()
    const answer = await door(desk, 'session.signIn', { username: 'someone', password: ['s3cret'] })
    expect(answer).toEqual({
      ok: false,
      error: { code: 'ipc/wrong-arguments', retry: 'never', detail: 'session.signIn password' },
    })
    expect(handled).toEqual([])
    expect(JSON.stringify(log.lines)).not.toContain('s3cret')
  })

  test('passes on a handler’s expected failure as data', async () => {
    const { door } = setUp({
      'session.token': () => err(appError('session/unreachable', 'later', 'status 503', 7_000)),
    })
    expect(await door(desk, 'session.token', { force: false })).toEqual({
      ok: false,
      error: { code: 'session/unreachable', retry: 'later', detail: 'status 503', retryAfterMs: 7_000 },
    })
  })

  test('answers a bug without its words, and logs where it was', async () => {
    const { door, log } = setUp({
      'session.current': () => {
        throw new TypeError('cannot read Mrs Example of 01632 960142')
      },
    })
    expect(await door(desk, 'session.current', {})).toEqual({
      ok: false,
      error: { code: 'ipc/failed', retry: 'now', detail: 'session.current' },
    })
    expect(log.lines).toMatchObject([
      { level: 'error', code: 'ipc/failed', facts: { request: 'session.current', error: 'TypeError' } },
    ])
    expect(JSON.stringify(log.lines)).not.toContain('Example')
  })

  test('tells where a bug was without folders of this computer', () => {
    const { at } = bugFacts(new Error('x'))
    expect(at).toContain('door.test.ts')
    expect(at).not.toContain('/tests/')
  })
})

describe('with a wrong config file', () => {
  test('answers what is wrong and refuses the rest', async () => {
    const configProblem = { file: '/etc/desk.json', field: 'mode', problem: 'p', fix: 'f' }
    const info = { version: '1', mode: 'live', councilName: '', runtime: 'electron', configProblem } as const
    const log = recordingLog()
    const door = createDoor(createProblemHandlers(info, { log, theme: () => {} }), log)
    expect(await door(desk, 'app.info', {})).toEqual({ ok: true, value: info })
    expect(await door(desk, 'session.current', {})).toMatchObject({ ok: true, value: { name: 'signed-out' } })
    expect(await door(desk, 'session.signIn', { username: 'a', password: 'b' })).toEqual({
      ok: false,
      error: { code: 'config/problem', retry: 'never', detail: 'mode' },
    })
  })
})
