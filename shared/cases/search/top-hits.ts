import type { SearchHit } from './source.ts'

interface Entry {
  readonly row: number
  /** Points four times, and what decides between the same. */
  readonly rank: number
  readonly updatedAt: number
  /** Null until it is explained. */
  hit: SearchHit | null
}

/** The best hits so far, best first: by rank, then the one that changed last, then the newer row. */
export class TopHits {
  readonly #limit: number
  readonly #entries: Entry[] = []
  /** Points that a hit needs at least, once there are enough. */
  #least = 0
  #leastRank = 0

  constructor(limit: number) {
    this.#limit = Math.max(0, limit)
  }

  /** False when so many points are too few for certain. */
  mayEnter(points: number): boolean {
    return points >= this.#least && this.#limit > 0
  }

  /** The same of a rank. */
  mayEnterAs(rank: number): boolean {
    return rank >= this.#leastRank
  }

  enter(row: number, rank: number, updatedAt: number): void {
    const entries = this.#entries
    const last = entries.length === this.#limit ? entries[entries.length - 1] : undefined
    // Most that come this far end here: as good as the last one, and older.
    if (last && rank === last.rank && updatedAt < last.updatedAt) return
    const entry = { row, rank, updatedAt, hit: null }
    if (last && !isBefore(entry, last)) return
    let at = entries.length
    while (at > 0 && isBefore(entry, entries[at - 1] as Entry)) at -= 1
    entries.splice(at, 0, entry)
    if (entries.length > this.#limit) entries.pop()
    if (entries.length < this.#limit) return
    this.#leastRank = entries.at(-1)?.rank ?? 0
    this.#least = Math.floor(this.#leastRank / 4)
  }

  /** Explains those that came since the last time. */
  explain(hitOf: (row: number) => SearchHit): void {
    for (const entry of this.#entries) entry.hit ??= hitOf(entry.row)
  }

  /** All that are explained. */
  hits(): readonly SearchHit[] {
    return this.#entries.flatMap(({ hit }) => hit ?? [])
  }
}

const isBefore = (a: Entry, b: Entry): boolean =>
  a.rank !== b.rank
    ? a.rank > b.rank
    : a.updatedAt !== b.updatedAt
      ? a.updatedAt > b.updatedAt
      : a.row > b.row
