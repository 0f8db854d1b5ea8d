import type { JournalEntry } from '../contract/journal.ts'
import type { Result } from '../kernel/result.ts'

/**
 * The second copy of unsent work, outside the browser.
 *
 * A journal
 * - MUST have flushed the entries to the disk before `append` answers ok;
 * - MUST take an operation that it holds already without failing;
 * - MUST answer `read` with every entry appended and not settled, in order of saving;
 * - MUST take `settle` for ids that it does not hold.
 */
export interface Journal {
  append(entries: readonly JournalEntry[]): Promise<Result<null>>
  read(): Promise<Result<readonly JournalEntry[]>>
  settle(operationIds: readonly string[]): Promise<Result<null>>
}
