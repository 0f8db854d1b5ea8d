import { describe, expect, it } from 'vitest'
import { type Paying, paymentMove, recordingSafety } from '#renderer/desk/payment-pause.ts'
import type { Line } from '#shared/contract/phone.ts'
import type { CallStatus } from '#shared/contract/rest.ts'
import { sampleLine, sampleSnapshot } from '../features/phone-samples.ts'

const line = sampleLine()
const { contactId, id: lineId } = line
const since = '2026-11-03T10:00:00Z'
const resumesAt = '2026-11-03T10:10:00Z'
const pause = { name: 'setRecordingPaused', lineId, paused: true }
const goOn = { name: 'setRecordingPaused', lineId, paused: false }

function recorded(recording: CallStatus['recording'], asked: Line['recordingRequest'] = null): Line {
  return { ...line, status: { callId: line.callId, recording, supervisor: 'none' }, recordingRequest: asked }
}
const recording = recorded({ name: 'recording', since })
const paused = recorded({ name: 'paused', since, resumesAt })
const asked = (outcome: 'waiting' | 'refused' | 'unreachable') =>
  recorded({ name: 'recording', since }, { paused: true, since: 0, outcome })

const scene = (of: Line | null, atPayStep = true) => ({
  contactId,
  atPayStep,
  lines: of === null ? [] : [of],
})

/** What is done for one scene after the other. */
function play(...scenes: readonly ReturnType<typeof scene>[]) {
  let paying: Paying | null = null
  return scenes.map((each) => {
    const move = paymentMove(paying, each)
    paying = move.paying
    return move.command
  })
}

describe('the recording at a payment', () => {
  it('is asked to pause once when the step is reached', () => {
    expect(
      play(scene(recording, false), scene(recording), scene(recording), scene(asked('waiting'))),
    ).toEqual([null, pause, null, null])
  })

  it('goes on when the step is answered', () => {
    expect(play(scene(recording), scene(paused), scene(paused, false), scene(paused, false))).toEqual([
      pause,
      null,
      goOn,
      null,
    ])
  })

  it('is asked again when the recorder went on by its own clock', () => {
    const later = '2026-11-03T10:10:01Z'
    const resumed = recorded(
      { name: 'recording', since: later },
      { paused: true, since: 0, outcome: 'refused' },
    )
    expect(play(scene(recording), scene(paused), scene(resumed), scene(resumed))).toEqual([
      pause,
      null,
      pause,
      null,
    ])
  })

  it('is not asked again by itself after a refusal, nor while the telephone tries', () => {
    expect(play(scene(recording), scene(asked('refused')), scene(asked('unreachable')))).toEqual([
      pause,
      null,
      null,
    ])
  })

  it('is asked for when nothing has been heard of the recorder, and let go of when the step is left unheard', () => {
    const unheard = { ...line, status: null }
    const wished = {
      ...unheard,
      recordingRequest: { paused: true, since: 0, outcome: 'unreachable' } as const,
    }
    expect(play(scene(unheard), scene(wished), scene(wished, false))).toEqual([pause, null, goOn])
  })

  it('stays paused while the adviser turns to another call', () => {
    const other = { contactId: 'another', atPayStep: false, lines: [paused] }
    expect(play(scene(recording), scene(paused), other, scene(paused), scene(paused, false))).toEqual([
      pause,
      null,
      null,
      null,
      goOn,
    ])
  })

  it('is left alone where nothing records, without a call, and after its end', () => {
    const ended = { ...paused, state: { name: 'ended', at: 0, reason: 'hung-up-there' } as const }
    expect(play(scene(recorded({ name: 'none' })), scene(null), scene(ended), scene(ended, false))).toEqual([
      null,
      null,
      null,
      null,
    ])
  })

  it('is found paused after the desk was loaded again, and goes on after the step', () => {
    expect(play(scene(paused), scene(paused, false))).toEqual([null, goOn])
  })
})

describe('what a payment may rest on', () => {
  const safety = (of: Line | null) =>
    recordingSafety(sampleSnapshot({ lines: of === null ? [] : [of] }), contactId).name

  it.each([
    ['no-call', null],
    ['not-recorded', recorded({ name: 'none' })],
    ['paused', paused],
    ['recording', recording],
    ['pausing', asked('waiting')],
    ['refused', asked('refused')],
    ['unreachable', asked('unreachable')],
    ['unknown', { ...line, status: null }],
  ])('is %s', (name, of) => {
    expect(safety(of)).toBe(name)
  })

  it('is paused only once the recorder has confirmed it, whatever was asked', () => {
    expect(
      safety(recorded({ name: 'paused', since, resumesAt }, { paused: false, since: 0, outcome: 'waiting' })),
    ).toBe('paused')
    expect(recordingSafety(null, contactId).name).toBe('unknown')
  })
})
