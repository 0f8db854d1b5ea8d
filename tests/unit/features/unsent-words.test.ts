import { describe, expect, it } from 'vitest'
import { exportText } from '#renderer/features/sync/export-text.ts'
import { type Names, partsOf, subjectWords, titleOf } from '#renderer/features/sync/operation-words.ts'
import { refusedWords, standingWords } from '#renderer/features/sync/standing-words.ts'
import { at, caseChanged, caseMade, contactSaved, note, row } from './unsent.ts'

const names: Names = {
  caseName: (id) => (id === 'case-1' ? 'MB-2026-1 Missed bin' : null),
  residentName: (id) => (id === 'resident-1' ? 'Robin Sample' : null),
  queueName: (id) => (id === 'waste' ? 'Waste and recycling' : null),
}

describe('unsent work in words', () => {
  it('says what each change does and what it is about', () => {
    const words = [caseMade, caseChanged, contactSaved, note].map(
      (operation) => `${titleOf(operation)}: ${subjectWords(operation, names)}`,
    )
    expect(words).toEqual([
      'New case: Missed bin: recycling, Robin Sample',
      'Change to a case: MB-2026-1 Missed bin',
      'Contact: MB-2026-1 Missed bin',
      'Note: MB-2026-1 Missed bin',
    ])
  })

  it('tells every fact of it by a name people know, and which of them can be put right', () => {
    const parts = partsOf(caseChanged, names).map(({ label, words, editable }) => [label, words, editable])
    expect(parts).toEqual([
      ['Status', 'In progress', false],
      ['Bin type', 'garden', true],
      ['Out in time', 'none', false],
    ])
    const made = partsOf(caseMade, names).map(({ label, words }) => `${label}: ${words}`)
    expect(made).toContain('Resident: Robin Sample')
    expect(made).toContain('Queue: Waste and recycling')
    expect(made).toContain('Bins: 2')
  })

  it('says how it stands: tried, waiting for which, clashing, refused and why', () => {
    const failed = row(note, { tries: 3, lastFailure: { at: Date.parse(at), reason: 'no-network' } })
    const blocked = row(note, { standing: { name: 'blocked', byOperationId: caseMade.id } })
    expect(standingWords(row(note), [], names)).toBe('Goes out next.')
    expect(standingWords(failed, [], names)).toMatch(/^Tried 3 times, last at \d\d:04: no network\.$/)
    expect(standingWords(blocked, [row(caseMade)], names)).toBe(
      'Waits for: New case, Missed bin: recycling, Robin Sample.',
    )
    const problem = { type: 'about:blank', title: 'Too long', status: 422, detail: 'At most 10 letters' }
    expect(refusedWords(problem)).toBe('Too long. At most 10 letters')
    expect(refusedWords({ ...problem, code: 'case/unknown' })).toContain('does not know this case')
  })

  it('writes a file with everything needed to type it in elsewhere, and says that it is personal', () => {
    const text = exportText(
      [caseMade, note].map((operation) => row(operation)),
      names,
      {
        at: Date.parse(at),
        adviser: 'Sam Practice',
        council: 'Anytown',
      },
    )
    expect(text).toContain('personal data')
    for (const words of ['Robin Sample', 'Bin type: recycling', 'Side gate', 'is open.', note.id]) {
      expect(text).toContain(words)
    }
    expect(text.indexOf('1. New case')).toBeLessThan(text.indexOf('2. Note'))
  })
})
