/**
 * Gives each record that was ever spoken of a small number, and knows in which row its newest version lies. Open
 * addressing over typed arrays: half a million records are 20 MB, and none is an object for the garbage collector.
 */
export class Entities {
  #slots: Int32Array
  #hashes: Uint32Array
  #rows: Int32Array
  /** Of a resident: cases that are neither resolved nor closed. */
  #openCases: Uint16Array
  /** Of a resident: when they were last in touch, in seconds since 1970. Never taken back. */
  #lastTouches: Uint32Array
  /** Of a resident the number of one of their cases plus 1, of a case that of the next one. */
  #caseLinks: Int32Array
  #size = 0

  /** `expected` records, and some more, need no growing. */
  constructor(expected = 0) {
    const records = Math.max(512, Math.ceil(expected * 1.05))
    this.#slots = new Int32Array(2 ** Math.ceil(Math.log2(records * 1.5)))
    this.#hashes = new Uint32Array(records * 2)
    this.#rows = new Int32Array(records)
    this.#openCases = new Uint16Array(records)
    this.#lastTouches = new Uint32Array(records)
    this.#caseLinks = new Int32Array(records)
  }

  get size(): number {
    return this.#size
  }

  /** The number of the record with this key (see `KeyHash`; no object is made of it for very many rows), or -1. */
  find(lo: number, hi: number): number {
    return (this.#slots[this.#slotOf(lo, hi)] ?? 0) - 1
  }

  /** The same, given one when it has none. */
  intern(lo: number, hi: number): number {
    const slot = this.#slotOf(lo, hi)
    const known = this.#slots[slot] ?? 0
    if (known > 0) return known - 1
    const entity = this.#size
    if (entity === this.#rows.length) this.#growRecords()
    this.#size += 1
    this.#hashes[entity * 2] = lo
    this.#hashes[entity * 2 + 1] = hi
    this.#rows[entity] = -1
    this.#slots[slot] = entity + 1
    // At most two in three are taken.
    if (this.#size * 1.5 > this.#slots.length) this.#growSlots()
    return entity
  }

  /** Rows of the newest versions by number, as `rowOf` answers: until the next record comes. */
  get newestRows(): Int32Array {
    return this.#rows
  }

  /** Row of the newest version; -1 for a record that was deleted or only spoken of. */
  rowOf(entity: number): number {
    return this.#rows[entity] ?? -1
  }

  setRow(entity: number, row: number): void {
    this.#rows[entity] = row
  }

  openCasesOf(entity: number): number {
    return this.#openCases[entity] ?? 0
  }

  countOpenCase(entity: number, by: 1 | -1): void {
    this.#openCases[entity] = this.openCasesOf(entity) + by
  }

  linkCase(resident: number, caseEntity: number): void {
    this.#caseLinks[caseEntity] = this.#linkOf(resident)
    this.#caseLinks[resident] = caseEntity + 1
  }

  unlinkCase(resident: number, caseEntity: number): void {
    let before = resident
    while (this.#linkOf(before) !== caseEntity + 1) {
      before = this.#linkOf(before) - 1
      if (before < 0) return
    }
    this.#caseLinks[before] = this.#linkOf(caseEntity)
  }

  /** Puts the rows of the newest versions of a resident's cases into `rows`; answers how many. */
  caseRowsOf(resident: number, rows: number[]): number {
    let count = 0
    for (let link = this.#linkOf(resident); link > 0; link = this.#linkOf(link - 1)) {
      rows[count] = this.rowOf(link - 1)
      count += 1
    }
    return count
  }

  /** Milliseconds since 1970; 0 for never. */
  lastTouchOf(entity: number): number {
    return (this.#lastTouches[entity] ?? 0) * 1000
  }

  touch(entity: number, time: number): void {
    const seconds = Math.max(0, Math.floor(time / 1000))
    if (seconds > (this.#lastTouches[entity] ?? 0)) this.#lastTouches[entity] = seconds
  }

  #linkOf(entity: number): number {
    return this.#caseLinks[entity] ?? 0
  }

  #slotOf(lo: number, hi: number): number {
    const slots = this.#slots
    const hashes = this.#hashes
    const mask = slots.length - 1
    let slot = (lo ^ (hi >>> 7)) & mask
    for (;;) {
      const entity = (slots[slot] ?? 0) - 1
      if (entity < 0) return slot
      if (hashes[entity * 2] === lo && hashes[entity * 2 + 1] === hi) return slot
      slot = (slot + 1) & mask
    }
  }

  #growRecords(): void {
    const more = Math.ceil(this.#rows.length * 1.5)
    this.#rows = larger(this.#rows, new Int32Array(more))
    this.#openCases = larger(this.#openCases, new Uint16Array(more))
    this.#lastTouches = larger(this.#lastTouches, new Uint32Array(more))
    this.#caseLinks = larger(this.#caseLinks, new Int32Array(more))
    this.#hashes = larger(this.#hashes, new Uint32Array(more * 2))
  }

  #growSlots(): void {
    this.#slots = new Int32Array(this.#slots.length * 2)
    for (let entity = 0; entity < this.#size; entity++) {
      const lo = this.#hashes[entity * 2] ?? 0
      const hi = this.#hashes[entity * 2 + 1] ?? 0
      this.#slots[this.#slotOf(lo, hi)] = entity + 1
    }
  }
}

function larger<T extends Uint16Array | Int32Array | Uint32Array>(from: T, to: T): T {
  to.set(from)
  return to
}
