import type { SyncReport, SyncState, Unreachable } from '../contract/records.ts'
import type { OutboxCounts } from './outbox.ts'

/** The state people see, with what the rules need to remember beside it. Times in milliseconds since 1970. */
export interface Sync {
  readonly state: SyncState
  /** When the feed was last read to its end; null when it never was. */
  readonly asAt: number | null
  readonly counts: OutboxCounts
  /** Failures in a row, for the back-off. */
  readonly failures: number
}

export type SyncEvent =
  | { readonly type: 'opened'; readonly at: number; readonly asAt: number | null; readonly records: number }
  /** A page of the feed was applied; `records` is how many the cache holds now. */
  | { readonly type: 'loaded'; readonly at: number; readonly records: number }
  /** The feed was read to its end, or the service said there is nothing new. */
  | { readonly type: 'confirmed'; readonly at: number }
  | { readonly type: 'outboxChanged'; readonly at: number; readonly counts: OutboxCounts }
  | {
      readonly type: 'failed'
      readonly at: number
      readonly reason: Unreachable
      readonly retryInMs: number
    }
  | { readonly type: 'closed' }

const noWork: OutboxCounts = { unsent: 0, sendable: 0, oldestUnsentAt: null }

export const closedSync: Sync = { state: { name: 'closed' }, asAt: null, counts: noWork, failures: 0 }

/** The state of a desk that reaches the backend and has read the feed to its end. */
function reached(asAt: number, counts: OutboxCounts, sendingSince: number): SyncState {
  return counts.sendable > 0
    ? { name: 'sending', unsent: counts.sendable, since: sendingSince }
    : { name: 'up-to-date', asAt }
}

function afterOutboxChange(sync: Sync, at: number, counts: OutboxCounts): SyncState {
  const { state } = sync
  switch (state.name) {
    case 'up-to-date':
      return reached(state.asAt, counts, at)
    case 'sending':
      return reached(sync.asAt ?? at, counts, state.since)
    case 'behind':
      return {
        ...state,
        unsent: counts.unsent,
        since: counts.oldestUnsentAt ?? (state.unsent === 0 ? state.since : (sync.asAt ?? at)),
      }
    case 'closed':
    case 'loading':
      return state
  }
}

/** The whole of sync as seen by people: pure, so that every sentence the desk can say is reachable in a test. */
export function nextSync(sync: Sync, event: SyncEvent): Sync {
  if (event.type === 'closed') return closedSync
  if (event.type === 'opened') {
    return {
      state: { name: 'loading', records: event.records, since: event.at },
      asAt: event.asAt,
      counts: noWork,
      failures: 0,
    }
  }
  const { state } = sync
  if (state.name === 'closed') return sync
  switch (event.type) {
    case 'loaded':
      if (state.name === 'loading') return { ...sync, state: { ...state, records: event.records } }
      // A first load that was interrupted and goes on is loading again; an old cache stays behind until its end.
      return state.name === 'behind' && sync.asAt === null
        ? { ...sync, failures: 0, state: { name: 'loading', records: event.records, since: event.at } }
        : sync
    case 'confirmed': {
      const since = state.name === 'sending' ? state.since : event.at
      return { ...sync, asAt: event.at, failures: 0, state: reached(event.at, sync.counts, since) }
    }
    case 'outboxChanged':
      return {
        ...sync,
        counts: event.counts,
        state: afterOutboxChange(sync, event.at, event.counts),
      }
    case 'failed': {
      const since =
        sync.counts.oldestUnsentAt ?? (state.name === 'behind' ? state.since : (sync.asAt ?? event.at))
      return {
        ...sync,
        failures: sync.failures + 1,
        state: {
          name: 'behind',
          unsent: sync.counts.unsent,
          since,
          reason: event.reason,
          nextTryAt: event.at + event.retryInMs,
          asAt: sync.asAt,
        },
      }
    }
  }
}

/** From here on a clock that is wrong is said: people would see it in the times of what they save. */
const toldSkewMs = 2 * 60_000

/**
 * How far this machine's clock is ahead of the service's, by an answer with the service's time. Times in milliseconds
 * since 1970; the service is taken to have looked at its clock half-way.
 */
export const clockAheadMs = (sentAt: number, answeredAt: number, serverTime: string): number =>
  Math.round((sentAt + answeredAt) / 2 - Date.parse(serverTime))

/** What the service's profile says of this desk, as people are told of it: its clock, and its age. */
export function standingOfDesk(
  aheadMs: number | null,
  serviceContract: number | null,
  ownContract: number,
): Pick<SyncReport, 'clockAheadMs' | 'desk'> {
  const isWrong = aheadMs !== null && Math.abs(aheadMs) > toldSkewMs
  const isOther = serviceContract !== null && serviceContract !== ownContract
  return {
    ...(isWrong ? { clockAheadMs: aheadMs } : {}),
    ...(isOther ? { desk: serviceContract > ownContract ? 'older' : 'newer' } : {}),
  }
}

const firstBackOffMs = 1_000
const longestBackOffMs = 60_000
const shortestBackOffMs = 250
/** A time named by mistake must not keep work on the desk for days. */
const longestRetryAfterMs = 15 * 60_000

/**
 * Exponential back-off with full jitter, so that a hundred desks do not return to a restarted service in step.
 * `failures` counts from 0; `random` is at least 0 and below 1. A service that names a time (`Retry-After`) is
 * left alone for that long, a quarter of an hour at most, and a little longer by chance.
 */
export function backOffMs(failures: number, random: number, retryAfterMs: number | undefined): number {
  const ceilingMs = Math.min(longestBackOffMs, firstBackOffMs * 2 ** Math.min(failures, 16))
  const jitteredMs = Math.round(random * ceilingMs)
  return retryAfterMs === undefined
    ? Math.max(shortestBackOffMs, jitteredMs)
    : Math.min(longestRetryAfterMs, retryAfterMs) + Math.min(jitteredMs, firstBackOffMs)
}
