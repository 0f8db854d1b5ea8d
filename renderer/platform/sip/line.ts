import type { Line } from '#shared/contract/phone.ts'
import type { Result } from '#shared/kernel/result.ts'
import type { JoinedVoice } from './line-media.ts'
import type { AcceptedReferral } from './line-referral.ts'
import type { ReferTarget } from './line-transfer.ts'

type Done = Promise<Result<null>>

/** A dialog as its tags name it (RFC 3261 §12), seen from here. */
export interface DialogNames {
  readonly callId: string
  readonly localTag: string
  readonly remoteTag: string
  /** SIP URI of the far end's telephone. */
  readonly remoteTarget: string
}

/** One call: the library's session on one side, `nextLine` on the other. */
export interface SipLine {
  line(): Line
  /** While it rings: does what can be done before it is answered, unheard and unseen by the far end. */
  prepare(): void
  answer(): Done
  dial(): Done
  reject(): Done
  hangUp(): Done
  hold(): Done
  resume(): Done
  setMuted(muted: boolean): Done
  sendDigits(digits: string): Done
  /** Asks the far end to call someone else. Success ends the line. */
  refer(to: string, target: ReferTarget): Done
  dismissTransfer(): Done
  acceptReferral(): AcceptedReferral | null
  declineReferral(): Done
  /** The confirmed dialog; null before and without it. */
  dialog(): DialogNames | null
  /** Whether the far end is about to go on elsewhere: its good-bye, past or to come, means that and not hanging up. */
  expectTransferred(on: boolean): void
  /** Says good-bye because the far end goes on elsewhere. */
  endTransferred(): void
  /** When it will be answered by itself; null when it will not. */
  setAutoAnswerAt(at: number | null): void
  /** The track on which the far end's voice arrives. */
  remoteVoice(): MediaStreamTrack | null
  join(conference: { readonly id: string; readonly voice: JoinedVoice } | null): Promise<void>
  /** Silences both directions at once, before the far end has agreed to anything. */
  park(on: boolean): void
  connectionLost(): void
  connectionRestored(): void
  /** Reads the sound statistics; to be called again and again while the line is live. */
  sample(): Promise<void>
}
