import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Log } from '#shared/kernel/log.ts'
import type { Result } from '#shared/kernel/result.ts'
import { fileNameFor, type Holder } from '../session/holder.ts'
import { type Journal, openJournal } from './journal.ts'

/** The journals of the advisers who use this desk, one file each, open from first use until the app ends. */
export interface Journals {
  of(holder: Holder, dataKey: Uint8Array): Promise<Result<Journal>>
  /** Deletes the journal with all that is unsent in it. */
  remove(holder: Holder): Promise<void>
  close(): Promise<void>
}

export function createJournals(options: { readonly folder: string; readonly log: Log }): Journals {
  const opened = new Map<string, Promise<Result<Journal>>>()
  return {
    of: (holder, dataKey) => {
      const file = join(options.folder, `${fileNameFor(holder)}.journal`)
      const known = opened.get(file)
      if (known) return known
      const journal = openOrStartAnew(file, dataKey, options.log).then((result) => {
        if (!result.ok) opened.delete(file)
        return result
      })
      opened.set(file, journal)
      return journal
    },
    remove: async (holder) => {
      const file = join(options.folder, `${fileNameFor(holder)}.journal`)
      const known = await opened.get(file)
      opened.delete(file)
      if (known?.ok) await known.value.close()
      await rm(file, { force: true })
    },
    close: async () => {
      for (const journal of opened.values()) {
        const result = await journal
        if (result.ok) await result.value.close()
      }
      opened.clear()
    },
  }
}

/**
 * A journal whose key is gone can be read by nobody. It is kept aside, because an adviser who cannot save at all
 * loses more.
 */
async function openOrStartAnew(file: string, dataKey: Uint8Array, log: Log): Promise<Result<Journal>> {
  const result = await openJournal({ file, dataKey, log })
  if (result.ok || result.error.code !== 'journal/unreadable') return result
  log.error('journal/set-aside')
  await rename(file, `${file}.unreadable-${Date.now()}`)
  return openJournal({ file, dataKey, log })
}
