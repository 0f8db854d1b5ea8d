import { describe, expect, it } from 'vitest'
import { deskWords, syncWords } from '#renderer/features/sync/sync-words.ts'
import type { SyncState } from '#shared/contract/records.ts'

const at = new Date('2026-11-03T10:04:00').getTime()
const words = (state: SyncState) => syncWords({ state, needsAttention: [], pendingIds: [] }).text

describe('sync in words', () => {
  it('counts what is not sent, since when and why', () => {
    expect(
      words({ name: 'behind', unsent: 3, since: at, reason: 'no-network', nextTryAt: at, asAt: at }),
    ).toBe('3 changes not sent since 10:04: no network')
    expect(
      words({ name: 'behind', unsent: 1, since: at, reason: 'council-unreachable', nextTryAt: at, asAt: at }),
    ).toBe('1 change not sent since 10:04: the council’s service cannot be reached')
  })

  it('says that the network wants a sign-in of its own', () => {
    expect(
      words({ name: 'behind', unsent: 1, since: at, reason: 'captive-portal', nextTryAt: at, asAt: at }),
    ).toBe(
      '1 change not sent since 10:04: this network wants you to sign in: a web page answered instead of the council',
    )
  })

  it('says how wrong this computer’s clock is, and which way', () => {
    const said = (clockAheadMs: number) =>
      deskWords({
        state: { name: 'up-to-date', asAt: at },
        needsAttention: [],
        pendingIds: [],
        clockAheadMs,
      }).map(({ short }) => short)
    expect(said(5 * 60_000)).toEqual(['Clock 5 minutes fast'])
    expect(said(-3 * 3_600_000)).toEqual(['Clock 3 hours slow'])
    expect(said(26 * 3_600_000)).toEqual(['Clock 1 day fast'])
  })

  it('says to update a desk that is older than the council’s service, and nothing of one that is the same', () => {
    const report = { state: { name: 'up-to-date', asAt: at }, needsAttention: [], pendingIds: [] } as const
    expect(deskWords({ ...report, desk: 'older' })[0]?.short).toBe('Update this desk')
    expect(deskWords({ ...report, desk: 'newer' })[0]?.sentence).toContain('newer than the council’s service')
    expect(deskWords(report)).toEqual([])
  })

  it('says as at when the desk works from its own records', () => {
    expect(
      words({ name: 'behind', unsent: 0, since: at, reason: 'no-network', nextTryAt: at, asAt: at }),
    ).toContain('as at 10:04')
  })

  it('says all is sent only when it is', () => {
    expect(words({ name: 'up-to-date', asAt: at })).toBe('All changes sent, as at 10:04')
    expect(words({ name: 'sending', unsent: 2, since: at })).toBe('Sending 2 changes')
  })

  it('puts changes that need the adviser before everything else', () => {
    const operation = {
      kind: 'timeline.append',
      id: '00000000-0000-4000-8000-000000000001',
      at: '2026-11-03T10:00:00Z',
      entryId: 'e',
      entry: {
        caseId: null,
        residentId: null,
        contactId: null,
        at: '2026-11-03T10:00:00Z',
        kind: 'note',
        text: 'x',
      },
    } as const
    const problem = { type: 'about:blank', title: 'Unknown resident', status: 422 }
    const report = {
      state: { name: 'up-to-date', asAt: at },
      needsAttention: [{ operation, savedAt: at, why: { name: 'refused', problem } }],
      pendingIds: [],
    } as const
    expect(syncWords(report)).toEqual({ tone: 'attention', text: '1 change to look at' })
  })
})
