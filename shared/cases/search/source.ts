import type { FoundBy, FoundIn } from './found.ts'
import type { OverlayIndex } from './overlay-search.ts'
import type { Segment } from './segment.ts'

/*
 * What the search needs of whoever keeps the records. A *row* is a number for one version of one resident, case or
 * timeline entry; rows of other records may lie between and are never asked about.
 */

/** Rows that never change, with the segment built from them: its row 0 is row `firstRow` of the source. */
export interface SearchChunk {
  readonly firstRow: number
  readonly segment: Segment
}

export interface SearchSource {
  /** Another one (by `===`) when anything but the overlay's words has changed since the last search. */
  readonly version: unknown
  readonly chunks: readonly SearchChunk[]
  /** What changed since the chunks, under rows of its own. */
  readonly overlay: OverlayIndex
  /** All rows, those of the overlay too, are below it. Some memory per row is kept for the next search. */
  readonly rowCount: number
  /**
   * By row, the number of the record that a match in it counts for, or -1 when it counts no more: of a resident or case
   * itself as long as the row is the newest version; of a timeline entry its case or, without a case, its resident. A
   * resident who was merged may be answered by the one who is kept.
   */
  readonly targets: Int32Array
  /** By number of a record, the row of its newest version; -1 for none. */
  readonly newestRows: Int32Array
  /** Of a newest row: a resident, otherwise a case. */
  isResident(row: number): boolean
  /** Newest row of a case's resident, or -1. */
  residentOf(caseRow: number): number
  /** Puts the newest rows of a resident's cases at the beginning of `rows`; answers how many they are. */
  casesOf(residentRow: number, rows: number[]): number
  /** A case that is neither resolved nor closed, or a resident who has one. */
  isOpen(row: number): boolean
  /** When a case last changed, or when a resident was last in touch; any unit, later is more. */
  updatedAt(row: number): number
}

/** The newest row of the record that a match in a row counts for, or -1. */
export function targetOf({ targets, newestRows }: SearchSource, row: number): number {
  const record = targets[row] ?? -1
  return record < 0 ? -1 : (newestRows[record] ?? -1)
}

export interface FoundWord {
  readonly what: FoundIn
  readonly how: FoundBy
  /** The word of the record that matched, folded: lower case, without accents. */
  readonly text: string
  /** Where it lies: the row of the hit itself, of a timeline entry of it, or of the case's resident. */
  readonly row: number
}

export interface SearchHit {
  readonly row: number
  readonly kind: 'resident' | 'case'
  /** One for each typed word, in their order; when a word is found in several places, the one that counts most. */
  readonly why: readonly FoundWord[]
}

export interface SearchHits {
  /** Likeliest first. */
  readonly hits: readonly SearchHit[]
  /** All that match, also beyond the limit. */
  readonly total: number
}
