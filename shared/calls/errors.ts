import { type AppError, appError, type Retry } from '../kernel/app-error.ts'

/** Every failure a telephone command may answer with. Each is expected; wording for people is the desk's. */
export const callsErrorCodes = [
  /** The phone page did not answer a command within 5 s: it is starting, restarting or gone. */
  'calls/phone-not-answering',
  /** Nobody is signed in, so there is no telephone account to use. */
  'calls/signed-out',
  /** Ready was asked for while a readiness problem holds; the snapshot names the problems. */
  'calls/not-ready-to-take-calls',
  /** The line named in the command does not exist, or no longer. */
  'calls/no-such-line',
  /** The line is not in a state that allows this (detail: the state's name). */
  'calls/not-possible-now',
  /** A call was dialled while the phone is not registered with the switchboard. */
  'calls/not-registered',
  /** Four calls are up already; one of them must end before another is made. */
  'calls/line-in-use',
  /** The call cannot be answered or dialled because no microphone is live (detail: the microphone's state). */
  'calls/no-microphone',
  /** The dialog's signalling path is down; the sound may go on (hold and resume need the path). */
  'calls/signalling-lost',
  /** The far end refused the change of the call (detail: SIP status); the call is as it was. */
  'calls/far-end-refused',
  /** The far end takes no digits, neither as RFC 4733 telephone events nor by INFO (detail: SIP status). */
  'calls/digits-not-supported',
  /** The browser or the telephone library failed in an unforeseen way; the log has the kind of error. */
  'calls/phone-failed',
] as const

export type CallsErrorCode = (typeof callsErrorCodes)[number]

/** An `AppError` whose code is one of this feature's. `detail` goes to logs and holds nothing personal. */
export function callsError(code: CallsErrorCode, retry: Retry, detail?: string): AppError {
  return appError(code, retry, detail)
}
