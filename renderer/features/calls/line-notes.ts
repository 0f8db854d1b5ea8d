import { duration, timeOfDay } from '#renderer/ui/time.ts'
import type { CallQuality, Line, QualityAlert } from '#shared/contract/phone.ts'
import { assertNever } from '#shared/kernel/assert-never.ts'
import { callerWords } from './caller-words.ts'
import { isHeldHere } from './groups.ts'
import { endWords, type Tone } from './words.ts'

export interface Note {
  readonly tone: Tone
  readonly text: string
}

/** A caller left on hold this long wants to hear a word. */
export const holdReminderAfterMs = 60_000

/** How long a call has been on hold here, and from a minute on what to do about it; null when it is not. */
export function holdNote(line: Line, now: number): Note | null {
  if (line.state.name !== 'held' || !isHeldHere(line)) return null
  const heldMs = now - line.state.since
  const time = duration(heldMs)
  return heldMs < holdReminderAfterMs
    ? { tone: 'soft', text: `On hold ${time}` }
    : { tone: 'attention', text: `On hold ${time}: say something to them` }
}

/** The adviser talks into a microphone that is switched off. */
export function mutedNote(line: Line): Note | null {
  if (!line.muted || line.state.name !== 'active') return null
  return line.speakingWhileMuted
    ? { tone: 'attention', text: 'You are muted and speaking' }
    : { tone: 'attention', text: 'You are muted' }
}

/** What the recorder does with this call as the backend confirmed it; null when calls are not recorded. */
export function recordingNote(line: Line, now: number): (Note & { readonly paused: boolean }) | null {
  const recording = line.status?.recording
  if (recording === undefined || recording.name === 'none') return null
  const paused = recording.name === 'paused'
  const request = line.recordingRequest
  if (request !== null) {
    switch (request.outcome) {
      case 'waiting':
        return { paused, tone: 'soft', text: request.paused ? 'Pausing the recording…' : 'Recording again…' }
      case 'refused':
        return {
          paused,
          tone: 'danger',
          text: request.paused ? 'Still recording: the pause was refused' : 'Still paused: refused',
        }
      case 'unreachable':
        return {
          paused,
          tone: 'danger',
          text: request.paused
            ? 'Still recording: recorder not reached'
            : 'Still paused: recorder not reached',
        }
      default:
        return assertNever(request.outcome)
    }
  }
  return paused
    ? {
        paused,
        tone: 'attention',
        text: `Recording paused ${duration(now - Date.parse(recording.since))}, goes on at ${timeOfDay(recording.resumesAt)}`,
      }
    : { paused, tone: 'soft', text: 'Recording' }
}

const supervisorWords = {
  listening: 'A supervisor is listening to this call.',
  advising: 'A supervisor is speaking to you. The caller does not hear it.',
  speaking: 'A supervisor is speaking in this call. Everybody hears it.',
} as const

export function supervisorNote(line: Line): string | null {
  const supervisor = line.status?.supervisor ?? 'none'
  return supervisor === 'none' || line.state.name === 'ended' ? null : supervisorWords[supervisor]
}

/** How far passing the caller on has come, or that it failed and the caller is back. */
export function transferNote(line: Line): Note | null {
  const { transfer } = line
  if (transfer === null) return null
  switch (transfer.name) {
    case 'asking':
      return { tone: 'soft', text: `Passing on to ${transfer.to}…` }
    case 'trying':
      return { tone: 'soft', text: `Passing on: ${transfer.to} is being called` }
    case 'ringing':
      return { tone: 'soft', text: `Passing on: ringing at ${transfer.to}` }
    case 'failed':
      return {
        tone: 'danger',
        text: `${transfer.to} did not take the call: ${failureWords[transfer.reason] ?? endWords[transfer.reason].toLowerCase()}. ${callerWords(line)} is back with you${isHeldHere(line) ? ', on hold' : ''}.`,
      }
    default:
      return assertNever(transfer)
  }
}

const failureWords: Readonly<Record<string, string>> = {
  busy: 'busy',
  'no-answer': 'nobody answered',
  'not-found': 'the number is not known',
  refused: 'it was refused',
}

export interface QualityWords {
  readonly level: 'Good' | 'Fair' | 'Poor'
  readonly tone: Tone
  readonly alerts: readonly string[]
}

const goodFromMos = 3.8
/** Below this most people are annoyed (ITU-T G.107, annex B). */
const fairFromMos = 3.3

/** The sound of a call in a word, and each thing that is wrong with it in a sentence. */
export function qualityWords(quality: CallQuality): QualityWords {
  const alerts = quality.alerts.map((alert) => alertWords[alert])
  if (quality.mos < fairFromMos) return { level: 'Poor', tone: 'danger', alerts }
  if (quality.mos < goodFromMos || alerts.length > 0) return { level: 'Fair', tone: 'attention', alerts }
  return { level: 'Good', tone: 'good', alerts }
}

const alertWords: Record<QualityAlert, string> = {
  'round-trip': 'The delay is long: leave a moment after each sentence.',
  jitter: 'The network is unsteady: words may break up.',
  loss: 'Parts of the sound are lost on the way.',
  mos: 'You and the caller may not understand each other well.',
  'microphone-constant':
    'Your microphone gives one unchanging sound: see that it is not switched off or covered.',
}

const codecNames: Readonly<Record<string, string>> = {
  opus: 'Opus',
  g722: 'G.722',
  pcma: 'G.711 A-law',
  pcmu: 'G.711 µ-law',
}

/** `opus/48000/2` as `Opus, 48 kHz`. G.722 is written with 8000 but sampled at 16 kHz (RFC 3551 §4.5.2). */
export function codecWords(codec: string | null): string {
  if (codec === null) return 'not known yet'
  const [name = '', clock = ''] = codec
    .replace(/^audio\//i, '')
    .toLowerCase()
    .split('/')
  const rate = name === 'g722' ? 16_000 : Number(clock)
  const shown = codecNames[name] ?? name
  return rate > 0 ? `${shown}, ${rate / 1000} kHz` : shown
}
