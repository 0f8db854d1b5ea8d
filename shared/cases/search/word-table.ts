import { withoutZeros } from './text.ts'

/** How many entries the memory for one of them grows by at a time, at least. */
const firstLists = 1 << 14
const firstEntries = 1 << 18

/**
 * The words met while a segment is built. A *list* is one word in one field; it gets a number when it is first met, and
 * the rows it occurs in are noted in the order of arrival. Open addressing over bytes: no string and no object per word.
 */
export class WordTable {
  arena = new Uint8Array(1 << 18)
  listCount = 0
  #arenaLength = 0
  #starts = new Uint32Array(firstLists + 1)
  #hashes = new Int32Array(firstLists)
  #fields = new Uint8Array(firstLists)
  #lastRows = new Int32Array(firstLists)
  #counts = new Uint32Array(firstLists + 1)
  /** List number plus one by hash; 0 is free. */
  #slots = new Int32Array(firstLists * 2)
  #entryLists = new Uint32Array(firstEntries)
  #entryRows = new Uint16Array(firstEntries)
  #entryCount = 0

  clear(): void {
    this.listCount = 0
    this.#arenaLength = 0
    this.#entryCount = 0
    this.#slots.fill(0)
  }

  startOf(list: number): number {
    return this.#starts[list] as number
  }

  endOf(list: number): number {
    return this.#starts[list + 1] as number
  }

  fieldOf(list: number): number {
    return this.#fields[list] as number
  }

  /** After `rowsByList`: where the rows of a list begin, and of the one before end. */
  firstRowOf(list: number): number {
    return this.#counts[list] as number
  }

  isSameWord(a: number, b: number): boolean {
    const from = this.startOf(a)
    const other = this.startOf(b)
    const length = this.endOf(a) - from
    if (this.endOf(b) - other !== length) return false
    for (let at = 0; at < length; at += 1) if (this.arena[from + at] !== this.arena[other + at]) return false
    return true
  }

  /** Notes a word; the same word of the same field and row only once. */
  add(chars: Uint8Array, first: number, end: number, field: number, row: number): void {
    const start = withoutZeros(chars, first, end)
    let hash = field + 1
    for (let at = start; at < end; at += 1) hash = Math.imul(hash ^ (chars[at] as number), 0x01000193)
    hash ^= hash >>> 15
    const slots = this.#slots
    const mask = slots.length - 1
    let slot = hash & mask
    for (;;) {
      const list = (slots[slot] as number) - 1
      if (list === -1) {
        this.#note(this.#addList(chars, start, end, field, hash, slot), row)
        return
      }
      if (this.#hashes[list] === hash && this.#isWord(list, chars, start, end, field)) {
        if (this.#lastRows[list] !== row) this.#note(list, row)
        return
      }
      slot = (slot + 1) & mask
    }
  }

  /** The rows of all lists, by list; `firstRowOf` says where each list's are. Adding is over after this. */
  rowsByList(): Uint16Array {
    const counts = this.#counts
    let total = 0
    for (let list = 0; list < this.listCount; list += 1) {
      const count = counts[list] as number
      counts[list] = total
      total += count
    }
    const rows = new Uint16Array(total)
    const entryLists = this.#entryLists
    const entryRows = this.#entryRows
    for (let entry = 0; entry < this.#entryCount; entry += 1) {
      const list = entryLists[entry] as number
      const at = counts[list] as number
      rows[at] = entryRows[entry] as number
      counts[list] = at + 1
    }
    // Each count is now where the next list begins.
    counts.copyWithin(1, 0, this.listCount)
    counts[0] = 0
    return rows
  }

  #note(list: number, row: number): void {
    const entry = this.#entryCount
    if (entry === this.#entryLists.length) {
      this.#entryLists = grown(this.#entryLists, new Uint32Array(entry * 2))
      this.#entryRows = grown(this.#entryRows, new Uint16Array(entry * 2))
    }
    this.#entryLists[entry] = list
    this.#entryRows[entry] = row
    this.#entryCount = entry + 1
    this.#lastRows[list] = row
    this.#counts[list] = (this.#counts[list] as number) + 1
  }

  #isWord(list: number, chars: Uint8Array, start: number, end: number, field: number): boolean {
    const from = this.#starts[list] as number
    if ((this.#starts[list + 1] as number) - from !== end - start || this.#fields[list] !== field)
      return false
    const arena = this.arena
    for (let at = start; at < end; at += 1) if (arena[from + at - start] !== chars[at]) return false
    return true
  }

  #addList(chars: Uint8Array, start: number, end: number, field: number, hash: number, slot: number): number {
    const list = this.listCount
    if (this.#arenaLength + end - start > this.arena.length) {
      this.arena = grown(this.arena, new Uint8Array(this.arena.length * 2))
    }
    const from = this.#arenaLength
    for (let at = start; at < end; at += 1) this.arena[from + at - start] = chars[at] as number
    this.#arenaLength += end - start
    this.#starts[list] = from
    this.#starts[list + 1] = this.#arenaLength
    this.#hashes[list] = hash
    this.#fields[list] = field
    this.#counts[list] = 0
    this.#slots[slot] = list + 1
    this.listCount = list + 1
    if (this.listCount === this.#hashes.length) this.#growLists()
    return list
  }

  #growLists(): void {
    const room = this.#hashes.length * 2
    this.#starts = grown(this.#starts, new Uint32Array(room + 1))
    this.#hashes = grown(this.#hashes, new Int32Array(room))
    this.#fields = grown(this.#fields, new Uint8Array(room))
    this.#lastRows = grown(this.#lastRows, new Int32Array(room))
    this.#counts = grown(this.#counts, new Uint32Array(room + 1))
    const slots = new Int32Array(room * 2)
    const mask = slots.length - 1
    for (let list = 0; list < this.listCount; list += 1) {
      let slot = (this.#hashes[list] as number) & mask
      while (slots[slot] !== 0) slot = (slot + 1) & mask
      slots[slot] = list + 1
    }
    this.#slots = slots
  }
}

function grown<T extends Uint8Array | Uint16Array | Uint32Array | Int32Array>(from: T, to: T): T {
  to.set(from)
  return to
}
