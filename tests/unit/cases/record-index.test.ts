import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RecordIndex } from '#shared/cases/record-index.ts'
import type { Change } from '#shared/contract/rest.ts'
import { aCase, aNote, aResident, putCase, putNote, putResident } from '#tests/support/sim-records.ts'

const idsOf = (records: readonly { id: string }[]): readonly string[] => records.map(({ id }) => id).sort()
const remove = (kind: Change['kind'], id: string): Change => ({ kind, id, deleted: true })

function everything(index: RecordIndex): unknown {
  return {
    records: index.asChanges().toSorted((a, b) => (`${a.kind}${a.id}` < `${b.kind}${b.id}` ? -1 : 1)),
    byPhone: ['+441632960142', '+447700900123'].map((phone) => idsOf(index.residentsByPhone(phone))),
    byResident: ['a', 'b', 'c'].map((id) => idsOf(index.casesOfResident(id))),
    byCase: ['a', 'b', 'c'].map((id) => idsOf(index.timelineOfCase(id))),
    byContact: ['a', 'b', 'c'].map((id) => idsOf(index.timelineOfContact(id))),
  }
}

describe('confirmed records in memory', () => {
  it('finds several residents with one number, and one resident by several', () => {
    const index = new RecordIndex()
    index.apply([
      putResident(aResident('r1')),
      putResident(aResident('r2', { phones: ['+441632960142', '+447700900123'] })),
    ])
    expect(idsOf(index.residentsByPhone('+441632960142'))).toEqual(['r1', 'r2'])
    expect(idsOf(index.residentsByPhone('+447700900123'))).toEqual(['r2'])
    expect(index.residentsByPhone('+441632960999')).toEqual([])
  })

  it('forgets where a record was found before it changed', () => {
    const index = new RecordIndex()
    index.apply([putResident(aResident('r1')), putCase(aCase('c1', { residentId: 'r1' }))])
    index.apply([
      putResident(aResident('r1', { phones: ['+447700900123'] })),
      putCase(aCase('c1', { residentId: 'r2' })),
    ])
    expect(index.residentsByPhone('+441632960142')).toEqual([])
    expect(index.casesOfResident('r1')).toEqual([])
    expect(idsOf(index.casesOfResident('r2'))).toEqual(['c1'])
  })

  it('says which records a page may be showing of what changed', () => {
    const index = new RecordIndex()
    index.apply([putCase(aCase('c1', { residentId: 'r1' }))])
    expect(index.apply([putCase(aCase('c1', { residentId: 'r2' }))])).toEqual(new Set(['c1', 'r1', 'r2']))
    expect(index.apply([putNote(aNote('n1', { caseId: 'c1', contactId: 'k1' }))])).toEqual(
      new Set(['n1', 'c1', 'k1']),
    )
    expect(index.apply([remove('timeline', 'n1')])).toEqual(new Set(['n1', 'c1']))
  })

  it('has one entry a script, and withdrawn ones may not be begun', () => {
    const index = new RecordIndex()
    const script = (id: string, version: number, withdrawn: boolean): Change => ({
      kind: 'script',
      id,
      record: { id, version, title: id, serviceCode: 525, withdrawn },
    })
    index.apply([script('bin', 1, false), script('bin', 2, false), script('old', 1, true)])
    expect(index.publishedScripts().map((entry) => [entry.id, entry.version])).toEqual([['bin', 2]])
    index.apply([script('bin', 1, false)])
    expect(index.scripts.get('bin')?.version).toBe(1)
  })

  it('ends the same through many changes as loaded at once', () => {
    const id = fc.constantFrom('a', 'b', 'c')
    const owner = fc.option(id)
    const change = fc.oneof(
      fc
        .tuple(id, fc.subarray(['+441632960142', '+447700900123']))
        .map(([each, phones]) => putResident(aResident(each, { phones }))),
      fc.tuple(id, owner).map(([each, residentId]) => putCase(aCase(each, { residentId }))),
      fc
        .tuple(id, owner, owner)
        .map(([each, caseId, contactId]) => putNote(aNote(each, { caseId, contactId }))),
      fc
        .tuple(fc.constantFrom('resident', 'case', 'timeline'), id)
        .map(([kind, each]) => remove(kind as Change['kind'], each)),
    )
    fc.assert(
      fc.property(fc.array(change, { maxLength: 40 }), (changes) => {
        const changed = new RecordIndex()
        for (const each of changes) changed.apply([each])
        const loaded = new RecordIndex()
        loaded.load({
          residents: [...changed.residents.values()],
          cases: [...changed.cases.values()],
          timeline: [...changed.timeline.values()],
          contacts: [],
          scripts: [],
          callbacks: [],
        })
        expect(everything(changed)).toEqual(everything(loaded))
      }),
    )
  })
})
