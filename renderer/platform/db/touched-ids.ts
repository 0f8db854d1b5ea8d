import type { Directory } from './directory.ts'
import type { KeyHash } from './key-hash.ts'
import type { RecordLookups } from './record-lookups.ts'
import type { RowFacts } from './row-facts.ts'
import { kindCode, type LargeRecord, type Version } from './versions-of-records.ts'

export type Touch = (...ids: readonly (string | null | undefined)[]) => void

/** Ids of what a page may be showing of a record: its own and those of what it hangs on. */
export function touchRecord(kind: Version['kind'], record: LargeRecord, touch: Touch): void {
  const { residentId, caseId, contactId } = record as Partial<Record<string, string | null>>
  if (kind === 'case') touch(residentId)
  if (kind === 'timeline') touch(caseId, residentId, contactId)
}

/** Ids touched by a version that takes the place of one in a chunk. Reads summaries, or a page when a timeline entry moved. */
export async function touchReplaced(
  version: Version,
  facts: RowFacts,
  row: number,
  directory: Directory,
  lookups: RecordLookups,
  touch: Touch,
): Promise<void> {
  const { kind } = version
  if (kind === 'case') {
    await lookups.readSummaries([row])
    touch(lookups.caseAt(row)?.residentId)
  } else if (kind === 'timeline' && !hangsOnTheSame(facts, directory, row)) {
    const found = await lookups.recordsAt([row])
    if (found !== 'moved') for (const each of found) touchRecord(kind, each, touch)
  }
}

function hangsOnTheSame(facts: RowFacts, directory: Directory, row: number): boolean {
  const chunk = directory.chunkAt(row)
  if (!chunk) return false
  const index = row - directory.firstRowOf(chunk)
  const at = index * 2
  const { owners, seconds, thirdLows } = chunk.columns
  const isSame = (hashes: Uint32Array, { lo, hi }: KeyHash): boolean =>
    hashes[at] === lo && hashes[at + 1] === hi
  return isSame(owners, facts.owner) && isSame(seconds, facts.second) && thirdLows[index] === facts.third.lo
}

/** Ids touched when a row of a chunk goes: from summaries alone, which were read, since there may be very many. */
export function touchRow(row: number, directory: Directory, lookups: RecordLookups, touch: Touch): void {
  const kind = directory.rows.kinds[row]
  if (kind === kindCode.resident) touch(lookups.residentAt(row)?.id)
  if (kind === kindCode.case) {
    const gone = lookups.caseAt(row)
    touch(gone?.id, gone?.residentId)
  }
  if (kind !== kindCode.timeline) return
  const ownerRow = directory.entities.rowOf(directory.rows.owners[row] ?? -1)
  if (ownerRow >= 0) touchRow(ownerRow, directory, lookups, touch)
}
