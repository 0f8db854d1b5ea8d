import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { recover, toJournalEntry } from '#shared/cases/recovery.ts'
import { anEntry, noteOf, uuidOf } from '#tests/support/sim-records.ts'

const pending = (number: number) => anEntry(number, noteOf(number))
const applied = (number: number) => anEntry(number, noteOf(number), { name: 'applied' })

describe('outbox and journal compared', () => {
  it('puts back what only the journal has, in its place', () => {
    const recovery = recover([pending(2)], [pending(1), pending(2)].map(toJournalEntry))
    expect(recovery.outbox).toEqual([pending(1), pending(2)])
    expect(recovery.putBack).toEqual([pending(1)])
    expect(recovery.rejournal).toEqual([])
  })

  it('puts everything back after the loss of the database', () => {
    const journal = [pending(1), pending(2), pending(3)]
    expect(recover([], journal.map(toJournalEntry)).outbox).toEqual(journal)
  })

  it('journals again what only the outbox has, with its sequence and its time', () => {
    const { rejournal, putBack } = recover([pending(1), pending(2)], [toJournalEntry(pending(1))])
    expect(rejournal).toEqual([toJournalEntry(pending(2))])
    expect(putBack).toEqual([])
  })

  it('settles what the service has taken and does not journal it again', () => {
    const recovery = recover([applied(1), applied(2)], [toJournalEntry(applied(1))])
    expect(recovery.settle).toEqual([uuidOf(1)])
    expect(recovery.rejournal).toEqual([])
  })

  it('keeps the answer of the service that the outbox has', () => {
    const refused = anEntry(1, noteOf(1), {
      name: 'refused',
      problem: { type: 'about:blank', title: 'No', status: 409 },
    })
    expect(recover([refused], [toJournalEntry(pending(1))])).toMatchObject({ outbox: [refused], settle: [] })
  })

  it('leaves both copies holding all unsent work, and finds nothing to do the second time', () => {
    const numbers = fc.uniqueArray(fc.integer({ min: 1, max: 40 }))
    fc.assert(
      fc.property(numbers, numbers, (inOutbox, inJournal) => {
        const outbox = [...inOutbox].sort((a, b) => a - b).map(pending)
        const journal = inJournal.map(pending).map(toJournalEntry)
        const first = recover(outbox, journal)
        const all = new Set([...inOutbox, ...inJournal])
        expect(first.outbox.map((entry) => entry.sequence)).toEqual([...all].sort((a, b) => a - b))
        const second = recover(first.outbox, [...journal, ...first.rejournal])
        expect(second).toEqual({ outbox: first.outbox, putBack: [], rejournal: [], settle: [] })
      }),
    )
  })
})
