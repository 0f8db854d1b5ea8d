import type { SegmentBuilder } from '#shared/cases/search/segment-builder.ts'
import type { CacheCipher } from './cache-cipher.ts'
import { ChunkBuilder } from './chunk-builder.ts'
import { encodeChunk } from './chunk-format.ts'
import { type Chunk, openChunk } from './directory.ts'
import type { Pace } from './pace.ts'
import { pagePlaceName } from './page-cache.ts'
import type { Keyed, RecordDisk, Sealed } from './record-disk.ts'
import type { RowFacts } from './row-facts.ts'
import type { Version } from './versions-of-records.ts'

export interface WriterParts {
  readonly disk: RecordDisk
  readonly cipher: CacheCipher
  readonly pace: Pace
  /** Of this writer alone: it keeps its memory from one segment to the next. */
  readonly segments: SegmentBuilder
}

/** A chunk whose pages are on the disk; it counts once the sealed values are there too. */
export interface WrittenChunk {
  readonly chunk: Chunk
  readonly segmentBytes: Uint8Array<ArrayBuffer>
  readonly directory: Sealed
  readonly segment: Sealed
}

/** The facts are computed when they are not known. */
export interface WritableVersion {
  readonly version: Version
  readonly facts?: RowFacts | undefined
}

export const directoryPlace = (chunk: number): string => `chunks/${chunk}`
export const segmentPlace = (nonce: string): string => `segments/${nonce}`

const encoder = new TextEncoder()
/** How many are sealed and put together. */
const pagesAtATime = 16
/** Between two breaths: some 5 ms of work. */
const rowsAtATime = 128

export async function writeChunk(
  parts: WriterParts,
  target: { readonly number: number; readonly epoch: number; readonly most: number },
  versions: Iterable<WritableVersion> | AsyncIterable<WritableVersion>,
): Promise<WrittenChunk> {
  const { cipher, disk, pace, segments } = parts
  const nonce = crypto.randomUUID()
  const pages: { readonly page: number; readonly json: string }[] = []
  const writing: Promise<void>[] = []
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
    await disk.putPages(target.number, sealed)
  }
  const flushAll = (): void => {
    const flushing = flush(pages.splice(0))
    // It is awaited at the end, when it may have failed long ago.
    flushing.catch(() => {})
    writing.push(flushing)
  }

  try {
    let row = 0
    for await (const { version, facts } of versions) {
      builder.add(version, facts)
      addWords(segments, row, version)
      row += 1
      if (pages.length >= pagesAtATime) flushAll()
      if (row % rowsAtATime === 0) await pace.breathe()
    }
    const columns = builder.finish(target.epoch, nonce)
    flushAll()
    await pace.breathe()
    const building = segments.steps(columns.rows)
    let built = building.next()
    for (; !built.done; built = building.next()) await pace.breathe()
    const segmentBytes = built.value
    await pace.breathe()
    const [directory, segment] = await Promise.all([
      cipher.sealBytes(directoryPlace(target.number), encodeChunk(columns)),
      cipher.sealBytes(segmentPlace(nonce), segmentBytes),
    ])
    await Promise.all(writing)
    return { chunk: openChunk(target.number, columns), segmentBytes, directory, segment }
  } catch (error) {
    segments.build(0)
    await Promise.allSettled(writing)
    await disk.deletePages(target.number).catch(() => {})
    throw error
  }
}

function addWords(segments: SegmentBuilder, row: number, version: Version): void {
  if (!version.record) return
  if (version.kind === 'resident') segments.addResident(row, version.record)
  if (version.kind === 'case') segments.addCase(row, version.record)
  if (version.kind === 'timeline') segments.addNote(row, version.record)
}
