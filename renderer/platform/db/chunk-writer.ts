import type { SegmentBuilder } from '#shared/cases/search/segment-builder.ts'
import type { CacheCipher } from './cache-cipher.ts'
import { ChunkBuilder } from './chunk-builder.ts'
import { type ChunkTexts, encodeChunk, encodeTexts } from './chunk-format.ts'
import { type Chunk, openChunk } from './directory.ts'
import { type Pace, restAsLongAsSince } from './pace.ts'
import { pagePlaceName } from './page-cache.ts'
import type { Keyed, RecordDisk, Sealed } from './record-disk.ts'
import type { RowFacts } from './row-facts.ts'
import type { Version } from './versions-of-records.ts'

export interface WriterParts {
  readonly disk: RecordDisk
  readonly cipher: CacheCipher
  readonly pace: Pace
  /** Nobody waits for the chunk: the disk is left to others for as long as its own writing takes. */
  readonly isUnhurried?: boolean
  /** Of this writer alone: it keeps its memory from one segment to the next. */
  readonly segments: SegmentBuilder
}

/** A chunk that is on the disk but for its directory, without which it does not count. */
export interface WrittenChunk {
  readonly chunk: Chunk
  readonly texts: ChunkTexts
  readonly segmentBytes: Uint8Array<ArrayBuffer>
  readonly directory: Sealed
}

/** The facts are computed when they are not known. */
export interface WritableVersion {
  readonly version: Version
  readonly facts?: RowFacts | undefined
}

export const directoryPlace = (chunk: number): string => `chunks/${chunk}`
export const summariesPlace = (nonce: string): string => `summaries/${nonce}`
export const segmentPlace = (nonce: string): string => `segments/${nonce}`

const encoder = new TextEncoder()
/** How many are sealed and put together: a save may have to wait for them. */
const pagesAtATime = 8
/** Between two breaths: some 5 ms of work. */
const rowsAtATime = 128

export async function writeChunk(
  parts: WriterParts,
  target: { readonly number: number; readonly epoch: number; readonly most: number },
  versions: Iterable<WritableVersion> | AsyncIterable<WritableVersion>,
): Promise<WrittenChunk> {
  const { cipher, disk, pace, isUnhurried = false, segments } = parts
  const nonce = crypto.randomUUID()
  const pages: { readonly page: number; readonly json: string }[] = []
  let writing = Promise.resolve()
  const builder = new ChunkBuilder(target.most, (page, json) => pages.push({ page, json }))

  const flush = async (some: typeof pages): Promise<void> => {
    const sealed = await Promise.all(
      some.map(
        async ({ page, json }): Promise<Keyed<number>> => [
          page,
          await cipher.sealBytes(pagePlaceName(nonce, page), encoder.encode(json)),
        ],
      ),
    )
    const before = performance.now()
    await disk.putPages(target.number, sealed)
    if (isUnhurried) await restAsLongAsSince(before, pace)
  }
  /** One after the other, so that no more than these stand before whatever else is to be written. */
  const flushAll = async (): Promise<void> => {
    await writing
    writing = flush(pages.splice(0))
    // It is awaited later, when it may have failed long ago.
    writing.catch(() => {})
  }

  try {
    let row = 0
    for await (const { version, facts } of versions) {
      builder.add(version, facts)
      addWords(segments, row, version)
      row += 1
      if (pages.length >= pagesAtATime) await flushAll()
      if (row % rowsAtATime === 0) await pace.breathe()
    }
    const { columns, texts } = builder.finish(target.epoch, nonce)
    await flushAll()
    await pace.breathe()
    const building = segments.steps(columns.rows)
    let built = building.next()
    for (; !built.done; built = building.next()) await pace.breathe()
    const segmentBytes = built.value
    await pace.breathe()
    const [directory, summaries, segment] = await Promise.all([
      cipher.sealBytes(directoryPlace(target.number), encodeChunk(columns)),
      cipher.sealBytes(summariesPlace(nonce), encodeTexts(texts)),
      cipher.sealBytes(segmentPlace(nonce), segmentBytes),
    ])
    await writing
    await disk.putRest(target.number, { summaries, segment })
    const chunk = openChunk(target.number, columns)
    return { chunk, texts, segmentBytes, directory }
  } catch (error) {
    segments.build(0)
    await writing.catch(() => {})
    await disk.deleteRest(target.number).catch(() => {})
    throw error
  }
}

function addWords(segments: SegmentBuilder, row: number, version: Version): void {
  if (!version.record) return
  if (version.kind === 'resident') segments.addResident(row, version.record)
  if (version.kind === 'case') segments.addCase(row, version.record)
  if (version.kind === 'timeline') segments.addNote(row, version.record)
}
