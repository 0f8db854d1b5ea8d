import { describe, expect, it } from 'vitest'
import { partyWords } from '#renderer/features/calls/caller-words.ts'
import { transferNote } from '#renderer/features/calls/line-notes.ts'
import { namedLines } from '#renderer/features/calls/named-lines.ts'
import type { Line } from '#shared/contract/phone.ts'
import type { Directory } from '#shared/contract/rest.ts'
import { lineId, sampleLine } from './phone-samples.ts'

const team = { number: '+441632960921', withheld: false }
const directory: Directory = {
  asAt: '2026-11-03T10:00:00Z',
  entries: [
    {
      id: 'food-safety-team',
      kind: 'service',
      name: 'Food safety team',
      detail: 'Premises and complaints',
      user: null,
      number: team.number,
      languages: ['en'],
    },
  ],
}
const named = (line: Line) => namedLines([line], directory)[0] ?? line

describe('lines with the directory’s names', () => {
  it('name a team that is asked by its number', () => {
    const asked = sampleLine({
      id: lineId(2),
      direction: 'outbound',
      remote: team,
      purpose: { name: 'consult', forLineId: lineId(1) },
    })
    expect(partyWords(asked)).toBe('01632 960921')
    expect(partyWords(named(asked))).toBe('Food safety team')
  })

  it('name a team to which a call is passed on', () => {
    const passing = sampleLine({ transfer: { name: 'trying', to: '01632 960921', since: 0 } })
    expect(transferNote(named(passing))?.text).toBe('Passing on: Food safety team is being called')
  })

  it('leave whoever calls from such a number a number, and others as they are', () => {
    expect(partyWords(named(sampleLine({ remote: team })))).toBe('01632 960921')
    const elsewhere = sampleLine({ transfer: { name: 'asking', to: '01632 960999', since: 0 } })
    expect(named(elsewhere)).toEqual(elsewhere)
    expect(namedLines([elsewhere], null)).toEqual([elsewhere])
  })
})
