import type { CallsStore } from '#renderer/features/calls/index.ts'
import type { ContactStore } from '#renderer/features/cases/index.ts'
import type { Line, PhoneCommand, PhoneSnapshot } from '#shared/contract/phone.ts'

/*
 * The recording stands still while the script is at a payment. Entering the step asks the recorder for the pause, its
 * end asks it to record again; what the recorder confirmed is what is shown. A pause that runs out during the step is
 * asked for again, one that was refused only when the adviser wants it.
 *
 *   no payment ──pay step of a call──▶ paying (asks once for each stretch of recording) ──answered──▶ records again
 */

export interface Paying {
  readonly contactId: string
  /** The stretch of recording that a pause has been asked for, so that it is asked once. */
  readonly askedFor: string | null
}

/** What the script and the telephone say now. */
export interface PaymentScene {
  /** Contact in hand; null between contacts. */
  readonly contactId: string | null
  readonly atPayStep: boolean
  readonly lines: readonly Line[]
}

export interface PaymentMove {
  readonly paying: Paying | null
  readonly command: PhoneCommand | null
}

/** The contact's own call while it is up. */
export function lineOf(lines: readonly Line[], contactId: string | null): Line | undefined {
  return lines.find(
    (line) => line.contactId === contactId && line.purpose.name === 'contact' && line.state.name !== 'ended',
  )
}

export function paymentMove(paying: Paying | null, scene: PaymentScene): PaymentMove {
  const { contactId, atPayStep, lines } = scene
  // The adviser has turned to another call for a moment: the payment is still open there.
  if (paying !== null && contactId !== paying.contactId) {
    return { paying: lineOf(lines, paying.contactId) === undefined ? null : paying, command: null }
  }
  if (atPayStep && contactId !== null) return whilePaying(paying, contactId, lineOf(lines, contactId))
  if (paying === null) return { paying: null, command: null }
  const line = lineOf(lines, paying.contactId)
  const paused = line?.status?.recording.name === 'paused' || line?.recordingRequest?.paused === true
  return {
    paying: null,
    command:
      line !== undefined && paused ? { name: 'setRecordingPaused', lineId: line.id, paused: false } : null,
  }
}

function whilePaying(paying: Paying | null, contactId: string, line: Line | undefined): PaymentMove {
  const askedFor = paying?.askedFor ?? null
  const stretch = line === undefined ? null : stretchOf(line)
  const asking = line?.recordingRequest != null && line.recordingRequest.outcome !== 'refused'
  const ask = line !== undefined && stretch !== null && stretch !== askedFor && !asking
  return {
    paying: { contactId, askedFor: ask ? stretch : askedFor },
    command: ask ? { name: 'setRecordingPaused', lineId: line.id, paused: true } : null,
  }
}

/** Names the recording that goes on, or may go on unheard of; null while there is none. */
function stretchOf({ id, status }: Line): string | null {
  if (status === null) return `${id} unknown`
  return status.recording.name === 'recording' ? `${id} ${status.recording.since}` : null
}

/** Keeps the recording paused while the script is at a payment. */
export function followPayment(desk: { readonly contact: ContactStore; readonly calls: CallsStore }): void {
  let paying: Paying | null = null
  const follow = () => {
    const { draft, view } = desk.contact.getState()
    const { snapshot, execute } = desk.calls.getState()
    if (snapshot === null) return
    // A contact that is being opened has no step yet: nothing is known of its payment.
    if (draft !== null && draft.run !== null && view === null) return
    const move = paymentMove(paying, {
      contactId: draft?.contactId ?? null,
      atPayStep: view?.current?.kind === 'pay',
      lines: snapshot.lines,
    })
    paying = move.paying
    if (move.command !== null) void execute(move.command)
  }
  desk.contact.subscribe(follow)
  desk.calls.subscribe(follow)
}

/** What a payment may rest on just now. */
export type RecordingSafety =
  | { readonly name: 'no-call' }
  | { readonly name: 'not-recorded' }
  | { readonly name: 'paused'; readonly since: string; readonly resumesAt: string }
  | { readonly name: 'pausing' }
  | { readonly name: 'unknown' }
  | { readonly name: 'refused' | 'unreachable' | 'recording'; readonly lineId: string }

export function recordingSafety(snapshot: PhoneSnapshot | null, contactId: string | null): RecordingSafety {
  if (snapshot === null) return { name: 'unknown' }
  const line = lineOf(snapshot.lines, contactId)
  if (line === undefined) return { name: 'no-call' }
  const recording = line.status?.recording
  if (recording?.name === 'none') return { name: 'not-recorded' }
  if (recording?.name === 'paused') return recording
  const request = line.recordingRequest
  if (request?.paused !== true)
    return recording === undefined ? { name: 'unknown' } : { name: 'recording', lineId: line.id }
  return request.outcome === 'waiting' ? { name: 'pausing' } : { name: request.outcome, lineId: line.id }
}
