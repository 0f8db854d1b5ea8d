import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { OutboxCounts } from '#shared/cases/outbox.ts'
import {
  backOffMs,
  clockAheadMs,
  closedSync,
  nextSync,
  type Sync,
  type SyncEvent,
  standingOfDesk,
} from '#shared/cases/sync-rules.ts'

const none: OutboxCounts = { unsent: 0, sendable: 0, oldestUnsentAt: null }
const three: OutboxCounts = { unsent: 3, sendable: 3, oldestUnsentAt: 40 }
const opened: SyncEvent = { type: 'opened', at: 10, asAt: null, records: 5 }
const failed = (at: number): SyncEvent => ({ type: 'failed', at, reason: 'no-network', retryInMs: 500 })
const saved = (at: number, counts: OutboxCounts): SyncEvent => ({ type: 'outboxChanged', at, counts })

const syncAfter = (...events: readonly SyncEvent[]): Sync => events.reduce(nextSync, closedSync)
const stateAfter = (...events: readonly SyncEvent[]): Sync['state'] => syncAfter(...events).state

describe('sync, as people are told of it', () => {
  it('is loading from opening until the feed was read to its end', () => {
    expect(stateAfter(opened)).toEqual({ name: 'loading', records: 5, since: 10 })
    expect(stateAfter(opened, { type: 'loaded', at: 20, records: 505 })).toEqual({
      name: 'loading',
      records: 505,
      since: 10,
    })
    expect(stateAfter(opened, { type: 'confirmed', at: 30 })).toEqual({ name: 'up-to-date', asAt: 30 })
  })

  it('is sending from a save until everything that may go has gone', () => {
    const upToDate = [opened, { type: 'confirmed', at: 30 }] as const
    expect(stateAfter(...upToDate, saved(40, three))).toEqual({ name: 'sending', unsent: 3, since: 40 })
    const two = { unsent: 2, sendable: 2, oldestUnsentAt: 40 }
    expect(stateAfter(...upToDate, saved(40, three), saved(50, two))).toEqual({
      name: 'sending',
      unsent: 2,
      since: 40,
    })
    expect(stateAfter(...upToDate, saved(40, three), saved(60, none))).toEqual({
      name: 'up-to-date',
      asAt: 30,
    })
  })

  it('is not sending for work that waits for a decision of the adviser', () => {
    const waiting = { unsent: 2, sendable: 0, oldestUnsentAt: 40 }
    expect(stateAfter(opened, { type: 'confirmed', at: 30 }, saved(40, waiting)).name).toBe('up-to-date')
  })

  it('says how much was not sent, since when, why and when it tries again', () => {
    expect(stateAfter(opened, { type: 'confirmed', at: 30 }, saved(40, three), failed(50))).toEqual({
      name: 'behind',
      unsent: 3,
      since: 40,
      reason: 'no-network',
      nextTryAt: 550,
      asAt: 30,
    })
  })

  it('says since when the backend was last reached when nothing is unsent', () => {
    const events = [opened, { type: 'confirmed', at: 30 }, failed(50), failed(90)] as const
    expect(stateAfter(...events)).toMatchObject({ name: 'behind', unsent: 0, since: 30, asAt: 30 })
  })

  it('says since when it has been trying on a desk that never reached the backend', () => {
    expect(stateAfter(opened, failed(50), failed(90))).toMatchObject({ since: 50, asAt: null })
  })

  it('counts what is saved while it is behind', () => {
    const events = [opened, { type: 'confirmed', at: 30 }, failed(50)] as const
    expect(stateAfter(...events, saved(60, { unsent: 1, sendable: 1, oldestUnsentAt: 60 }))).toMatchObject({
      name: 'behind',
      unsent: 1,
      since: 60,
      nextTryAt: 550,
    })
  })

  it('goes back to the last contact when all unsent work went although the feed cannot be read', () => {
    const events = [
      opened,
      { type: 'confirmed', at: 30 },
      saved(40, three),
      failed(50),
      saved(60, none),
    ] as const
    expect(stateAfter(...events)).toMatchObject({ name: 'behind', unsent: 0, since: 30 })
  })

  it('is loading again when a first load goes on, but an old cache stays behind until its end', () => {
    const page: SyncEvent = { type: 'loaded', at: 70, records: 900 }
    expect(stateAfter(opened, failed(50), page)).toEqual({ name: 'loading', records: 900, since: 70 })
    expect(stateAfter({ ...opened, asAt: 5 }, failed(50), page).name).toBe('behind')
  })

  it('is sending at once when the backend is back and work is left', () => {
    const events = [opened, saved(40, three), failed(50), { type: 'confirmed', at: 60 }] as const
    expect(stateAfter(...events)).toEqual({ name: 'sending', unsent: 3, since: 60 })
  })

  it('hears nothing once it is closed', () => {
    expect(stateAfter(opened, { type: 'closed' })).toEqual({ name: 'closed' })
    expect(syncAfter(opened, { type: 'closed' }, failed(50), saved(60, three))).toEqual(closedSync)
  })

  it('counts failures in a row, for the back-off, and forgets them at the first success', () => {
    expect(syncAfter(opened, failed(50), failed(60), failed(70)).failures).toBe(3)
    expect(syncAfter(opened, failed(50), failed(60), { type: 'confirmed', at: 70 }).failures).toBe(0)
  })

  it('never says that it is up to date with work that could be sent', () => {
    const event = fc.oneof(
      fc.constant(opened),
      fc.record({ type: fc.constant('confirmed' as const), at: fc.nat(1000) }),
      fc.record({ type: fc.constant('loaded' as const), at: fc.nat(1000), records: fc.nat(9) }),
      fc.nat(1000).map(failed),
      fc
        .tuple(fc.nat(1000), fc.nat(3))
        .map(([at, sendable]) =>
          saved(at, { unsent: sendable, sendable, oldestUnsentAt: sendable === 0 ? null : at }),
        ),
    )
    fc.assert(
      fc.property(fc.array(event, { maxLength: 30 }), (events) => {
        const { state, counts } = syncAfter(...events)
        if (state.name === 'up-to-date') expect(counts.sendable).toBe(0)
        if (state.name === 'sending') expect(state.unsent).toBeGreaterThan(0)
        if (state.name === 'behind') expect(state.unsent).toBe(counts.unsent)
      }),
    )
  })
})

describe('the back-off', () => {
  it('doubles from one second to a minute, all of it jitter', () => {
    expect([0, 1, 2, 5, 6, 7, 400].map((failures) => backOffMs(failures, 0.999_999, undefined))).toEqual([
      1_000, 2_000, 4_000, 32_000, 60_000, 60_000, 60_000,
    ])
    expect(backOffMs(6, 0.5, undefined)).toBe(30_000)
  })

  it('is never so short that desks hammer the service', () => {
    expect(backOffMs(0, 0, undefined)).toBe(250)
  })

  it('leaves a service alone for as long as it asked, and a little longer', () => {
    expect(backOffMs(0, 0, 90_000)).toBe(90_000)
    expect(backOffMs(6, 0.5, 5_000)).toBe(6_000)
  })

  it('does not believe a service that names a time in days', () => {
    expect(backOffMs(0, 0, 3 * 86_400_000)).toBe(15 * 60_000)
  })
})

describe('a desk beside its council', () => {
  it('takes the council to have looked at its clock half-way', () => {
    const sentAt = Date.UTC(2026, 4, 4, 9, 0, 0)
    expect(clockAheadMs(sentAt, sentAt + 4_000, '2026-05-04T09:00:02Z')).toBe(0)
    expect(clockAheadMs(sentAt, sentAt + 4_000, '2026-05-04T08:55:02Z')).toBe(5 * 60_000)
  })

  it('says what people must know, and nothing that they need not', () => {
    expect(standingOfDesk(2 * 60_000, 4, 4)).toEqual({})
    expect(standingOfDesk(2 * 60_000 + 1, 5, 4)).toEqual({ clockAheadMs: 120_001, desk: 'older' })
    expect(standingOfDesk(-180_000, 3, 4)).toEqual({ clockAheadMs: -180_000, desk: 'newer' })
    expect(standingOfDesk(null, null, 4)).toEqual({})
  })
})
