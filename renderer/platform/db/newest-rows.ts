import type { Directory } from './directory.ts'
import { kindCode } from './versions-of-records.ts'

/** The last `limit` cases to change of those for which `wanted` holds, in no order. */
export function newestCaseRows(
  directory: Directory,
  wanted: (row: number) => boolean,
  limit: number,
): readonly number[] {
  const { kinds, times, length } = directory.rows
  if (limit <= 0) return []
  const heap = new OldestFirst(times)
  let oldest = 0
  // The feed tells what changed last at the end: from there, most rows are older than what was found already.
  for (let row = length - 1; row >= 0; row--) {
    if (kinds[row] !== kindCode.case) continue
    if (heap.size === limit && (times[row] ?? 0) <= oldest) continue
    if (!wanted(row) || !directory.isNewest(row)) continue
    if (heap.size === limit) heap.replaceOldest(row)
    else heap.add(row)
    oldest = heap.oldestTime
  }
  return heap.rows
}

/** A binary heap of rows, the oldest at the top. */
class OldestFirst {
  readonly rows: number[] = []
  readonly #times: Float64Array

  constructor(times: Float64Array) {
    this.#times = times
  }

  get size(): number {
    return this.rows.length
  }

  get oldestTime(): number {
    return this.#timeAt(0)
  }

  add(row: number): void {
    let at = this.rows.push(row) - 1
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (this.#timeAt(parent) <= this.#timeAt(at)) return
      this.#swap(at, parent)
      at = parent
    }
  }

  replaceOldest(row: number): void {
    this.rows[0] = row
    let at = 0
    for (;;) {
      const left = at * 2 + 1
      const right = left + 1
      let oldest = at
      if (left < this.size && this.#timeAt(left) < this.#timeAt(oldest)) oldest = left
      if (right < this.size && this.#timeAt(right) < this.#timeAt(oldest)) oldest = right
      if (oldest === at) return
      this.#swap(at, oldest)
      at = oldest
    }
  }

  #timeAt(at: number): number {
    return this.#times[this.rows[at] ?? 0] ?? 0
  }

  #swap(a: number, b: number): void {
    const row = this.rows[a] ?? 0
    this.rows[a] = this.rows[b] ?? 0
    this.rows[b] = row
  }
}
