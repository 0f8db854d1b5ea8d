import { hashOf, withoutZeros } from './text.ts'

const firstLists = 1 << 14
const firstEntries = 1 << 18

/** Of each list, side by side because they are used together: hash, where its bytes begin, length and field, last row. */
const numbersOfList = 4
const fieldBits = 4

/**
 * The words met while a segment is built. A *list* is one word in one field; it gets a number when it is first met, and
 * the rows it occurs in are noted in the order of arrival. Open addressing over bytes: no string and no object per word.
 */
export class WordTable {
  arena = new Uint8Array(1 << 18)
  listCount = 0
  #arenaLength = 0
  #lists = new Int32Array(firstLists * numbersOfList)
  /** List number plus one by hash; 0 is free. At most half are taken. */
  #slots = new Int32Array(firstLists * 2)
  #entryLists = new Uint32Array(firstEntries)
  #entryRows = new Uint16Array(firstEntries)
  #entryCount = 0
  #firstRows = new Uint32Array(1)

  clear(): void {
    this.listCount = 0
    this.#arenaLength = 0
    this.#entryCount = 0
    this.#slots.fill(0)
  }

  startOf(list: number): number {
    return this.#lists[list * numbersOfList + 1] as number
  }

  endOf(list: number): number {
    return this.startOf(list) + ((this.#lists[list * numbersOfList + 2] as number) >> fieldBits)
  }

  fieldOf(list: number): number {
    return (this.#lists[list * numbersOfList + 2] as number) & ((1 << fieldBits) - 1)
  }

  /** After `rowsByList`: where the rows of a list begin, and of the one before end. */
  firstRowOf(list: number): number {
    return this.#firstRows[list] as number
  }

  isSameWord(a: number, b: number): boolean {
    const { arena } = this
    const from = this.startOf(a)
    const other = this.startOf(b)
    const length = this.endOf(a) - from
    if (this.endOf(b) - other !== length) return false
    for (let at = 0; at < length; at += 1) if (arena[from + at] !== arena[other + at]) return false
    return true
  }

  /** Notes a word, with its `hashOf`; the same word of the same field and row only once. */
  add(chars: Uint8Array, first: number, end: number, hashOfAll: number, field: number, row: number): void {
    const start = withoutZeros(chars, first, end)
    const word = start === first ? hashOfAll : hashOf(chars, start, end)
    const mixed = Math.imul(word ^ field, 0x9e3779b1 | 0)
    const hash = mixed ^ (mixed >>> 15)
    const shape = ((end - start) << fieldBits) | field
    const slots = this.#slots
    const lists = this.#lists
    const mask = slots.length - 1
    let slot = hash & mask
    for (;;) {
      const list = (slots[slot] as number) - 1
      if (list === -1) {
        slots[slot] = this.listCount + 1
        this.#note(this.#addList(chars, start, end, hash, shape, row), row)
        return
      }
      const at = list * numbersOfList
      if (
        lists[at] === hash &&
        lists[at + 2] === shape &&
        this.#isWord(lists[at + 1] as number, chars, start, end)
      ) {
        if (lists[at + 3] !== row) {
          lists[at + 3] = row
          this.#note(list, row)
        }
        return
      }
      slot = (slot + 1) & mask
    }
  }

  /** The rows of all lists, by list; `firstRowOf` says where each list's are. Adding is over after this. */
  rowsByList(): Uint16Array {
    const entryLists = this.#entryLists
    const entryRows = this.#entryRows
    const firstRows = new Uint32Array(this.listCount + 2)
    for (let entry = 0; entry < this.#entryCount; entry += 1) {
      const next = (entryLists[entry] as number) + 2
      firstRows[next] = (firstRows[next] as number) + 1
    }
    for (let list = 2; list < firstRows.length; list += 1) {
      firstRows[list] = (firstRows[list] as number) + (firstRows[list - 1] as number)
    }
    // One place behind where it belongs, each number moves on with every row of its list, to where it belongs.
    const rows = new Uint16Array(this.#entryCount)
    for (let entry = 0; entry < this.#entryCount; entry += 1) {
      const list = (entryLists[entry] as number) + 1
      const at = firstRows[list] as number
      rows[at] = entryRows[entry] as number
      firstRows[list] = at + 1
    }
    this.#firstRows = firstRows
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
  }

  #isWord(from: number, chars: Uint8Array, start: number, end: number): boolean {
    const { arena } = this
    const offset = from - start
    for (let at = start; at < end; at += 1) if (arena[offset + at] !== chars[at]) return false
    return true
  }

  #addList(chars: Uint8Array, start: number, end: number, hash: number, shape: number, row: number): number {
    const list = this.listCount
    const from = this.#arenaLength
    if (from + end - start > this.arena.length) this.arena = grown(this.arena, new Uint8Array(from * 2))
    for (let at = start; at < end; at += 1) this.arena[from + at - start] = chars[at] as number
    this.#arenaLength = from + end - start
    const at = list * numbersOfList
    this.#lists[at] = hash
    this.#lists[at + 1] = from
    this.#lists[at + 2] = shape
    this.#lists[at + 3] = row
    this.listCount = list + 1
    if (this.listCount * numbersOfList === this.#lists.length) this.#growLists()
    return list
  }

  #growLists(): void {
    this.#lists = grown(this.#lists, new Int32Array(this.#lists.length * 2))
    const slots = new Int32Array(this.#slots.length * 2)
    const mask = slots.length - 1
    for (let list = 0; list < this.listCount; list += 1) {
      let slot = (this.#lists[list * numbersOfList] as number) & mask
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
