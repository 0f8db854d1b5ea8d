import { duration, timeToSecond } from '#renderer/ui/time.ts'
import type { CallReport, FlightCause } from '#shared/contract/call-report.ts'

/** What happened and what became of it. `gap` is a duration such as `3 s`; null when it lasted to the end. */
const causeWords: Record<FlightCause['code'], (time: string, gap: string | null) => string> = {
  'network-changed': (time, gap) =>
    `Your network changed at ${time}${gap === null ? '' : `; sound returned after ${gap}`}.`,
  'connection-lost': (time, gap) =>
    `The connection to the switchboard was lost at ${time}${gap === null ? '' : ` and was back after ${gap}`}.`,
  'switchboard-restarted': (time, gap) =>
    `The switchboard was started again at ${time}${gap === null ? '' : `; the call was restored after ${gap}`}.`,
  'computer-slept': (time, gap) =>
    `Your computer was asleep from ${time}${gap === null ? '' : ` for ${gap}`}.`,
  'desk-restarted': (time) => `The desk’s window was started again at ${time}. The call went on.`,
  'no-sound-from-caller': (time, gap) =>
    `From ${time} no sound arrived from the caller${gap === null ? '' : `, for ${gap}`}.`,
  'no-sound-to-caller': (time, gap) =>
    `From ${time} the caller could not hear you${gap === null ? '' : `, for ${gap}`}.`,
  'poor-network': (time, gap) =>
    `The network was too poor for clear speech from ${time}${gap === null ? '' : `, for ${gap}`}.`,
  'microphone-changed': (time) => `The microphone was changed at ${time}.`,
  'microphone-lost': (time, gap) =>
    `The microphone was gone at ${time}${gap === null ? '' : ` and back after ${gap}`}.`,
  'microphone-muted-at-device': (time, gap) =>
    `The microphone was switched off at the headset at ${time}${gap === null ? '' : `, for ${gap}`}.`,
  'no-common-codec': () => 'The two telephones found no way of sending sound that both know.',
  'call-lost': (time) => `The call was lost at ${time}.`,
}

export function causeSentence(cause: FlightCause): string {
  const gap = cause.until === null ? null : gapWords(cause.until - cause.from)
  return causeWords[cause.code](timeToSecond(cause.from), gap)
}

function gapWords(ms: number): string {
  if (ms < 1_000) return 'less than a second'
  return ms < 60_000 ? `${Math.round(ms / 1_000)} s` : `${duration(ms)} minutes`
}

/** What the record of a call says about trouble: one sentence for each thing found, or that nothing was. */
export function reportSentences(report: CallReport): readonly string[] {
  return report.causes.length === 0
    ? ['Nothing out of the ordinary was recorded on this call.']
    : report.causes.map(causeSentence)
}
