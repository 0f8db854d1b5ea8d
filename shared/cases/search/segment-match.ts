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
  asTyped,
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
import type { SearchSource } from './source.ts'
import { writeUtf8 } from './text.ts'
import type { WordVisitor } from './word-visitor.ts'

interface Matched {
  readonly segment: Segment
  readonly firstRow: number
  readonly chunk: number
  readonly word: QueryWord
  readonly visitor: WordVisitor
}

/** Finds words in segments, one after another, in memory that is used again. */
export class SegmentMatcher {
  readonly #cursor = new TermCursor()
  readonly #reader = new RunReader()
  readonly #sound = new Uint8Array(256)

  /** Tells the visitor every occurrence of the word in the chunks by the wanted ways (a bit each). */
  match({ chunks }: SearchSource, word: QueryWord, wanted: number, visitor: WordVisitor): void {
    for (const [chunk, { segment, firstRow }] of chunks.entries()) {
      const matched = { segment, firstRow, chunk, word, visitor }
      if (wanted & asTyped) {
        if (word.phone.length > 0) matchPhones(matched)
        if (word.isPhone) continue
        if (word.isPlain) this.#matchBeginning(matched, segment.words)
        this.#matchBeginning(matched, segment.codes)
      }
      if (!word.isPlain || word.isPhone) continue
      const { length } = word.bytes
      if (wanted & (1 << sound)) this.#matchSound(matched)
      if (wanted & (1 << typo) && length >= shortestWithTypo) this.#matchTypos(matched)
      if (wanted & (1 << typoInBeginning) && length >= shortestBeginningWithTypo) {
        this.#matchTyposInBeginning(matched)
      }
    }
  }

  /** Tells the rows of the term under the cursor. */
  #tell({ segment, firstRow, chunk, visitor }: Matched, dictionary: Dictionary, way: number, fields: number) {
    const cursor = this.#cursor
    const reader = this.#reader
    const isCode = dictionary === segment.codes
    reader.open(dictionary.payload, cursor.payloadFrom, cursor.payloadTo, segment.rowCount)
    while (reader.next(fields)) visitor.run(way, reader, firstRow, chunk, isCode, cursor.number)
  }

  #matchBeginning(matched: Matched, dictionary: Dictionary): void {
    const cursor = this.#cursor
    const { bytes, isSingle } = matched.word
    let found = cursor.seek(dictionary, bytes, bytes.length)
    while (found && beginsWith(cursor.term, cursor.length, bytes, bytes.length)) {
      if (cursor.length === bytes.length) this.#tell(matched, dictionary, exact, allFields)
      else this.#tell(matched, dictionary, beginning, isSingle ? strongFields : allFields)
      found = cursor.next()
    }
  }

  #matchSound(matched: Matched): void {
    const { word, segment } = matched
    const cursor = this.#cursor
    const key = this.#sound
    for (const each of soundsOf(word.text)) {
      const length = writeUtf8(each.slice(0, 60), key, 0)
      if (!cursor.seek(segment.sounds, key, length) || !isWord(cursor, key, length)) continue
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
        if (!isWord(cursor, word.bytes, word.bytes.length))
          this.#tell(matched, segment.words, sound, nameField)
      }
    }
  }

  /** One slip leaves the beginning or the end of a word as it was: only words that share one of them are looked at. */
  #matchTypos(matched: Matched): void {
    const { bytes } = matched.word
    const { words, byEnding } = matched.segment
    const cursor = this.#cursor
    const { length } = bytes
    const { first, last } = lettersThatStay(length)
    let found = cursor.seek(words, bytes, first)
    while (found && beginsWith(cursor.term, cursor.length, bytes, first)) {
      if (isOneEdit(bytes, length, cursor.term, cursor.length)) this.#tell(matched, words, typo, allFields)
      found = cursor.next()
    }
    for (let at = this.#firstEnding(matched.segment, bytes, last); at < byEnding.length; at += 1) {
      cursor.toNumber(words, byEnding[at] as number)
      if (compareEndings(cursor.term, cursor.length, bytes, length, last) > 0) return
      // What shares the beginning too was told above.
      if (beginsWith(cursor.term, cursor.length, bytes, first)) continue
      if (isOneEdit(bytes, length, cursor.term, cursor.length)) this.#tell(matched, words, typo, allFields)
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

  #matchTyposInBeginning(matched: Matched): void {
    const cursor = this.#cursor
    const { bytes } = matched.word
    const { words } = matched.segment
    let found = cursor.seek(words, bytes, 1)
    while (found && cursor.term[0] === bytes[0]) {
      if (beginsOneEdit(bytes, bytes.length, cursor.term, cursor.length)) {
        this.#tell(matched, words, typoInBeginning, allFields)
      }
      found = cursor.next()
    }
  }
}

function matchPhones({ segment: { phones }, firstRow, chunk, word, visitor }: Matched): void {
  for (const { digits, atBeginning } of word.phone) {
    phones.find(digits, (number, at) => {
      if (atBeginning && at > 0) return
      const length = (phones.starts[number + 1] as number) - (phones.starts[number] as number)
      const way = at > 0 ? part : length === digits.length ? exact : beginning
      visitor.phone(way, firstRow + (phones.rows[number] as number), chunk, number)
    })
  }
}

const isWord = ({ term, length }: TermCursor, word: Uint8Array, wordLength: number): boolean =>
  length === wordLength && beginsWith(term, length, word, length)

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
