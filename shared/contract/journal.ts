import { z } from 'zod'
import { operation } from './rest.ts'

/**
 * One saved operation as the main process's journal keeps it, apart from the browser database, so that unsent work
 * survives the loss of either. Settled entries are those the service has answered for good.
 */
export const journalEntry = z.object({
  version: z.literal(1),
  /** Order of saving on this desk, for this adviser; starts at 1. */
  sequence: z.number().int().positive(),
  savedAt: z.iso.datetime({ offset: true }),
  operation,
})

export type JournalEntry = z.infer<typeof journalEntry>
