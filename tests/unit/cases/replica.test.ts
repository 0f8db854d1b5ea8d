import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { OutboxEntry } from '#shared/cases/outbox.ts'
import {
  callbackWithOperations,
  caseWithOperations,
  contactWithOperations,
  timelineWithOperations,
} from '#shared/cases/replica.ts'
import type { ConflictField } from '#shared/contract/rest.ts'
import {
  aCallback,
  aCase,
  aNote,
  anEntry,
  at,
  callbackOf,
  changeOf,
  contactOf,
  createOf,
  noteOf,
} from '#tests/support/sim-records.ts'

const clashOn = (field: string): ConflictField => ({
  field,
  mine: 'mine',
  theirs: 'theirs',
  by: 'Sam Pryce',
  at: at(0),
})
const conflict = (field: string, confirmed: boolean): OutboxEntry['state'] => ({
  name: 'conflict',
  fields: [clashOn(field)],
  confirmed,
})

describe('a case with operations not yet confirmed', () => {
  it('is the confirmed record when there are none', () => {
    expect(caseWithOperations('c1', aCase('c1'), [])).toEqual(aCase('c1'))
    expect(caseWithOperations('c1', null, [])).toBeNull()
  })

  it('exists before the service knows it, with no reference', () => {
    const record = caseWithOperations('c1', null, [anEntry(1, createOf(1, 'c1', { subject: 'Missed bin' }))])
    expect(record).toMatchObject({ id: 'c1', version: 1, reference: null, subject: 'Missed bin' })
  })

  it('keeps what the service made of a creation that was confirmed', () => {
    const entries = [anEntry(1, createOf(1, 'c1'), { name: 'applied' })]
    expect(caseWithOperations('c1', aCase('c1'), entries)?.reference).toBe('WST-2026-c1')
  })

  it('merges fields one by one and leaves the version that the adviser saw', () => {
    const base = aCase('c1', { version: 4, fields: { bin: 'green', where: 'kerb' } })
    const entries = [anEntry(1, changeOf(1, 'c1', { status: 'resolved', fields: { bin: 'brown' } }, 4))]
    expect(caseWithOperations('c1', base, entries)).toMatchObject({
      version: 4,
      status: 'resolved',
      subject: 'Missed bin',
      fields: { bin: 'brown', where: 'kerb' },
    })
  })

  it('can be unassigned, which is not the same as leaving who has it', () => {
    const base = aCase('c1', { assignedTo: 'a1' })
    expect(caseWithOperations('c1', base, [anEntry(1, changeOf(1, 'c1', {}))])?.assignedTo).toBe('a1')
    const entries = [anEntry(1, changeOf(1, 'c1', { assignedTo: null }))]
    expect(caseWithOperations('c1', base, entries)?.assignedTo).toBeNull()
  })

  it('shows the colleague’s value of a field that clashes, and this adviser’s other fields', () => {
    const base = aCase('c1', { status: 'closed', fields: { bin: 'green' } })
    const change = changeOf(1, 'c1', { status: 'open', fields: { bin: 'brown' } })
    expect(caseWithOperations('c1', base, [anEntry(1, change, conflict('status', false))])).toMatchObject({
      status: 'closed',
      fields: { bin: 'brown' },
    })
    expect(caseWithOperations('c1', base, [anEntry(1, change, conflict('fields.bin', false))])).toMatchObject(
      {
        status: 'open',
        fields: { bin: 'green' },
      },
    )
  })

  it('is the confirmed record alone once the feed has brought what a clash left', () => {
    const change = changeOf(1, 'c1', { status: 'open', fields: { bin: 'brown' } })
    const base = aCase('c1', { status: 'closed', fields: { bin: 'blue' } })
    expect(caseWithOperations('c1', base, [anEntry(1, change, conflict('status', true))])).toEqual(base)
  })

  it('keeps showing what was refused, so that no word vanishes before the adviser decides', () => {
    const refused: OutboxEntry['state'] = {
      name: 'refused',
      problem: { type: 'about:blank', title: 'No', status: 409 },
    }
    expect(caseWithOperations('c1', null, [anEntry(1, createOf(1, 'c1'), refused)])).not.toBeNull()
  })

  it('changes nothing that was given', () => {
    const base = Object.freeze(
      aCase('c1', { fields: Object.freeze({ bin: 'green' }) as Record<string, string> }),
    )
    caseWithOperations('c1', base, [anEntry(1, changeOf(1, 'c1', { fields: { bin: 'brown' } }))])
    expect(base.fields).toEqual({ bin: 'green' })
  })

  it('ends the same however confirmed and unconfirmed operations are divided', () => {
    const change = fc.record(
      {
        subject: fc.constantFrom('a', 'b', 'c'),
        status: fc.constantFrom('open' as const, 'resolved' as const),
        fields: fc.dictionary(fc.constantFrom('x', 'y', 'z'), fc.integer()),
      },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(fc.array(change, { maxLength: 12 }), fc.nat(12), (changes, confirmed) => {
        const entries = changes.map((each, index) => anEntry(index + 1, changeOf(index + 1, 'c1', each)))
        const base = caseWithOperations('c1', aCase('c1'), entries.slice(0, confirmed))
        const whole = caseWithOperations('c1', aCase('c1'), entries)
        expect(caseWithOperations('c1', base, entries.slice(confirmed))).toEqual(whole)
        // Replaying what the service has confirmed already changes nothing: the overlay may outlive the confirmation.
        expect(caseWithOperations('c1', whole, entries)).toEqual(whole)
      }),
    )
  })

  it('is not touched by operations on others', () => {
    const others = [createOf(1, 'c2'), changeOf(2, 'c2', { status: 'closed' }), contactOf(3, 'k1'), noteOf(4)]
    const entries = others.map((operation, index) => anEntry(index + 1, operation))
    expect(caseWithOperations('c1', aCase('c1'), entries)).toEqual(aCase('c1'))
  })
})

describe('a contact with operations not yet confirmed', () => {
  it('is created by its first save and changed by the next', () => {
    const entries = [
      anEntry(1, contactOf(1, 'k1', { queueId: 'waste', startedAt: at(1) })),
      anEntry(2, contactOf(2, 'k1', { disposition: 'report' })),
    ]
    expect(contactWithOperations('k1', null, entries)).toMatchObject({
      id: 'k1',
      version: 1,
      channel: 'telephone',
      queueId: 'waste',
      startedAt: at(1),
      disposition: 'report',
    })
    expect(contactWithOperations('k2', null, entries)).toBeNull()
  })
})

describe('a timeline with operations not yet confirmed', () => {
  const ofCase = (caseId: string) => (entry: { caseId: string | null }) => entry.caseId === caseId

  it('is newest first, with this adviser as the author of what is not confirmed', () => {
    const base = [aNote('n1', { caseId: 'c1', at: at(1) })]
    const entries = [
      anEntry(1, noteOf(5, { caseId: 'c1', at: at(5) })),
      anEntry(2, noteOf(6, { caseId: 'c2' })),
    ]
    expect(
      timelineWithOperations(base, entries, ofCase('c1'), 'Rhys Evans').map(({ id, by }) => [id, by]),
    ).toEqual([
      ['note-5', 'Rhys Evans'],
      ['n1', 'Sam Pryce'],
    ])
  })

  it('shows a note once when the feed has brought it and its overlay is still there', () => {
    const base = [aNote('note-5', { caseId: 'c1' })]
    const entries = [anEntry(1, noteOf(5, { caseId: 'c1' }), { name: 'applied' })]
    expect(timelineWithOperations(base, entries, ofCase('c1'), null)).toEqual(base)
  })
})

describe('a callback with operations not yet confirmed', () => {
  const promised = { number: '+441632960142', name: 'Adaeze Okafor', dueFrom: at(10), dueBy: at(20) }

  it('exists before the service knows it', () => {
    const entries = [anEntry(1, callbackOf(1, 'b1', promised)), anEntry(2, callbackOf(2, 'b2', promised))]
    expect(callbackWithOperations('b1', null, entries)).toMatchObject({
      ...promised,
      id: 'b1',
      status: 'due',
      assignedTo: null,
    })
  })

  it('shows the latest word on it, and the confirmed record under it stays as it was', () => {
    const base = aCallback('b1', { assignedTo: 'a1' })
    const entries = [anEntry(1, callbackOf(1, 'b1', { reason: 'About the bin', status: undefined }))]
    expect(callbackWithOperations('b1', base, entries)).toEqual({
      ...base,
      reason: 'About the bin',
      updatedAt: at(1),
    })
    expect(base).toEqual(aCallback('b1', { assignedTo: 'a1' }))
  })

  it('is not shown when all this desk has of it is a change', () => {
    const entries = [anEntry(1, callbackOf(1, 'b1', { status: 'done' }))]
    expect(callbackWithOperations('b1', null, entries)).toBeNull()
  })
})
