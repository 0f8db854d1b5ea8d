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
  /** By word: the most points that a resident lends to a case. */
  readonly #mostLent: readonly number[]
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
    this.#mostLent = markers.map(({ mostOfResidents }) => mostOfResidents - 1)
    this.#only = only
    this.#seen = seen
    this.#top = top
  }

  /** Every row with a mark of the only word. */
  considerAll(): void {
    const [marked] = this.#marked
    if (!marked) return
    const only = this.#only
    const seen = this.#seen
    const source = this.#source
    forEachMarked(marked, source.rowCount, (row, mark) => {
      if (seen[row] !== 0) return
      if (only !== undefined && source.isResident(row) !== (only === 'resident')) return
      this.#count(row, pointsOf(mark))
    })
  }

  /** Rows with a mark of the rarest of several words, and the cases of such residents. */
  considerRarest(marked: Uint8Array): void {
    forEachMarked(marked, this.#source.rowCount, (row, mark) => this.#consider(row, mark))
  }

  /** A row with a mark of the rarest word: itself and, when it is a resident, the cases it lends its words to. */
  #consider(row: number, mark: number): void {
    const source = this.#source
    if (!source.isResident(row)) {
      if (this.#only !== 'resident') this.#weighCase(row)
      return
    }
    if (this.#only !== 'case') this.#weighResident(row)
    if (this.#only === 'resident' || lentMark(mark) === 0) return
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
    this.#count(row, points)
  }

  #weighCase(row: number): void {
    if (this.#seen[row] !== 0) return
    const words = this.#marked
    let points = 0
    let most = 0
    let own = 0
    for (let word = 0; word < words.length; word += 1) {
      const mark = pointsOf((words[word] as Uint8Array)[row] as number)
      if (mark > 0) own += 1
      points += mark
      most += Math.max(mark, this.#mostLent[word] as number)
    }
    if (own === 0) return
    // Its resident need not be asked about what matches anyway and would come too far behind.
    if (own < words.length || this.#top.mayEnter(most)) points = this.#pointsWithLender(row)
    if (points > 0) this.#count(row, points)
  }

  /** 0 when a word is found neither in a case nor in its resident. */
  #pointsWithLender(row: number): number {
    const resident = this.#lender(row)
    let points = 0
    for (const marked of this.#marked) {
      const mark = marked[row] as number
      const lent = resident === -1 ? 0 : lentMark(marked[resident] as number)
      if (mark === 0 && lent === 0) return 0
      points += Math.max(pointsOf(mark), pointsOf(lent) - 1)
    }
    return points
  }

  /** The resident whose words count for a case. A single word has to be the case's own. */
  #lender(row: number): number {
    return this.#marked.length === 1 ? -1 : this.#source.residentOf(row)
  }

  #count(row: number, points: number): void {
    this.#seen[row] = 1
    this.total += 1
    if (!this.#top.mayEnter(points)) return
    const source = this.#source
    const rank = points * 4 + (source.isResident(row) ? 2 : 0) + (source.isOpen(row) ? 1 : 0)
    if (this.#top.mayEnterAs(rank)) this.#top.enter(row, rank, source.updatedAt(row))
  }
}

/** A resident's own fields count for their cases; notes about the resident do not. */
const lentMark = (mark: number): number => (mark !== 0 && fieldOfMark(mark) !== fieldOf.note ? mark : 0)

/** Calls with every row that has a mark, from the last to the first. */
function forEachMarked(
  marked: Uint8Array,
  rowCount: number,
  visit: (row: number, mark: number) => void,
): void {
  const fours = new Uint32Array(marked.buffer)
  for (let four = (rowCount - 1) >> 2; four >= 0; four -= 1) {
    if (fours[four] === 0) continue
    for (let row = four * 4 + 3; row >= four * 4; row -= 1) {
      const mark = marked[row] as number
      if (mark !== 0) visit(row, mark)
    }
  }
}
