import { type Dictionary, TermCursor } from './dictionary.ts'
import { soundsOf } from './names.ts'
import {
  beginsOneEdit,
  endsOneEdit,
  firstStates,
  nextStates,
  shortestBeginningWithTypo,
  shortestWithTypo,
} from './one-edit.ts'
import { matchPhone } from './phone-match.ts'
import {
  allFields,
  beginning,
  exact,
  nameField,
  sound,
  strongFields,
  typo,
  typoInBeginning,
} from './points.ts'
import { RunReader } from './postings.ts'
import type { QueryWord } from './query.ts'
import { fieldOf } from './record-words.ts'
import type { Segment } from './segment.ts'
import { readUtf8, writeUtf8 } from './text.ts'

/** Takes the rows that a word is found in. */
export interface WordVisitor {
  /** Rows of one term in one field: `reader.rows` up to `reader.count`, counted from `firstRow`. The term is UTF-8. */
  run(way: number, reader: RunReader, firstRow: number, term: Uint8Array, length: number): void
  row(way: number, field: number, row: number, text: string): void
  /** Nothing more is needed. */
  readonly isDone: boolean
}

/** Finds words in segments, one after another, in memory that is used again. */
export class SegmentMatcher {
  readonly #cursor = new TermCursor()
  readonly #reader = new RunReader()
  readonly #states = new Uint8Array(256)
  readonly #sound = new Uint8Array(256)

  /** Tells the visitor every occurrence of the word by the wanted ways (a bit each). */
  match(segment: Segment, firstRow: number, word: QueryWord, wanted: number, visitor: WordVisitor): void {
    if (!word.isPhone) {
      if (wanted & ((1 << exact) | (1 << beginning))) {
        if (word.isPlain) this.#matchBeginning(segment, segment.words, firstRow, word, wanted, visitor)
        this.#matchBeginning(segment, segment.codes, firstRow, word, wanted, visitor)
      }
      if (word.isPlain && wanted & (1 << sound)) this.#matchSound(segment, firstRow, word, visitor)
      const withTypo = wanted & (1 << typo) && word.text.length >= shortestWithTypo
      const inBeginning = wanted & (1 << typoInBeginning) && word.text.length >= shortestBeginningWithTypo
      if (word.isPlain && (withTypo || inBeginning)) {
        this.#matchTypos(segment, firstRow, word, withTypo !== 0, inBeginning !== 0, visitor)
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
    while (found && beginsWith(cursor.term, cursor.length, bytes)) {
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
      if (!beginsWith(cursor.term, length, key.subarray(0, length))) continue
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
        if (cursor.length === word.bytes.length && beginsWith(cursor.term, cursor.length, word.bytes))
          continue
        this.#tell(segment, segment.words, firstRow, sound, nameField, visitor)
        if (visitor.isDone) return
      }
    }
  }

  /** All words of the dictionary in one walk; those that share a beginning that cannot be are passed over. */
  #matchTypos(
    segment: Segment,
    firstRow: number,
    { bytes }: QueryWord,
    withTypo: boolean,
    inBeginning: boolean,
    visitor: WordVisitor,
  ): void {
    const cursor = this.#cursor
    const states = this.#states
    const typed = bytes.length
    states[0] = firstStates
    cursor.open(segment.words)
    /** How many letters into the last term nothing was possible any more. */
    let dead = 256
    /** How many letters into the last term it began with the typed word but for one slip. */
    let began = 256
    while (cursor.next()) {
      const { term, length, shared } = cursor
      if (shared >= dead) continue
      if (shared < began) {
        began = 256
        dead = 256
        let depth = shared
        while (depth < length) {
          const next = nextStates(states[depth] as number, bytes, typed, depth, term[depth] as number)
          depth += 1
          states[depth] = next
          if (next === 0) {
            dead = depth
            break
          }
          if (inBeginning && beginsOneEdit(next, typed, depth)) {
            began = depth
            break
          }
        }
      }
      if (began < 256) {
        if (withTypo && this.#endsOneEdit(bytes, began)) {
          this.#tell(segment, segment.words, firstRow, typo, allFields, visitor)
        }
        this.#tell(segment, segment.words, firstRow, typoInBeginning, allFields, visitor)
      } else if (withTypo && dead === 256 && endsOneEdit(states[length] as number, typed, length)) {
        if (!((states[length] as number & 1) && length === typed)) {
          this.#tell(segment, segment.words, firstRow, typo, allFields, visitor)
        }
      }
      if (visitor.isDone) return
    }
  }

  /** Whether the cursor's term, of which `began` letters were followed, is the typed word with one slip. */
  #endsOneEdit(bytes: Uint8Array, began: number): boolean {
    const { term, length } = this.#cursor
    const states = this.#states
    let state = states[began] as number
    for (let depth = began; depth < length && state !== 0; depth += 1) {
      state = nextStates(state, bytes, bytes.length, depth, term[depth] as number)
    }
    return state !== 0 && endsOneEdit(state, bytes.length, length)
  }

  #matchPhones(
    { phoneDigits, phoneEnds, phoneRows }: Segment,
    firstRow: number,
    { phone }: QueryWord,
    wanted: number,
    visitor: WordVisitor,
  ): void {
    let start = 0
    for (let index = 0; index < phoneEnds.length; index += 1) {
      const end = phoneEnds[index] as number
      if (phone.some((piece) => containsDigits(phoneDigits, start, end, piece.digits, piece.atBeginning))) {
        const digits = readUtf8(phoneDigits, start, end)
        const way = matchPhone(phone, digits)
        if (way !== null && (wanted >> way) & 1) {
          visitor.row(way, fieldOf.number, firstRow + (phoneRows[index] as number), digits)
          if (visitor.isDone) return
        }
      }
      start = end
    }
  }
}

function containsDigits(
  bytes: Uint8Array,
  start: number,
  end: number,
  digits: string,
  atBeginning: boolean,
): boolean {
  const last = atBeginning ? Math.min(start, end - digits.length) : end - digits.length
  const first = digits.charCodeAt(0)
  for (let from = start; from <= last; from += 1) {
    if (bytes[from] !== first) continue
    let at = 1
    while (at < digits.length && bytes[from + at] === digits.charCodeAt(at)) at += 1
    if (at === digits.length) return true
  }
  return false
}

function beginsWith(term: Uint8Array, length: number, beginning: Uint8Array): boolean {
  if (length < beginning.length) return false
  for (let at = 0; at < beginning.length; at += 1) if (term[at] !== beginning[at]) return false
  return true
}
