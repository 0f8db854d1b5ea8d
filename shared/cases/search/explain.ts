import { fieldOfMark, marks, ways } from './points.ts'
import type { RunReader } from './postings.ts'
import type { QueryWord } from './query.ts'
import { fieldOf, fields } from './record-words.ts'
import type { SegmentMatcher, WordVisitor } from './segment-match.ts'
import type { FoundWord, SearchSource } from './source.ts'
import { readUtf8 } from './text.ts'
import type { TopHit } from './top-hits.ts'

/**
 * Why each hit was found. Marks tell where and how; which word of the record it was, and in which note, is looked for
 * again here, for the few hits that are shown. `scratch` has a byte for each row.
 */
export function explainHits(
  source: SearchSource,
  hits: readonly TopHit[],
  matcher: SegmentMatcher,
  scratch: Uint8Array,
): ReadonlyMap<TopHit, readonly FoundWord[]> {
  const foundOf = new Map<QueryWord, ReadonlyMap<number, FoundWord>>()
  for (const reading of new Set(hits.map((hit) => hit.reading))) {
    const ofReading = hits.filter((hit) => hit.reading === reading)
    for (const [index, word] of reading.entries()) {
      const wanted = ofReading.flatMap((hit) => hit.found[index] ?? [])
      foundOf.set(word, findTerms(source, word, wanted, matcher, scratch))
    }
  }
  return new Map(
    hits.map((hit) => [
      hit,
      hit.reading.flatMap((word, index) => {
        const target = hit.found[index]?.target
        return (target !== undefined && foundOf.get(word)?.get(target)) || []
      }),
    ]),
  )
}

function findTerms(
  source: SearchSource,
  word: QueryWord,
  wanted: TopHit['found'],
  matcher: SegmentMatcher,
  scratch: Uint8Array,
): ReadonlyMap<number, FoundWord> {
  scratch.fill(0, 0, source.rowCount)
  const finder = new TermFinder(source, scratch)
  let ways = 0
  for (const { target, mark, way } of wanted) {
    finder.want(target, mark)
    ways |= 1 << way
  }
  source.overlay.match(word, ways, finder)
  for (let index = source.chunks.length - 1; index >= 0 && !finder.isDone; index -= 1) {
    const chunk = source.chunks[index]
    if (chunk) matcher.match(chunk.segment, chunk.firstRow, word, ways, finder)
  }
  return finder.found
}

class TermFinder implements WordVisitor {
  readonly found = new Map<number, FoundWord>()
  readonly #source: SearchSource
  /** By target: the mark that is to be found again, or 0. */
  readonly #wanted: Uint8Array
  #left = 0

  constructor(source: SearchSource, scratch: Uint8Array) {
    this.#source = source
    this.#wanted = scratch
  }

  get isDone(): boolean {
    return this.#left === 0
  }

  want(target: number, mark: number): void {
    if (this.#wanted[target] !== 0) return
    this.#wanted[target] = mark
    this.#left += 1
  }

  run(way: number, reader: RunReader, firstRow: number, term: Uint8Array, length: number): void {
    const mark = marks[way * 16 + reader.field] as number
    for (let index = 0; index < reader.count; index += 1) {
      const row = firstRow + (reader.rows[index] as number)
      const target = this.#source.targetOf(row)
      if (target !== -1 && this.#wanted[target] === mark) {
        this.#note(target, mark, way, row, readUtf8(term, 0, length))
      }
    }
  }

  row(way: number, field: number, row: number, text: string): void {
    const mark = marks[way * 16 + field] as number
    const target = this.#source.targetOf(row)
    if (target !== -1 && this.#wanted[target] === mark) this.#note(target, mark, way, row, text)
  }

  phone(way: number, row: number, digits: Uint8Array, from: number, to: number): void {
    this.row(way, fieldOf.number, row, readUtf8(digits, from, to))
  }

  #note(target: number, mark: number, way: number, row: number, text: string): void {
    this.#wanted[target] = 0
    this.#left -= 1
    this.found.set(target, {
      what: fields[fieldOfMark(mark)] ?? 'field',
      how: ways[way] ?? 'exact',
      text,
      row,
    })
  }
}
