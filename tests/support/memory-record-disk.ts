import type { ChunkRest, DiskChange, Keyed, RecordDisk, Sealed } from '#renderer/platform/db/record-disk.ts'

interface Stored {
  readonly pages: Map<string, Sealed>
  readonly chunks: Map<number, Sealed>
  readonly rests: Map<number, ChunkRest>
  readonly log: Map<number, Sealed>
  readonly small: Map<string, Sealed>
  meta: Sealed | null
}

const byKey = <V>(map: ReadonlyMap<number, V>): readonly (readonly [number, V])[] =>
  [...map].sort(([a], [b]) => a - b)

const pageKey = (chunk: number, page: number): string => `${chunk}/${page}`
const chunkOfPage = (key: string): number => Number(key.split('/')[0])

/** A disk that can be full, and that a crash can cut off between any two of its writes. */
export class MemoryRecordDisk implements RecordDisk {
  readonly #stored: Stored
  /** Writes that still succeed; after them the program that has this disk is dead. */
  #writesLeft = Number.POSITIVE_INFINITY
  full = false

  constructor(stored?: Stored) {
    this.#stored = stored ?? {
      pages: new Map(),
      chunks: new Map(),
      rests: new Map(),
      log: new Map(),
      small: new Map(),
      meta: null,
    }
  }

  /** What the next start of the program finds. */
  afterCrash(): MemoryRecordDisk {
    this.#writesLeft = 0
    return new MemoryRecordDisk(this.#stored)
  }

  crashAfter(writes: number): void {
    this.#writesLeft = writes
  }

  /** As if another program had written over them. */
  damagePages(): void {
    for (const sealed of this.#stored.pages.values()) sealed.fill(0)
  }

  get sizes(): { readonly chunks: number; readonly log: number; readonly pages: number } {
    const { chunks, log, pages } = this.#stored
    return { chunks: chunks.size, log: log.size, pages: pages.size }
  }

  /** Pages and other parts that belong to no chunk. */
  get leftovers(): number {
    const { chunks, pages, rests } = this.#stored
    const isLeft = (chunk: number): boolean => !chunks.has(chunk)
    return [...pages.keys()].map(chunkOfPage).filter(isLeft).length + [...rests.keys()].filter(isLeft).length
  }

  async read(): ReturnType<RecordDisk['read']> {
    const { chunks, log, small, meta } = this.#stored
    return { chunks: byKey(chunks), log: byKey(log), small: [...small], meta }
  }

  async pages(
    wanted: readonly { readonly chunk: number; readonly page: number }[],
  ): Promise<readonly (Sealed | null)[]> {
    await null
    return wanted.map(({ chunk, page }) => this.#stored.pages.get(pageKey(chunk, page)) ?? null)
  }

  async summaries(chunk: number): Promise<Sealed | null> {
    return this.#stored.rests.get(chunk)?.summaries ?? null
  }

  async segment(chunk: number): Promise<Sealed | null> {
    return this.#stored.rests.get(chunk)?.segment ?? null
  }

  async putPages(chunk: number, pages: readonly Keyed<number>[]): Promise<void> {
    this.#write()
    for (const [page, sealed] of pages) this.#stored.pages.set(pageKey(chunk, page), sealed)
  }

  async putRest(chunk: number, rest: ChunkRest): Promise<void> {
    this.#write()
    this.#stored.rests.set(chunk, rest)
  }

  async change(change: DiskChange): Promise<void> {
    this.#write()
    const { chunks, log, small } = this.#stored
    for (const number of change.deleteChunks) chunks.delete(number)
    for (const { number, directory } of change.putChunks) chunks.set(number, directory)
    for (const [key, sealed] of change.appendLog) log.set(key, sealed)
    for (const key of change.deleteSmall) small.delete(key)
    for (const [key, sealed] of change.putSmall) small.set(key, sealed)
    this.#stored.meta = change.meta
  }

  async deleteRest(chunk: number): Promise<void> {
    this.#write()
    this.#stored.rests.delete(chunk)
    for (const key of this.#stored.pages.keys())
      if (chunkOfPage(key) === chunk) this.#stored.pages.delete(key)
  }

  async deleteLog(before: number): Promise<void> {
    this.#write()
    for (const key of this.#stored.log.keys()) if (key < before) this.#stored.log.delete(key)
  }

  async sweep(keepChunks: readonly number[]): Promise<void> {
    const { pages, rests } = this.#stored
    for (const key of pages.keys()) if (!keepChunks.includes(chunkOfPage(key))) pages.delete(key)
    for (const chunk of rests.keys()) if (!keepChunks.includes(chunk)) rests.delete(chunk)
  }

  async clear(meta: Sealed | null): Promise<void> {
    this.#write()
    const { pages, chunks, rests, log, small } = this.#stored
    for (const table of [pages, chunks, rests, log, small]) table.clear()
    this.#stored.meta = meta
  }

  #write(): void {
    if (this.full) throw new DOMException('no room', 'QuotaExceededError')
    if (this.#writesLeft <= 0) throw new DOMException('the program has crashed', 'AbortError')
    this.#writesLeft -= 1
  }
}
