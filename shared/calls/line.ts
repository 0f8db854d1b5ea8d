import type { CallQuality, EndReason, Line, LineState } from '../contract/phone.ts'
import { assertNever } from '../kernel/assert-never.ts'
import { newSoundWatch, type SoundWatch } from './sound.ts'
import { nextTransfer } from './transfer.ts'

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
  | { readonly name: 'quality-sampled'; readonly quality: CallQuality }
  /** The line was joined with others (`conferenceId`), or left them (null). */
  | { readonly name: 'conference-changed'; readonly conferenceId: string | null }
  /** The far end was asked to call someone else (REFER). `to` is what the adviser calls that someone. */
  | { readonly name: 'transfer-asked'; readonly to: string; readonly at: number }
  /** The far end agreed, or told how its own call goes on. */
  | { readonly name: 'transfer-progressed'; readonly progress: 'trying' | 'ringing'; readonly at: number }
  | {
      readonly name: 'transfer-failed'
      readonly at: number
      readonly reason: EndReason
      readonly status?: number
    }
  | { readonly name: 'transfer-dismissed' }
  /** The far end asks us to call someone else. */
  | { readonly name: 'referral-asked'; readonly to: string; readonly at: number }
  | { readonly name: 'referral-settled' }
  /** When the call will be answered by itself; null when it will not any more. */
  | { readonly name: 'auto-answer-changed'; readonly at: number | null }
  | {
      readonly name: 'ended'
      readonly at: number
      readonly reason: EndReason
      readonly status?: number
    }
  /** The far end had been taken to go on elsewhere, and had nowhere to go. */
  | { readonly name: 'end-corrected'; readonly reason: EndReason }

/**
 *   (in)  ringing ──answering-started──▶ answering ──answered──▶ active ◀──holds-changed──▶ held
 *   (out) dialling ◀─┐ ──answered──────────────────────────────────▲
 *             └─progressed
 *   any but ended: signalling-lost, recovery-started, signalling-recovered change `signalling` and nothing else;
 *   so do transfer, referral, conference and the hour of an automatic answer with the field of that name
 *   any ──ended──▶ ended; end-corrected changes why, and only of one that was `transferred`
 *
 * An event that means nothing in the present state gives back the same object.
 */
export function nextLine(line: Line, event: LineEvent): Line {
  if (line.state.name === 'ended') {
    return event.name === 'end-corrected' && line.state.reason === 'transferred'
      ? { ...line, state: { ...line.state, reason: event.reason } }
      : line
  }
  switch (event.name) {
    case 'progressed':
      return line.state.name === 'dialling' && isFurther(event.progress, line.state.progress)
        ? { ...line, state: { ...line.state, progress: event.progress } }
        : line
    case 'answering-started':
      return line.state.name === 'ringing'
        ? { ...line, state: { name: 'answering', since: event.at }, autoAnswerAt: null }
        : line
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
    case 'quality-sampled':
      return { ...line, quality: event.quality }
    case 'conference-changed':
      return line.conferenceId === event.conferenceId ? line : { ...line, conferenceId: event.conferenceId }
    case 'transfer-asked':
    case 'transfer-progressed':
    case 'transfer-failed':
    case 'transfer-dismissed':
      return withTransfer(line, nextTransfer(line.transfer, event))
    case 'referral-asked':
      return isUp(line) && line.referral === null
        ? { ...line, referral: { to: event.to, since: event.at } }
        : line
    case 'referral-settled':
      return line.referral === null ? line : { ...line, referral: null }
    case 'auto-answer-changed':
      return line.autoAnswerAt === event.at ? line : { ...line, autoAnswerAt: event.at }
    case 'ended':
      return {
        ...line,
        conferenceId: null,
        transfer: null,
        referral: null,
        autoAnswerAt: null,
        state: {
          name: 'ended',
          at: event.at,
          reason: event.reason,
          ...(event.status === undefined ? {} : { status: event.status }),
        },
      }
    case 'end-corrected':
      return line
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

function withTransfer(line: Line, transfer: Line['transfer']): Line {
  return line.transfer === transfer ? line : { ...line, transfer }
}

function withSound(line: Line, watch: SoundWatch): Line {
  return {
    ...line,
    sound: watch.sound,
    times: { ...line.times, firstInboundAt: watch.firstInboundAt, twoWayAt: watch.twoWayAt },
  }
}
