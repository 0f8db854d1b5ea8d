import type { CacheCipher } from './cache-cipher.ts'
import { type ChunkTexts, decodeTexts, textAt } from './chunk-format.ts'
import { summariesPlace } from './chunk-writer.ts'
import type { Chunk, Directory } from './directory.ts'
import type { Pace } from './pace.ts'
import type { RecordDisk } from './record-disk.ts'

export interface SummariesParts {
  readonly directory: Directory
  readonly disk: RecordDisk
  readonly cipher: CacheCipher
  readonly pace: Pace
  /** Those of a chunk could not be read: what is in it has to be fetched again. */
  readonly onDamaged: () => void
}

/**
 * Summaries of chunks. They are most of what has to be in memory, so a start does not wait for them: those of a chunk
 * are read when one of them is wanted, and all of them soon after.
 */
export class Summaries {
  readonly #parts: SummariesParts
  /** Null for those that cannot be read. */
  readonly #texts = new WeakMap<Chunk, ChunkTexts | null>()
  readonly #reading = new Map<Chunk, Promise<void>>()

  constructor(parts: SummariesParts) {
    this.#parts = parts
  }

  add(chunk: Chunk, texts: ChunkTexts): void {
    this.#texts.set(chunk, texts)
  }

  /** Whether all summaries of these chunks can be had at once. */
  have(chunks: Iterable<Chunk>): boolean {
    for (const chunk of chunks) if (!this.#texts.has(chunk)) return false
    return true
  }

  /** Of a chunk whose summaries were read; null when they are damaged. */
  textOf(chunk: Chunk, rowInChunk: number): string | null {
    const texts = this.#texts.get(chunk)
    return texts ? textAt(texts, rowInChunk) : null
  }

  /** Rejects when the disk cannot be read. */
  async read(chunks: Iterable<Chunk>): Promise<void> {
    const missing = [...new Set(chunks)].filter((chunk) => !this.#texts.has(chunk))
    await Promise.all(missing.map((chunk) => this.#readOnce(chunk)))
  }

  /** Reads all that are missing, the newest first, as long as nothing else is to be done. */
  async readAhead(): Promise<void> {
    const { directory, pace } = this.#parts
    for (const chunk of directory.chunks().toReversed()) {
      await pace.breathe()
      if (directory.has(chunk)) await this.read([chunk])
    }
  }

  #readOnce(chunk: Chunk): Promise<void> {
    const reading = this.#reading.get(chunk) ?? this.#read(chunk).finally(() => this.#reading.delete(chunk))
    this.#reading.set(chunk, reading)
    return reading
  }

  async #read(chunk: Chunk): Promise<void> {
    const { directory, disk, onDamaged } = this.#parts
    const texts = await this.#open(chunk, await disk.summaries(chunk.number))
    this.#texts.set(chunk, texts)
    // Those of a chunk that was replaced meanwhile are gone with it.
    if (!texts && directory.has(chunk)) onDamaged()
  }

  async #open({ columns }: Chunk, sealed: Uint8Array<ArrayBuffer> | null): Promise<ChunkTexts | null> {
    if (!sealed) return null
    try {
      return decodeTexts(
        await this.#parts.cipher.unsealBytes(summariesPlace(columns.nonce), sealed),
        columns.rows,
      )
    } catch {
      return null
    }
  }
}
