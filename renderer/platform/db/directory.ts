import { type ChunkColumns, deletedBit, rowBits, rowsOfChunk } from './chunk-format.ts'
import { Entities } from './entities.ts'
import { KeyBuckets, type KeyColumn } from './key-buckets.ts'
import { type KeyHash, keyHash } from './key-hash.ts'
import { Overlay, type OverlayEntry } from './overlay.ts'
import { factsOf, type RowFacts } from './row-facts.ts'
import { noKind, RowTable } from './row-table.ts'
import { isOpenStatus, kindCode, type LargeKind, type Version } from './versions-of-records.ts'

/** What the rows' own table holds too is let go of, and what is only compared is kept by half. */
type ArrivingColumns = Pick<ChunkColumns, 'ids' | 'thirds' | 'times' | 'statuses' | 'assignees'>
export interface KeptColumns extends Omit<ChunkColumns, keyof ArrivingColumns> {
  /** The first number of each row's third key. */
  readonly thirdLows: Uint32Array
}

/** A chunk in memory. */
export interface Chunk {
  /** On the disk; of two versions of a record the one in the chunk with the higher number is newer. */
  readonly number: number
  readonly columns: KeptColumns
  readonly buckets: KeyBuckets
  /** Until it is added to a directory. */
  arriving: ArrivingColumns | null
}

export function openChunk(
  number: number,
  { ids, thirds, times, statuses, assignees, ...columns }: ChunkColumns,
): Chunk {
  // Copies, since one buffer lies under all that was read.
  const kept: KeptColumns = {
    ...columns,
    phoneNumbers: columns.phoneNumbers.slice(),
    owners: columns.owners.slice(),
    seconds: columns.seconds.slice(),
    thirdLows: firstHalves(thirds),
    pageStarts: columns.pageStarts.slice(),
    phoneRows: columns.phoneRows.slice(),
    kinds: columns.kinds.slice(),
  }
  const arriving = { ids, thirds, times, statuses, assignees }
  return { number, columns: kept, buckets: new KeyBuckets(kept), arriving }
}

/** Chunks that can be added after the start before all rows have to move. */
const spareChunks = 2

/**
 * Which version of each record is the newest, and where it lies: in a chunk or in the overlay. A *row* is a number for
 * a version: chunks have 8,192 each by their position in memory, the overlay has those above.
 */
export class Directory {
  readonly overlay = new Overlay()
  readonly rows = new RowTable()
  #entities = new Entities()
  readonly #chunks: (Chunk | undefined)[] = []
  readonly #positions = new Map<Chunk, number>()
  readonly #assignees = new Map<string, number>()
  /** By number less 1. */
  readonly #assigneeIds: string[] = []
  /** Residents whose newest version says that they were merged into another. */
  readonly #merged = new Set<number>()
  #count = 0
  #changes = 0

  /** Goes up whenever anything changes. */
  get changes(): number {
    return this.#changes
  }

  /** Records that are there. */
  get count(): number {
    return this.#count
  }

  get entities(): Entities {
    return this.#entities
  }

  chunks(): readonly Chunk[] {
    return [...this.#positions.keys()]
  }

  chunkAt(row: number): Chunk | undefined {
    return this.#chunks[row >> rowBits]
  }

  has(chunk: Chunk): boolean {
    return this.#positions.has(chunk)
  }

  firstRowOf(chunk: Chunk): number {
    return (this.#positions.get(chunk) ?? 0) << rowBits
  }

  overlayEntryAt(row: number): OverlayEntry | undefined {
    return this.overlay.at(row - this.rows.overlayStart)
  }

  isNewest(row: number): boolean {
    const entity = this.rows.entities[row] ?? -1
    return entity >= 0 && this.#entities.rowOf(entity) === row
  }

  /** Row of the newest version of a record, or -1. */
  rowOf(kind: LargeKind, id: string): number {
    const { lo, hi } = keyHash(kind, id)
    const entity = this.#entities.find(lo, hi)
    return entity < 0 ? -1 : this.#entities.rowOf(entity)
  }

  assigneeCode(adviserId: string): number | undefined {
    return this.#assignees.get(adviserId)
  }

  assigneeAt(row: number): string | null {
    return this.#assigneeIds[(this.rows.assignees[row] ?? 0) - 1] ?? null
  }

  /** Adds a chunk whose versions are newer than all that are here: what they are newer than counts no more. */
  add(chunk: Chunk): void {
    this.#put(chunk, (row, entity, isDeleted) => this.#place(entity, isDeleted ? -1 : row))
  }

  /**
   * Puts a chunk in the place of versions that were copied into it: a row counts if the one that it was copied from,
   * given by `from`, still does.
   */
  addInstead(chunk: Chunk, from: (rowInChunk: number) => number): void {
    const start = this.#put(chunk, () => {})
    for (let index = 0; index < chunk.columns.rows; index++) {
      const entity = this.rows.entities[start + index] ?? -1
      const source = from(index)
      if (source >= 0 && this.#entities.rowOf(entity) === source) this.#place(entity, start + index)
    }
  }

  /** Makes room in an empty directory for what will be added. */
  reserve(chunks: readonly Chunk[]): void {
    this.#entities = new Entities(chunks.reduce((sum, { columns }) => sum + columns.rows, 0))
    this.rows.reserveChunks(chunks.length + spareChunks)
  }

  /** Makes room for one more chunk, so that adding it does not move the overlay's rows. */
  reserveChunk(): void {
    this.#makeRoom(this.#freePosition() + 1)
  }

  /** Forgets a chunk; records whose newest version is in it are gone. */
  remove(chunk: Chunk): void {
    const position = this.#positions.get(chunk)
    if (position === undefined) return
    this.#changes += 1
    const start = position << rowBits
    for (let row = start; row < start + chunk.columns.rows; row++) {
      if (this.isNewest(row)) this.#place(this.rows.entities[row] ?? -1, -1)
    }
    this.rows.clearRows(start, start + rowsOfChunk)
    this.#chunks[position] = undefined
    this.#positions.delete(chunk)
  }

  /** A version that is newer than all that are here. */
  putInOverlay(
    version: Version,
    epoch: number,
    facts = factsOf(version),
    before = this.overlay.get(version.kind, version.id),
  ): OverlayEntry {
    this.#changes += 1
    const entity = this.#entities.intern(facts.id.lo, facts.id.hi)
    this.#place(entity, -1)
    if (before) {
      this.#emptyOverlayRow(before)
      this.overlay.remove(before)
    }
    const entry = this.overlay.put(version, facts, epoch)
    if (entry.place < 0) return entry
    this.rows.reserveOverlay(this.overlay.places)
    const row = this.rows.overlayStart + entry.place
    this.rows.kinds[row] = kindCode[version.kind]
    this.rows.statuses[row] = facts.status
    this.rows.times[row] = facts.time
    this.rows.entities[row] = entity
    this.rows.owners[row] = this.#ownerOfFacts(kindCode[version.kind], facts)
    this.rows.assignees[row] = facts.assignedTo === null ? 0 : this.#internAssignee(facts.assignedTo)
    this.#place(entity, row)
    return entry
  }

  /** Takes an entry out again. A record whose newest version it is, is gone. */
  removeFromOverlay(entry: OverlayEntry): void {
    this.#changes += 1
    if (entry.place >= 0) {
      const row = this.rows.overlayStart + entry.place
      if (this.isNewest(row)) this.#place(this.rows.entities[row] ?? -1, -1)
    }
    this.#emptyOverlayRow(entry)
    this.overlay.remove(entry)
  }

  clear(): void {
    this.#changes += 1
    this.overlay.clear()
    this.rows.clearRows(0, this.rows.length)
    this.#entities = new Entities()
    this.#chunks.length = 0
    this.#positions.clear()
    this.#assignees.clear()
    this.#assigneeIds.length = 0
    this.#merged.clear()
    this.#count = 0
  }

  /** By row, the record that a match counts for; a resident who was merged counts for the one who is kept, if they are here. */
  searchTargets(): Int32Array {
    const { targets, owners } = this.rows
    for (const entity of this.#merged) {
      const row = this.#entities.rowOf(entity)
      const kept = owners[row] ?? -1
      targets[row] = this.#entities.rowOf(kept) < 0 ? entity : kept
    }
    return targets
  }

  /** Calls with the rows, in chunks, of newest versions of a kind that have this key. */
  forEachWith(kind: LargeKind, column: KeyColumn, key: KeyHash, found: (row: number) => void): void {
    const code = kindCode[kind]
    for (const [chunk, position] of this.#positions) {
      const start = position << rowBits
      chunk.buckets.forEach(column, key, (index) => {
        const row = start + index
        if (this.rows.kinds[row] === code && this.isNewest(row)) found(row)
      })
    }
  }

  /** The same for residents with a telephone number. */
  forEachWithPhone(phone: number, found: (row: number) => void): void {
    for (const [chunk, position] of this.#positions) {
      const { phoneNumbers, phoneRows } = chunk.columns
      for (let at = firstNotBelow(phoneNumbers, phone); phoneNumbers[at] === phone; at++) {
        const row = (position << rowBits) + (phoneRows[at] ?? 0)
        if (this.isNewest(row)) found(row)
      }
    }
  }

  #put(chunk: Chunk, placed: (row: number, entity: number, isDeleted: boolean) => void): number {
    if (!chunk.arriving) throw new Error('a chunk is added once')
    const { ids, thirds, times, statuses, assignees } = chunk.arriving
    chunk.arriving = null
    this.#changes += 1
    const position = this.#freePosition()
    this.#makeRoom(position + 1)
    this.#chunks[position] = chunk
    this.#positions.set(chunk, position)
    const { columns } = chunk
    const { owners, strings } = columns
    const { rows } = this
    const start = position << rowBits
    const codes = strings.map(() => -1)
    rows.statuses.set(statuses, start)
    rows.times.set(times, start)
    let lastKind = -1
    let owner = -1
    for (let index = 0; index < columns.rows; index++) {
      const row = start + index
      const lo = index * 2
      const hi = lo + 1
      const kind = columns.kinds[index] ?? 0
      const entity = this.#entities.intern(ids[lo] ?? 0, ids[hi] ?? 0)
      const isDeleted = (kind & deletedBit) !== 0
      rows.kinds[row] = isDeleted ? noKind : kind
      rows.entities[row] = entity
      const isOfSame =
        kind === lastKind &&
        owners[lo] !== 0 &&
        owners[lo] === owners[lo - 2] &&
        owners[hi] === owners[hi - 2]
      // Entries of a case mostly follow each other.
      if (!isOfSame) {
        owner = isOwnedByThird(kind, owners[lo] ?? 0)
          ? this.#internOwner(thirds[lo] ?? 0, thirds[hi] ?? 0)
          : this.#internOwner(owners[lo] ?? 0, owners[hi] ?? 0)
      }
      lastKind = kind
      rows.owners[row] = owner
      const assignee = (assignees[index] ?? 0) - 1
      if (assignee >= 0 && (codes[assignee] ?? -1) < 0) {
        codes[assignee] = this.#internAssignee(strings[assignee] ?? '')
      }
      rows.assignees[row] = assignee < 0 ? 0 : (codes[assignee] ?? 0)
      placed(row, entity, isDeleted)
    }
    return start
  }

  #freePosition(): number {
    const free = this.#chunks.indexOf(undefined)
    return free < 0 ? this.#chunks.length : free
  }

  /** The overlay's rows lie above the chunks': when these need more, those move up. */
  #makeRoom(chunks: number): void {
    const movedBy = this.rows.reserveChunks(chunks)
    if (movedBy === 0) return
    for (let place = 0; place < this.overlay.places; place++) {
      const row = this.rows.overlayStart + place
      const entity = this.rows.entities[row] ?? -1
      if (this.overlay.at(place) && this.#entities.rowOf(entity) === row - movedBy) {
        this.#entities.setRow(entity, row)
      }
    }
  }

  /** Makes `row` the newest version of a record; -1 when it has none any more. */
  #place(entity: number, row: number): void {
    const before = this.#entities.rowOf(entity)
    if (before === row) return
    if (before >= 0) this.#uncount(entity, before)
    this.#entities.setRow(entity, row)
    if (row >= 0) this.#countIn(entity, row)
  }

  #countIn(entity: number, row: number): void {
    this.#count += 1
    const owner = this.rows.owners[row] ?? -1
    const kind = this.rows.kinds[row]
    if (kind === kindCode.timeline) this.rows.targets[row] = owner
    else if (kind !== kindCode.contact) this.rows.targets[row] = entity
    if (owner < 0) return
    if (kind === kindCode.resident) this.#merged.add(entity)
    if (kind !== kindCode.case && kind !== kindCode.contact) return
    this.#entities.touch(owner, this.rows.times[row] ?? 0)
    if (kind !== kindCode.case) return
    this.#entities.linkCase(owner, entity)
    if (isOpenStatus(this.rows.statuses[row] ?? 0)) this.#entities.countOpenCase(owner, 1)
  }

  #uncount(entity: number, row: number): void {
    this.#count -= 1
    this.rows.targets[row] = -1
    const owner = this.rows.owners[row] ?? -1
    if (owner < 0) return
    const kind = this.rows.kinds[row]
    if (kind === kindCode.resident) this.#merged.delete(entity)
    if (kind !== kindCode.case) return
    this.#entities.unlinkCase(owner, entity)
    if (isOpenStatus(this.rows.statuses[row] ?? 0)) this.#entities.countOpenCase(owner, -1)
  }

  #emptyOverlayRow(entry: OverlayEntry): void {
    if (entry.place >= 0) this.rows.kinds[this.rows.overlayStart + entry.place] = noKind
  }

  #ownerOfFacts(kind: number, { owner, third }: RowFacts): number {
    const { lo, hi } = isOwnedByThird(kind, owner.lo) ? third : owner
    return this.#internOwner(lo, hi)
  }

  #internOwner(lo: number, hi: number): number {
    return lo === 0 ? -1 : this.#entities.intern(lo, hi)
  }

  #internAssignee(adviserId: string): number {
    const known = this.#assignees.get(adviserId)
    if (known !== undefined) return known
    const code = this.#assignees.size + 1
    this.#assignees.set(adviserId, code)
    this.#assigneeIds.push(adviserId)
    return code
  }
}

/** The first of each two numbers. */
function firstHalves(hashes: Uint32Array): Uint32Array {
  const halves = new Uint32Array(hashes.length / 2)
  for (let row = 0; row < halves.length; row++) halves[row] = hashes[row * 2] ?? 0
  return halves
}

/** Whether the third key says whom a row belongs to. */
const isOwnedByThird = (kind: number, ownerLo: number): boolean =>
  kind === kindCode.resident || (kind === kindCode.timeline && ownerLo === 0)

/** Index of the first number that is at least `wanted`, in ascending numbers. */
function firstNotBelow(numbers: Float64Array, wanted: number): number {
  let low = 0
  let high = numbers.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((numbers[middle] ?? 0) < wanted) low = middle + 1
    else high = middle
  }
  return low
}
