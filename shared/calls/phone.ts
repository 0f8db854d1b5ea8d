import type { FlightEvent } from '../contract/call-report.ts'
import type { Line, PhoneCommand, PhoneSnapshot, Registration } from '../contract/phone.ts'
import type { Result } from '../kernel/result.ts'

/** Commands that need more than lines: the phone page carries them out with devices, backend and main process. */
export type PageCommand = Extract<
  PhoneCommand,
  {
    name:
      | 'requestAgentState'
      | 'checkMicrophone'
      | 'setRecordingPaused'
      | 'chooseDevices'
      | 'testRinger'
      | 'watchLevels'
      | 'connectHeadset'
      | 'runReadinessCheck'
      | 'overrideReadiness'
      | 'dismissLostCall'
      | 'reportBadCall'
  }
>

/** Commands about the telephone itself. */
export type LineCommand = Exclude<PhoneCommand, PageCommand>

export interface PhoneState {
  readonly registration: Registration
  /** Newest last; an ended line stays until it is dismissed. */
  readonly lines: readonly Line[]
  readonly presence: PhoneSnapshot['presence']
  readonly voicemail: PhoneSnapshot['voicemail']
  readonly autoAnswer: boolean
}

/** Something for the flight recorder. `callId` and `lineId` are null when it concerns no call in particular. */
export interface PhoneEvent extends Omit<FlightEvent, 'source'> {
  readonly source: Extract<FlightEvent['source'], 'sip' | 'ice' | 'state' | 'network'>
  readonly callId: string | null
  readonly lineId: string | null
}

/** `sound`: only figures of the RTP statistics moved. `state`: anything else did. */
export type PhoneChange = 'state' | 'sound'

/**
 * A telephone with a switchboard account, for one adviser.
 *
 * - `snapshot` MUST be cheap, and MUST answer the same object until something changed.
 * - A change MUST be visible in `snapshot` before listeners hear of it. Listeners MUST NOT be called from within
 *   `subscribe`, and one that throws MUST NOT stop the others.
 * - `execute` MUST NOT reject or throw; codes are those of `errors.ts`. It MUST resolve when the command has been
 *   carried out or refused, and for `register` and `dial` when it was begun. A hold that the far end has not answered
 *   within 4 s resolves as begun; the line shows how it ended.
 * - An inbound call MUST appear as `ringing` without waiting for media or the microphone.
 * - A line MUST NOT end because the connection to the switchboard was lost, until the far end says that the call is
 *   gone or `giveUpAfterMs` has passed without recovery.
 * - At most one conversation at a time: answering, dialling or resuming one MUST silence the others at once and hold
 *   them; lines joined by `merge`, or kept `beside` one that is dialled, count as one. An emergency call MUST NOT be
 *   refused for want of a free line, of a microphone or of a registration.
 * - A transfer that fails MUST leave its line here and held.
 * - The phone MUST NOT dial, answer, transfer or end anything by itself because the far end asked for it (REFER), and
 *   MUST stop sending the adviser's voice while a line is muted or held.
 * - Nothing that arrives from the network may make it throw or end a call that it does not belong to.
 */
export interface Phone {
  snapshot(): PhoneState
  /** Returns the function that stops listening. */
  subscribe(listener: (change: PhoneChange) => void): () => void
  execute(command: LineCommand): Promise<Result<null>>
}
