import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  addEntries,
  answeredIds,
  applyResults,
  confirmAnswered,
  countOutbox,
  needsAttention,
  newEntries,
  nextBatch,
  type Outbox,
  pendingIds,
  removeEntry,
  subjectOf,
} from '#shared/cases/outbox.ts'
import type { ConflictField, Operation, OperationResult, Problem } from '#shared/contract/rest.ts'
import {
  anEntry,
  at,
  callbackOf,
  changeOf,
  contactOf,
  createOf,
  noteOf,
  uuidOf,
} from '#tests/support/sim-records.ts'

const problem: Problem = { type: 'about:blank', title: 'No', status: 409 }
const clash: ConflictField = { field: 'status', mine: 'open', theirs: 'closed', by: 'Sam', at: at(0) }

const outboxOf = (...operations: Operation[]): Outbox =>
  addEntries(
    [],
    operations.map((operation, index) => anEntry(index + 1, operation)),
  )

const applied = (number: number): OperationResult => ({ id: uuidOf(number), outcome: 'applied' })
const refused = (number: number): OperationResult => ({ id: uuidOf(number), outcome: 'refused', problem })
const conflict = (number: number): OperationResult => ({
  id: uuidOf(number),
  outcome: 'conflict',
  fields: [clash],
})

const idsOf = (outbox: Outbox): readonly string[] => outbox.map((entry) => entry.operation.id)
const stateOf = (outbox: Outbox, number: number): string | undefined =>
  outbox.find((entry) => entry.operation.id === uuidOf(number))?.state.name

describe('what may be sent next', () => {
  it('is everything pending, in order of saving, up to the limit', () => {
    const outbox = outboxOf(createOf(1, 'c1'), noteOf(2, { caseId: 'c1' }), noteOf(3))
    expect(idsOf(nextBatch(outbox, 2))).toEqual([uuidOf(1), uuidOf(2)])
    expect(idsOf(nextBatch(outbox, 50))).toEqual([uuidOf(1), uuidOf(2), uuidOf(3)])
  })

  it('holds back what belongs to a case that was refused, and nothing else', () => {
    const { outbox } = applyResults(
      outboxOf(
        createOf(1, 'c1'),
        noteOf(2, { caseId: 'c1' }),
        changeOf(3, 'c1', { status: 'closed' }),
        contactOf(4, 'k1', { caseId: 'c1' }),
        createOf(5, 'c2'),
        noteOf(6, { caseId: 'c2' }),
      ),
      [refused(1)],
    )
    expect(idsOf(nextBatch(outbox, 50))).toEqual([uuidOf(5), uuidOf(6)])
  })

  it('holds back what waits for something that waits', () => {
    const { outbox } = applyResults(
      outboxOf(createOf(1, 'c1'), contactOf(2, 'k1', { caseId: 'c1' }), noteOf(3, { contactId: 'k1' })),
      [refused(1)],
    )
    expect(nextBatch(outbox, 50)).toEqual([])
  })

  it('holds back a promise about a case or contact that was refused, and what is written on the promise', () => {
    const times = { dueFrom: at(1), dueBy: at(2) }
    const { outbox } = applyResults(
      outboxOf(
        createOf(1, 'c1'),
        callbackOf(2, 'b1', { ...times, number: '+441632960142', caseId: 'c1' }),
        callbackOf(3, 'b1', { status: 'done' }),
        contactOf(4, 'k1', { caseId: 'c1' }),
        callbackOf(5, 'b2', { ...times, number: '+441632960142', contactId: 'k1' }),
        callbackOf(6, 'b3', { ...times, number: '+441632960142' }),
      ),
      [refused(1)],
    )
    expect(idsOf(nextBatch(outbox, 50))).toEqual([uuidOf(6)])
    expect(pendingIds(outbox)).toEqual(['c1', 'b1', 'k1', 'b2', 'b3'])
  })

  it('holds back later changes of a case that clashes, and lets its notes go', () => {
    const { outbox } = applyResults(
      outboxOf(
        changeOf(1, 'c1', { status: 'open' }),
        changeOf(2, 'c1', { subject: 'x' }),
        noteOf(3, { caseId: 'c1' }),
        changeOf(4, 'c2', { status: 'open' }),
      ),
      [conflict(1)],
    )
    expect(idsOf(nextBatch(outbox, 50))).toEqual([uuidOf(3), uuidOf(4)])
  })

  it('goes on once the adviser has let go of the refused one', () => {
    const { outbox } = applyResults(outboxOf(createOf(1, 'c1'), noteOf(2, { caseId: 'c1' })), [refused(1)])
    expect(idsOf(nextBatch(removeEntry(outbox, uuidOf(1)), 50))).toEqual([uuidOf(2)])
  })

  it('is not held back by a refused note', () => {
    const { outbox } = applyResults(outboxOf(noteOf(1, { caseId: 'c1' }), noteOf(2, { caseId: 'c1' })), [
      refused(1),
    ])
    expect(idsOf(nextBatch(outbox, 50))).toEqual([uuidOf(2)])
  })
})

describe('the answers of the service', () => {
  it('are kept with each operation', () => {
    const { outbox, changed } = applyResults(outboxOf(noteOf(1), noteOf(2), changeOf(3, 'c1', {})), [
      applied(1),
      refused(2),
      conflict(3),
    ])
    expect(outbox.map((entry) => entry.state.name)).toEqual(['applied', 'refused', 'conflict'])
    expect(changed).toHaveLength(3)
  })

  it('leave an operation waiting when it was refused only for want of the case before it', () => {
    const { outbox, changed } = applyResults(outboxOf(createOf(1, 'c1'), noteOf(2, { caseId: 'c1' })), [
      refused(1),
      refused(2),
    ])
    expect(outbox.map((entry) => entry.state.name)).toEqual(['refused', 'pending'])
    expect(idsOf(changed)).toEqual([uuidOf(1)])
  })

  it('for something unknown or answered before are ignored', () => {
    const first = applyResults(outboxOf(noteOf(1)), [conflict(1)]).outbox
    const second = applyResults(first, [applied(1), applied(9)])
    expect(second.changed).toEqual([])
    expect(stateOf(second.outbox, 1)).toBe('conflict')
  })

  it('that were missing leave the operation to be sent again', () => {
    const { outbox } = applyResults(outboxOf(noteOf(1), noteOf(2)), [applied(2)])
    expect(idsOf(nextBatch(outbox, 50))).toEqual([uuidOf(1)])
  })
})

describe('reading the feed to its end', () => {
  it('drops what was applied before, and keeps a clash without its overlay', () => {
    const { outbox } = applyResults(outboxOf(noteOf(1), changeOf(2, 'c1', {}), noteOf(3)), [
      applied(1),
      conflict(2),
    ])
    const after = confirmAnswered(outbox, answeredIds(outbox))
    expect(idsOf(after.outbox)).toEqual([uuidOf(2), uuidOf(3)])
    expect(after.outbox[0]?.state).toEqual({ name: 'conflict', fields: [clash], confirmed: true })
    expect(idsOf(after.removed)).toEqual([uuidOf(1)])
    expect(answeredIds(after.outbox).size).toBe(0)
  })

  it('leaves what was answered after the reading began', () => {
    const first = applyResults(outboxOf(noteOf(1), noteOf(2)), [applied(1)]).outbox
    const answered = answeredIds(first)
    const second = applyResults(first, [applied(2)]).outbox
    expect(idsOf(confirmAnswered(second, answered).outbox)).toEqual([uuidOf(2)])
  })
})

describe('adding to the outbox', () => {
  it('numbers new operations after the last one and never adds one twice', () => {
    const outbox = outboxOf(noteOf(1), noteOf(2))
    const fresh = newEntries(outbox, [noteOf(2), noteOf(3), noteOf(4)], 99)
    expect(fresh.map((entry) => [entry.sequence, entry.operation.id, entry.savedAt])).toEqual([
      [3, uuidOf(3), 99],
      [4, uuidOf(4), 99],
    ])
    expect(addEntries(outbox, [...fresh, ...fresh])).toHaveLength(4)
  })

  it('keeps order of saving when an older entry is put back', () => {
    const outbox = addEntries([anEntry(2, noteOf(2))], [anEntry(1, noteOf(1))])
    expect(idsOf(outbox)).toEqual([uuidOf(1), uuidOf(2)])
  })
})

describe('what people are told', () => {
  it('counts unsent work apart from what nothing holds back', () => {
    const { outbox } = applyResults(outboxOf(createOf(1, 'c1'), noteOf(2, { caseId: 'c1' }), noteOf(3)), [
      refused(1),
    ])
    expect(countOutbox(outbox)).toEqual({ unsent: 2, sendable: 1, oldestUnsentAt: Date.parse(at(2)) })
  })

  it('names every record with changes that the service has not taken', () => {
    const { outbox } = applyResults(
      outboxOf(contactOf(1, 'k1'), noteOf(2, { caseId: 'c1', contactId: 'k2' }), createOf(3, 'c3')),
      [applied(1)],
    )
    expect(pendingIds(outbox)).toEqual(['note-2', 'c1', 'k2', 'c3'])
  })

  it('lists what was refused or clashes with its data and reason', () => {
    const { outbox } = applyResults(outboxOf(noteOf(1), changeOf(2, 'c1', { status: 'open' })), [
      refused(1),
      conflict(2),
    ])
    expect(needsAttention(outbox)).toEqual([
      { operation: noteOf(1), savedAt: Date.parse(at(1)), why: { name: 'refused', problem } },
      {
        operation: changeOf(2, 'c1', { status: 'open' }),
        savedAt: Date.parse(at(2)),
        why: { name: 'conflict', fields: [clash] },
      },
    ])
  })
})

describe('any outbox, whatever the service answers', () => {
  const operations = fc.array(
    fc.record({
      kind: fc.constantFrom('create', 'change', 'note', 'contact'),
      caseId: fc.constantFrom('c1', 'c2', 'c3'),
      contactId: fc.constantFrom('k1', 'k2'),
    }),
    { maxLength: 30 },
  )
  const outcomes = fc.array(fc.constantFrom(applied, refused, conflict, null), {
    minLength: 60,
    maxLength: 60,
  })

  const made = (specs: readonly { kind: string; caseId: string; contactId: string }[]): Outbox =>
    outboxOf(
      ...specs.map(({ kind, caseId, contactId }, index): Operation => {
        const number = index + 1
        if (kind === 'create') return createOf(number, caseId)
        if (kind === 'change') return changeOf(number, caseId, { status: 'open' })
        if (kind === 'note') return noteOf(number, { caseId, contactId })
        return contactOf(number, contactId, { caseId })
      }),
    )

  it('loses no operation but the applied ones, and sends each record its operations in order', () => {
    fc.assert(
      fc.property(operations, outcomes, (specs, answers) => {
        const all = made(specs)
        let outbox = all
        const taken = new Map<string, number[]>()
        const gone = new Set<string>()
        for (const answer of answers) {
          const batch = nextBatch(outbox, 3)
          if (batch.length === 0) break
          const results = batch.flatMap((entry, index) =>
            answer && (index === 0 || answer === applied) ? [{ ...answer(0), id: entry.operation.id }] : [],
          )
          const { outbox: next, changed } = applyResults(outbox, results)
          for (const entry of changed) {
            const subject = subjectOf(entry.operation)
            taken.set(subject, [...(taken.get(subject) ?? []), entry.sequence])
          }
          const after = confirmAnswered(next, answeredIds(next))
          for (const entry of after.removed) gone.add(entry.operation.id)
          outbox = after.outbox
        }
        const left = new Set(idsOf(outbox))
        for (const entry of all) {
          expect(left.has(entry.operation.id)).toBe(!gone.has(entry.operation.id))
        }
        for (const sequences of taken.values()) {
          expect(sequences).toEqual([...sequences].sort((a, b) => a - b))
        }
      }),
    )
  })

  it('never sends an operation before the refused one on the same record is decided', () => {
    fc.assert(
      fc.property(operations, fc.nat(29), (specs, at_) => {
        const all = made(specs)
        const victim = all[at_]
        if (!victim) return
        const { outbox } = applyResults(all, [{ ...refused(0), id: victim.operation.id }])
        const subject = subjectOf(victim.operation)
        const later = nextBatch(outbox, 50).filter(
          (entry) => subjectOf(entry.operation) === subject && entry.sequence > victim.sequence,
        )
        expect(later).toEqual([])
      }),
    )
  })
})
