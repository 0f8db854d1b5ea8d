import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type CallStatus,
  callHistory,
  callStatus,
  directory,
  me,
  type ServerEvent,
} from '#shared/contract/rest.ts'
import { backends } from './backends.ts'
import { EventReader } from './event-reader.ts'
import { type Desk, type RunningCouncil, runCouncil, signIn } from './running-council.ts'

const dayMs = 86_400_000

describe.each(backends)('the telephone’s side of the service, on $name', (backend) => {
  let running: RunningCouncil
  let sam: Desk
  let nia: Desk

  beforeAll(async () => {
    running = await runCouncil(backend)
    sam = await signIn(running)
    nia = await signIn(running, 'nia.practice')
  })
  afterAll(() => running.stop())

  const put = (desk: Desk, path: string, body: unknown) =>
    desk.fetch(path, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  const historyOf = async (desk: Desk) => callHistory.parse(await desk.json('/v1/me/calls')).calls
  const pause = (desk: Desk, callId: string, paused: boolean) =>
    put(desk, `/v1/calls/${encodeURIComponent(callId)}/recording`, { paused })

  test('says how a call is recorded and who listens, to its adviser alone', async () => {
    running.calls.begin('adviser-sam', 'one/1@wexcombe')
    running.calls.supervise('one/1@wexcombe', 'listening')
    const path = `/v1/calls/${encodeURIComponent('one/1@wexcombe')}`
    expect(callStatus.parse(await sam.json(path))).toMatchObject({
      callId: 'one/1@wexcombe',
      recording: { name: 'recording' },
      supervisor: 'listening',
    })
    for (const answer of [await nia.fetch(path), await sam.fetch('/v1/calls/none')]) {
      expect(answer.status).toBe(404)
      expect(await answer.json()).toMatchObject({ code: 'call/unknown' })
    }
  })

  test('pauses and goes on recording, and says what the recorder did', async () => {
    running.calls.begin('adviser-sam', 'two')
    const paused: CallStatus = callStatus.parse(await (await pause(sam, 'two', true)).json())
    expect(paused.recording).toMatchObject({ name: 'paused', resumesAt: expect.any(String) })
    expect(await sam.json('/v1/calls/two')).toEqual(paused)
    expect(callStatus.parse(await (await pause(sam, 'two', false)).json()).recording.name).toBe('recording')
  })

  test('another adviser cannot touch a recording', async () => {
    running.calls.begin('adviser-sam', 'three')
    expect((await pause(nia, 'three', true)).status).toBe(404)
    expect(running.calls.status('three')?.recording.name).toBe('recording')
  })

  test.each([
    ['refuses', 409, 'recording/refused'],
    ['fails', 502, 'recording/unreachable'],
    ['is silent', 502, 'recording/unreachable'],
  ] as const)('a recorder that %s is answered with %i', async (recorder, status, code) => {
    running.calls.begin('adviser-sam', `with one that ${recorder}`)
    running.calls.recorder = recorder
    const asked = pause(sam, `with one that ${recorder}`, true)
    let answer: Response | undefined
    asked.then((each) => {
      answer = each
    })
    await expect
      .poll(async () => {
        await running.clock.run(1000)
        return answer?.status
      })
      .toBe(status)
    running.calls.recorder = 'works'
    expect(await answer?.json()).toMatchObject({ status, code })
    expect(running.calls.status(`with one that ${recorder}`)?.recording.name).toBe('recording')
  })

  test('keeps each adviser’s own calls, newest first, as they went', async () => {
    const before = (await historyOf(nia)).length
    const first = running.calls.begin('adviser-nia', 'h-1', { direction: 'outbound', queueId: null })
    await running.clock.run(60_000)
    const second = running.calls.begin('adviser-nia', 'h-2', { answeredAt: null })
    expect(await historyOf(nia)).toEqual([second, first])
    const endedAt = new Date(running.clock.now()).toISOString()
    running.calls.tell({ ...second, adviserId: 'adviser-nia', endedAt, outcome: 'missed' })
    running.calls.tell({ ...first, adviserId: 'adviser-nia', endedAt, outcome: 'answered' })
    expect((await historyOf(nia)).map(({ callId, outcome }) => [callId, outcome])).toEqual([
      ['h-2', 'missed'],
      ['h-1', 'answered'],
    ])
    expect(before).toBe(0)
    expect((await historyOf(sam)).some(({ callId }) => callId.startsWith('h-'))).toBe(false)
  })

  test('calls that were going on when the service ended are not going on any more', async () => {
    const jo = await signIn(running, 'jo.practice')
    running.calls.begin('adviser-jo', 'answered')
    running.calls.begin('adviser-jo', 'ringing', { answeredAt: null })
    await historyOf(jo)
    await running.restart()
    const again = await signIn(running, 'jo.practice')
    const outcomes = new Map((await historyOf(again)).map(({ callId, outcome }) => [callId, outcome]))
    expect(Object.fromEntries(outcomes)).toEqual({ answered: 'answered', ringing: 'failed' })
    sam = await signIn(running)
    nia = await signIn(running, 'nia.practice')
  })

  test('the directory names colleagues, queues and services, and is sent once', async () => {
    const first = await sam.fetch('/v1/directory')
    const { entries, asAt } = directory.parse(await first.json())
    expect(Date.parse(asAt)).toBe(running.clock.now())
    const users = entries.flatMap(({ user }) => user ?? [])
    const expected = ['supervisor', 'council-tax-team', 'housing-repairs', 'welsh-line', 'interpreter']
    expect(users).toEqual(
      expect.arrayContaining([...expected, 'sam.practice', 'nia.practice', 'jo.practice']),
    )
    const profile = me.parse(await sam.json('/v1/me'))
    expect(users).toEqual(expect.arrayContaining(profile.queues.map(({ id }) => id)))
    expect(new Set(entries.map(({ kind }) => kind))).toEqual(new Set(['colleague', 'queue', 'service']))
    expect(new Set(entries.map(({ id }) => id)).size).toBe(entries.length)
    // Every entry can be rung, and nobody real answers: Ofcom's drama ranges.
    for (const { user, number } of entries) {
      expect(user ?? number).not.toBeNull()
      expect(number ?? '+441632960000').toMatch(/^\+44(1632960\d{3}|8081570\d{3})$/)
    }
    await running.clock.run(1000)
    const etag = first.headers.get('etag') ?? ''
    const again = await sam.fetch('/v1/directory', { headers: { 'if-none-match': etag } })
    expect([again.status, await again.text()]).toEqual([304, ''])
  })

  test('whispers the queues an adviser takes, and no others', async () => {
    const jo = await signIn(running, 'jo.practice')
    for (const { id } of me.parse(await sam.json('/v1/me')).queues) {
      const answer = await sam.fetch(`/v1/queues/${id}/whisper`)
      expect(answer.headers.get('content-type')).toBe('audio/wav')
      const sound = Buffer.from(await answer.arrayBuffer())
      expect(sound.subarray(0, 4).toString('latin1')).toBe('RIFF')
    }
    for (const path of ['housing', 'none', encodeURIComponent('../clips/x')]) {
      expect((await jo.fetch(`/v1/queues/${path}/whisper`)).status).toBe(404)
    }
  })

  test('a change of a call is told to its adviser alone, and a new stream begins with the calls there are', async () => {
    const jo = await signIn(running, 'jo.practice')
    running.calls.begin('adviser-jo', 'live')
    const open = async (desk: Desk) => {
      const { body } = await desk.fetch('/v1/events')
      if (!body) throw new Error('no body')
      return new EventReader(body)
    }
    const kinds = (events: unknown[]) => events.map((event) => (event as ServerEvent).kind)
    const jos = await open(jo)
    const nias = await open(nia)
    const begins = [await jos.next(), await jos.next(), await jos.next()]
    expect(kinds(begins)).toEqual(['state', 'call', 'changed'])
    expect(begins[1]).toMatchObject({ status: { callId: 'live', recording: { name: 'recording' } } })
    expect(kinds([await nias.next(), await nias.next()])).toEqual(['state', 'changed'])
    running.calls.supervise('live', 'advising')
    expect(await jos.next()).toMatchObject({ kind: 'call', status: { supervisor: 'advising' } })
    running.council.agents.request('adviser-nia', { name: 'not-ready', reason: 'admin' })
    expect(await nias.next()).toMatchObject({ kind: 'state' })
    await Promise.all([jos.close(), nias.close()])
  })

  test('a break has a limit, and do not disturb has none', async () => {
    const { notReadyReasons } = me.parse(await sam.json('/v1/me'))
    const limits = Object.fromEntries(notReadyReasons.map(({ code, limitMinutes }) => [code, limitMinutes]))
    expect(limits).toMatchObject({ break: 15, lunch: 60 })
    expect([limits.training, limits['do-not-disturb']]).toEqual([undefined, undefined])
    await put(sam, '/v1/me/state', { name: 'not-ready', reason: 'break' })
    const until = new Date(running.clock.now() + 15 * 60_000).toISOString()
    expect(await sam.json('/v1/me/state')).toMatchObject({ state: { reason: 'break', until } })
  })

  test('who works in spite of the check is on record, with what failed and why', async () => {
    sam = await signIn(running)
    const override = { failed: ['round-trip', 'cache-age'], reason: 'The line at home is always slow' }
    const answer = await put(sam, '/v1/me/state', { name: 'ready', override })
    expect(await answer.json()).toMatchObject({ state: { name: 'ready' }, pending: null })
    const unreasoned = await put(sam, '/v1/me/state', {
      name: 'ready',
      override: { failed: ['disk'], reason: '' },
    })
    expect(unreasoned.status).toBe(422)
    expect(await running.rows('readiness_override')).toEqual([
      {
        adviser_id: 'adviser-sam',
        at: new Date(running.clock.now()).toISOString(),
        failed: override.failed,
        reason: override.reason,
      },
    ])
  })

  test('calls are forgotten after a hundred days', async () => {
    nia = await signIn(running, 'nia.practice')
    const kept = await historyOf(nia)
    expect(kept.length).toBeGreaterThan(0)
    await running.clock.run(101 * dayMs)
    nia = await signIn(running, 'nia.practice')
    expect(await historyOf(nia)).toEqual([])
    running.calls.begin('adviser-nia', 'much later')
    expect(await historyOf(nia)).toHaveLength(1)
    const rows = await running.rows('call_history')
    expect(rows).toHaveLength(1)
  })
})
