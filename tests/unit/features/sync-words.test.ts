import { describe, expect, it } from 'vitest'
import { syncWords } from '#renderer/features/sync/sync-words.ts'
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
