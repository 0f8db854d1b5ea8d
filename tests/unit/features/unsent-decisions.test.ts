import { describe, expect, it } from 'vitest'
import {
  asNote,
  corrected,
  decidedChange,
  givenUp,
  withoutRecord,
} from '#renderer/features/sync/decisions.ts'
import type { Names } from '#renderer/features/sync/operation-words.ts'
import { type ConflictField, operation as operationSchema } from '#shared/contract/rest.ts'
import { at, caseChanged, caseMade, contactSaved, note, row, uuid } from './unsent.ts'

const made = { at: '2026-11-03T11:00:00.000Z', random: { next: () => 0, uuid: () => uuid(99) } }
const names: Names = { caseName: () => 'MB-1 Missed bin', residentName: () => null, queueName: () => null }

const clash = (field: string): ConflictField => ({ field, mine: 'mine', theirs: 'theirs', by: 'Nia', at })
const fields = [clash('status'), clash('fields.binType'), clash('fields.outInTime')]

describe('what is decided about a change that clashes', () => {
  it('goes out as a new operation on the newest version, with what was chosen and nothing else', () => {
    const decided = decidedChange(
      caseChanged,
      fields,
      {
        status: { name: 'other', value: 'closed' },
        'fields.binType': { name: 'mine' },
        'fields.outInTime': { name: 'theirs' },
      },
      7,
      made,
    )
    expect(decided).toEqual({
      kind: 'case.change',
      id: uuid(99),
      at: made.at,
      caseId: 'case-1',
      baseVersion: 7,
      change: { status: 'closed', fields: { binType: 'mine' } },
    })
    expect(operationSchema.safeParse(decided).success).toBe(true)
  })

  it('is nothing to send when theirs stands everywhere', () => {
    const theirs = Object.fromEntries(fields.map(({ field }) => [field, { name: 'theirs' as const }]))
    expect(decidedChange(caseChanged, fields, theirs, 7, made)).toBeNull()
  })
})

describe('what is decided about a change that was refused', () => {
  it('goes out again with the words put right, as another operation on the newest version', () => {
    const again = corrected(caseChanged, { 'change.fields.binType': 'food' }, 8, made)
    expect(again).toMatchObject({ id: uuid(99), at: made.at, baseVersion: 8, caseId: 'case-1' })
    expect(again).toMatchObject({
      change: { status: 'in-progress', fields: { binType: 'food', outInTime: null } },
    })
    expect(caseChanged).toMatchObject({ change: { fields: { binType: 'garden' } } })
  })

  it('keeps all its words as a note, without the case when that was not made', () => {
    const kept = asNote(caseMade, names, false, made)
    expect(operationSchema.safeParse(kept).success).toBe(true)
    expect(kept).toMatchObject({ kind: 'timeline.append', entry: { caseId: null, residentId: 'resident-1' } })
    const text = kept.kind === 'timeline.append' ? kept.entry.text : ''
    expect(text).toContain('Bin type: recycling')
    expect(text).toContain('Subject: Missed bin: recycling')
  })
})

describe('giving up', () => {
  const rows = [caseMade, contactSaved, caseChanged, note].map((operation) => row(operation))

  it('loses one change alone', () => {
    const { lost, freed } = givenUp(rows, note.id)
    expect([lost.map(({ operation }) => operation.id), freed]).toEqual([[note.id], []])
  })

  it('of a new case loses the changes to it, and frees what only names it', () => {
    const { lost, freed } = givenUp(rows, caseMade.id)
    expect(lost.map(({ operation }) => operation.id)).toEqual([caseMade.id, caseChanged.id])
    expect(freed.map(({ operation }) => operation.id)).toEqual([contactSaved.id, note.id])
    expect(withoutRecord(note, caseMade, made.random)).toMatchObject({
      id: uuid(99),
      entryId: 'entry-1',
      entry: { caseId: null, contactId: 'contact-1', text: 'Side gate\nis open.' },
    })
  })
})
