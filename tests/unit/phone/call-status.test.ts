import { describe, expect, it } from 'vitest'
import { createCallStatuses } from '#renderer/phone/call-status.ts'
import type { Line } from '#shared/contract/phone.ts'
import type { CallStatus } from '#shared/contract/rest.ts'
import { appError } from '#shared/kernel/app-error.ts'
import { err, ok, type Result } from '#shared/kernel/result.ts'
import { activeLine, fakeClock, lineThat, recordingLog, settled } from './samples.ts'

const since = '2026-11-02T09:00:00Z'
const recording: CallStatus = {
  callId: activeLine.callId,
  recording: { name: 'recording', since },
  supervisor: 'none',
}
const paused: CallStatus = { ...recording, recording: { name: 'paused', since, resumesAt: since } }
const unreachable = err(appError('cases/council-unreachable', 'later'))

function setUp() {
  const clock = fakeClock()
  const asked: boolean[] = []
  const answers: Result<CallStatus>[] = []
  let reads = 0
  let lines: readonly Line[] = [activeLine]
  const statuses = createCallStatuses({
    records: {
      readCallStatus: async () => {
        reads += 1
        return ok(recording)
      },
      pauseRecording: async (_callId, wanted) => {
        asked.push(wanted)
        return answers.shift() ?? ok(wanted ? paused : recording)
      },
    },
    clock,
    log: recordingLog(),
    lines: () => lines,
    onChange: () => {},
  })
  const show = (...next: readonly Line[]) => {
    lines = next
    statuses.follow()
    return settled()
  }
  return {
    clock,
    asked,
    answers,
    statuses,
    show,
    reads: () => reads,
    shown: () => statuses.withStatus(activeLine),
  }
}

describe('what the backend says of a call', () => {
  it('is asked when the call is answered, recovered or passed on, and at no other time', async () => {
    const { show, reads, shown } = setUp()
    await show(lineThat())
    expect(reads()).toBe(0)
    await show(activeLine)
    await show({ ...activeLine, muted: true })
    expect(reads()).toBe(1)
    expect(shown().status).toEqual(recording)
    await show({ ...activeLine, signalling: 'lost' })
    await show(activeLine)
    expect(reads()).toBe(2)
    await show({ ...activeLine, transfer: { name: 'asking', to: 'Council Tax', since: 1 } })
    expect(reads()).toBe(3)
  })

  it('is forgotten with the line', async () => {
    const { show, shown } = setUp()
    await show(activeLine)
    await show()
    expect(shown().status).toBeNull()
  })
})

describe('a pause of the recording', () => {
  it('is shown once the recorder has confirmed it, and never before', async () => {
    const { show, statuses, shown } = setUp()
    await show(activeLine)
    const done = statuses.setPaused(activeLine, true)
    expect(shown()).toMatchObject({
      status: recording,
      recordingRequest: { paused: true, outcome: 'waiting' },
    })
    expect(await done).toEqual(ok(null))
    expect(shown()).toMatchObject({ status: paused, recordingRequest: null })
  })

  it('that is refused says so and is not asked for again', async () => {
    const { show, statuses, shown, answers, asked, clock } = setUp()
    await show(activeLine)
    answers.push(err(appError('cases/refused', 'never')))
    expect(await statuses.setPaused(activeLine, true)).toMatchObject({ ok: false })
    expect(shown()).toMatchObject({ status: recording, recordingRequest: { outcome: 'refused' } })
    clock.advance(60_000)
    expect(asked).toEqual([true])
  })

  it('that could not be asked for is asked for again until it is confirmed', async () => {
    const { show, statuses, shown, answers, asked, clock } = setUp()
    await show(activeLine)
    answers.push(unreachable, unreachable)
    await statuses.setPaused(activeLine, true)
    expect(shown().recordingRequest?.outcome).toBe('unreachable')
    clock.advance(2_000)
    await settled()
    clock.advance(2_000)
    await settled()
    expect(asked).toEqual([true, true, true])
    expect(shown()).toMatchObject({ status: paused, recordingRequest: null })
  })

  it('is asked for no more once the adviser wants it no more, or the call is over', async () => {
    const { show, statuses, answers, asked, clock } = setUp()
    await show(activeLine)
    answers.push(unreachable)
    await statuses.setPaused(activeLine, true)
    await statuses.setPaused(activeLine, false)
    clock.advance(10_000)
    expect(asked).toEqual([true, false])
    answers.push(unreachable)
    await statuses.setPaused(activeLine, true)
    await show({ ...activeLine, state: { name: 'ended', at: 5, reason: 'hung-up-there' } })
    clock.advance(10_000)
    expect(asked).toEqual([true, false, true])
  })

  it('that ends by itself while the adviser still wants it is an alarm, until they decide', async () => {
    const { show, statuses, shown } = setUp()
    await show(activeLine)
    await statuses.setPaused(activeLine, true)
    statuses.heard(recording)
    expect(shown()).toMatchObject({
      status: recording,
      recordingRequest: { paused: true, outcome: 'refused' },
    })
    await statuses.setPaused(activeLine, false)
    expect(shown().recordingRequest).toBeNull()
    statuses.heard(recording)
    expect(shown().recordingRequest).toBeNull()
  })

  it('of a call that is not on this telephone is nobody’s here', () => {
    const { statuses, shown } = setUp()
    statuses.heard(paused)
    expect(shown().status).toBeNull()
  })
})
