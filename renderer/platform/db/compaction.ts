import type { Cancel } from '#shared/kernel/clock.ts'
import type { CacheCipher } from './cache-cipher.ts'
import type { PageRecords } from './chunk-builder.ts'
import { deletedBit } from './chunk-format.ts'
import { type WritableVersion, type WriterParts, type WrittenChunk, writeChunk } from './chunk-writer.ts'
import type { Chunk, Directory } from './directory.ts'
import type { OverlayEntry } from './overlay.ts'
import { pagePlaceName } from './page-cache.ts'
import type { RecordDisk } from './record-disk.ts'
import { pageOf } from './record-lookups.ts'
import type { RecordStore } from './record-store.ts'
import type { Summaries } from './summaries.ts'
import { idOfText } from './summary-text.ts'
import { largeKinds, type Version } from './versions-of-records.ts'

export interface CompactionLimits {
  readonly chunkRows: number
  /** So many entries of the log become a chunk. */
  readonly foldRows: number
  /** A chunk with fewer rows is small, and so many small ones become one. */
  readonly smallRows: number
  readonly smallChunks: number
  /** Rows of what they become: its segment is built in one step, which a save may have to wait for. */
  readonly mergedRows: number
}

export const usualLimits: Omit<CompactionLimits, 'chunkRows'> = {
  foldRows: 1_000,
  smallRows: 2_048,
  smallChunks: 8,
  mergedRows: 4_096,
}

export interface CompactionParts {
  readonly store: RecordStore
  readonly directory: Directory
  readonly disk: RecordDisk
  readonly cipher: CacheCipher
  readonly summaries: Summaries
  readonly writer: WriterParts
  readonly limits: CompactionLimits
  /** Runs when the calls of the store before it are done, and lets none begin before it is. */
  readonly inTurn: <T>(run: () => Promise<T>) => Promise<T>
  readonly onDamaged: () => void
}

interface FoldPlan {
  readonly kind: 'fold'
  readonly number: number
  readonly generation: number
  readonly entries: readonly OverlayEntry[]
  readonly logThrough: number
}

interface CopyPlan {
  readonly kind: 'copy'
  readonly number: number
  readonly generation: number
  readonly sources: readonly Chunk[]
  /** Row in its chunk of each version that stays. */
  readonly kept: readonly { readonly chunk: Chunk; readonly row: number }[]
}

/** A page that cannot be read stops a copy; the feed is read again then. */
class DamagedPageError extends Error {}

const decoder = new TextDecoder()

/**
 * Keeps the log short and the chunks few and full. Pages are written beside the store's calls, in small steps; only
 * the last transaction, which makes the new chunk count and the old ones not, is one of them.
 */
export class Compaction {
  readonly #parts: CompactionParts
  #cancel: Cancel | null = null
  #running: Promise<void> | null = null
  #isStopped = false

  constructor(parts: CompactionParts) {
    this.#parts = parts
  }

  /** Something was written: looks at it when things have been quiet. */
  wake(): void {
    if (this.#running || this.#isStopped) return
    this.#cancel?.()
    this.#cancel = this.#parts.writer.pace.whenIdle(() => {
      this.#cancel = null
      void this.run()
    })
  }

  /** Does all there is to do. What fails is tried again after the next write. */
  run(): Promise<void> {
    this.#running ??= this.#run().finally(() => {
      this.#running = null
    })
    return this.#running
  }

  /** Ends after the step that is under way. */
  async stop(): Promise<void> {
    this.#isStopped = true
    this.#cancel?.()
    this.#cancel = null
    await this.#running
  }

  /**
   * Brings what changed lately into a chunk, asks which rows go, and writes the chunks again without them. False when
   * the store changed too much meanwhile.
   */
  async rewrite(droppedRows: () => Promise<(row: number) => boolean>): Promise<boolean> {
    await this.#running
    const rewriting = this.#rewrite(droppedRows)
    this.#running = rewriting
      .then(
        () => {},
        () => {},
      )
      .finally(() => {
        this.#running = null
      })
    return rewriting
  }

  async #rewrite(droppedRows: () => Promise<(row: number) => boolean>): Promise<boolean> {
    const { inTurn, directory, store } = this.#parts
    const fold = await inTurn(async () => {
      await store.write()
      return store.isReading || directory.overlay.size === 0 ? null : this.#foldPlan()
    })
    // What was told meanwhile may have made chunks of it all by itself.
    if (fold) await this.#carryOut(fold)
    const isDropped = await droppedRows()
    for (const chunk of directory.chunks()) {
      if (this.#isStopped) return false
      const plan = await inTurn(async () => this.#copyPlan([chunk], isDropped))
      if (plan && !(await this.#carryOut(plan))) return false
      await this.#parts.writer.pace.breathe()
    }
    await this.#sweep()
    return true
  }

  async #run(): Promise<void> {
    try {
      while (!this.#isStopped) {
        const plan = await this.#parts.inTurn(async () => this.#plan())
        if (!plan || !(await this.#carryOut(plan))) break
        await this.#parts.writer.pace.breathe()
      }
      await this.#sweep()
    } catch (error) {
      if (error instanceof DamagedPageError) this.#parts.onDamaged()
    }
  }

  /** What is left of chunks that are gone, and of the log that lies in chunks. */
  async #sweep(): Promise<void> {
    const { store, disk, writer } = this.#parts
    if (!this.#isStopped) await store.sweepLog()
    for (
      let number = store.takeSwept();
      number !== undefined && !this.#isStopped;
      number = store.takeSwept()
    ) {
      await disk.deleteRest(number)
      await writer.pace.breathe()
    }
  }

  #plan(): FoldPlan | CopyPlan | null {
    const { store, directory, limits } = this.#parts
    if (store.isReading || !store.isWritten) return null
    if (directory.overlay.size > limits.foldRows) return this.#foldPlan()
    const small = directory.chunks().filter(({ columns }) => columns.rows < limits.smallRows)
    if (small.length >= limits.smallChunks) {
      const few = fewest(small, limits.mergedRows)
      if (few.length > 1) return this.#copyPlan(few)
    }
    const dead = directory.chunks().find((chunk) => this.#isHalfDead(chunk))
    return dead ? this.#copyPlan([dead]) : null
  }

  #foldPlan(): FoldPlan {
    const { store, directory, limits } = this.#parts
    const entries = directory.overlay.entries().slice(0, limits.chunkRows)
    return {
      kind: 'fold',
      number: store.takeChunkNumber(),
      generation: store.generation,
      entries,
      logThrough: entries.length === directory.overlay.size ? store.lastLog : 0,
    }
  }

  /** Null when there is nothing to drop and nothing to bring together. */
  #copyPlan(sources: readonly Chunk[], isDropped: (row: number) => boolean = () => false): CopyPlan | null {
    const { store, directory } = this.#parts
    if (store.isReading || !store.isWritten) return null
    const newest = Math.max(...sources.map(({ number }) => number))
    const others = directory.chunks().filter((chunk) => !sources.includes(chunk))
    // What says that a record was deleted is of no use once nothing older can hold it.
    const keepDeleted = others.some(({ number }) => number < newest)
    const kept = sources.flatMap((chunk) => {
      const start = directory.firstRowOf(chunk)
      return this.#keptRows(chunk, keepDeleted)
        .filter((row) => !isDropped(start + row))
        .map((row) => ({ chunk, row }))
    })
    const [only] = sources
    if (sources.length === 1 && kept.length === only?.columns.rows) return null
    return { kind: 'copy', number: store.takeChunkNumber(), generation: store.generation, sources, kept }
  }

  /** Rows of a chunk that still count. */
  #keptRows(chunk: Chunk, keepDeleted: boolean): readonly number[] {
    const kept: number[] = []
    for (let row = 0; row < chunk.columns.rows; row++)
      if (this.#counts(chunk, row, keepDeleted)) kept.push(row)
    return kept
  }

  #isHalfDead(chunk: Chunk): boolean {
    let kept = 0
    for (let row = 0; row < chunk.columns.rows; row++) if (this.#counts(chunk, row, true)) kept += 1
    return kept * 2 < chunk.columns.rows
  }

  #counts(chunk: Chunk, rowInChunk: number, keepDeleted: boolean): boolean {
    const { directory } = this.#parts
    const row = directory.firstRowOf(chunk) + rowInChunk
    const isDeleted = ((chunk.columns.kinds[rowInChunk] ?? 0) & deletedBit) !== 0
    if (!isDeleted) return directory.isNewest(row)
    return keepDeleted && directory.entities.rowOf(directory.rows.entities[row] ?? -1) < 0
  }

  /** False when the store changed in a way that made the plan void. */
  async #carryOut(plan: FoldPlan | CopyPlan): Promise<boolean> {
    const { inTurn, disk, store, writer } = this.#parts
    const epoch = store.epoch
    const target = { number: plan.number, epoch }
    // The cursor goes with the transaction, so nothing that it covers may be missing on the disk.
    const isVoid = (): boolean => this.#isStopped || store.generation !== plan.generation || !store.isWritten
    if (plan.kind === 'copy' && plan.kept.length === 0) {
      return inTurn(async () => !isVoid() && (await this.#replace(plan, null)))
    }
    const written = await (plan.kind === 'fold'
      ? writeChunk(writer, { ...target, most: plan.entries.length }, plan.entries)
      : writeChunk(writer, { ...target, most: plan.kept.length }, this.#copies(plan)))
    const isDone = await inTurn(async () => !isVoid() && (await this.#replace(plan, written)))
    if (!isDone) await disk.deleteRest(plan.number)
    return isDone
  }

  async #replace(plan: FoldPlan | CopyPlan, written: WrittenChunk | null): Promise<boolean> {
    const { store, directory } = this.#parts
    const chunks = written ? [written] : []
    if (plan.kind === 'fold') {
      await store.replace({ written: chunks, deleteChunks: [], foldedThrough: plan.logThrough })
      if (written) store.takeFromOverlay(written, plan.entries)
      return true
    }
    const deleteChunks = plan.sources.map(({ number }) => number)
    await store.replace({ written: chunks, deleteChunks, foldedThrough: 0 })
    if (written) store.takeFromChunks(written, plan.kept)
    for (const chunk of plan.sources) directory.remove(chunk)
    return true
  }

  /** Reads the versions that stay, page by page. */
  async *#copies({ kept }: CopyPlan): AsyncGenerator<WritableVersion> {
    let place = ''
    let records: PageRecords = []
    for (const { chunk, row } of kept) {
      const { columns } = chunk
      const kind = largeKinds[columns.kinds[row] ?? 0]
      if (!kind) {
        yield { version: await this.#deletedVersion(chunk, row) }
        continue
      }
      const page = pageOf(columns, row)
      if (place !== pagePlaceName(columns.nonce, page)) {
        place = pagePlaceName(columns.nonce, page)
        records = await this.#readPage(chunk, page)
      }
      const record = records[row - (columns.pageStarts[page] ?? 0)]
      if (!record) throw new DamagedPageError()
      yield { version: { kind, id: record.id, record } as Version }
    }
  }

  async #deletedVersion(chunk: Chunk, row: number): Promise<Version> {
    const { summaries } = this.#parts
    await summaries.read([chunk])
    const text = summaries.textOf(chunk, row)
    if (text === null) throw new DamagedPageError()
    const kind = largeKinds[(chunk.columns.kinds[row] ?? 0) & ~deletedBit] ?? 'resident'
    return { kind, id: idOfText(text), record: null }
  }

  async #readPage(chunk: Chunk, page: number): Promise<PageRecords> {
    const { disk, cipher } = this.#parts
    const [sealed] = await disk.pages([{ chunk: chunk.number, page }])
    if (!sealed) throw new DamagedPageError()
    try {
      const bytes = await cipher.unsealBytes(pagePlaceName(chunk.columns.nonce, page), sealed)
      return JSON.parse(decoder.decode(bytes)) as PageRecords
    } catch {
      throw new DamagedPageError()
    }
  }
}

/** The smallest chunks that fit into one together. */
function fewest(chunks: readonly Chunk[], most: number): readonly Chunk[] {
  let rows = 0
  return chunks
    .toSorted((a, b) => a.columns.rows - b.columns.rows)
    .filter(({ columns }) => {
      rows += columns.rows
      return rows <= most
    })
}
