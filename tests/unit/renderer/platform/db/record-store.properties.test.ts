import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type CacheMeta, emptyMeta } from '#shared/cases/case-store.ts'
import type { CaseStatus, Change } from '#shared/contract/rest.ts'
import { aCase, aContact, aNote, aResident, at } from '#tests/support/sim-records.ts'
import { RecordDesk } from './record-desk.ts'
import { answers, phones, postcodes, RecordModel, someTime } from './record-model.ts'

/* A store with small limits and a model, through the same schedule: they answer alike at any time. */

const ids = Array.from({ length: 40 }, (_, index) => `x${index}`)
const current: CacheMeta = { ...emptyMeta, cursor: '1', asAt: 1 }
const rereading: CacheMeta = { ...current, rereading: true }

const id = fc.constantFrom(...ids)
const minute = fc.integer({ min: 0, max: 59 })
const maybe = fc.option(id, { nil: null })
const changeOf: fc.Arbitrary<Change> = fc.oneof(
  fc
    .record({ id, phones: fc.subarray(phones), postcode: fc.constantFrom(...postcodes), minute })
    .map((made): Change => {
      const address = { ...aResident('').address, postcode: made.postcode }
      const over = { phones: made.phones, address, updatedAt: at(made.minute) }
      return { kind: 'resident', id: made.id, record: aResident(made.id, over) }
    }),
  fc
    .record({ id, residentId: maybe, status: fc.constantFrom<CaseStatus>('open', 'closed'), minute })
    .map(({ id: caseId, minute: updated, ...over }): Change => {
      const record = aCase(caseId, { ...over, updatedAt: at(updated), reference: `REF-${caseId}` })
      return { kind: 'case', id: caseId, record }
    }),
  fc
    .record({ id, caseId: maybe, contactId: maybe, residentId: maybe, minute })
    .map(({ id: noteId, minute: written, ...over }): Change => {
      return { kind: 'timeline', id: noteId, record: aNote(noteId, { ...over, at: at(written) }) }
    }),
  fc.record({ id, caseId: maybe, minute }).map(({ id: contactId, caseId, minute: started }): Change => {
    return { kind: 'contact', id: contactId, record: aContact(contactId, { caseId, startedAt: at(started) }) }
  }),
  fc
    .record({ kind: fc.constantFrom<Change['kind']>('resident', 'case', 'timeline', 'contact'), id })
    .map((gone): Change => ({ ...gone, deleted: true })),
)
const page = fc.array(changeOf, { maxLength: 30, size: 'max' })
/** Makes a chunk by itself. */
const longPage = fc.array(changeOf, { maxLength: 80, size: 'max' })

type Step =
  | { readonly name: 'page' | 'full'; readonly changes: readonly Change[] }
  | { readonly name: 'tidy' | 'restart' | 'evict' }
  | { readonly name: 'tidy and page'; readonly changes: readonly Change[] }
  | { readonly name: 'tidy and crash'; readonly writes: number }
  | {
      readonly name: 'reread'
      readonly pages: readonly (readonly Change[])[]
      readonly crashAfter: number
      readonly tidies: boolean
    }

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ name: fc.constant('page' as const), changes: page }) },
  { weight: 1, arbitrary: fc.record({ name: fc.constant('full' as const), changes: page }) },
  { weight: 3, arbitrary: fc.record({ name: fc.constantFrom('tidy' as const, 'restart' as const) }) },
  { weight: 1, arbitrary: fc.record({ name: fc.constant('evict' as const) }) },
  { weight: 3, arbitrary: fc.record({ name: fc.constant('tidy and page' as const), changes: longPage }) },
  {
    weight: 3,
    arbitrary: fc.record({
      name: fc.constant('tidy and crash' as const),
      writes: fc.integer({ min: 0, max: 5 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      name: fc.constant('reread' as const),
      pages: fc.array(page, { minLength: 1, maxLength: 5 }),
      crashAfter: fc.integer({ min: 0, max: 8 }),
      tidies: fc.boolean(),
    }),
  },
)

async function take(desk: RecordDesk, model: RecordModel, each: Step): Promise<RecordModel> {
  switch (each.name) {
    case 'page':
      expect(new Set(await desk.apply(each.changes, current))).toEqual(model.apply(each.changes))
      return model
    case 'full': {
      desk.disk.full = true
      await expect(desk.apply(each.changes, current)).rejects.toThrow('no room')
      const touched = model.apply(each.changes)
      await agree(desk, model)
      desk.disk.full = false
      expect(new Set(await desk.apply([], current))).toEqual(touched)
      return model
    }
    case 'tidy':
      await desk.parts.compaction.run()
      return model
    case 'restart':
      await desk.restart()
      return model
    case 'evict':
      await desk.parts.evict(someTime)
      model.evict(someTime)
      return model
    case 'tidy and page': {
      const tidied = desk.parts.compaction.run()
      await desk.apply(each.changes, current)
      model.apply(each.changes)
      await tidied
      return model
    }
    case 'tidy and crash':
      desk.disk.crashAfter(each.writes)
      await desk.parts.compaction.run()
      await desk.restart()
      expect(desk.disk.leftovers).toBe(0)
      return model
    case 'reread':
      return reread(desk, model, each)
  }
}

async function reread(
  desk: RecordDesk,
  before: RecordModel,
  { pages, crashAfter, tidies }: Extract<Step, { name: 'reread' }>,
): Promise<RecordModel> {
  const begin = () => desk.inTurn(() => desk.parts.store.startReading({ ...rereading, cursor: null }))
  const tidying = tidies ? desk.parts.compaction.run() : null
  await begin()
  let told = new RecordModel()
  let shown = RecordModel.of(before)
  for (const [index, changes] of pages.entries()) {
    if (index === crashAfter) {
      await desk.restart()
      expect(desk.parts.store.meta.rereading).toBe(true)
      await begin()
      told = new RecordModel()
      for (const again of pages.slice(0, index)) {
        await desk.apply(again, rereading)
        told.apply(again)
      }
      shown = RecordModel.of(before)
      for (const again of pages.slice(0, index)) shown.apply(again)
    }
    const isLast = index === pages.length - 1
    if (!isLast) await agree(desk, shown)
    const touched = new Set(await desk.apply(changes, isLast ? current : rereading))
    told.apply(changes)
    shown.apply(changes)
    for (const gone of isLast ? shown.missingIn(told) : []) expect(touched).toContain(gone)
  }
  await tidying
  return told
}

async function agree(desk: RecordDesk, model: RecordModel): Promise<void> {
  expect(await answers(desk.parts, ids)).toEqual(model.expected(ids))
  expect(desk.damaged).toBe(0)
}

it('answers as a model does after any pages, failures, crashes, readings anew and tidying up', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 6, maxLength: 20, size: 'max' }), async (steps) => {
      const desk = new RecordDesk()
      await desk.parts.store.open()
      await desk.apply([], current)
      let model = new RecordModel()
      for (const each of steps) {
        model = await take(desk, model, each)
        await agree(desk, model)
      }
      await desk.restart()
      await agree(desk, model)
    }),
    { numRuns: 10 },
  )
}, 120_000)
