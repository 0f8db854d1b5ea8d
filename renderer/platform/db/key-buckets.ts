import type { ChunkColumns } from './chunk-format.ts'
import type { KeyHash } from './key-hash.ts'

export type KeyColumn = 'owners' | 'seconds'

/** Finds the rows of one chunk by the hash of an owner or second key. Made when a chunk is opened; 6 bytes a row. */
export class KeyBuckets {
  readonly #columns: Pick<ChunkColumns, 'rows' | KeyColumn>
  /** First link of each bucket plus 1. A link is a row and its column. */
  readonly #heads: Uint16Array
  readonly #next: Uint16Array
  readonly #mask: number

  constructor(columns: Pick<ChunkColumns, 'rows' | KeyColumn>) {
    this.#columns = columns
    const buckets = 2 ** Math.ceil(Math.log2(Math.max(2, columns.rows)))
    this.#mask = buckets - 1
    this.#heads = new Uint16Array(buckets)
    this.#next = new Uint16Array(columns.rows * 2)
    for (let row = 0; row < columns.rows; row++) {
      this.#link(row * 2, columns.owners[row * 2] ?? 0)
      this.#link(row * 2 + 1, columns.seconds[row * 2] ?? 0)
    }
  }

  /** Calls with each row, the newest first. */
  forEach(column: KeyColumn, { lo, hi }: KeyHash, found: (row: number) => void): void {
    const hashes = this.#columns[column]
    const wanted = column === 'owners' ? 0 : 1
    for (let link = this.#heads[lo & this.#mask] ?? 0; link > 0; link = this.#next[link - 1] ?? 0) {
      if (((link - 1) & 1) !== wanted) continue
      const row = (link - 1) >> 1
      if (hashes[row * 2] === lo && hashes[row * 2 + 1] === hi) found(row)
    }
  }

  #link(link: number, lo: number): void {
    if (lo === 0) return
    const bucket = lo & this.#mask
    this.#next[link] = this.#heads[bucket] ?? 0
    this.#heads[bucket] = link + 1
  }
}
