import { type ByteWriter, damaged } from './bytes.ts'

/*
 * The rows in which a word occurs, apart by field: one *run* for each field, one after another.
 *
 *   head  4 bits field, 2 bits form
 *   one   row
 *   list  count, bytes that follow, distances from row to row
 *   map   one bit a row
 */

const one = 0
const list = 1
const map = 2

const bytesOfMap = (rowCount: number) => (rowCount + 7) >> 3

const scratch: { deltas: Uint8Array } = { deltas: new Uint8Array(0) }

/** Writes the rows of one field, ascending, `rows` from `start` up to `end`. */
export function writeRun(
  writer: ByteWriter,
  field: number,
  rows: Uint16Array,
  start: number,
  end: number,
  rowCount: number,
): void {
  const count = end - start
  if (count === 1) {
    writer.byte(field | (one << 4))
    writer.number(rows[start] as number)
    return
  }
  // A row in eight or more: a bit each takes less room than a byte each, and is read as fast.
  if (count > bytesOfMap(rowCount)) {
    writer.byte(field | (map << 4))
    const bits = writer.reserve(bytesOfMap(rowCount)).fill(0)
    for (let at = start; at < end; at += 1) {
      const row = rows[at] as number
      bits[row >> 3] = (bits[row >> 3] as number) | (1 << (row & 7))
    }
    return
  }
  if (scratch.deltas.length < count * 3) scratch.deltas = new Uint8Array(count * 3)
  const deltas = scratch.deltas
  let length = 0
  let before = 0
  for (let at = start; at < end; at += 1) {
    const row = rows[at] as number
    let delta = row - before
    before = row
    while (delta > 127) {
      deltas[length++] = (delta & 127) | 128
      delta >>>= 7
    }
    deltas[length++] = delta
  }
  writer.byte(field | (list << 4))
  writer.number(count)
  writer.number(length)
  writer.copy(deltas, 0, length)
}

/** Reads runs one after another into memory that is used again. */
export class RunReader {
  readonly rows = new Uint16Array(1 << 16)
  count = 0
  field = 0
  #bytes: Uint8Array = new Uint8Array(0)
  #at = 0
  #end = 0
  #rowCount = 0

  open(bytes: Uint8Array, from: number, to: number, rowCount: number): void {
    this.#bytes = bytes
    this.#at = from
    this.#end = to
    this.#rowCount = rowCount
  }

  /** Goes on to the next run of a field whose bit is in `wanted`: `rows` up to `count`. False after the last. */
  next(wanted: number): boolean {
    while (this.#at < this.#end) {
      const head = this.#bytes[this.#at++] as number
      const field = head & 15
      const isWanted = (wanted >> field) & 1
      this.field = field
      switch (head >> 4) {
        case one:
          this.rows[0] = this.#number()
          this.count = 1
          break
        case list: {
          const count = this.#number()
          const end = this.#number() + this.#at
          if (isWanted) this.#readList(count, end)
          this.#at = end
          break
        }
        case map: {
          const end = this.#at + bytesOfMap(this.#rowCount)
          if (isWanted) this.#readMap(end)
          this.#at = end
          break
        }
        default:
          throw damaged()
      }
      if (!isWanted) continue
      if (this.count === 0 || (this.rows[this.count - 1] as number) >= this.#rowCount) throw damaged()
      return true
    }
    return false
  }

  #readList(count: number, end: number): void {
    if (count > this.rows.length || end > this.#end) throw damaged()
    const { rows } = this
    const bytes = this.#bytes
    let at = this.#at
    let row = 0
    for (let index = 0; index < count; index += 1) {
      let byte = bytes[at++] as number
      if (byte < 128) row += byte
      else {
        let shift = 7
        let delta = byte & 127
        do {
          byte = bytes[at++] ?? 0
          delta |= (byte & 127) << shift
          shift += 7
        } while (byte > 127 && shift < 28)
        row += delta
      }
      rows[index] = row
    }
    this.count = count
  }

  #readMap(end: number): void {
    if (end > this.#end) throw damaged()
    const { rows } = this
    const bytes = this.#bytes
    let count = 0
    for (let at = this.#at, row = 0; at < end; at += 1, row += 8) {
      let bits = bytes[at] as number
      while (bits !== 0) {
        rows[count++] = row + 31 - Math.clz32(bits & -bits)
        bits &= bits - 1
      }
    }
    this.count = count
  }

  #number(): number {
    let value = 0
    let shift = 0
    for (;;) {
      const byte = this.#bytes[this.#at++] ?? 0
      value |= (byte & 127) << shift
      if (byte < 128) return value
      shift += 7
      if (shift > 28) throw damaged()
    }
  }
}
