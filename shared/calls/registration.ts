import type { Registration } from '../contract/phone.ts'
import { assertNever } from '../kernel/assert-never.ts'
import { capDuringCallMs, retryDelayMs } from './backoff.ts'

type WaitingReason = Extract<Registration, { name: 'waiting' }>['reason']

/** `at` is milliseconds since 1970; `jitter` comes from the Random port, at least 0 and below 1. */
export type RegistrationEvent =
  /**
   * Someone asked to register: at sign-in, by command, or because the machine woke up. Skips the waiting. `anew`: what was
   * waited for may be over, as when the network changed, and the next tries come quickly again.
   */
  | { readonly name: 'asked'; readonly at: number; readonly anew?: boolean }
  /** The waiting time is over. */
  | { readonly name: 'wait-ended'; readonly at: number }
  /** The registrar answered 200 to a first or a refreshing REGISTER. */
  | { readonly name: 'accepted'; readonly at: number }
  /** The registrar gave another final answer; `retryAfterMs` when it named a time (RFC 3261 §20.33). */
  | {
      readonly name: 'rejected'
      readonly at: number
      readonly status: number
      readonly jitter: number
      readonly retryAfterMs?: number
    }
  /** The socket could not be opened, was closed, or did not answer in time; `callIsUp` shortens the waiting. */
  | {
      readonly name: 'lost'
      readonly at: number
      readonly reason: 'no-connection' | 'no-answer'
      readonly jitter: number
      readonly callIsUp?: boolean
    }
  | { readonly name: 'unregistered'; readonly reason: 'signed-out' | 'unregistered' }

export const notRegistered: Registration = { name: 'off', reason: 'starting' }

const longestRetryAfterMs = 60_000

/**
 *   off ──asked──▶ connecting ──accepted──▶ registered
 *    ▲               │  │  ▲ ▲                  │
 *    │      rejected 4xx│  │ asked              │ lost, rejected
 *    │               ▼  │  │ │                  │
 *    │          refused─┼──┘ └─wait-ended, asked┤
 *    │                  └─lost, rejected 5xx─▶ waiting (attempt + 1, back-off with full jitter)
 *    └── unregistered: from anywhere
 *
 * `attempt` is 0 for the first try of a shift and counts retries since the phone was last registered or asked anew.
 * An event that means nothing in the present state leaves it as it is.
 */
export function nextRegistration(state: Registration, event: RegistrationEvent): Registration {
  switch (event.name) {
    case 'unregistered':
      return { name: 'off', reason: event.reason }
    case 'asked':
      return asked(state, event.at, event.anew ?? false)
    case 'wait-ended':
      return state.name === 'waiting' ? connecting(state.attempt, event.at) : state
    case 'accepted':
      return state.name === 'connecting' ? { name: 'registered', since: event.at } : state
    case 'rejected':
      if (state.name !== 'connecting' && state.name !== 'registered') return state
      if (isRefusal(event.status)) return { name: 'refused', status: event.status, since: event.at }
      return waiting(state, event.at, 'server-error', {
        delayMs: retryDelayMs(attemptAfter(state), event.jitter),
        ...(event.retryAfterMs === undefined ? {} : { retryAfterMs: event.retryAfterMs }),
      })
    case 'lost':
      if (state.name !== 'connecting' && state.name !== 'registered') return state
      return waiting(state, event.at, event.reason, {
        delayMs: event.callIsUp
          ? retryDelayMs(attemptAfter(state), event.jitter, capDuringCallMs)
          : retryDelayMs(attemptAfter(state), event.jitter),
      })
    default:
      return assertNever(event)
  }
}

/** Final answers after which the same REGISTER would be refused again: all of 4xx and 6xx but the passing ones. */
export function isRefusal(status: number): boolean {
  const passing = [408, 423, 429, 430, 480, 491]
  return ((status >= 400 && status < 500) || status >= 600) && !passing.includes(status)
}

function asked(state: Registration, at: number, anew: boolean): Registration {
  switch (state.name) {
    case 'off':
    case 'refused':
      return connecting(0, at)
    case 'waiting':
      return connecting(anew ? 0 : state.attempt, at)
    case 'connecting':
    case 'registered':
      return state
    default:
      return assertNever(state)
  }
}

function connecting(attempt: number, since: number): Registration {
  return { name: 'connecting', attempt, since }
}

type Retrying = Extract<Registration, { name: 'connecting' | 'registered' }>

function attemptAfter(state: Retrying): number {
  return state.name === 'connecting' ? state.attempt + 1 : 1
}

function waiting(
  state: Retrying,
  at: number,
  reason: WaitingReason,
  { delayMs, retryAfterMs = 0 }: { delayMs: number; retryAfterMs?: number },
): Registration {
  const waitMs = Math.max(delayMs, Math.min(retryAfterMs, longestRetryAfterMs))
  return { name: 'waiting', attempt: attemptAfter(state), since: at, nextTryAt: at + waitMs, reason }
}
