import { describe, expect, it } from 'vitest'
import type { OutboxEntry } from '#shared/cases/outbox.ts'
import { aboutIds, sendable } from '#shared/cases/outbox.ts'
import { redactOperation } from '#shared/cases/redaction.ts'
import { residentWithOperations } from '#shared/cases/replica.ts'
import { differingFields, isInForce, takenFields, withResidentFields } from '#shared/cases/resident-record.ts'
import { mergeField, type Operation, type Resident, type Warning } from '#shared/contract/rest.ts'
import { aResident, at, createOf } from '#tests/support/sim-records.ts'

const uuid = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`
type Unsaved = Operation extends infer Each
  ? Each extends Operation
    ? Omit<Each, 'id' | 'at'>
    : never
  : never

const entriesOf = (...operations: readonly Unsaved[]): readonly OutboxEntry[] =>
  operations.map((operation, index) => ({
    sequence: index + 1,
    savedAt: index,
    operation: { ...operation, id: uuid(index + 1), at: at(index + 1) } as Operation,
    state: { name: 'pending' },
  }))

const dog: Warning = {
  id: 'dog',
  kind: 'two-person-visit',
  reason: 'A dog that bites',
  owner: 'Housing',
  addedAt: at(0),
  addedBy: 'Nia',
  reviewBy: '2027-05-01',
  expiresAt: '2027-06-01',
}
const { addedAt: _, addedBy: __, ...dogAsSaved } = dog

describe('a resident’s record', () => {
  it('loses a field that is set to null and keeps those that are not named', () => {
    const changed = withResidentFields(aResident('a', { email: 'a@example.org' }), {
      email: null,
      givenName: undefined,
      language: 'cy',
    })
    expect(changed).toEqual({ ...aResident('a'), language: 'cy' })
  })

  it('takes in a merge what is named, and of lists what both have', () => {
    const kept = aResident('kept', { title: 'Ms', phones: ['+441632960001'] })
    const gone = aResident('gone', { phones: ['+441632960002', '+441632960001'], email: 'a@example.org' })
    expect(takenFields(kept, gone, ['title', 'phones', 'email', 'language'])).toEqual({
      title: null,
      phones: ['+441632960001', '+441632960002'],
      email: 'a@example.org',
    })
    expect(differingFields(kept, gone, mergeField.options)).toEqual(['title', 'phones', 'email'])
  })

  it('is warned of up to the day on which that ends', () => {
    expect(isInForce(dog, '2027-05-31')).toBe(true)
    expect(isInForce(dog, '2027-06-01')).toBe(false)
    expect(isInForce({ ...dog, expiresAt: null }, '2099-01-01')).toBe(true)
  })
})

describe('a resident before the council has heard', () => {
  const show = (
    base: Resident | null,
    entries: readonly OutboxEntry[],
    other: (id: string) => Resident | null = () => null,
    id = 'a',
  ) => residentWithOperations(id, base, entries, 'Sam', other)

  it('is there from their making on, with what was changed since', () => {
    const { id: _id, version, updatedAt, ...record } = aResident('a')
    const entries = entriesOf(
      { kind: 'resident.create', residentId: 'a', record },
      { kind: 'resident.change', residentId: 'a', baseVersion: 1, change: { language: 'cy' } },
    )
    expect(show(null, entries)).toEqual({ ...aResident('a'), language: 'cy', updatedAt: at(2) })
    expect(show(null, entries, () => null, 'b')).toBeNull()
  })

  it('keeps the council’s value of a field that clashes', () => {
    const [entry] = entriesOf({
      kind: 'resident.change',
      residentId: 'a',
      baseVersion: 1,
      change: { language: 'cy', givenName: 'Ada' },
    })
    if (!entry) throw new Error('one entry')
    const fields = [{ field: 'language', mine: 'cy', theirs: 'en', by: 'Nia', at: at(0) }]
    const clashing: OutboxEntry = { ...entry, state: { name: 'conflict', fields, confirmed: false } }
    expect(show(aResident('a'), [clashing])).toMatchObject({ language: 'en', givenName: 'Ada' })
  })

  it('has the warnings that were added, changed and removed here', () => {
    const added = show(
      aResident('a'),
      entriesOf({ kind: 'warning.save', residentId: 'a', warning: dogAsSaved }),
    )
    expect(added?.warnings).toEqual([{ ...dog, addedAt: at(1), addedBy: 'Sam' }])
    const warned = aResident('a', { warnings: [dog] })
    const changed = { ...dogAsSaved, reason: 'Two dogs' }
    expect(
      show(warned, entriesOf({ kind: 'warning.save', residentId: 'a', warning: changed }))?.warnings,
    ).toEqual([{ ...dog, reason: 'Two dogs' }])
    const removed = entriesOf({ kind: 'warning.remove', residentId: 'a', warningId: 'dog', reason: 'Gone' })
    expect(show(warned, removed)).not.toHaveProperty('warnings')
  })

  it('is merged and parted at both records', () => {
    const kept = aResident('kept')
    const gone = aResident('gone', { email: 'a@example.org', warnings: [dog] })
    const merge: Unsaved = {
      kind: 'resident.merge',
      mergeId: 'm',
      keptId: 'kept',
      goneId: 'gone',
      baseVersions: { kept: 1, gone: 1 },
      take: ['email'],
    }
    const other = (id: string) => (id === 'gone' ? gone : kept)
    const merged = show(kept, entriesOf(merge), other, 'kept')
    expect(merged).toMatchObject({
      email: 'a@example.org',
      warnings: [dog],
      mergedFrom: [{ mergeId: 'm', residentId: 'gone', at: at(1), by: 'Sam' }],
    })
    expect(show(gone, entriesOf(merge), other, 'gone')).toMatchObject({ mergedInto: 'kept' })

    const parting = entriesOf({ kind: 'resident.unmerge', mergeId: 'm' })
    const confirmed = { ...kept, mergedFrom: merged?.mergedFrom }
    expect(show(confirmed, parting, () => null, 'kept')?.mergedFrom).toEqual([])
    const pointer = { ...gone, mergedInto: 'kept' }
    expect(show(pointer, parting, () => confirmed, 'gone')).not.toHaveProperty('mergedInto')
  })
})

describe('operations on residents on their way', () => {
  const { id: _id, version, updatedAt, ...record } = aResident('a')
  const create: Unsaved = { kind: 'resident.create', residentId: 'a', record }
  const problem = { type: 'about:blank', title: 'No', status: 422 }

  it('a case waits for its resident, whose making was refused', () => {
    const [made, opened] = entriesOf(create, createOf(9, 'case', { residentId: 'a' }))
    if (!made || !opened) throw new Error('two entries')
    expect(sendable([made, opened])).toHaveLength(2)
    const refused: OutboxEntry = { ...made, state: { name: 'refused', problem } }
    expect(sendable([refused, opened])).toEqual([])
  })

  it('a merge that was refused holds up nothing else of the two', () => {
    const [merge, change] = entriesOf(
      {
        kind: 'resident.merge',
        mergeId: 'm',
        keptId: 'a',
        goneId: 'b',
        baseVersions: { kept: 1, gone: 1 },
        take: [],
      },
      { kind: 'resident.change', residentId: 'a', baseVersion: 1, change: { language: 'cy' } },
    )
    if (!merge || !change) throw new Error('two entries')
    const refused: OutboxEntry = { ...merge, state: { name: 'refused', problem } }
    expect(sendable([refused, change])).toEqual([change])
    expect(aboutIds(merge.operation)).toEqual(['a', 'b', 'm'])
  })

  it('a card number in the reason of a warning is removed', () => {
    const [entry] = entriesOf({
      kind: 'warning.save',
      residentId: 'a',
      warning: { ...dogAsSaved, reason: 'Said 4111 1111 1111 1111' },
    })
    expect(entry && redactOperation(entry.operation)).toMatchObject({
      warning: { reason: 'Said [card number removed]' },
    })
  })
})
