import type { JournalEntry } from '../contract/journal.ts'
import { addEntries, type Outbox, type OutboxEntry } from './outbox.ts'

/** What makes outbox and journal agree again. Doing any part of it twice is harmless. */
export interface Recovery {
  readonly outbox: Outbox
  /** In the journal and not in the outbox: the browser database lost them, or they were never settled. */
  readonly putBack: readonly OutboxEntry[]
  /** In the outbox and not in the journal. */
  readonly rejournal: readonly JournalEntry[]
  /** Operation ids whose work the service has taken, still unsettled in the journal. */
  readonly settle: readonly string[]
}

export function toJournalEntry(entry: OutboxEntry): JournalEntry {
  return {
    version: 1,
    sequence: entry.sequence,
    savedAt: new Date(entry.savedAt).toISOString(),
    operation: entry.operation,
  }
}

function fromJournalEntry(entry: JournalEntry): OutboxEntry {
  return {
    sequence: entry.sequence,
    savedAt: Date.parse(entry.savedAt),
    operation: entry.operation,
    state: { name: 'pending' },
  }
}

/**
 * Compares the two copies of unsent work, `journal` being the unsettled entries. Neither copy is ever cut to fit
 * the other: what either holds is kept, because sending an operation twice applies it once.
 */
export function recover(outbox: Outbox, journal: readonly JournalEntry[]): Recovery {
  const inOutbox = new Map(outbox.map((entry) => [entry.operation.id, entry]))
  const inJournal = new Set(journal.map((entry) => entry.operation.id))
  const putBack = journal.filter((entry) => !inOutbox.has(entry.operation.id)).map(fromJournalEntry)
  return {
    outbox: addEntries(outbox, putBack),
    putBack,
    rejournal: outbox
      .filter((entry) => entry.state.name !== 'applied' && !inJournal.has(entry.operation.id))
      .map(toJournalEntry),
    settle: [...inJournal].filter((id) => inOutbox.get(id)?.state.name === 'applied'),
  }
}
