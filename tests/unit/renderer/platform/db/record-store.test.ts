import { expect, it } from 'vitest'
import { type CacheMeta, emptyMeta } from '#shared/cases/case-store.ts'
import { aCase, aNote, at, putCase, putNote } from '#tests/support/sim-records.ts'
import { limits, RecordDesk } from './record-desk.ts'

const reading = (cursor: string): CacheMeta => ({ ...emptyMeta, cursor })
const current = (cursor: string): CacheMeta => ({ ...emptyMeta, cursor, asAt: 1 })
const cases = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => putCase(aCase(`c${from + index}`)))

async function aDesk(): Promise<RecordDesk> {
  const desk = new RecordDesk()
  await desk.parts.store.open()
  return desk
}

it('never has a cursor on the disk that says more than is there, while the feed is first read', async () => {
  const desk = await aDesk()
  await desk.apply(cases(0, limits.chunkRows + 10), reading('some'))
  await desk.apply(cases(100, 120), reading('more'))
  expect(await desk.parts.lookups.count()).toBe(limits.chunkRows + 30)
  await desk.restart()
  expect(desk.parts.store.meta.cursor).toBe('some')
  expect(await desk.parts.lookups.count()).toBe(limits.chunkRows + 10)
})

it('makes a chunk of the log, one of small chunks, and fewer of those with dead versions', async () => {
  const desk = await aDesk()
  await desk.apply([], current('0'))
  for (let turn = 0; turn < 2; turn++) {
    await desk.apply(cases(turn * 10, turn * 10 + 10), current('1'))
    await desk.parts.compaction.run()
    expect(desk.disk.sizes).toMatchObject({ chunks: turn + 1, log: 0 })
  }
  await desk.apply(cases(20, 30), current('2'))
  await desk.parts.compaction.run()
  expect(desk.disk.sizes).toMatchObject({ chunks: 1, log: 0 })
  await desk.apply(cases(0, 20), current('3'))
  await desk.parts.compaction.run()
  expect(desk.disk.sizes).toMatchObject({ chunks: 2, pages: 2 })
  expect(desk.disk.leftovers).toBe(0)
  await desk.restart()
  expect(await desk.parts.lookups.count()).toBe(30)
})

it('has a change that was told when the whole log had become chunks before the last start', async () => {
  const desk = await aDesk()
  await desk.apply([], current('0'))
  await desk.apply(cases(0, limits.foldRows + 2), current('1'))
  await desk.parts.compaction.run()
  expect(desk.disk.sizes.log).toBe(0)
  await desk.restart()
  await desk.apply([putCase(aCase('c3', { version: 2 }))], current('2'))
  await desk.restart()
  expect(await desk.parts.lookups.caseRecord('c3')).toMatchObject({ version: 2 })
})

it('deletes when things are quiet what a crash left in the log though it lies in chunks', async () => {
  const desk = await aDesk()
  await desk.apply([], current('0'))
  await desk.apply(cases(0, limits.foldRows + 2), current('1'))
  // A page, summaries with the segment, and the directory with the cursor.
  desk.disk.crashAfter(3)
  await desk.parts.compaction.run()
  await desk.restart()
  expect(desk.disk.sizes).toMatchObject({ chunks: 1, log: 1 })
  expect(await desk.parts.lookups.count()).toBe(limits.foldRows + 2)
  await desk.apply([], current('2'))
  await desk.parts.compaction.run()
  expect(desk.disk.sizes.log).toBe(0)
})

it('writes one log entry for a change and leaves every page alone, however many records there are', async () => {
  const desk = await aDesk()
  await desk.apply(cases(0, limits.chunkRows * 4), current('1'))
  const before = desk.disk.sizes
  await desk.apply([putCase(aCase('c3', { version: 2 }))], current('2'))
  expect(desk.disk.sizes).toEqual({ ...before, log: before.log + 1 })
})

it('drops chunks of before at the end of a reading from the beginning, and their pages when things are quiet', async () => {
  const desk = await aDesk()
  await desk.apply(cases(0, limits.chunkRows * 2), current('1'))
  const rereading = { ...reading('a'), rereading: true }
  await desk.inTurn(() => desk.parts.store.startReading({ ...rereading, cursor: null }))
  await desk.apply(cases(0, limits.chunkRows), rereading)
  expect(await desk.parts.lookups.count()).toBe(limits.chunkRows * 2)
  await desk.apply([], current('b'))
  expect(await desk.parts.lookups.count()).toBe(limits.chunkRows)
  expect(desk.disk.sizes.chunks).toBe(1)
  await desk.parts.compaction.run()
  expect(desk.disk.leftovers).toBe(0)
})

it('asks once for the feed to be read again, however often a damaged page is wanted meanwhile', async () => {
  const desk = await aDesk()
  await desk.apply(cases(0, limits.chunkRows * 2), current('1'))
  desk.disk.damagePages()
  const { lookups } = desk.parts
  expect(await lookups.caseRecord('c1')).toBeNull()
  expect(await lookups.caseRecord('c2')).toBeNull()
  expect(desk.damaged).toBe(1)
  const rereading = { ...reading('a'), rereading: true }
  await desk.inTurn(() => desk.parts.store.startReading({ ...rereading, cursor: null }))
  expect(await lookups.caseRecord('c3')).toBeNull()
  await desk.apply(cases(0, limits.chunkRows * 2), current('2'))
  expect(await lookups.caseRecord('c1')).toEqual(aCase('c1'))
  expect(desk.damaged).toBe(1)
  desk.disk.damagePages()
  await desk.restart()
  expect(await desk.parts.lookups.caseRecord('c1')).toBeNull()
  expect(desk.damaged).toBe(2)
})

it('gives up tidying when the records are forgotten meanwhile', async () => {
  const desk = await aDesk()
  await desk.apply([], current('0'))
  await desk.apply(cases(0, limits.foldRows + 2), current('1'))
  const open = desk.holdTidying()
  const tidying = desk.parts.compaction.run()
  await desk.inTurn(() => desk.parts.store.forget())
  open()
  await tidying
  expect(await desk.parts.lookups.count()).toBe(0)
  expect(desk.disk.sizes).toEqual({ chunks: 0, log: 0, pages: 0 })
})

it('keeps all that is told after records were forgotten in the middle of tidying', async () => {
  const desk = await aDesk()
  await desk.apply([], current('0'))
  await desk.apply(cases(0, limits.foldRows + 2), current('1'))
  const open = desk.holdTidying()
  const tidying = desk.parts.compaction.run()
  await desk.inTurn(() => desk.parts.store.forget())
  const told = desk.apply(cases(0, limits.chunkRows + 5), current('2'))
  open()
  await Promise.all([tidying, told])
  expect(await desk.parts.lookups.caseRecord('c3')).toEqual(aCase('c3'))
  await desk.restart()
  expect(await desk.parts.lookups.caseRecord('c3')).toEqual(aCase('c3'))
  expect(await desk.parts.lookups.caseSummaries(['c3'])).toMatchObject([{ id: 'c3' }])
  expect(desk.damaged).toBe(0)
})

it('takes changes while it lets old cases go, and keeps those that changed meanwhile', async () => {
  const desk = await aDesk()
  const old = (id: string) => putCase(aCase(id, { status: 'closed', updatedAt: at(1) }))
  await desk.apply(
    [old('gone'), old('reopened'), putNote(aNote('said', { caseId: 'reopened' }))],
    current('1'),
  )
  const open = desk.holdTidying()
  const evicting = desk.parts.evict(Date.parse(at(5)))
  await desk.apply([putCase(aCase('reopened', { version: 2, updatedAt: at(2) }))], current('2'))
  open()
  await evicting
  expect(await desk.parts.lookups.caseRecord('gone')).toBeNull()
  expect(await desk.parts.lookups.caseRecord('reopened')).toMatchObject({ version: 2, status: 'open' })
  expect(await desk.parts.lookups.timelineOfCase('reopened')).toHaveLength(1)
  expect(desk.damaged).toBe(0)
  await desk.restart()
  expect(await desk.parts.lookups.count()).toBe(2)
})

it('has the feed read again when a case comes back in the middle of its going', async () => {
  const desk = await aDesk()
  const old = (id: string) => aCase(id, { status: 'closed', updatedAt: at(1) })
  const ids = Array.from({ length: limits.chunkRows }, (_, index) => `c${index}`)
  await desk.apply(
    ids.map((id) => putCase(old(id))),
    current('1'),
  )
  const open = desk.holdTidying()
  const evicting = desk.parts.evict(Date.parse(at(5)))
  // It has been counted among those that go.
  await desk.inTurn(async () => {})
  await desk.apply([putCase(aCase('c1', { version: 2, updatedAt: at(2) }))], current('2'))
  open()
  await evicting
  expect(await desk.parts.lookups.caseRecord('c1')).toMatchObject({ version: 2 })
  expect(desk.damaged).toBe(1)
})

it('finds what was just told, and not what it said before', async () => {
  const desk = await aDesk()
  const told = async (subject: string, version: number) => {
    await desk.apply([putCase(aCase('c1', { subject, version }))], current(String(version)))
    const counts = await Promise.all(['lantern', 'kerb'].map((text) => desk.parts.lookups.find(text, 5)))
    return counts.map(({ total }) => total)
  }
  expect(await told('Broken lantern', 1)).toEqual([1, 0])
  expect(await told('Broken kerb', 2)).toEqual([0, 1])
  await desk.parts.evict(0)
  expect(await told('Lantern again', 3)).toEqual([1, 0])
})

it('finds no case that was let go, though nothing else has changed', async () => {
  const desk = await aDesk()
  const old = aCase('c1', { subject: 'Broken lantern', status: 'closed', updatedAt: at(1) })
  await desk.apply([putCase(old)], current('1'))
  await desk.parts.evict(0)
  expect((await desk.parts.lookups.find('lantern', 5)).total).toBe(1)
  await desk.parts.evict(Date.parse(at(5)))
  expect((await desk.parts.lookups.find('lantern', 5)).total).toBe(0)
  expect(desk.damaged).toBe(0)
})
