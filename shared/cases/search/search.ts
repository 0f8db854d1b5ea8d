import { explainHits } from './explain.ts'
import {
  beginning,
  exact,
  fieldOfMark,
  marks,
  part,
  pointsOf,
  sound,
  typo,
  typoInBeginning,
  wayOfMark,
} from './points.ts'
import type { RunReader } from './postings.ts'
import { type QueryWord, type Reading, readQuery } from './query.ts'
import { fieldOf } from './record-words.ts'
import { SegmentMatcher, type WordVisitor } from './segment-match.ts'
import type { SearchHit, SearchHits, SearchSource } from './source.ts'
import { type Kept, TopHits } from './top-hits.ts'

export interface SearchOptions {
  /** Hits to answer at most. */
  readonly limit: number
  readonly only?: 'resident' | 'case'
}

/** Searches one source after another, or one that changes, in memory that is used again: about a byte per row and word. */
export interface Searcher {
  /**
   * Residents and cases in which every word of the text is found, or is begun, sounds like a name, or is one slip away
   * from a word. A case counts its notes and its resident's fields as its own, as long as one word is really its own.
   */
  search(source: SearchSource, text: string, options: SearchOptions): SearchHits
}

export function createSearcher(): Searcher {
  return new ScratchSearcher()
}

const asTyped = (1 << exact) | (1 << beginning) | (1 << part)
const tolerant = (1 << sound) | (1 << typo)

class ScratchSearcher implements Searcher {
  readonly #matcher = new SegmentMatcher()
  readonly #markers: Marker[] = []
  /** Rows that were counted, by one reading or another. */
  #seen = new Uint8Array(0)

  search(source: SearchSource, text: string, options: SearchOptions): SearchHits {
    const readings = readQuery(text)
    const top = new TopHits(options.limit)
    if (this.#seen.length < source.rowCount) this.#seen = new Uint8Array(roomFor(source))
    else this.#seen.fill(0)
    let total = 0
    for (const reading of readings) total += this.#read(source, reading, options, top)
    const hits = top.inOrder()
    const why = explainHits(source, hits, this.#matcher, this.#seen)
    return {
      hits: hits.map(
        (hit): SearchHit => ({
          row: hit.row,
          kind: source.isResident(hit.row) ? 'resident' : 'case',
          why: why.get(hit) ?? [],
        }),
      ),
      total,
    }
  }

  #read(source: SearchSource, reading: Reading, options: SearchOptions, top: TopHits): number {
    const markers = reading.map((word, index) => this.#mark(source, word, index))
    const rarest = markers.reduce((a, b) => (b.count < a.count ? b : a))
    if (rarest.count === 0) return 0
    const candidates = new Candidates(source, reading, markers, options, this.#seen, top)
    const { marked } = rarest
    const fours = new Uint32Array(marked.buffer)
    for (let four = (source.rowCount - 1) >> 2; four >= 0; four -= 1) {
      if (fours[four] === 0) continue
      for (let row = four * 4 + 3; row >= four * 4; row -= 1) {
        const mark = marked[row] as number
        if (mark !== 0) candidates.consider(row, mark)
      }
    }
    return candidates.total
  }

  #mark(source: SearchSource, word: QueryWord, index: number): Marker {
    const marker = this.#markers[index] ?? new Marker()
    this.#markers[index] = marker
    marker.begin(source)
    this.#matchAll(source, word, asTyped, marker)
    const foundAsTyped = marker.count > 0
    this.#matchAll(source, word, tolerant, marker)
    // What begins no word so far may be a word that is half typed with a slip in it.
    if (!foundAsTyped && word.isLast) this.#matchAll(source, word, 1 << typoInBeginning, marker)
    return marker
  }

  #matchAll(source: SearchSource, word: QueryWord, ways: number, marker: Marker): void {
    for (const { segment, firstRow } of source.chunks) {
      this.#matcher.match(segment, firstRow, word, ways, marker)
    }
    source.overlay.match(word, ways, marker)
  }
}

/** Some more than there are, a multiple of four. */
const roomFor = ({ rowCount }: SearchSource) => (rowCount >> 4) * 20 + 20

/** How well each row of a source matches one word: the best mark by row, 0 for none. */
class Marker implements WordVisitor {
  marked = new Uint8Array(0)
  /** Rows that match. */
  count = 0
  readonly isDone = false
  #source: SearchSource | null = null

  begin(source: SearchSource): void {
    this.#source = source
    this.count = 0
    if (this.marked.length < source.rowCount) this.marked = new Uint8Array(roomFor(source))
    else this.marked.fill(0)
  }

  run(way: number, reader: RunReader, firstRow: number): void {
    const source = this.#source
    if (!source) return
    const mark = marks[way * 16 + reader.field] as number
    const { rows, count } = reader
    const { marked } = this
    let added = 0
    for (let index = 0; index < count; index += 1) {
      const target = source.targetOf(firstRow + (rows[index] as number))
      if (target === -1) continue
      const before = marked[target] as number
      if (before >= mark) continue
      if (before === 0) added += 1
      marked[target] = mark
    }
    this.count += added
  }

  row(way: number, field: number, row: number): void {
    const target = this.#source?.targetOf(row) ?? -1
    if (target === -1) return
    const mark = marks[way * 16 + field] as number
    const before = this.marked[target] as number
    if (before >= mark) return
    if (before === 0) this.count += 1
    this.marked[target] = mark
  }

  phone(way: number, row: number): void {
    this.row(way, fieldOf.number, row)
  }
}

/** Rows that may match all words of a reading: weighs them, counts them, and keeps the best. */
class Candidates {
  total = 0
  readonly #source: SearchSource
  readonly #reading: Reading
  readonly #marked: readonly Uint8Array[]
  readonly #only: SearchOptions['only']
  readonly #seen: Uint8Array
  readonly #top: TopHits

  constructor(
    source: SearchSource,
    reading: Reading,
    markers: readonly Marker[],
    { only }: SearchOptions,
    seen: Uint8Array,
    top: TopHits,
  ) {
    this.#source = source
    this.#reading = reading
    this.#marked = markers.map(({ marked }) => marked)
    this.#only = only
    this.#seen = seen
    this.#top = top
  }

  /** A row with a mark of the rarest word: itself and, when it is a resident, the cases it lends its words to. */
  consider(row: number, mark: number): void {
    const source = this.#source
    if (!source.isResident(row)) {
      if (this.#only !== 'resident') this.#weighCase(row)
      return
    }
    if (this.#only !== 'case') this.#weighResident(row)
    if (this.#only === 'resident' || this.#marked.length === 1 || !isLent(mark)) return
    const cases = source.casesOf(row)
    for (let index = 0; index < cases.length; index += 1) this.#weighCase(cases[index] as number)
  }

  #weighResident(row: number): void {
    if (this.#seen[row] !== 0) return
    let points = 0
    for (const marked of this.#marked) {
      const mark = marked[row] as number
      if (mark === 0) return
      points += pointsOf(mark)
    }
    this.#count(row, points, true, -1)
  }

  #weighCase(row: number): void {
    if (this.#seen[row] !== 0) return
    const marked = this.#marked
    const resident = marked.length === 1 ? -1 : this.#source.residentOf(row)
    let points = 0
    let own = 0
    for (let word = 0; word < marked.length; word += 1) {
      const rows = marked[word] as Uint8Array
      const mark = rows[row] as number
      const lent = resident === -1 ? 0 : lentMark(rows[resident] as number)
      if (mark !== 0) own += 1
      else if (lent === 0) return
      points += Math.max(pointsOf(mark), pointsOf(lent) - 1)
    }
    if (own > 0) this.#count(row, points, false, resident)
  }

  #count(row: number, points: number, isResident: boolean, resident: number): void {
    this.#seen[row] = 1
    this.total += 1
    const source = this.#source
    if (!this.#top.mayEnter(points)) return
    const rank = points * 4 + (isResident ? 2 : 0) + (source.isOpen(row) ? 1 : 0)
    this.#top.enter(row, rank, source.updatedAt(row), () => this.#kept(row, resident))
  }

  /** What is needed to say why, once the marks are used for another reading. */
  #kept(row: number, resident: number): Kept {
    return {
      reading: this.#reading,
      found: this.#marked.map((marked) => {
        const mark = marked[row] as number
        const lent = resident === -1 ? 0 : lentMark(marked[resident] as number)
        const isLentBetter = lent !== 0 && pointsOf(lent) - 1 > pointsOf(mark)
        const best = isLentBetter ? lent : mark
        return { target: isLentBetter ? resident : row, mark: best, way: wayOfMark(best) }
      }),
    }
  }
}

/** A resident's own fields count for their cases; notes about the resident do not. */
const isLent = (mark: number): boolean => fieldOfMark(mark) !== fieldOf.note

const lentMark = (mark: number): number => (mark !== 0 && isLent(mark) ? mark : 0)
