import { capDuringCallMs, retryDelayMs } from './backoff.ts'

/** How a re-INVITE that was to recover a dialog ended. */
export type ReinviteOutcome =
  | { readonly name: 'accepted' }
  /** The far end or a proxy answered (SIP final response). */
  | { readonly name: 'rejected'; readonly status: number; readonly retryAfterMs?: number }
  /** No answer came: the request's own socket was lost, or our patience ended. */
  | { readonly name: 'unanswered' }

export type RecoveryStep =
  | { readonly name: 'recovered' }
  /** The far end no longer knows the dialog: the call is over (RFC 3261 §12.2.1.2). */
  | { readonly name: 'gone'; readonly status: number }
  | { readonly name: 'retry'; readonly afterMs: number; readonly withIceRestart: boolean }

/** A call that could not be recovered for this long, and has no sound either, is given up. */
export const giveUpAfterMs = 120_000

export interface RecoveryAttempt {
  /** 1 for the first re-INVITE after the loss. */
  readonly attempt: number
  readonly withIceRestart: boolean
  /** Whether we made the Call-ID, that is, dialled the call. */
  readonly ownsCallId: boolean
  /** At least 0 and below 1, from the Random port. */
  readonly jitter: number
}

/**
 * What follows a recovery attempt. Only the far end can say that a call is gone; everything else is tried again.
 * Whoever made the Call-ID waits 2.1 to 4 s after glare, the other side less than 2 s (RFC 3261 §14.1).
 */
export function afterReinvite(outcome: ReinviteOutcome, tried: RecoveryAttempt): RecoveryStep {
  const retry = (afterMs: number, withIceRestart = tried.withIceRestart): RecoveryStep => ({
    name: 'retry',
    afterMs: Math.round(afterMs),
    withIceRestart,
  })
  if (outcome.name === 'accepted') return { name: 'recovered' }
  if (outcome.name === 'unanswered')
    return retry(retryDelayMs(tried.attempt + 1, tried.jitter, capDuringCallMs))
  const { status } = outcome
  if (status === 481 || status === 408) return { name: 'gone', status }
  if (status === 491) {
    return retry(tried.ownsCallId ? 2_100 + 1_900 * tried.jitter : 2_000 * tried.jitter)
  }
  // An end that cannot restart ICE can still learn our new address from a plain re-INVITE.
  if (tried.withIceRestart && [400, 415, 488, 606].includes(status)) return retry(0, false)
  return retry(
    Math.max(retryDelayMs(tried.attempt + 1, tried.jitter, capDuringCallMs), outcome.retryAfterMs ?? 0),
  )
}
