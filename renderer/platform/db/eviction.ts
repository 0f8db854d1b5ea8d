import type { Directory } from './directory.ts'
import type { Pace } from './pace.ts'
import { isOpenStatus, kindCode } from './versions-of-records.ts'

export interface Eviction {
  /** Whether this row of a chunk goes. */
  readonly drops: (row: number) => boolean
  /** A case that was to go has changed since, and some of what belongs to it may have gone before. */
  readonly hasSpared: () => boolean
}

/**
 * Which rows of chunks go when resolved and closed cases do that did not change since a time (milliseconds since 1970):
 * those cases, their timeline and their contacts, and timeline that was left behind when this was broken off before.
 */
export async function planEviction(
  directory: Directory,
  notChangedSince: number,
  pace: Pace,
): Promise<Eviction> {
  const isOldCase = (row: number): boolean =>
    row < directory.rows.overlayStart &&
    directory.rows.kinds[row] === kindCode.case &&
    !isOpenStatus(directory.rows.statuses[row] ?? 0) &&
    (directory.rows.times[row] ?? 0) < notChangedSince
  const old = new Set<number>()
  for (const chunk of directory.chunks()) {
    const start = directory.firstRowOf(chunk)
    for (let row = start; row < start + chunk.columns.rows; row++) {
      if (isOldCase(row) && directory.isNewest(row)) old.add(directory.rows.entities[row] ?? -1)
    }
    await pace.breathe()
  }
  /** It may have changed since they were counted. */
  const goes = (entity: number): boolean => {
    const row = directory.entities.rowOf(entity)
    return old.has(entity) && (row < 0 || isOldCase(row))
  }
  const drops = (row: number): boolean => {
    const { kinds, entities, times } = directory.rows
    if (kinds[row] === kindCode.case) return goes(entities[row] ?? -1)
    const caseEntity = caseOf(directory, row)
    if (caseEntity < 0) return false
    if (kinds[row] === kindCode.contact) return goes(caseEntity)
    const isLeftBehind = directory.entities.rowOf(caseEntity) < 0 && (times[row] ?? 0) < notChangedSince
    return kinds[row] === kindCode.timeline && (goes(caseEntity) || isLeftBehind)
  }
  return { drops, hasSpared: () => [...old].some((entity) => !goes(entity)) }
}

/** The case of a timeline entry or a contact in a chunk, or -1. */
function caseOf(directory: Directory, row: number): number {
  const chunk = directory.chunkAt(row)
  if (!chunk) return -1
  const { owners, seconds } = chunk.columns
  const hashes = directory.rows.kinds[row] === kindCode.timeline ? owners : seconds
  const index = row - directory.firstRowOf(chunk)
  const lo = hashes[index * 2] ?? 0
  return lo === 0 ? -1 : directory.entities.find(lo, hashes[index * 2 + 1] ?? 0)
}
