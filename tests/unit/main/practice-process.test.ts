import { describe, expect, test } from 'vitest'
import { type PracticeChild, startPracticeProcess } from '#electron/main/practice-process.ts'
import type { PracticeCommand } from '#electron/practice/protocol.ts'
import type { PracticeStatus } from '#shared/contract/ipc.ts'
import { fakeClock, recordingLog } from './fakes.ts'

const options = { dataFolder: '/d', scriptsFolder: '/s', clipsFolder: '/c' }
const running: PracticeStatus = {
  name: 'running',
  councilUrl: 'http://127.0.0.1:4040',
  sipUrl: 'ws://127.0.0.1:4041',
  username: 'practice',
  password: 'practice',
  networkCut: false,
  scenarios: [{ id: 'missed-bin', title: 'Missed bin' }],
}

function setUp() {
  const clock = fakeClock()
  const log = recordingLog()
  const statuses: PracticeStatus[] = []
  const children: {
    sent: PracticeCommand[]
    say(message: unknown): void
    exit(code: number | null): void
    killed: boolean
  }[] = []
  const fork = (): PracticeChild => {
    let hear: (message: unknown) => void = () => {}
    let ended: (code: number | null) => void = () => {}
    const child = {
      sent: [] as PracticeCommand[],
      killed: false,
      say: (message: unknown) => hear(message),
      exit: (code: number | null) => ended(code),
    }
    children.push(child)
    return {
      post: (command) => child.sent.push(command),
      onMessage: (listener) => {
        hear = listener
      },
      onExit: (listener) => {
        ended = listener
      },
      kill: () => {
        child.killed = true
        child.exit(null)
      },
    }
  }
  const practice = startPracticeProcess({
    fork,
    options,
    clock,
    log,
    onStatus: (status) => statuses.push(status),
  })
  const child = () => {
    const last = children.at(-1)
    if (!last) throw new Error('no process')
    return last
  }
  return { practice, clock, log, statuses, children, child }
}

describe('practice process', () => {
  test('is told to start, and its status is passed on', () => {
    const { practice, child, statuses } = setUp()
    expect(child().sent).toEqual([{ type: 'start', options }])
    expect(practice.status()).toEqual({ name: 'starting', step: 'database' })
    child().say({ type: 'status', status: running })
    expect(practice.status()).toEqual(running)
    expect(statuses.at(-1)).toEqual(running)
  })

  test('answers which scenario calls', async () => {
    const { practice, child } = setUp()
    child().say({ type: 'status', status: running })
    const asked = practice.call(undefined)
    expect(child().sent.at(-1)).toEqual({ type: 'call', requestId: '1' })
    child().say({ type: 'answer', requestId: '1', ok: true, scenarioId: 'missed-bin' })
    expect(await asked).toEqual({ ok: true, value: { scenarioId: 'missed-bin' } })
  })

  test('passes on what a supervisor does', async () => {
    const { practice, child } = setUp()
    child().say({ type: 'status', status: running })
    const asked = practice.supervise('listening')
    expect(child().sent.at(-1)).toEqual({ type: 'supervise', requestId: '1', supervisor: 'listening' })
    child().say({ type: 'answer', requestId: '1', ok: true })
    expect(await asked).toEqual({ ok: true, value: null })
  })

  test('passes on why a call cannot be made', async () => {
    const { practice, child } = setUp()
    child().say({ type: 'status', status: running })
    const asked = practice.call('no-such')
    child().say({
      type: 'answer',
      requestId: '1',
      ok: false,
      error: { code: 'practice/no-scenario', retry: 'never' },
    })
    expect(await asked).toEqual({ ok: false, error: { code: 'practice/no-scenario', retry: 'never' } })
  })

  test('refuses while it is not running, and does not wait for ever when it is', async () => {
    const { practice, child, clock } = setUp()
    expect(await practice.network(true)).toMatchObject({ error: { code: 'practice/not-running' } })
    child().say({ type: 'status', status: running })
    const asked = practice.network(true)
    clock.advance(10_000)
    expect(await asked).toMatchObject({ error: { code: 'practice/no-answer' } })
  })

  test('is started again when it dies, later each time, and says so', async () => {
    const { practice, child, children, clock, statuses } = setUp()
    child().say({ type: 'status', status: running })
    const asked = practice.call(undefined)
    child().exit(1)
    expect(await asked).toMatchObject({ error: { code: 'practice/not-running' } })
    expect(statuses.at(-1)).toEqual({ name: 'failed', detail: 'Practice stopped; it starts again in 1 s.' })
    clock.advance(500)
    expect(children).toHaveLength(2)
    expect(practice.status()).toEqual({ name: 'starting', step: 'database' })
    expect(child().sent).toEqual([{ type: 'start', options }])
    child().exit(1)
    clock.advance(500)
    expect(children).toHaveLength(2)
    clock.advance(500)
    expect(children).toHaveLength(3)
    clock.advance(60_000)
    child().exit(1)
    clock.advance(500)
    expect(children).toHaveLength(4)
  })

  test('keeps the process’s own reason beside ours', () => {
    const { child, statuses } = setUp()
    child().say({ type: 'status', status: { name: 'failed', detail: 'The database is damaged.' } })
    child().exit(1)
    expect(statuses.at(-1)).toMatchObject({
      detail: 'The database is damaged. Practice stopped; it starts again in 1 s.',
    })
  })

  test('drops strange messages', () => {
    const { practice, child, log } = setUp()
    for (const message of [null, 'x', {}, { type: 'status' }, { type: 'answer', requestId: 1 }])
      child().say(message)
    expect(practice.status().name).toBe('starting')
    expect(log.codes()).toEqual(Array(5).fill('practice/strange-message'))
  })

  test('writes the process’s log lines into ours', () => {
    const { child, log } = setUp()
    child().say({ type: 'log', level: 'info', code: 'council/started', facts: { ms: 12 } })
    expect(log.lines).toEqual([{ level: 'info', code: 'council/started', facts: { ms: 12 } }])
  })

  test('stops by itself when told to, and is not started again', async () => {
    const { practice, child, children, clock } = setUp()
    const stopped = practice.stop()
    expect(child().sent.at(-1)).toEqual({ type: 'stop' })
    child().exit(0)
    await stopped
    clock.advance(120_000)
    expect(children).toHaveLength(1)
    expect(child().killed).toBe(false)
  })

  test('is killed when it does not stop in time, sooner while it has nothing to finish', async () => {
    const busy = setUp()
    busy.child().say({ type: 'status', status: running })
    const stopped = busy.practice.stop()
    busy.clock.advance(4_999)
    expect(busy.child().killed).toBe(false)
    busy.clock.advance(1)
    await stopped
    expect(busy.child().killed).toBe(true)

    const starting = setUp()
    const gone = starting.practice.stop()
    starting.clock.advance(500)
    await gone
    expect(starting.child().killed).toBe(true)
  })

  test('is not started again when the app ends while it waits', async () => {
    const { practice, child, children, clock } = setUp()
    child().exit(1)
    await practice.stop()
    clock.advance(60_000)
    expect(children).toHaveLength(1)
  })
})
