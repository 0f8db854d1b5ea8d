import type { Found, FoundRecords, FoundWhy } from '#shared/cases/record-reader.ts'
import { OverlayIndex } from '#shared/cases/search/overlay-search.ts'
import { createSearcher } from '#shared/cases/search/search.ts'
import { openSegment, type Segment } from '#shared/cases/search/segment.ts'
import type { FoundWord, SearchChunk, SearchHit, SearchSource } from '#shared/cases/search/source.ts'
import type { Chunk, Directory } from './directory.ts'
import type { OverlayEntry } from './overlay.ts'
import type { RecordLookups } from './record-lookups.ts'
import { isOpenStatus, kindCode } from './versions-of-records.ts'

/** What gathers while the feed is first read is found when it has become a chunk. */
const mostOverlayRows = 2_048

export interface SearchParts {
  readonly directory: Directory
  readonly lookups: RecordLookups
  /** Null for one that is not there or cannot be unsealed. */
  readonly readSegment: (chunk: Chunk) => Promise<Uint8Array | null>
  readonly onDamaged: () => void
}

/** Finds records by what was typed: segments of the chunks, an index of the overlay, ranked by the directory. */
export class RecordSearch {
  readonly #parts: SearchParts
  #searcher = createSearcher()
  readonly #segments = new Map<Chunk, Segment>()
  readonly #overlay = new OverlayIndex()
  /** What the index of the overlay holds, by place. */
  readonly #indexed: (OverlayEntry | undefined)[] = []
  #overlayStart = 0
  #loading: Promise<void> | null = null

  constructor(parts: SearchParts) {
    this.#parts = parts
  }

  clear(): void {
    // It remembers what was found last.
    this.#searcher = createSearcher()
    this.#segments.clear()
    this.#clearOverlay()
  }

  add(chunk: Chunk, bytes: Uint8Array): void {
    const segment = openSegment(bytes)
    if (segment) this.#segments.set(chunk, segment)
  }

  /** Reads the segments of chunks that came from the disk. */
  async load(): Promise<void> {
    this.#loading ??= this.#load().finally(() => {
      this.#loading = null
    })
    return this.#loading
  }

  /** Takes the changes since the last time into the index. */
  indexOverlay(): void {
    const { overlay, rows } = this.#parts.directory
    if (this.#overlayStart !== rows.overlayStart) this.#clearOverlay()
    this.#overlayStart = rows.overlayStart
    const places = Math.min(Math.max(overlay.places, this.#indexed.length), mostOverlayRows)
    for (let place = 0; place < places; place++) {
      const entry = overlay.at(place)
      if (this.#indexed[place] === entry) continue
      this.#indexed[place] = entry
      this.#index(this.#overlayStart + place, entry)
    }
  }

  async find(text: string, limit: number): Promise<FoundRecords> {
    await this.load()
    for (;;) {
      this.indexOverlay()
      const source = new DirectorySource(this.#parts.directory, this.#chunks(), this.#overlay)
      const { hits, total } = this.#searcher.search(source, text, { limit })
      const rows = hits.flatMap(({ row, kind }) =>
        kind === 'resident' ? [row] : [row, source.residentOf(row)],
      )
      const { lookups } = this.#parts
      if (lookups.haveSummaries(rows)) {
        return { hits: hits.flatMap((hit) => this.#found(hit, source) ?? []), total }
      }
      // Rows may have moved by the time that they are there.
      await lookups.readSummaries(rows)
    }
  }

  #chunks(): readonly SearchChunk[] {
    const { directory } = this.#parts
    for (const chunk of this.#segments.keys()) if (!directory.has(chunk)) this.#segments.delete(chunk)
    return [...this.#segments].map(([chunk, segment]) => ({ firstRow: directory.firstRowOf(chunk), segment }))
  }

  async #load(): Promise<void> {
    const { directory, readSegment, onDamaged } = this.#parts
    const missing = directory.chunks().filter((chunk) => !this.#segments.has(chunk))
    await Promise.all(
      missing.map(async (chunk) => {
        const bytes = await readSegment(chunk)
        const segment = bytes && openSegment(bytes)
        if (segment) this.#segments.set(chunk, segment)
        else if (directory.has(chunk)) onDamaged()
      }),
    )
  }

  #index(row: number, entry: OverlayEntry | undefined): void {
    const version = entry?.version
    if (!version?.record || version.kind === 'contact') this.#overlay.remove(row)
    else if (version.kind === 'resident') this.#overlay.setResident(row, version.record)
    else if (version.kind === 'case') this.#overlay.setCase(row, version.record)
    else this.#overlay.setNote(row, version.record)
  }

  #clearOverlay(): void {
    this.#overlay.clear()
    this.#indexed.length = 0
  }

  /** Null when its summary is damaged. */
  #found({ row, kind, why: words }: SearchHit, source: SearchSource): Found | null {
    const { directory, lookups } = this.#parts
    const why = words.map((word) => this.#whyOf(word))
    if (kind === 'resident') {
      const openCases = directory.entities.openCasesOf(directory.rows.entities[row] ?? -1)
      const resident = lookups.residentAt(row)
      return resident && { kind, resident, openCases, why }
    }
    const residentRow = source.residentOf(row)
    const found = lookups.caseAt(row)
    return (
      found && {
        kind,
        case: found,
        resident: residentRow < 0 ? null : lookups.residentAt(residentRow),
        why,
      }
    )
  }

  #whyOf({ what, how, text, row }: FoundWord): FoundWhy {
    const at = this.#parts.directory.rows.times[row]
    return { what, how, text, ...(what === 'note' && at !== undefined ? { at } : {}) }
  }
}

/** The directory as the search wants to see it. */
class DirectorySource implements SearchSource {
  readonly version: string
  readonly chunks: readonly SearchChunk[]
  readonly overlay: OverlayIndex
  readonly rowCount: number
  readonly targets: Int32Array
  readonly newestRows: Int32Array
  readonly #directory: Directory

  constructor(directory: Directory, chunks: readonly SearchChunk[], overlay: OverlayIndex) {
    this.#directory = directory
    this.version = `${directory.changes} ${chunks.length}`
    this.chunks = chunks
    this.overlay = overlay
    this.rowCount = directory.rows.length
    this.targets = directory.searchTargets()
    this.newestRows = directory.entities.newestRows
  }

  isResident(row: number): boolean {
    return this.#directory.rows.kinds[row] === kindCode.resident
  }

  residentOf(caseRow: number): number {
    const owner = this.#directory.rows.owners[caseRow] ?? -1
    return owner < 0 ? -1 : this.#directory.entities.rowOf(owner)
  }

  casesOf(residentRow: number, rows: number[]): number {
    const { rows: table, entities } = this.#directory
    return entities.caseRowsOf(table.entities[residentRow] ?? -1, rows)
  }

  isOpen(row: number): boolean {
    const { rows, entities } = this.#directory
    if (rows.kinds[row] === kindCode.case) return isOpenStatus(rows.statuses[row] ?? 0)
    return entities.openCasesOf(rows.entities[row] ?? -1) > 0
  }

  updatedAt(row: number): number {
    const { rows, entities } = this.#directory
    const changed = rows.times[row] ?? 0
    if (rows.kinds[row] === kindCode.case) return changed
    return Math.max(changed, entities.lastTouchOf(rows.entities[row] ?? -1))
  }
}
