import { z } from 'zod'
import { type JournalEntry, journalEntry } from '#shared/contract/journal.ts'

/** What one frame says. Entries are kept as found, also those a newer version wrote and this one cannot read. */
const journalRecord = z.union([
  z.object({ saved: z.array(z.unknown()) }),
  z.object({ settled: z.array(z.string()) }),
])
const identified = z.object({ operation: z.object({ id: z.string() }) })

export type JournalRecord = { readonly saved: readonly unknown[] } | { readonly settled: readonly string[] }

/** The unsettled entries, by the id of their operation. */
export type Unsettled = Map<string, unknown>

/** Applies a record; what cannot be understood is left out and counted. */
export function applyRecord(unsettled: Unsettled, record: JournalRecord): { strangers: number } {
  let strangers = 0
  if ('settled' in record) for (const id of record.settled) unsettled.delete(id)
  else {
    for (const entry of record.saved) {
      const parsed = identified.safeParse(entry)
      if (parsed.success) unsettled.set(parsed.data.operation.id, entry)
      else strangers += 1
    }
  }
  return { strangers }
}

export function parseRecord(text: string): JournalRecord | undefined {
  try {
    return journalRecord.safeParse(JSON.parse(text)).data
  } catch {
    return
  }
}

/**
 * The record without what the journal says already, or undefined when nothing is left: a page that is unsure whether
 * its entry arrived asks again.
 */
export function withoutKnown(unsettled: Unsettled, record: JournalRecord): JournalRecord | undefined {
  if ('settled' in record) {
    const settled = record.settled.filter((id) => unsettled.has(id))
    return settled.length > 0 ? { settled } : undefined
  }
  const saved = record.saved.filter((entry) => {
    const parsed = identified.safeParse(entry)
    const known = parsed.success ? unsettled.get(parsed.data.operation.id) : undefined
    return JSON.stringify(known) !== JSON.stringify(entry)
  })
  return saved.length > 0 ? { saved } : undefined
}

/** Entries this version understands, in order of saving. */
export function readableEntries(unsettled: Unsettled): JournalEntry[] {
  const entries: JournalEntry[] = []
  for (const value of unsettled.values()) {
    const parsed = journalEntry.safeParse(value)
    if (parsed.success) entries.push(parsed.data)
  }
  return entries.sort((one, other) => one.sequence - other.sequence)
}
