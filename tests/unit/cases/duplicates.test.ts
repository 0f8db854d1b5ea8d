import { describe, expect, it } from 'vitest'
import { findDuplicates } from '#shared/cases/duplicates.ts'
import type { DuplicatesRequest } from '#shared/contract/rest.ts'
import { aResident } from '#tests/support/sim-records.ts'

const held = aResident('held', {
  givenName: 'Siân',
  familyName: 'Thomas',
  email: 'sian@example.org',
  dateOfBirth: '1980-05-01',
  phones: ['+441632960150'],
})

const found = (wanted: DuplicatesRequest) =>
  findDuplicates(wanted, [held, aResident('other', { phones: [] })]).map(({ resident, reasons }) => [
    resident.id,
    ...reasons,
  ])

describe('duplicates of a record that is about to be made', () => {
  it.each<[string, DuplicatesRequest, string]>([
    ['the same number', { phones: ['+441632960150'] }, 'same-number'],
    ['the same address of mail', { email: 'Sian@example.org' }, 'same-email'],
    [
      'the same name, without its accent, and postcode, without its space',
      { givenName: 'Sian', familyName: 'THOMAS', address: { postcode: 'wx14qa' } },
      'same-name-and-postcode',
    ],
    [
      'a name that sounds alike and the same birthday',
      { givenName: 'Shan', familyName: 'Tomas', dateOfBirth: '1980-05-01' },
      'sounds-alike-and-same-birthday',
    ],
    [
      'the same property and a slip in the name',
      { givenName: 'S', familyName: 'Thoams', address: { uprn: '100000001' } },
      'same-property-and-similar-name',
    ],
  ])('are found by %s', (_, wanted, reason) => {
    expect(found(wanted)).toEqual([['held', reason]])
  })

  it('are not made by a shared postcode, birthday or house alone', () => {
    expect(
      found({
        givenName: 'Idris',
        familyName: 'Vale',
        dateOfBirth: '1980-05-01',
        address: { postcode: 'WX1 4QA', uprn: '100000001' },
      }),
    ).toEqual([])
    expect(found({ email: '', phones: [] })).toEqual([])
  })

  it('come likeliest first, several reasons counting for more', () => {
    const sharesNumber = aResident('shares-number', { phones: ['+441632960150'] })
    const wanted = { givenName: 'Siân', familyName: 'Thomas', phones: ['+441632960150'], email: held.email }
    const [first, second] = findDuplicates(wanted, [sharesNumber, held])
    expect(first).toMatchObject({
      resident: { id: 'held' },
      reasons: ['same-number', 'same-email'],
      score: 0.72,
    })
    expect(second).toMatchObject({ resident: { id: 'shares-number' }, score: 0.3 })
  })

  it('leave out the record itself and those that were merged into another one', () => {
    expect(found({ phones: held.phones, exceptId: 'held' })).toEqual([])
    expect(findDuplicates({ phones: held.phones }, [{ ...held, mergedInto: 'other' }])).toEqual([])
  })
})
