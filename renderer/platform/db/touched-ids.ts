import type { Directory } from './directory.ts'
import { keyHash } from './key-hash.ts'
import type { RecordLookups } from './record-lookups.ts'
import { kindCode, type LargeRecord, type Version } from './versions-of-records.ts'

export type Touch = (...ids: readonly (string | null | undefined)[]) => void

/** Ids of what a page may be showing of a record: its own and those of what it hangs on. */
export function touchRecord(kind: Version['kind'], record: LargeRecord, touch: Touch): void {
  const { residentId, caseId, contactId } = record as Partial<Record<string, string | null>>
  if (kind === 'case') touch(residentId)
  if (kind === 'timeline') touch(caseId, residentId, contactId)
}

/** Ids touched by a version that takes the place of what is known. Reads a page only when a timeline entry moved. */
export async function touchChange(
  version: Version,
  directory: Directory,
  lookups: RecordLookups,
  touch: Touch,
): Promise<void> {
  const { kind, id, record } = version
  touch(id)
  if (record) touchRecord(kind, record, touch)
  if (kind !== 'case' && kind !== 'timeline') return
  const before = directory.overlay.get(kind, id)?.version
  if (before) {
    if (before.record) touchRecord(kind, before.record, touch)
    return
  }
  const row = directory.rowOf(kind, id)
  if (row < 0) return
  if (kind === 'case') touch(lookups.caseAt(row).residentId)
  else if (!hangsOnTheSame(version, directory, row)) {
    const found = await lookups.recordsAt([row])
    if (found !== 'moved') for (const each of found) touchRecord(kind, each, touch)
  }
}

function hangsOnTheSame(version: Version, directory: Directory, row: number): boolean {
  if (version.kind !== 'timeline' || !version.record) return false
  const chunk = directory.chunkAt(row)
  if (!chunk) return false
  const index = row - directory.firstRowOf(chunk)
  const { owners, thirds } = chunk.columns
  const owner = keyHash('case', version.record.caseId)
  const third = keyHash('resident', version.record.residentId)
  return (
    owners[index * 2] === owner.lo &&
    owners[index * 2 + 1] === owner.hi &&
    thirds[index * 2] === third.lo &&
    thirds[index * 2 + 1] === third.hi
  )
}

/** Ids touched when a row of a chunk goes: from summaries alone, since there may be very many. */
export function touchRow(row: number, directory: Directory, lookups: RecordLookups, touch: Touch): void {
  const kind = directory.rows.kinds[row]
  if (kind === kindCode.resident) touch(lookups.residentAt(row).id)
  if (kind === kindCode.case) {
    const { id, residentId } = lookups.caseAt(row)
    touch(id, residentId)
  }
  if (kind !== kindCode.timeline) return
  const ownerRow = directory.entities.rowOf(directory.rows.owners[row] ?? -1)
  if (ownerRow >= 0) touchRow(ownerRow, directory, lookups, touch)
}
