import type { FlightEvent } from '../contract/call-report.ts'
import type { Line, PhoneSnapshot } from '../contract/phone.ts'

/*
 * What two successive looks at the telephone say has happened. The words are fixed: the rules that find causes
 * (flight-causes.ts) and the people who read reports depend on them.
 */

/** What is written down before it is made safe to send. */
export interface RawEvent extends Omit<FlightEvent, 'facts'> {
  readonly facts?: FlightEvent['facts'] | undefined
}

export const words = {
  lineIs: (state: Line['state']['name']) => `line ${state}`,
  signallingIs: (signalling: Line['signalling']) => `signalling ${signalling}`,
  soundFromCaller: 'sound from the caller',
  soundToCaller: 'sound to the caller',
  quality: 'quality',
  codec: 'codec agreed',
  microphone: 'microphone',
  microphoneInUse: 'another microphone in use',
  speakerInUse: 'another speaker in use',
  headset: 'headset',
  registration: 'registration',
  council: 'council',
  networkChanged: 'network changed',
  networkOffline: 'network offline',
  networkOnline: 'network online',
  suspended: 'computer suspended',
  resumed: 'computer resumed',
  frozen: 'telephone was stopped',
  deskLoaded: 'desk loaded',
  telephoneRestarted: 'telephone restarted',
} as const

/** Events of one call. `before` is null when its line has just appeared. */
export function lineEvents(before: Line | null, after: Line, at: number): RawEvent[] {
  if (before === after) return []
  return [
    ...stateEvents(before, after, at),
    ...soundEvents(before, after, at),
    ...qualityEvents(before, after, at),
    ...recordingEvents(before, after, at),
  ]
}

function stateEvents(before: Line | null, after: Line, at: number): RawEvent[] {
  const events: RawEvent[] = []
  const { state } = after
  if (before === null || before.state.name !== state.name) {
    events.push({ at, source: 'state', what: words.lineIs(state.name), facts: stateFacts(after, before) })
  } else if (state.name === 'held' && before.state.name === 'held' && before.state.by !== state.by) {
    events.push({ at, source: 'state', what: words.lineIs('held'), facts: { by: state.by } })
  } else if (
    state.name === 'ended' &&
    before.state.name === 'ended' &&
    before.state.reason !== state.reason
  ) {
    events.push({ at, source: 'state', what: words.lineIs('ended'), facts: failedFacts(state) })
  }
  if (before === null) return events
  if (before.signalling !== after.signalling) {
    events.push({ at, source: 'sip', what: words.signallingIs(after.signalling) })
  }
  if (before.muted !== after.muted) {
    events.push({ at, source: 'state', what: after.muted ? 'muted' : 'unmuted' })
  }
  if (!before.speakingWhileMuted && after.speakingWhileMuted) {
    events.push({ at, source: 'state', what: 'speech while muted' })
  }
  if (before.transfer?.name !== after.transfer?.name) {
    const { transfer } = after
    const facts = transfer?.name === 'failed' ? failedFacts(transfer) : {}
    events.push({ at, source: 'state', what: `transfer ${transfer?.name ?? 'over'}`, facts })
  }
  if (before.conferenceId !== after.conferenceId) {
    events.push({
      at,
      source: 'state',
      what: after.conferenceId === null ? 'conference left' : 'conference joined',
    })
  }
  return events
}

function failedFacts({ reason, status }: { reason: string; status?: number | undefined }): RawEvent['facts'] {
  return { reason, ...(status === undefined ? {} : { status }) }
}

function stateFacts({ state, direction, queue }: Line, before: Line | null): RawEvent['facts'] {
  if (before === null) return { direction, fromQueue: queue !== null }
  if (state.name === 'ended') return failedFacts(state)
  if (state.name === 'held') return { by: state.by }
  return state.name === 'dialling' ? { progress: state.progress } : {}
}

function soundEvents(before: Line | null, after: Line, at: number): RawEvent[] {
  const was = before?.sound
  const { inbound, outbound, since } = after.sound
  // Silence is known only after a while; it is dated back to the last packet.
  const when = (word: string) => (word === 'silent' ? Math.min(since, at) : at)
  return [
    ...(was !== undefined && was.inbound !== inbound
      ? [{ at: when(inbound), source: 'sound' as const, what: words.soundFromCaller, facts: { is: inbound } }]
      : []),
    ...(was !== undefined && was.outbound !== outbound
      ? [{ at: when(outbound), source: 'sound' as const, what: words.soundToCaller, facts: { is: outbound } }]
      : []),
  ]
}

function qualityEvents(before: Line | null, after: Line, at: number): RawEvent[] {
  const { quality } = after
  if (quality === null) return []
  const events: RawEvent[] = []
  const was = before?.quality ?? null
  if (quality.codec !== null && quality.codec !== was?.codec) {
    events.push({ at, source: 'quality', what: words.codec, facts: { codec: quality.codec } })
  }
  const alerts = quality.alerts.join(' ')
  if (alerts !== (was?.alerts.join(' ') ?? '')) {
    const { mos, lossPercent, jitterMs, roundTripMs } = quality
    events.push({
      at,
      source: 'quality',
      what: words.quality,
      facts: {
        alerts,
        mos: rounded(mos, 1),
        lossPercent: rounded(lossPercent, 1),
        jitterMs: Math.round(jitterMs),
        ...(roundTripMs === null ? {} : { roundTripMs: Math.round(roundTripMs) }),
      },
    })
  }
  return events
}

function recordingEvents(before: Line | null, after: Line, at: number): RawEvent[] {
  const events: RawEvent[] = []
  const recording = after.status?.recording.name
  if (recording !== undefined && recording !== before?.status?.recording.name) {
    events.push({ at, source: 'recording', what: `recording is ${recording}` })
  }
  const supervisor = after.status?.supervisor ?? 'none'
  if (supervisor !== (before?.status?.supervisor ?? 'none')) {
    events.push({ at, source: 'state', what: `supervisor ${supervisor}` })
  }
  const asked = after.recordingRequest
  const was = before?.recordingRequest ?? null
  if (asked !== null && (was?.outcome !== asked.outcome || was.paused !== asked.paused)) {
    events.push({
      at,
      source: 'recording',
      what: asked.paused ? 'recording to be paused' : 'recording to go on',
      facts: { outcome: asked.outcome },
    })
  }
  return events
}

type Surroundings = Pick<PhoneSnapshot, 'registration' | 'microphone' | 'devices' | 'headset'>

/** Events that concern every call that is up. Devices are told apart, never named: a label may be a person's. */
export function surroundingEvents(before: Surroundings, after: Surroundings, at: number): RawEvent[] {
  const events: RawEvent[] = []
  if (before.registration.name !== after.registration.name) {
    events.push({
      at,
      source: 'network',
      what: words.registration,
      facts: { is: after.registration.name, ...registrationFacts(after.registration) },
    })
  }
  if (before.microphone.name !== after.microphone.name) {
    events.push({ at, source: 'device', what: words.microphone, facts: { is: after.microphone.name } })
  }
  const { microphone, speaker } = after.devices.using
  const was = before.devices.using
  if (was.microphone !== null && microphone !== null && was.microphone.id !== microphone.id) {
    events.push({ at, source: 'device', what: words.microphoneInUse })
  }
  if (was.speaker !== null && speaker !== null && was.speaker.id !== speaker.id) {
    events.push({ at, source: 'device', what: words.speakerInUse })
  }
  if (before.headset.name !== after.headset.name) {
    events.push({ at, source: 'device', what: words.headset, facts: { is: after.headset.name } })
  }
  return events
}

function registrationFacts(registration: Surroundings['registration']): RawEvent['facts'] {
  if (registration.name === 'waiting') return { reason: registration.reason }
  return registration.name === 'refused' ? { status: registration.status } : {}
}

const rounded = (value: number, digits: number) => Number(value.toFixed(digits))
