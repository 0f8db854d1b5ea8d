import { describe, expect, it } from 'vitest'
import { ok } from '#shared/kernel/result.ts'
import { openBench } from '#tests/support/sim-bench.ts'
import {
  aCase,
  aDraft,
  anAdviser,
  aResident,
  at,
  changeOf,
  createOf,
  noteOf,
  putCase,
  putResident,
  uuidOf,
} from '#tests/support/sim-records.ts'

const dayMs = 86_400_000

const clash = { field: 'status', mine: 'open', theirs: 'closed', by: 'Sam', at: at(1) }

/** A desk with no network on which a change clashes. */
async function withClash() {
  const bench = await openBench((each) => each.serve(putCase(aCase('c1'))))
  bench.answerTo = ({ id }) => ({ id, outcome: 'conflict', fields: [clash] })
  await bench.service.save([changeOf(1, 'c1', { status: 'open' })])
  await bench.clock.run(0)
  bench.cut()
  return bench
}

describe('after a restart', () => {
  it('unsent work is still to be seen, and is sent', async () => {
    const bench = await openBench((each) => each.cut())
    await bench.service.save([createOf(1, 'c1'), noteOf(2, { caseId: 'c1' })])
    await bench.restart()
    expect(await bench.service.caseView('c1')).toMatchObject({ pending: true, timeline: [{ id: 'note-2' }] })
    expect((await bench.service.syncReport()).pendingIds).toEqual(['c1', 'note-2'])
  })

  it('unsent work comes back from the journal when the database is gone', async () => {
    const bench = await openBench((each) => each.cut())
    await bench.service.save([createOf(1, 'c1')])
    bench.disk.wipe()
    await bench.restart()
    expect(await bench.service.caseView('c1')).toMatchObject({ pending: true })
    expect(bench.disk.read().outbox.size).toBe(1)
  })

  it('a clash is still before the adviser’s eyes with no network', async () => {
    const bench = await withClash()
    await bench.restart()
    expect((await bench.service.syncReport()).needsAttention).toMatchObject([
      { operation: { id: uuidOf(1) }, why: { name: 'conflict', fields: [clash] } },
    ])
  })

  it('a decision half made is there, without card numbers, and gone with the change it is about', async () => {
    const bench = await withClash()
    const typed = (value: string) => ({ choices: { status: { name: 'other', value } as const }, edits: {} })
    await bench.service.putDecision(uuidOf(1), typed('paid with 4111111111111111'))
    await bench.restart()
    expect(await bench.service.unsent()).toMatchObject([
      { decision: typed('paid with [card number removed]') },
    ])

    bench.disk.wipe()
    await bench.service.putDecision(uuidOf(1), typed('closed'))
    await bench.service.discard(uuidOf(1))
    await bench.service.putDecision(uuidOf(1), typed('too late'))
    await bench.restart()
    expect(await bench.service.unsent()).toEqual([])
  })

  it('half-typed words are there, without card numbers', async () => {
    const bench = await openBench((each) => each.cut())
    await bench.service.putDraft(aDraft('k1', { typed: { note: 'paid with 4111111111111111 to' } }))
    await bench.service.putDraft(aDraft('k2', { updatedAt: 5 }))
    await bench.restart()
    expect((await bench.service.drafts()).map((draft) => draft.contactId)).toEqual(['k2', 'k1'])
    expect((await bench.service.draft('k1'))?.typed).toEqual({ note: 'paid with [card number removed] to' })
    await bench.service.deleteDraft('k1')
    await bench.restart()
    expect(await bench.service.draft('k1')).toBeNull()
  })

  it('who the adviser is comes from the cache when the council is away', async () => {
    const bench = await openBench()
    const asAt = bench.clock.now()
    bench.cut()
    await bench.clock.run(60_000)
    await bench.restart()
    expect(await bench.service.me()).toEqual(ok({ me: anAdviser('a1'), asAt }))
  })

  it('who the adviser is comes from the cache when the council does not answer for two seconds', async () => {
    const bench = await openBench()
    bench.api = { ...bench.api, me: () => new Promise(() => {}) }
    const known = bench.service.me()
    await bench.clock.run(2_000)
    expect(await known).toMatchObject({ ok: true, value: { me: anAdviser('a1') } })
  })

  it('a cache that nobody confirmed for longer than its lease shows no records, and keeps unsent work', async () => {
    const bench = await openBench((each) => each.serve(putResident(aResident('r1'))))
    bench.cut()
    await bench.service.save([createOf(1, 'c1')])
    await bench.clock.run(6 * dayMs)
    await bench.restart()
    expect(await bench.service.residentView('r1')).not.toBeNull()
    await bench.clock.run(2 * dayMs)
    await bench.restart()
    expect(await bench.service.residentView('r1')).toBeNull()
    expect(await bench.service.caseView('c1')).toMatchObject({ pending: true })
  })
})

describe('a database that goes away while it is open', () => {
  it('has unsent work again at once, and confirmed records as soon as the council can be asked', async () => {
    const bench = await openBench((each) => each.serve(putCase(aCase('c1'))))
    const answering = bench.api
    bench.cut()
    await bench.service.putDraft(aDraft('k1'))
    await bench.service.save([noteOf(1)])
    bench.disk.wipe()
    expect(await bench.service.save([noteOf(2)])).toMatchObject({ ok: true })
    const kept = bench.disk.read()
    expect([kept.outbox.size, kept.drafts.size, kept.meta?.cursor]).toEqual([2, 1, null])
    bench.api = answering
    await bench.service.syncNow()
    await bench.clock.run(0)
    expect(await bench.service.caseView('c1')).toMatchObject({ record: { id: 'c1' } })
    expect(bench.disk.read().meta?.cursor).toBe('end')
  })

  it('does not take a page of the feed that followed records it has lost', async () => {
    const bench = await openBench((each) => each.serve(putCase(aCase('c1'))))
    const asked: (string | null)[] = []
    bench.api = {
      ...bench.api,
      changes: async (cursor) => {
        asked.push(cursor)
        if (asked.length === 1) bench.disk.wipe()
        const all = [putCase(aCase('c1')), putCase(aCase('c2'))]
        return ok({ changes: cursor === null ? all : all.slice(1), cursor: 'later', more: false })
      },
    }
    await bench.service.syncNow()
    await bench.clock.run(60_000)
    expect(asked.slice(0, 2)).toEqual(['end', null])
    expect([...bench.disk.read().records.cases.keys()].sort()).toEqual(['c1', 'c2'])
  })

  it('is not left with a cursor and no records when the disk was full at first', async () => {
    const bench = await openBench((each) => each.serve(putCase(aCase('c1'))))
    bench.disk.wipe()
    bench.disk.full = true
    await bench.service.putDraft(aDraft('k1'))
    bench.disk.full = false
    bench.serve(putCase(aCase('c1')), putCase(aCase('c2')))
    await bench.service.syncNow()
    await bench.clock.run(0)
    expect([...bench.disk.read().records.cases.keys()].sort()).toEqual(['c1', 'c2'])
  })
})
