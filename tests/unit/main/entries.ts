import type { JournalEntry } from '#shared/contract/journal.ts'

export function operationId(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`
}

export function entry(number: number, text = `note ${number}`): JournalEntry {
  return {
    version: 1,
    sequence: number,
    savedAt: '2026-11-02T09:00:00Z',
    operation: {
      id: operationId(number),
      at: '2026-11-02T09:00:00Z',
      kind: 'timeline.append',
      entryId: `entry-${number}`,
      entry: {
        caseId: 'case-1',
        residentId: null,
        contactId: null,
        at: '2026-11-02T09:00:00Z',
        kind: 'note',
        text,
      },
    },
  }
}
