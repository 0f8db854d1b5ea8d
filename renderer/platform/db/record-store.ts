import { type CacheMeta, emptyMeta } from '#shared/cases/case-store.ts'
import type { Change } from '#shared/contract/rest.ts'
import type { CacheCipher } from './cache-cipher.ts'
import { decodeChunk } from './chunk-format.ts'
import { directoryPlace, type WriterParts, type WrittenChunk, writeChunk } from './chunk-writer.ts'
import { type Chunk, type Directory, openChunk } from './directory.ts'
import { sealLog, unsealLog } from './log-entries.ts'
import type { OverlayEntry } from './overlay.ts'
import type { DiskChange, Keyed, RecordDisk } from './record-disk.ts'
import type { RecordLookups } from './record-lookups.ts'
import { factsOf, type RowFacts } from './row-facts.ts'
import type { SmallRecords } from './small-records.ts'
import type { Summaries } from './summaries.ts'
import { type Touch, touchRecord, touchReplaced, touchRow } from './touched-ids.ts'
import { type SmallChange, type Version, versionOf } from './versions-of-records.ts'

/** What the meta table holds; the epoch counts readings of the feed from its beginning. */
type StoredMeta = CacheMeta & {
  readonly epoch?: number
  readonly layout?: number
  /** What the log has before this entry lies in chunks. */
  readonly logFrom?: number
}

/** Version of the database since which confirmed records are laid out as they are: older ones are read again. */
const layout = 3

export const metaPlace = 'meta/cache'

/** Chunks that take the place of entries of the overlay or of other chunks. */
export interface Replacement {
  readonly written: readonly WrittenChunk[]
  /** Numbers of the chunks that go. */
  readonly deleteChunks: readonly number[]
  /** Every entry of the log up to this one lies in chunks then; 0 when none does. */
  readonly foldedThrough: number
}

export interface RecordStoreParts {
  readonly disk: RecordDisk
  readonly cipher: CacheCipher
  readonly directory: Directory
  readonly lookups: RecordLookups
  readonly summaries: Summaries
  readonly small: SmallRecords
  readonly writer: WriterParts
  /** Versions of a full chunk. */
  readonly chunkRows: number
  /** So many that are left at the end of a reading from the beginning become a chunk too. */
  readonly foldRows: number
  readonly onChunk: (written: WrittenChunk) => void
}

/**
 * Confirmed records in memory and on the disk. Its calls must be made one after the other, each awaited. What was
 * taken into memory and could not be written goes with the next write.
 *
 *   reading the feed from its beginning   versions gather in the overlay; each full chunk of them is written with the cursor
 *   after that                            each page of the feed is appended to the log with the cursor
 *   in idle time (`Compaction`)           the log becomes a chunk, small chunks become one, dead versions go
 */
export class RecordStore {
  readonly #parts: RecordStoreParts
  readonly #directory: Directory
  #meta: CacheMeta = emptyMeta
  #epoch = 0
  #lastLog = 0
  #logFrom = 1
  /** The disk has no entry of the log before this one. */
  #logSweptTo = 1
  #nextChunk = 1
  /** Entries that the log does not have; those that were replaced meanwhile need not be there. */
  readonly #unwritten = new Set<OverlayEntry>()
  /** The log holds what is gone from memory, and has to be written again whole. */
  #isLogStale = false
  /** Chunks that are gone from memory and not from the disk. */
  readonly #doomed = new Set<number>()
  /** Chunks whose directories are gone from the disk, and nothing else of them. */
  readonly #swept: number[] = []
  /** Ids of an `apply` that failed, told by the next. */
  #untold = new Set<string>()
  #generation = 0

  constructor(parts: RecordStoreParts) {
    this.#parts = parts
    this.#directory = parts.directory
  }

  get meta(): CacheMeta {
    return this.#meta
  }

  get epoch(): number {
    return this.#epoch
  }

  get lastLog(): number {
    return this.#lastLog
  }

  /** Another one means that chunks went or came by other ways than `replace`: what was planned before is void. */
  get generation(): number {
    return this.#generation
  }

  /** The feed is being read from its beginning: soon there will be much more, or much less. */
  get isReading(): boolean {
    return this.#meta.rereading || this.#meta.asAt === null
  }

  get isWritten(): boolean {
    return this.#unwritten.size === 0 && !this.#isLogStale && this.#doomed.size === 0
  }

  /** Of a chunk that is about to be written. */
  takeChunkNumber(): number {
    this.#nextChunk += 1
    return this.#nextChunk - 1
  }

  /** A chunk that is gone and whose pages, summaries and segment nobody needs; undefined when there is none. */
  takeSwept(): number | undefined {
    return this.#swept.shift()
  }

  /** Reads the disk. Throws `UnsealError` or what the disk threw; memory is empty then. */
  async open(): Promise<{ readonly isEmpty: boolean; readonly isOlder: boolean }> {
    const { disk, cipher, small } = this.#parts
    this.reset()
    try {
      const contents = await disk.read()
      const {
        epoch = 0,
        layout: laidOut,
        logFrom = 1,
        ...meta
      }: StoredMeta = contents.meta
        ? ((await cipher.unseal(metaPlace, contents.meta)) as StoredMeta)
        : { ...emptyMeta, layout }
      // What a crash left behind goes while the rest is unsealed.
      const sweeping = disk.sweep(contents.chunks.map(([number]) => number))
      sweeping.catch(() => {})
      const opened = await Promise.all(
        contents.chunks.map(async ([number, sealed]) =>
          openChunk(number, decodeChunk(await cipher.unsealBytes(directoryPlace(number), sealed))),
        ),
      )
      this.#directory.reserve(opened)
      for (const chunk of opened) this.#directory.add(chunk)
      const unfolded = contents.log.filter(([key]) => key >= logFrom)
      const log = await Promise.all(unfolded.map((entry) => unsealLog(entry, cipher)))
      for (const { version, epoch: told } of log.flat()) this.#directory.putInOverlay(version, told)
      await small.load(contents.small, cipher)
      // A key that was folded is never given out again.
      this.#lastLog = Math.max(contents.log.at(-1)?.[0] ?? 0, logFrom - 1)
      this.#logFrom = logFrom
      this.#logSweptTo = contents.log[0]?.[0] ?? logFrom
      this.#nextChunk = (contents.chunks.at(-1)?.[0] ?? 0) + 1
      await sweeping
      // An older database kept its records otherwise; who the adviser is stays known.
      const isOlder = laidOut !== layout
      this.#meta = isOlder ? { ...emptyMeta, me: meta.me } : meta
      this.#epoch = isOlder ? 0 : epoch
      const isEmpty = contents.chunks.length + contents.log.length + contents.small.length === 0
      if (!contents.meta && !isEmpty) throw new RangeError('records without a cursor')
      return { isEmpty: isEmpty && !contents.meta, isOlder }
    } catch (error) {
      this.reset()
      throw error
    }
  }

  /** Takes a page of the feed and answers the ids of what may be shown of it. */
  async apply(changes: readonly Change[], meta: CacheMeta): Promise<readonly string[]> {
    const touched = this.#untold
    const touch: Touch = (...ids) => {
      for (const id of ids) if (id) touched.add(id)
    }
    for (const change of changes) await this.#note(change, touch)
    if (this.#meta.rereading && !meta.rereading) await this.#dropOlder(touch)
    const wasReading = this.isReading
    this.#meta = meta
    const { chunkRows, foldRows } = this.#parts
    // Another page as long as this one would not fit into the same chunk.
    const most = wasReading && !this.isReading ? foldRows : chunkRows - changes.length
    if (this.#directory.overlay.size > Math.max(most, 0)) await this.flush()
    else if (!this.isReading) await this.#append()
    this.#untold = new Set()
    return [...touched]
  }

  /** All that is here is of before from now on. */
  async startReading(meta: CacheMeta): Promise<void> {
    this.#epoch += 1
    this.#generation += 1
    this.#meta = meta
    await this.#append()
  }

  async putMeta(meta: CacheMeta): Promise<void> {
    this.#meta = meta
    await this.#append()
  }

  /** Writes what memory alone has. */
  async write(): Promise<void> {
    if (!this.isWritten) await this.#append()
  }

  async forget(): Promise<void> {
    const { disk, cipher } = this.#parts
    const meta: StoredMeta = { ...emptyMeta, me: this.#meta.me, epoch: 0, layout }
    await disk.clear(await cipher.seal(metaPlace, meta))
    const numbers = { chunk: this.#nextChunk, log: this.#lastLog }
    this.reset()
    // Tidying may still be deleting what had these: nothing new may get them.
    this.#nextChunk = numbers.chunk
    this.#lastLog = numbers.log
    this.#meta = { ...emptyMeta, me: meta.me }
  }

  /** Empties memory. */
  reset(): void {
    this.#directory.clear()
    this.#parts.small.clear()
    this.#meta = emptyMeta
    this.#epoch = 0
    this.#lastLog = 0
    this.#logFrom = 1
    this.#logSweptTo = 1
    this.#nextChunk = 1
    this.#unwritten.clear()
    this.#isLogStale = false
    this.#doomed.clear()
    this.#swept.length = 0
    this.#untold.clear()
    this.#generation += 1
  }

  /** Makes chunks of the whole overlay. */
  async flush(): Promise<void> {
    const { chunkRows, writer } = this.#parts
    this.#generation += 1
    const entries = this.#directory.overlay.entries().toSorted((a, b) => a.epoch - b.epoch)
    const written: WrittenChunk[] = []
    const sources: (readonly OverlayEntry[])[] = []
    while (entries.length > 0) {
      const epoch = entries[0]?.epoch ?? 0
      const ofEpoch = entries.findIndex((entry) => entry.epoch !== epoch)
      const some = entries.splice(0, Math.min(ofEpoch < 0 ? entries.length : ofEpoch, chunkRows))
      const target = { number: this.takeChunkNumber(), epoch, most: some.length }
      written.push(await writeChunk(writer, target, some))
      sources.push(some)
    }
    await this.replace({ written, deleteChunks: [], foldedThrough: this.#lastLog })
    for (const [index, each] of written.entries()) this.takeFromOverlay(each, sources[index] ?? [])
    this.#unwritten.clear()
    this.#isLogStale = false
  }

  /** Deletes what the log has twice over. */
  async sweepLog(): Promise<void> {
    const before = this.#logFrom
    if (this.#logSweptTo >= before) return
    this.#logSweptTo = before
    await this.#parts.disk.deleteLog(before)
  }

  /** Puts chunks on the disk, with all that waits to be written but the log's next entries, in one transaction. */
  async replace({ written, deleteChunks, foldedThrough }: Replacement): Promise<void> {
    const putChunks = written.map(({ chunk, directory }) => ({ number: chunk.number, directory }))
    await this.#change({ putChunks, deleteChunks }, foldedThrough)
  }

  /** Entries of the overlay lie in a chunk now, except those that changed meanwhile. */
  takeFromOverlay(written: WrittenChunk, entries: readonly OverlayEntry[]): void {
    const { overlay, rows } = this.#directory
    const same = entries.map((entry) => overlay.has(entry))
    // Room is made first: it may move the overlay's rows.
    this.#directory.reserveChunk()
    const sources = entries.map(({ place }, index) =>
      same[index] && place >= 0 ? rows.overlayStart + place : -1,
    )
    this.#directory.addInstead(written.chunk, (row) => sources[row] ?? -1)
    entries.forEach((entry, index) => {
      if (same[index]) this.#directory.removeFromOverlay(entry)
    })
    this.#parts.onChunk(written)
  }

  /** The newest versions of other chunks lie in this one now, except those that changed meanwhile. */
  takeFromChunks(
    written: WrittenChunk,
    sources: readonly { readonly chunk: Chunk; readonly row: number }[],
  ): void {
    this.#directory.addInstead(written.chunk, (row) => {
      const source = sources[row]
      return source ? this.#directory.firstRowOf(source.chunk) + source.row : -1
    })
    this.#parts.onChunk(written)
  }

  async #note(change: Change, touch: Touch): Promise<void> {
    const version = versionOf(change)
    if (!version) {
      const { kind, id } = change as SmallChange
      this.#parts.small.put(kind, id, 'record' in change ? (change as SmallChange) : null, this.#epoch)
      touch(id)
      return
    }
    const facts = factsOf(version)
    const entity = this.#directory.entities.find(facts.id.lo, facts.id.hi)
    const before = this.#directory.overlay.get(version.kind, version.id)
    touch(version.id)
    if (version.record) touchRecord(version.kind, version.record, touch)
    if (before?.version.record) touchRecord(version.kind, before.version.record, touch)
    else if (entity >= 0) await this.#touchReplaced(version, facts, entity, touch)
    // Nothing that could be deleted was ever here.
    if (!version.record && entity < 0) return
    this.#unwritten.add(this.#directory.putInOverlay(version, this.#epoch, facts, before))
  }

  async #touchReplaced(version: Version, facts: RowFacts, entity: number, touch: Touch): Promise<void> {
    const row = this.#directory.entities.rowOf(entity)
    if (row >= 0) await touchReplaced(version, facts, row, this.#directory, this.#parts.lookups, touch)
  }

  /** The reading has come to its end: what it did not tell again is gone. */
  async #dropOlder(touch: Touch): Promise<void> {
    const older = this.#directory.chunks().filter(({ columns }) => columns.epoch < this.#epoch)
    await this.#parts.summaries.read(older)
    this.#generation += 1
    for (const chunk of older) {
      const start = this.#directory.firstRowOf(chunk)
      for (let row = start; row < start + chunk.columns.rows; row++) {
        if (this.#directory.isNewest(row)) touchRow(row, this.#directory, this.#parts.lookups, touch)
      }
    }
    for (const entry of this.#directory.overlay.entries()) {
      if (entry.epoch >= this.#epoch) continue
      const { kind, id, record } = entry.version
      touch(id)
      if (record) touchRecord(kind, record, touch)
      this.#directory.removeFromOverlay(entry)
    }
    for (const chunk of older) {
      this.#directory.remove(chunk)
      this.#doomed.add(chunk.number)
    }
    touch(...this.#parts.small.dropOlder(this.#epoch))
    this.#isLogStale = true
  }

  async #append(): Promise<void> {
    const { overlay } = this.#directory
    const entries = this.#isLogStale
      ? overlay.entries()
      : [...this.#unwritten].filter((entry) => overlay.has(entry))
    const appendLog = await sealLog(entries, this.#lastLog + 1, this.#parts.cipher)
    await this.#change({ appendLog }, this.#isLogStale ? this.#lastLog : 0)
    this.#lastLog += appendLog.length
    this.#unwritten.clear()
    this.#isLogStale = false
  }

  async #change(change: Partial<DiskChange>, foldedThrough: number): Promise<void> {
    const { disk, cipher, small } = this.#parts
    const logFrom = Math.max(this.#logFrom, foldedThrough + 1)
    const stored: StoredMeta = { ...this.#meta, epoch: this.#epoch, layout, logFrom }
    const [smallToWrite, meta] = await Promise.all([small.toWrite(cipher), cipher.seal(metaPlace, stored)])
    const deleteChunks = [...(change.deleteChunks ?? []), ...this.#doomed]
    await disk.change({
      putChunks: change.putChunks ?? [],
      deleteChunks,
      appendLog: change.appendLog ?? ([] as readonly Keyed<number>[]),
      putSmall: smallToWrite.put,
      deleteSmall: smallToWrite.remove,
      meta,
    })
    this.#logFrom = logFrom
    smallToWrite.written()
    this.#doomed.clear()
    this.#swept.push(...deleteChunks)
  }
}
