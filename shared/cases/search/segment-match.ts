import { type Dictionary, TermCursor } from './dictionary.ts'
import { soundsOf } from './names.ts'
import {
  beginsOneEdit,
  isOneEdit,
  lettersThatStay,
  shortestBeginningWithTypo,
  shortestWithTypo,
} from './one-edit.ts'
import {
  allFields,
  beginning,
  exact,
  nameField,
  part,
  sound,
  strongFields,
  typo,
  typoInBeginning,
} from './points.ts'
import { RunReader } from './postings.ts'
import type { QueryWord } from './query.ts'
import type { Segment } from './segment.ts'
import { writeUtf8 } from './text.ts'

/** Takes the rows that a word is found in. */
export interface WordVisitor {
  /** Rows of one term in one field: `reader.rows` up to `reader.count`, counted from `firstRow`. The term is UTF-8. */
  run(way: number, reader: RunReader, firstRow: number, term: Uint8Array, length: number): void
  /** One row. */
  row(way: number, field: number, row: number, text: string): void
  /** A telephone number of one row: `digits` from `from` up to `to`, as characters. */
  phone(way: number, row: number, digits: Uint8Array, from: number, to: number): void
  /** Nothing more is needed. */
  readonly isDone: boolean
}

/** Finds words in segments, one after another, in memory that is used again. */
export class SegmentMatcher {
  readonly #cursor = new TermCursor()
  readonly #reader = new RunReader()
  readonly #sound = new Uint8Array(256)

  /** Tells the visitor every occurrence of the word by the wanted ways (a bit each). */
  match(segment: Segment, firstRow: number, word: QueryWord, wanted: number, visitor: WordVisitor): void {
    if (!word.isPhone) {
      if (wanted & ((1 << exact) | (1 << beginning))) {
        if (word.isPlain) this.#matchBeginning(segment, segment.words, firstRow, word, wanted, visitor)
        this.#matchBeginning(segment, segment.codes, firstRow, word, wanted, visitor)
      }
      if (word.isPlain && wanted & (1 << sound)) this.#matchSound(segment, firstRow, word, visitor)
      if (word.isPlain && wanted & (1 << typo) && word.text.length >= shortestWithTypo) {
        this.#matchTypos(segment, firstRow, word, visitor)
      }
      if (word.isPlain && wanted & (1 << typoInBeginning) && word.text.length >= shortestBeginningWithTypo) {
        this.#matchTyposInBeginning(segment, firstRow, word, visitor)
      }
    }
    if (word.phone.length > 0) this.#matchPhones(segment, firstRow, word, wanted, visitor)
  }

  #tell(
    segment: Segment,
    { payload }: Dictionary,
    firstRow: number,
    way: number,
    fields: number,
    visitor: WordVisitor,
  ): void {
    const cursor = this.#cursor
    const reader = this.#reader
    reader.open(payload, cursor.payloadFrom, cursor.payloadTo, segment.rowCount)
    while (reader.next(fields)) visitor.run(way, reader, firstRow, cursor.term, cursor.length)
  }

  #matchBeginning(
    segment: Segment,
    dictionary: Dictionary,
    firstRow: number,
    { bytes, isSingle }: QueryWord,
    wanted: number,
    visitor: WordVisitor,
  ): void {
    const cursor = this.#cursor
    let found = cursor.seek(dictionary, bytes, bytes.length)
    while (found && beginsWith(cursor.term, cursor.length, bytes, bytes.length)) {
      const way = cursor.length === bytes.length ? exact : beginning
      if ((wanted >> way) & 1) {
        const fields = way === beginning && isSingle ? strongFields : allFields
        this.#tell(segment, dictionary, firstRow, way, fields, visitor)
        if (visitor.isDone) return
      } else if (way === beginning) return
      found = cursor.next()
    }
  }

  #matchSound(segment: Segment, firstRow: number, word: QueryWord, visitor: WordVisitor): void {
    const cursor = this.#cursor
    const key = this.#sound
    for (const each of soundsOf(word.text)) {
      const length = writeUtf8(each.slice(0, 60), key, 0)
      if (!cursor.seek(segment.sounds, key, length) || cursor.length !== length) continue
      if (!beginsWith(cursor.term, length, key, length)) continue
      const { payload } = segment.sounds
      let at = cursor.payloadFrom
      const end = cursor.payloadTo
      let term = 0
      while (at < end) {
        let byte = payload[at++] as number
        let delta = byte & 127
        for (let shift = 7; byte > 127 && shift < 28; shift += 7) {
          byte = payload[at++] ?? 0
          delta |= (byte & 127) << shift
        }
        term += delta
        cursor.toNumber(segment.words, term)
        if (
          beginsWith(cursor.term, cursor.length, word.bytes, cursor.length) &&
          cursor.length === word.bytes.length
        )
          continue
        this.#tell(segment, segment.words, firstRow, sound, nameField, visitor)
        if (visitor.isDone) return
      }
    }
  }

  /** One slip leaves the beginning or the end of a word as it was: only words that share one of them are looked at. */
  #matchTypos(segment: Segment, firstRow: number, { bytes }: QueryWord, visitor: WordVisitor): void {
    const { length } = bytes
    const { words } = segment
    const cursor = this.#cursor
    const { first, last } = lettersThatStay(length)
    let found = cursor.seek(words, bytes, first)
    while (found && beginsWith(cursor.term, cursor.length, bytes, first)) {
      if (isOneEdit(bytes, length, cursor.term, cursor.length)) {
        this.#tell(segment, words, firstRow, typo, allFields, visitor)
        if (visitor.isDone) return
      }
      found = cursor.next()
    }
    const { byEnding } = segment
    for (let at = this.#firstEnding(segment, bytes, last); at < byEnding.length; at += 1) {
      cursor.toNumber(words, byEnding[at] as number)
      if (compareEndings(cursor.term, cursor.length, bytes, length, last) > 0) return
      // What shares the beginning too was told above.
      if (beginsWith(cursor.term, cursor.length, bytes, first)) continue
      if (!isOneEdit(bytes, length, cursor.term, cursor.length)) continue
      this.#tell(segment, words, firstRow, typo, allFields, visitor)
      if (visitor.isDone) return
    }
  }

  /** Of the words by ending, the first that ends no earlier than the last letters of the typed word. */
  #firstEnding({ words, byEnding }: Segment, bytes: Uint8Array, last: number): number {
    const cursor = this.#cursor
    let low = 0
    let high = byEnding.length
    while (low < high) {
      const middle = (low + high) >> 1
      cursor.toNumber(words, byEnding[middle] as number)
      if (compareEndings(cursor.term, cursor.length, bytes, bytes.length, last) < 0) low = middle + 1
      else high = middle
    }
    return low
  }

  #matchTyposInBeginning(
    segment: Segment,
    firstRow: number,
    { bytes }: QueryWord,
    visitor: WordVisitor,
  ): void {
    const cursor = this.#cursor
    let found = cursor.seek(segment.words, bytes, 1)
    while (found && cursor.term[0] === bytes[0]) {
      if (beginsOneEdit(bytes, bytes.length, cursor.term, cursor.length)) {
        this.#tell(segment, segment.words, firstRow, typoInBeginning, allFields, visitor)
        if (visitor.isDone) return
      }
      found = cursor.next()
    }
  }

  #matchPhones(
    { phones }: Segment,
    firstRow: number,
    { phone }: QueryWord,
    wanted: number,
    visitor: WordVisitor,
  ): void {
    for (const { digits, atBeginning } of phone) {
      phones.find(digits, (number, at) => {
        if (atBeginning && at > 0) return
        const start = phones.starts[number] as number
        const length = (phones.starts[number + 1] as number) - start
        const way = at > 0 ? part : length === digits.length ? exact : beginning
        if (((wanted >> way) & 1) === 0) return
        visitor.phone(way, firstRow + (phones.rows[number] as number), phones.digits, start, start + length)
      })
    }
  }
}

function beginsWith(term: Uint8Array, length: number, beginning: Uint8Array, letters: number): boolean {
  if (length < letters) return false
  for (let at = 0; at < letters; at += 1) if (term[at] !== beginning[at]) return false
  return true
}

/** Compares the last letters of two words, read backwards; a word that has fewer comes before. */
function compareEndings(
  term: Uint8Array,
  termLength: number,
  word: Uint8Array,
  wordLength: number,
  letters: number,
): number {
  for (let back = 1; back <= letters; back += 1) {
    if (back > termLength) return -1
    const difference = (term[termLength - back] as number) - (word[wordLength - back] as number)
    if (difference !== 0) return difference
  }
  return 0
}
