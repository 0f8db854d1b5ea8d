import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createSearcher } from '#shared/cases/search/search.ts'
import { memorySource } from './memory-source.ts'
import { type AnyRecord, plainSearch } from './plain-search.ts'

const names = [
  'Sian',
  'Siân',
  'Shaun',
  'Sean',
  'Katherine',
  'Catherine',
  'Okafor',
  "O'Neill",
  'Neill',
  'Smith-Jones',
  'Jones',
  'Jonas',
  'Łukasz',
  'Ann-Marie',
  'Kamara',
  'Камара',
]
const words = [
  'bin',
  'bins',
  'missed',
  'recycling',
  'recycled',
  'Elm',
  'Road',
  're-run',
  'of',
  '14',
  '2026',
  'kamara',
  'Smyth',
  'wr',
  'tall',
  'tally',
  'café',
]
const streets = ['14 Elm Road', '4 Elm Lane', 'Flat 3, 20 Mill Lane', '140 Elmwood Road']

const oneOf = fc.constantFrom
const text = fc.array(oneOf(...words, ...names), { minLength: 1, maxLength: 5 }).map((all) => all.join(' '))
const day = fc
  .integer({ min: 1, max: 28 })
  .map((each) => `2026-03-${String(each).padStart(2, '0')}T10:00:00.000Z`)
const residentId = oneOf('r1', 'r2', 'r3', 'r4')
const caseId = oneOf('c1', 'c2', 'c3', 'c4', 'c5', 'c6')

const resident = fc
  .record({
    id: residentId,
    version: fc.constant(1),
    updatedAt: day,
    title: oneOf('Mrs', 'Dr'),
    givenName: oneOf(...names),
    familyName: oneOf(...names),
    phones: fc.array(oneOf('+441632960142', '+441632960143', '+447700900142', '+35315550100'), {
      maxLength: 2,
    }),
    email: oneOf('sian.jones.4@example.org', 'okafor@example.org'),
    address: fc.record({
      uprn: oneOf('990000010017', '4026'),
      line1: oneOf(...streets),
      town: fc.constant('Marlow'),
      postcode: oneOf('ZX1 4QA', 'ZX14 9ZZ', 'ZX2 1AB'),
    }),
    language: fc.constant('en' as const),
  })
  .map((record): AnyRecord => ({ kind: 'resident', record }))

const caseRecord = fc
  .record({
    id: caseId,
    version: fc.constant(1),
    updatedAt: day,
    openedAt: day,
    reference: oneOf('WR-2026-001234', 'WR-2026-012345', 'HO-2025-000014', null),
    residentId: fc.option(residentId),
    serviceCode: fc.constant(1),
    interactionCode: fc.constant(1),
    serviceName: oneOf('Household waste collection', 'Recycling'),
    subject: text,
    status: oneOf('open' as const, 'closed' as const, 'in-progress' as const),
    queueId: fc.constant(null),
    assignedTo: fc.constant(null),
    fields: fc.record({ binType: oneOf('recycling', 'food', 'Monday') }),
  })
  .map((record): AnyRecord => ({ kind: 'case', record }))

const note = fc
  .record({
    id: oneOf('n1', 'n2', 'n3', 'n4', 'n5', 'n6'),
    caseId: fc.option(caseId),
    residentId: fc.option(residentId),
    contactId: fc.constant(null),
    at: day,
    kind: oneOf('note' as const, 'contact' as const, 'system' as const),
    text,
    by: fc.constant(null),
  })
  .map((record): AnyRecord => ({ kind: 'note', record }))

const records = fc.array(fc.oneof(resident, caseRecord, note), { maxLength: 25 })

/** What a hand does to a word: typed in part, or with a slip, or as it is. */
const typed = fc
  .record({
    word: oneOf(
      ...words,
      ...names,
      'ZX1 4QA',
      'zx14',
      '01632 960142',
      '+44 1632 960142',
      '960142',
      '0142',
      '6329',
      '960 142',
      'WR-2026-001234',
      'wr1234',
      'wr2026012345',
      '001234',
      'example',
      '44163296',
    ),
    cut: fc.integer({ min: 1, max: 30 }),
    slip: fc.option(fc.record({ at: fc.nat(8), how: oneOf('drop', 'add', 'swap', 'replace') }), { freq: 2 }),
  })
  .map(({ word, cut, slip }) => {
    const part = word.slice(0, cut)
    if (!slip || slip.at >= part.length) return part
    const { at } = slip
    const swapped = `${part.slice(0, at)}${part[at + 1] ?? ''}${part[at]}${part.slice(at + 2)}`
    const slipped = {
      drop: part.slice(0, at) + part.slice(at + 1),
      add: `${part.slice(0, at)}e${part.slice(at)}`,
      replace: `${part.slice(0, at)}e${part.slice(at + 1)}`,
      swap: swapped,
    }
    return slipped[slip.how as keyof typeof slipped]
  })
const query = fc.array(typed, { minLength: 1, maxLength: 3 }).map((all) => all.join(' '))

describe('search over segments and overlay', () => {
  it('finds what a look at every word of every record finds, in the same order and for the same reasons', () => {
    const searcher = createSearcher()
    fc.assert(
      fc.property(fc.array(records, { maxLength: 3 }), records, query, (chunks, overlay, text) => {
        const { source, living } = memorySource(chunks, overlay)
        const expected = plainSearch(living, text)
        const { hits, total } = searcher.search(source, text, { limit: 100 })
        const found = hits.map(({ row, kind, why }) => ({
          row,
          kind,
          why: why.map(({ what, how }) => `${what} ${how}`),
        }))
        expect(found).toEqual(expected)
        expect(total).toBe(expected.length)
        const few = searcher.search(source, text, { limit: 2 })
        expect(few.hits).toEqual(hits.slice(0, 2))
        expect(few.total).toBe(total)
        const residents = searcher.search(source, text, { limit: 100, only: 'resident' })
        expect(residents.hits).toEqual(hits.filter(({ kind }) => kind === 'resident'))
      }),
      { numRuns: 150 },
    )
  })
})
