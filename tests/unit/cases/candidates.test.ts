import { describe, expect, it } from 'vitest'
import { type Match, normaliseNumber, rankMatches } from '#shared/cases/candidates.ts'
import { summaryOfResident } from '#shared/cases/record-reader.ts'
import { aResident } from '#tests/support/sim-records.ts'

const adaeze = aResident('r1', { title: 'Mrs' })
const sian = aResident('r2', {
  givenName: 'Siân',
  familyName: 'O’Neill',
  phones: ['+447700900123'],
  address: { uprn: '2', line1: 'Flat 3, 20 Mill Lane', town: 'Marlow Heath', postcode: 'WX12 9ZZ' },
  language: 'cy',
})
const mark = aResident('r3', { givenName: 'Mark', phones: ['+441632960142', '+442079460123'] })
const all = [adaeze, sian, mark]

type Standing = Pick<Match, 'openCases' | 'lastActivityAt'>

const nothing: Standing = { openCases: 0, lastActivityAt: null }

describe('a telephone number', () => {
  it.each([
    ['01632 960 142', '+441632960142'],
    ['+44 1632 960142', '+441632960142'],
    ['0044 1632 960142', '+441632960142'],
    ['(020) 7946 0123', '+442079460123'],
    ['+353 1 555 0100', '+35315550100'],
  ])('typed as %s is %s', (typed, e164) => {
    expect(normaliseNumber(typed)).toBe(e164)
  })

  it.each(['', 'anonymous', 'sip:unavailable', '7'])('is not seen in "%s"', (text) => {
    expect(normaliseNumber(text)).toBeNull()
  })
})

describe('who is shown first', () => {
  const matches = all.map((resident) => ({
    resident: summaryOfResident(resident),
    matchedBy: 'number' as const,
  }))
  const ranked = (standings: Readonly<Record<string, Standing>>, limit = 20): readonly string[] =>
    rankMatches(
      matches.map((match) => ({ ...match, ...(standings[match.resident.id] ?? nothing) })),
      limit,
    ).map((candidate) => candidate.residentId)

  it('is whoever has an open case', () => {
    expect(
      ranked({ r3: { openCases: 1, lastActivityAt: 1 }, r1: { openCases: 0, lastActivityAt: 9 } })[0],
    ).toBe('r3')
  })

  it('is then whoever was in touch last', () => {
    const standings = {
      r1: { openCases: 3, lastActivityAt: 5 },
      r2: { openCases: 1, lastActivityAt: 7 },
    }
    expect(ranked(standings)).toEqual(['r2', 'r1', 'r3'])
  })

  it('is otherwise by name, whatever the order they came in', () => {
    expect(ranked({})).toEqual(['r1', 'r3', 'r2'])
  })

  it('is cut at the limit', () => {
    expect(ranked({}, 2)).toEqual(['r1', 'r3'])
  })

  it('is a match by number before name, postcode and address', () => {
    const kinds = (['address', 'postcode', 'name', 'number'] as const).map((matchedBy) => ({
      resident: summaryOfResident(adaeze),
      matchedBy,
      ...nothing,
    }))
    expect(rankMatches(kinds, 20).map((candidate) => candidate.matchedBy)).toEqual([
      'number',
      'name',
      'postcode',
      'address',
    ])
  })

  it('shows enough to choose and nothing of anyone’s business', () => {
    const [candidate] = rankMatches(
      [{ resident: summaryOfResident(adaeze), matchedBy: 'number', openCases: 2, lastActivityAt: 1 }],
      20,
    )
    expect(candidate).toEqual({
      residentId: 'r1',
      name: 'Mrs Adaeze Okafor',
      address: '14 Elm Road, Wexcombe',
      matchedBy: 'number',
      openCases: 2,
      language: 'en',
    })
  })
})
