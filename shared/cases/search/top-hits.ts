import type { Reading } from './query.ts'

/** Where a word of a reading was found. */
export interface FoundMark {
  /** The row of the hit, or of its resident. */
  readonly target: number
  readonly mark: number
  readonly way: number
}

export interface Kept {
  readonly reading: Reading
  /** For each word of the reading. */
  readonly found: readonly FoundMark[]
}

export interface TopHit extends Kept {
  readonly row: number
  /** Points four times, and what decides between the same. */
  readonly rank: number
  readonly updatedAt: number
}

/** The best hits so far, best first: by rank, then the one that changed last, then the newer row. */
export class TopHits {
  readonly #limit: number
  readonly #hits: TopHit[] = []
  /** Points that a hit needs at least, once there are enough. */
  #least = 0

  constructor(limit: number) {
    this.#limit = Math.max(0, limit)
  }

  /** False when so many points are too few for certain. */
  mayEnter(points: number): boolean {
    return points >= this.#least && this.#limit > 0
  }

  enter(row: number, rank: number, updatedAt: number, kept: () => Kept): void {
    const hits = this.#hits
    const isBefore = (other: TopHit) =>
      rank !== other.rank
        ? rank > other.rank
        : updatedAt !== other.updatedAt
          ? updatedAt > other.updatedAt
          : row > other.row
    const last = hits.at(-1)
    if (last && hits.length === this.#limit && !isBefore(last)) return
    let at = hits.length
    while (at > 0 && isBefore(hits[at - 1] as TopHit)) at -= 1
    hits.splice(at, 0, { row, rank, updatedAt, ...kept() })
    if (hits.length > this.#limit) hits.pop()
    if (hits.length === this.#limit) this.#least = Math.floor((hits.at(-1)?.rank ?? 0) / 4)
  }

  inOrder(): readonly TopHit[] {
    return this.#hits
  }
}
