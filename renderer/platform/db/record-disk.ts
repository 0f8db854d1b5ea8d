export type Sealed = Uint8Array<ArrayBuffer>

/** A sealed value and its key. */
export type Keyed<K> = readonly [key: K, value: Sealed]

/** What becomes true of the disk all at once or not at all. Chunks are deleted before any is put. */
export interface DiskChange {
  readonly deleteChunks: readonly number[]
  readonly putChunks: readonly { readonly number: number; readonly directory: Sealed }[]
  readonly appendLog: readonly Keyed<number>[]
  readonly deleteSmall: readonly string[]
  readonly putSmall: readonly Keyed<string>[]
  readonly meta: Sealed
}

export interface DiskContents {
  /** Directories by number of their chunk, ascending. */
  readonly chunks: readonly Keyed<number>[]
  /** In the order in which they were appended. */
  readonly log: readonly Keyed<number>[]
  readonly small: readonly Keyed<string>[]
  readonly meta: Sealed | null
}

/** What a chunk has beside its directory and its pages. */
export interface ChunkRest {
  readonly summaries: Sealed
  readonly segment: Sealed
}

/**
 * Where confirmed records lie, sealed. Pages, summaries and segment belong to the chunk with their number and count for
 * nothing as long as that chunk's directory is not there.
 */
export interface RecordDisk {
  read(): Promise<DiskContents>
  /** Any bytes; null for what is not there. */
  pages(
    wanted: readonly { readonly chunk: number; readonly page: number }[],
  ): Promise<readonly (Sealed | null)[]>
  summaries(chunk: number): Promise<Sealed | null>
  segment(chunk: number): Promise<Sealed | null>
  putPages(chunk: number, pages: readonly Keyed<number>[]): Promise<void>
  putRest(chunk: number, rest: ChunkRest): Promise<void>
  change(change: DiskChange): Promise<void>
  /** Deletes all of a chunk but its directory, in steps that other calls need not wait for long. */
  deleteRest(chunk: number): Promise<void>
  /** The same for entries of the log before this one. */
  deleteLog(before: number): Promise<void>
  /** Deletes pages, summaries and segments of all chunks but these. */
  sweep(keepChunks: readonly number[]): Promise<void>
  /** Deletes all confirmed records and puts the meta, or deletes that too. */
  clear(meta: Sealed | null): Promise<void>
}
