import type { AgentState, AgentStateAnswer, AgentStateRequest } from '../contract/rest.ts'
import { assertNever } from '../kernel/assert-never.ts'

/** What an adviser goes back to when a call and its wrap-up are over. A limit runs on during a call. */
export type Rest =
  | { readonly name: 'ready' }
  | { readonly name: 'not-ready'; readonly reason: string; readonly until?: string }

/** How many minutes a reason for not being ready holds, by its code; a reason that is not named has no limit. */
export type ReasonLimits = Readonly<Record<string, number>>

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
 * Asked for while ringing or on a call, ready and not-ready are kept as `pending`; the latest counts, and asking for
 * what would follow anyway takes the one before back. A lost phone never ends a call; it makes sure that not-ready
 * follows. A reason with a limit turns into `timed-out` at its `until`.
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
  /** The timer set for `until` of the state fired. */
  | { readonly name: 'time-ran-out'; readonly at: number }
  | { readonly name: 'phone-lost'; readonly at: number }
  | { readonly name: 'phone-found'; readonly at: number }

const doNotDisturb = 'do-not-disturb'

const iso = (atMs: number) => new Date(atMs).toISOString()

const forQueue = (queueId: string | undefined) => (queueId === undefined ? {} : { queueId })

function resting(rest: Rest, at: number): AgentPosition {
  const hasRunOut = rest.name === 'not-ready' && rest.until !== undefined && Date.parse(rest.until) <= at
  const now: Rest = hasRunOut ? { name: 'not-ready', reason: 'timed-out' } : rest
  return { state: { ...now, since: iso(at) }, pending: null, rest: now, phoneLost: false }
}

const notReady = (reason: string, at: number) => resting({ name: 'not-ready', reason }, at)

/** Before anything is known of an adviser, as after a restart of the backend. */
export function unknownAgent(at: number): AgentPosition {
  return notReady('unknown', at)
}

/** What the desk reads. */
export function answerOf(position: AgentPosition): AgentStateAnswer {
  const answer = { state: position.state, pending: position.pending }
  return isUndisturbed(position) ? { ...answer, undisturbed: true } : answer
}

/** What was asked for last counts, also when a call keeps it from taking effect. */
function isUndisturbed({ pending, rest }: AgentPosition): boolean {
  const asked = pending === null || pending.name === 'wrap-up' ? rest : pending
  return asked.name === 'not-ready' && asked.reason === doNotDisturb
}

/** Milliseconds since 1970 when the state ends by itself; null when it does not. */
export function runsOutAt({ state }: AgentPosition): number | null {
  return 'until' in state && state.until !== undefined ? Date.parse(state.until) : null
}

/** The position after an event. An event that makes no sense where the adviser is gives back the same object. */
export function nextAgentState(
  position: AgentPosition,
  event: AgentEvent,
  limits: ReasonLimits = {},
): AgentPosition {
  switch (event.name) {
    case 'signed-in':
      return isResting(position) ? notReady('signed-in', event.at) : position
    case 'signed-out':
      return unknownAgent(event.at)
    case 'requested':
      return requested(position, event.request, event.at, limits)
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
      return ended(position, event.at, event.wrapUpSeconds, limits)
    case 'missed':
      return position.state.name === 'ringing' ? missed(position, event.at, limits) : position
    case 'time-ran-out': {
      const endsAt = runsOutAt(position)
      return endsAt !== null && endsAt <= event.at ? follow(position, event.at, limits) : position
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

function requested(
  position: AgentPosition,
  request: AgentStateRequest,
  at: number,
  limits: ReasonLimits,
): AgentPosition {
  const { state } = position
  if (request.name === 'wrap-up') {
    if (state.name !== 'wrap-up') return position
    const until = iso(Date.parse(state.until) + request.extendSeconds * 1000)
    return { ...position, state: { ...state, until } }
  }
  // Only a registered phone lets a desk ask for Ready, so asking is news that the phone is back.
  const asked = request.name === 'ready' ? { ...position, phoneLost: false } : position
  if (state.name === 'ringing' || state.name === 'on-call') {
    const pending: AgentStateRequest = request.name === 'ready' ? { name: 'ready' } : request
    return { ...asked, pending: isSame(position.rest, request) ? null : pending }
  }
  return isSame(state, request) ? asked : resting(restOf(request, at, limits), at)
}

type RestRequest = Exclude<AgentStateRequest, { name: 'wrap-up' }>

function restOf(request: RestRequest, at: number, limits: ReasonLimits): Rest {
  if (request.name === 'ready') return { name: 'ready' }
  const { name, reason } = request
  const limitMinutes = Object.hasOwn(limits, reason) ? limits[reason] : undefined
  return limitMinutes === undefined
    ? { name, reason }
    : { name, reason, until: iso(at + limitMinutes * 60_000) }
}

const isSame = (state: AgentState | Rest, request: RestRequest): boolean =>
  request.name === 'ready'
    ? state.name === 'ready'
    : state.name === 'not-ready' && state.reason === request.reason

function onCall(position: AgentPosition, at: number, queueId: string | undefined): AgentPosition {
  if (position.state.name === 'on-call') return position
  return { ...position, state: { name: 'on-call', since: iso(at), ...forQueue(queueId) }, phoneLost: false }
}

function ended(
  position: AgentPosition,
  at: number,
  wrapUpSeconds: number,
  limits: ReasonLimits,
): AgentPosition {
  if (position.state.name === 'ringing') return follow(position, at, limits)
  if (position.state.name !== 'on-call') return position
  if (wrapUpSeconds === 0) return follow(position, at, limits)
  const until = iso(at + wrapUpSeconds * 1000)
  const { queueId } = position.state
  return { ...position, state: { name: 'wrap-up', since: iso(at), until, ...forQueue(queueId) } }
}

/** Who asked for a break while it rang, and let it ring, is on that break. */
function missed(position: AgentPosition, at: number, limits: ReasonLimits): AgentPosition {
  const { pending } = position
  return pending?.name === 'not-ready'
    ? resting(restOf(pending, at, limits), at)
    : notReady('missed-call', at)
}

function follow(
  { pending, rest, phoneLost }: AgentPosition,
  at: number,
  limits: ReasonLimits,
): AgentPosition {
  const next = pending !== null && pending.name !== 'wrap-up' ? restOf(pending, at, limits) : rest
  // Ready is true: an adviser whose phone has gone does not become ready by a timer.
  return next.name === 'ready' && phoneLost ? notReady('phone-not-ready', at) : resting(next, at)
}

function phoneLost(position: AgentPosition, at: number): AgentPosition {
  if (position.state.name === 'ready' || position.state.name === 'ringing') {
    return notReady('phone-not-ready', at)
  }
  return position.phoneLost || position.state.name === 'not-ready'
    ? position
    : { ...position, phoneLost: true }
}
