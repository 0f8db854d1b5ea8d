import type { AgentState, AgentStateAnswer, AgentStateRequest } from '../contract/rest.ts'
import { assertNever } from '../kernel/assert-never.ts'

/** What an adviser goes back to when a call and its wrap-up are over. */
export type Rest = { readonly name: 'ready' } | { readonly name: 'not-ready'; readonly reason: string }

/**
 * Where an adviser stands with the queues. The backend keeps it and decides; the desk asks and reads back.
 *
 *                ┌──────────────── request ready / not-ready ───────────────┐
 *                ▼                                                          ▼
 *            not-ready ◀──── missed, phone lost ──── ringing ◀─offered─── ready
 *                │                                   │     │                ▲
 *     offered, dialled, answered            answered │     └─ended (nobody answered)─▶ rest
 *                └───────────────────▶ on-call ◀─────┘
 *                                        │ ended
 *                                        ▼
 *                                     wrap-up ──`until` passed──▶ pending, else rest
 *                                        └─────request──────────▶ at once
 *
 * Asked for while ringing or on a call, ready and not-ready are kept as `pending`. A lost phone never ends a call;
 * it makes sure that not-ready follows.
 */
export interface AgentPosition {
  readonly state: AgentState
  readonly pending: AgentStateRequest | null
  /** Holds while ringing, on a call or in wrap-up; equals the state otherwise. */
  readonly rest: Rest
  readonly phoneLost: boolean
}

/** What happens to an adviser. `at` is milliseconds since 1970; `queueId` is absent for calls outside a queue. */
export type AgentEvent =
  | { readonly name: 'signed-in'; readonly at: number }
  | { readonly name: 'signed-out'; readonly at: number }
  | { readonly name: 'requested'; readonly at: number; readonly request: AgentStateRequest }
  | { readonly name: 'offered'; readonly at: number; readonly queueId?: string | undefined }
  | { readonly name: 'answered'; readonly at: number; readonly queueId?: string | undefined }
  /** The adviser rings someone. */
  | { readonly name: 'dialled'; readonly at: number }
  /** The adviser's last call ended, or the caller gave up before an answer. */
  | { readonly name: 'ended'; readonly at: number; readonly wrapUpSeconds: number }
  | { readonly name: 'missed'; readonly at: number }
  /** The timer set for `until` of the wrap-up fired. */
  | { readonly name: 'wrap-up-ran-out'; readonly at: number }
  | { readonly name: 'phone-lost'; readonly at: number }
  | { readonly name: 'phone-found'; readonly at: number }

const iso = (atMs: number) => new Date(atMs).toISOString()

const forQueue = (queueId: string | undefined) => (queueId === undefined ? {} : { queueId })

function resting(rest: Rest, at: number): AgentPosition {
  const state: AgentState =
    rest.name === 'ready'
      ? { name: 'ready', since: iso(at) }
      : { name: 'not-ready', reason: rest.reason, since: iso(at) }
  return { state, pending: null, rest, phoneLost: false }
}

const notReady = (reason: string, at: number) => resting({ name: 'not-ready', reason }, at)

/** Before anything is known of an adviser, as after a restart of the backend. */
export function unknownAgent(at: number): AgentPosition {
  return notReady('unknown', at)
}

/** What the desk reads. */
export function answerOf(position: AgentPosition): AgentStateAnswer {
  return { state: position.state, pending: position.pending }
}

/** Milliseconds since 1970 when the wrap-up ends by itself; null outside wrap-up. */
export function wrapUpEndsAt(position: AgentPosition): number | null {
  return position.state.name === 'wrap-up' ? Date.parse(position.state.until) : null
}

/** The position after an event. An event that makes no sense where the adviser is gives back the same object. */
export function nextAgentState(position: AgentPosition, event: AgentEvent): AgentPosition {
  switch (event.name) {
    case 'signed-in':
      return isResting(position) ? notReady('signed-in', event.at) : position
    case 'signed-out':
      return unknownAgent(event.at)
    case 'requested':
      return requested(position, event.request, event.at)
    case 'offered':
      return position.state.name === 'on-call' || position.state.name === 'ringing'
        ? position
        : {
            ...position,
            state: { name: 'ringing', since: iso(event.at), ...forQueue(event.queueId) },
            phoneLost: false,
          }
    case 'answered':
      return onCall(position, event.at, event.queueId)
    case 'dialled':
      return onCall(position, event.at, undefined)
    case 'ended':
      return ended(position, event.at, event.wrapUpSeconds)
    case 'missed':
      return position.state.name === 'ringing' ? notReady('missed-call', event.at) : position
    case 'wrap-up-ran-out': {
      const endsAt = wrapUpEndsAt(position)
      return endsAt !== null && endsAt <= event.at ? follow(position, event.at) : position
    }
    case 'phone-lost':
      return phoneLost(position, event.at)
    case 'phone-found':
      return position.phoneLost ? { ...position, phoneLost: false } : position
    default:
      return assertNever(event)
  }
}

const isResting = (position: AgentPosition) =>
  position.state.name === 'ready' || position.state.name === 'not-ready'

function requested(position: AgentPosition, request: AgentStateRequest, at: number): AgentPosition {
  const { state } = position
  if (request.name === 'wrap-up') {
    if (state.name !== 'wrap-up') return position
    const until = iso(Date.parse(state.until) + request.extendSeconds * 1000)
    return { ...position, state: { ...state, until } }
  }
  // Only a registered phone lets a desk ask for Ready, so asking is news that the phone is back.
  const asked = request.name === 'ready' ? { ...position, phoneLost: false } : position
  if (state.name === 'ringing' || state.name === 'on-call') return { ...asked, pending: request }
  if (state.name === request.name && (request.name === 'ready' || sameReason(state, request))) return asked
  return resting(request, at)
}

const sameReason = (state: AgentState, request: AgentStateRequest) =>
  state.name === 'not-ready' && request.name === 'not-ready' && state.reason === request.reason

function onCall(position: AgentPosition, at: number, queueId: string | undefined): AgentPosition {
  if (position.state.name === 'on-call') return position
  return { ...position, state: { name: 'on-call', since: iso(at), ...forQueue(queueId) }, phoneLost: false }
}

function ended(position: AgentPosition, at: number, wrapUpSeconds: number): AgentPosition {
  if (position.state.name === 'ringing') return follow(position, at)
  if (position.state.name !== 'on-call') return position
  if (wrapUpSeconds === 0) return follow(position, at)
  const until = iso(at + wrapUpSeconds * 1000)
  const { queueId } = position.state
  return { ...position, state: { name: 'wrap-up', since: iso(at), until, ...forQueue(queueId) } }
}

function follow(position: AgentPosition, at: number): AgentPosition {
  const next =
    position.pending !== null && position.pending.name !== 'wrap-up' ? position.pending : position.rest
  // Ready is true: an adviser whose phone has gone does not become ready by a timer.
  return next.name === 'ready' && position.phoneLost ? notReady('phone-not-ready', at) : resting(next, at)
}

function phoneLost(position: AgentPosition, at: number): AgentPosition {
  if (position.state.name === 'ready' || position.state.name === 'ringing') {
    return notReady('phone-not-ready', at)
  }
  return position.phoneLost || position.state.name === 'not-ready'
    ? position
    : { ...position, phoneLost: true }
}
