import type { Explainer, Marker } from './marker.ts'
import { fieldOfMark, pointsOf } from './points.ts'
import { fieldOf } from './record-words.ts'
import type { SearchHit, SearchSource } from './source.ts'
import type { TopHits } from './top-hits.ts'

export interface SearchOptions {
  /** Hits to answer at most. */
  readonly limit: number
  readonly only?: 'resident' | 'case'
}

/** Rows that may match all words of a reading: weighs them, counts them, and keeps the best. */
export class Candidates {
  total = 0
  readonly #source: SearchSource
  readonly #markers: readonly Marker[]
  readonly #marked: readonly Uint8Array[]
  readonly #only: SearchOptions['only']
  readonly #seen: Uint8Array
  readonly #top: TopHits
  /** Of the resident who was asked about last. */
  readonly #cases: number[] = []

  /** A marker for each word; `seen` has a byte for each row, and is set for those that are counted. */
  constructor(
    source: SearchSource,
    markers: readonly Marker[],
    { only }: SearchOptions,
    seen: Uint8Array,
    top: TopHits,
  ) {
    this.#source = source
    this.#markers = markers
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
    if (this.#only === 'resident' || this.#marked.length === 1 || lentMark(mark) === 0) return
    const cases = this.#cases
    const count = source.casesOf(row, cases)
    for (let index = 0; index < count; index += 1) this.#weighCase(cases[index] as number)
  }

  explain(row: number, explainer: Explainer): SearchHit {
    const isResident = this.#source.isResident(row)
    const resident = isResident ? -1 : this.#lender(row)
    return {
      row,
      kind: isResident ? 'resident' : 'case',
      why: this.#markers.map((marker) => {
        const { marked } = marker
        const mark = marked[row] as number
        const lent = resident === -1 ? 0 : lentMark(marked[resident] as number)
        return marker.explain(lent !== 0 && pointsOf(lent) - 1 > pointsOf(mark) ? resident : row, explainer)
      }),
    }
  }

  #weighResident(row: number): void {
    if (this.#seen[row] !== 0) return
    let points = 0
    for (const marked of this.#marked) {
      const mark = marked[row] as number
      if (mark === 0) return
      points += pointsOf(mark)
    }
    this.#count(row, points, true)
  }

  #weighCase(row: number): void {
    if (this.#seen[row] !== 0) return
    const resident = this.#lender(row)
    let points = 0
    let own = 0
    for (const marked of this.#marked) {
      const mark = marked[row] as number
      const lent = resident === -1 ? 0 : lentMark(marked[resident] as number)
      if (mark !== 0) own += 1
      else if (lent === 0) return
      points += Math.max(pointsOf(mark), pointsOf(lent) - 1)
    }
    if (own > 0) this.#count(row, points, false)
  }

  /** The resident whose words count for a case. A single word has to be the case's own. */
  #lender(row: number): number {
    return this.#marked.length === 1 ? -1 : this.#source.residentOf(row)
  }

  #count(row: number, points: number, isResident: boolean): void {
    this.#seen[row] = 1
    this.total += 1
    if (!this.#top.mayEnter(points)) return
    const source = this.#source
    const rank = points * 4 + (isResident ? 2 : 0) + (source.isOpen(row) ? 1 : 0)
    this.#top.enter(row, rank, source.updatedAt(row))
  }
}

/** A resident's own fields count for their cases; notes about the resident do not. */
const lentMark = (mark: number): number => (mark !== 0 && fieldOfMark(mark) !== fieldOf.note ? mark : 0)
