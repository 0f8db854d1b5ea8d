import { createSegmentBuilder } from '#shared/cases/search/segment-builder.ts'
import type { CacheCipher } from './cache-cipher.ts'
import { rowsOfChunk } from './chunk-format.ts'
import { segmentPlace } from './chunk-writer.ts'
import { Compaction, type CompactionLimits, usualLimits } from './compaction.ts'
import { type Chunk, Directory } from './directory.ts'
import { type Eviction, planEviction } from './eviction.ts'
import type { Pace } from './pace.ts'
import { PageCache } from './page-cache.ts'
import type { RecordDisk } from './record-disk.ts'
import { RecordLookups } from './record-lookups.ts'
import { RecordSearch } from './record-search.ts'
import { RecordStore } from './record-store.ts'
import { SmallRecords } from './small-records.ts'
import { Summaries } from './summaries.ts'

export interface RecordPartsOptions {
  readonly disk: RecordDisk
  readonly cipher: CacheCipher
  readonly pace: Pace
  readonly inTurn: <T>(run: () => Promise<T>) => Promise<T>
  readonly onDamaged: () => void
  /** Fewer make tests of many chunks quick. */
  readonly limits?: CompactionLimits
}

export interface RecordParts {
  readonly store: RecordStore
  readonly lookups: RecordLookups
  readonly small: SmallRecords
  readonly compaction: Compaction
  readonly summaries: Summaries
  /** Lets go of pages and of what the search holds. */
  forget(): void
  /** Forgets closed and resolved cases that did not change since then, and writes the chunks they were in again. */
  evict(notChangedSince: number): Promise<void>
}

/** Confirmed records with all that reads, writes and tidies them, on any disk. */
export function createRecordParts({
  disk,
  cipher,
  pace,
  inTurn,
  onDamaged,
  limits = { ...usualLimits, chunkRows: rowsOfChunk },
}: RecordPartsOptions): RecordParts {
  const directory = new Directory()
  const small = new SmallRecords()
  let toldEpoch = -1
  /** Once: until the reading that this asks for has ended, the page is as damaged as before. */
  const tellDamage = (): void => {
    if (store.meta.rereading || store.epoch === toldEpoch) return
    toldEpoch = store.epoch
    onDamaged()
  }
  const pages = new PageCache(disk, cipher)
  const summaries = new Summaries({ directory, disk, cipher, pace, onDamaged: tellDamage })
  const lookups: RecordLookups = new RecordLookups({
    directory,
    pages,
    summaries,
    smallCount: () => small.count,
    find: (text, limit) => search.find(text, limit),
    onDamaged: tellDamage,
  })
  const readSegment = async ({ number, columns }: Chunk): Promise<Uint8Array | null> => {
    const sealed = await disk.segment(number)
    try {
      return sealed && new Uint8Array(await cipher.unsealBytes(segmentPlace(columns.nonce), sealed))
    } catch {
      return null
    }
  }
  const search = new RecordSearch({ directory, lookups, readSegment, onDamaged: tellDamage })
  const writer = () => ({ disk, cipher, pace, segments: createSegmentBuilder() })
  const store: RecordStore = new RecordStore({
    disk,
    cipher,
    directory,
    lookups,
    summaries,
    small,
    writer: writer(),
    chunkRows: limits.chunkRows,
    foldRows: limits.foldRows,
    onChunk: ({ chunk, texts, segmentBytes }) => {
      summaries.add(chunk, texts)
      search.add(chunk, segmentBytes)
    },
  })
  const compaction = new Compaction({
    store,
    directory,
    disk,
    cipher,
    summaries,
    writer: { ...writer(), isUnhurried: true },
    limits,
    inTurn,
    onDamaged: tellDamage,
  })
  return {
    store,
    lookups,
    small,
    compaction,
    summaries,
    forget: () => {
      pages.clear()
      search.clear()
      toldEpoch = -1
    },
    evict: async (notChangedSince) => {
      if (store.isReading) return
      let eviction: Eviction | undefined
      const isDone = await compaction.rewrite(async () => {
        eviction = await planEviction(directory, notChangedSince, pace)
        return eviction.drops
      })
      // Only the service has what went of a case that came back in the middle of it.
      if (eviction?.hasSpared()) tellDamage()
      if (!isDone) throw new Error('the records changed meanwhile')
      compaction.wake()
    },
  }
}
