import { type Dictionary, TermCursor } from './dictionary.ts'
import { fieldOfMark, fieldsOfResidents, marks, pointsOf, wayOfMark, ways } from './points.ts'
import { RunReader } from './postings.ts'
import { fieldOf, fields } from './record-words.ts'
import { type FoundWord, type SearchSource, targetOf } from './source.ts'
import { readUtf8 } from './text.ts'
import type { WordVisitor } from './word-visitor.ts'

/** What a place in the log names: a term of a segment's words or codes, a telephone number, or a text of the overlay. */
const inWords = 0
const inCodes = 1
const inPhones = 2
const inOverlay = 3
const numbersInEntry = 3

/**
 * How well each row of a source matches one word. Besides the mark it keeps, for each row, which term gave it: an entry
 * of a log, so that the few rows that are shown can be explained without searching again.
 */
export class Marker implements WordVisitor {
  /** By row: the best mark, 0 for none. */
  marked = new Uint8Array(0)
  /** Rows that match. */
  count = 0
  /** Points of the best mark that a resident's own field gave, at most. */
  mostOfResidents = 0
  /** By row: the entry of the log that gave the mark. */
  #givenBy = new Uint32Array(0)
  /** Chunk and kind of place; number of the term, telephone number or text; the overlay's row. */
  #log = new Uint32Array(1 << 10)
  #entries = 0
  readonly #texts: string[] = []
  #source: SearchSource | null = null

  begin(source: SearchSource): void {
    this.#source = source
    this.count = 0
    this.mostOfResidents = 0
    this.#entries = 0
    this.#texts.length = 0
    if (this.marked.length < source.rowCount) {
      const room = roomFor(source)
      this.marked = new Uint8Array(room)
      this.#givenBy = new Uint32Array(room)
    } else this.marked.fill(0)
  }

  run(way: number, reader: RunReader, firstRow: number, chunk: number, isCode: boolean, term: number): void {
    const source = this.#source
    if (!source) return
    const mark = marks[way * 16 + reader.field] as number
    const entry = this.#note(chunk, isCode ? inCodes : inWords, term, 0)
    this.#noteField(reader.field, mark)
    const { rows, count } = reader
    const { marked } = this
    const givenBy = this.#givenBy
    const { targets, newestRows } = source
    let added = 0
    for (let index = 0; index < count; index += 1) {
      const record = targets[firstRow + (rows[index] as number)] as number
      if (record < 0) continue
      const target = newestRows[record] as number
      if (target < 0) continue
      const before = marked[target] as number
      if (before >= mark) continue
      if (before === 0) added += 1
      marked[target] = mark
      givenBy[target] = entry
    }
    this.count += added
  }

  phone(way: number, row: number, chunk: number, number: number): void {
    this.#mark(way, fieldOf.number, row, chunk, inPhones, number)
  }

  row(way: number, field: number, row: number, text: string): void {
    this.#mark(way, field, row, 0, inOverlay, this.#texts.push(text) - 1)
  }

  #mark(way: number, field: number, row: number, chunk: number, kind: number, number: number): void {
    const target = this.#source ? targetOf(this.#source, row) : -1
    if (target === -1) return
    const mark = marks[way * 16 + field] as number
    const before = this.marked[target] as number
    if (before >= mark) return
    if (before === 0) this.count += 1
    this.#noteField(field, mark)
    this.marked[target] = mark
    this.#givenBy[target] = this.#note(chunk, kind, number, row)
  }

  #noteField(field: number, mark: number): void {
    if ((fieldsOfResidents >> field) & 1)
      this.mostOfResidents = Math.max(this.mostOfResidents, pointsOf(mark))
  }

  #note(chunk: number, kind: number, number: number, row: number): number {
    const entry = this.#entries
    const at = entry * numbersInEntry
    if (at + numbersInEntry > this.#log.length) {
      const log = new Uint32Array(this.#log.length * 2)
      log.set(this.#log)
      this.#log = log
    }
    this.#log[at] = chunk * 4 + kind
    this.#log[at + 1] = number
    this.#log[at + 2] = row
    this.#entries = entry + 1
    return entry
  }

  /** Why a row is marked. */
  explain(target: number, explainer: Explainer): FoundWord {
    const mark = this.marked[target] as number
    const at = (this.#givenBy[target] as number) * numbersInEntry
    const place = this.#log[at] as number
    const number = this.#log[at + 1] as number
    const field = fieldOfMark(mark)
    const found = { what: fields[field] ?? 'field', how: ways[wayOfMark(mark)] ?? 'exact' }
    const chunk = this.#source?.chunks[place >> 2]
    if ((place & 3) === inOverlay || !chunk || !this.#source) {
      return { ...found, text: this.#texts[number] ?? '', row: this.#log[at + 2] ?? target }
    }
    const { segment, firstRow } = chunk
    if ((place & 3) === inPhones) {
      const { starts, digits, rows } = segment.phones
      const text = readUtf8(digits, starts[number] ?? 0, starts[number + 1] ?? 0)
      return { ...found, text, row: firstRow + (rows[number] ?? 0) }
    }
    const dictionary = (place & 3) === inCodes ? segment.codes : segment.words
    const text = explainer.open(dictionary, number)
    if (field !== fieldOf.note) return { ...found, text, row: target }
    const row = explainer.rowFor(dictionary, segment.rowCount, firstRow, target, this.#source)
    return { ...found, text, row }
  }
}

/** Reads single terms, for the rows that are shown. */
export class Explainer {
  readonly #cursor = new TermCursor()
  readonly #reader = new RunReader()

  /** The term of a number. */
  open(dictionary: Dictionary, term: number): string {
    this.#cursor.toNumber(dictionary, term)
    return readUtf8(this.#cursor.term, 0, this.#cursor.length)
  }

  /** Of the notes that the opened term is in, the last that counts for the target. */
  rowFor(
    { payload }: Dictionary,
    rowCount: number,
    firstRow: number,
    target: number,
    source: SearchSource,
  ): number {
    const reader = this.#reader
    reader.open(payload, this.#cursor.payloadFrom, this.#cursor.payloadTo, rowCount)
    if (!reader.next(1 << fieldOf.note)) return target
    for (let index = reader.count - 1; index >= 0; index -= 1) {
      const row = firstRow + (reader.rows[index] as number)
      if (targetOf(source, row) === target) return row
    }
    return target
  }
}

/** Some more than there are, a multiple of four. */
export const roomFor = ({ rowCount }: SearchSource): number => (((rowCount >> 4) * 17 + 16) | 3) + 1
