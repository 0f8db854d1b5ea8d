import type { EndReason, Line, LineState } from '../contract/phone.ts'
import { assertNever } from '../kernel/assert-never.ts'
import { newSoundWatch, type SoundWatch } from './sound.ts'

type DialProgress = Extract<LineState, { name: 'dialling' }>['progress']

/** What has happened to a line. `at` is milliseconds since 1970. */
export type LineEvent =
  /** The far end or a proxy sent a provisional response to our INVITE. */
  | { readonly name: 'progressed'; readonly progress: DialProgress; readonly at: number }
  /** The adviser pressed Answer. */
  | { readonly name: 'answering-started'; readonly at: number }
  /** The call is up: the ACK arrived (inbound) or was sent (outbound). */
  | { readonly name: 'answered'; readonly at: number }
  /** Offer and answer agreed who holds whom. */
  | {
      readonly name: 'holds-changed'
      readonly byAdviser: boolean
      readonly byResident: boolean
      readonly at: number
    }
  | { readonly name: 'mute-changed'; readonly muted: boolean }
  /** The socket is gone; the sound may go on. */
  | { readonly name: 'signalling-lost' }
  /** A re-INVITE was sent to move the dialog and its media to the new connection. */
  | { readonly name: 'recovery-started' }
  /** The far end took the re-INVITE. */
  | { readonly name: 'signalling-recovered' }
  | { readonly name: 'sound-sampled'; readonly watch: SoundWatch }
  | {
      readonly name: 'ended'
      readonly at: number
      readonly reason: EndReason
      readonly status?: number
    }

/**
 *   (in)  ringing ──answering-started──▶ answering ──answered──▶ active ◀──holds-changed──▶ held
 *   (out) dialling ◀─┐ ──answered──────────────────────────────────▲
 *             └─progressed
 *   any but ended: signalling-lost, recovery-started, signalling-recovered change `signalling` and nothing else
 *   any ──ended──▶ ended
 *
 * An event that means nothing in the present state gives back the same object.
 */
export function nextLine(line: Line, event: LineEvent): Line {
  if (line.state.name === 'ended') return line
  switch (event.name) {
    case 'progressed':
      return line.state.name === 'dialling' && isFurther(event.progress, line.state.progress)
        ? { ...line, state: { ...line.state, progress: event.progress } }
        : line
    case 'answering-started':
      return line.state.name === 'ringing' ? { ...line, state: { name: 'answering', since: event.at } } : line
    case 'answered':
      return line.state.name === 'answering' || line.state.name === 'dialling'
        ? {
            ...line,
            state: { name: 'active', since: event.at },
            times: { ...line.times, answeredAt: event.at },
          }
        : line
    case 'holds-changed':
      return heldOrActive(line, event.byAdviser, event.byResident, event.at)
    case 'mute-changed':
      return line.muted === event.muted ? line : { ...line, muted: event.muted }
    case 'signalling-lost':
      return withSignalling(line, 'lost')
    case 'recovery-started':
      return line.signalling === 'lost' ? withSignalling(line, 'recovering') : line
    case 'signalling-recovered':
      return withSignalling(line, 'up')
    case 'sound-sampled':
      return withSound(line, event.watch)
    case 'ended':
      return {
        ...line,
        state: {
          name: 'ended',
          at: event.at,
          reason: event.reason,
          ...(event.status === undefined ? {} : { status: event.status }),
        },
      }
    default:
      return assertNever(event)
  }
}

/** What is known of a call when its line appears. `at` is milliseconds since 1970. */
export type LineFacts = Pick<Line, 'id' | 'contactId' | 'callId' | 'direction' | 'state' | 'remote'> & {
  readonly at: number
}

export function newLine({ at, ...facts }: LineFacts): Line {
  return {
    ...facts,
    signalling: 'up',
    queue: null,
    waitedMs: null,
    dialled: null,
    purpose: { name: 'contact' },
    conferenceId: null,
    transfer: null,
    referral: null,
    autoAnswerAt: null,
    muted: false,
    speakingWhileMuted: false,
    quality: null,
    status: null,
    recordingRequest: null,
    sound: newSoundWatch(at).sound,
    times: { invitedAt: at, answeredAt: null, firstInboundAt: null, twoWayAt: null },
  }
}

/** The call is up and can be spoken on, held or not. */
export function isUp(line: Line): boolean {
  return line.state.name === 'active' || line.state.name === 'held'
}

/** The call has not ended. */
export function isLive(line: Line): boolean {
  return line.state.name !== 'ended'
}

/** Who the line is held by. */
export function holds(line: Line): { byAdviser: boolean; byResident: boolean } {
  if (line.state.name !== 'held') return { byAdviser: false, byResident: false }
  return { byAdviser: line.state.by !== 'resident', byResident: line.state.by !== 'adviser' }
}

/** Why a call that we dialled did not come about, from the final response (RFC 3261 §21.4 to §21.6). */
export function endReasonOf(status: number): EndReason {
  if (status === 486 || status === 600) return 'busy'
  if (status === 408 || status === 480) return 'no-answer'
  if ([404, 410, 484, 485, 604].includes(status)) return 'not-found'
  if ([415, 488, 606].includes(status)) return 'media-failed'
  return 'refused'
}

const progressOrder: readonly DialProgress[] = ['trying', 'ringing', 'early-media']

function isFurther(progress: DialProgress, than: DialProgress): boolean {
  return progressOrder.indexOf(progress) > progressOrder.indexOf(than)
}

function heldOrActive(line: Line, byAdviser: boolean, byResident: boolean, at: number): Line {
  const { state } = line
  if (state.name !== 'active' && state.name !== 'held') return line
  if (!byAdviser && !byResident) {
    return state.name === 'active' ? line : { ...line, state: { name: 'active', since: at } }
  }
  const by = byAdviser && byResident ? 'both' : byAdviser ? 'adviser' : 'resident'
  if (state.name === 'held' && state.by === by) return line
  // Held goes on when only the holder changes: the resident's wait began with the first of the two.
  const since = state.name === 'held' ? state.since : at
  return { ...line, state: { name: 'held', since, by } }
}

function withSignalling(line: Line, signalling: Line['signalling']): Line {
  return line.signalling === signalling ? line : { ...line, signalling }
}

function withSound(line: Line, watch: SoundWatch): Line {
  return {
    ...line,
    sound: watch.sound,
    times: { ...line.times, firstInboundAt: watch.firstInboundAt, twoWayAt: watch.twoWayAt },
  }
}
