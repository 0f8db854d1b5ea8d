import type { CaseRecord, Resident, TimelineEntry } from '../../contract/rest.ts'
import { soundsOf } from './names.ts'
import { beginsOneEdit, isOneEdit, shortestBeginningWithTypo, shortestWithTypo } from './one-edit.ts'
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
import type { QueryWord } from './query.ts'
import { type FieldSink, fieldOf, tellCase, tellNote, tellResident } from './record-words.ts'
import type { WordVisitor } from './segment-match.ts'
import { readUtf8, Tokeniser, type WordSink, withoutZeros } from './text.ts'

interface Term {
  readonly text: string
  readonly bytes: Uint8Array
  readonly isPlain: boolean
  /** Row and field of each occurrence, `row * 16 + field`. */
  occurrences: number[]
}

/**
 * What changed lately, searched word by word without an index: records are replaced and removed one at a time. Meant
 * for up to about two thousand records.
 */
export class OverlayIndex implements FieldSink, WordSink {
  readonly #tokeniser = new Tokeniser()
  readonly #terms = new Map<string, Term>()
  readonly #termsOfRow = new Map<number, Set<Term>>()
  readonly #phonesOfRow = new Map<number, string[]>()
  #row = 0
  #field = 0

  /** Replaces whatever was there under the row. */
  setResident(row: number, record: Resident): void {
    this.#begin(row)
    tellResident(record, this)
  }

  setCase(row: number, record: CaseRecord): void {
    this.#begin(row)
    tellCase(record, this)
  }

  setNote(row: number, record: TimelineEntry): void {
    this.#begin(row)
    tellNote(record, this)
  }

  remove(row: number): void {
    for (const term of this.#termsOfRow.get(row) ?? []) {
      term.occurrences = term.occurrences.filter((each) => Math.floor(each / 16) !== row)
      if (term.occurrences.length === 0) this.#terms.delete(term.text)
    }
    this.#termsOfRow.delete(row)
    this.#phonesOfRow.delete(row)
  }

  clear(): void {
    this.#terms.clear()
    this.#termsOfRow.clear()
    this.#phonesOfRow.clear()
  }

  /** Tells the visitor every occurrence of the word by the wanted ways (a bit each). */
  match(word: QueryWord, wanted: number, visitor: WordVisitor): void {
    if (!word.isPhone) {
      const sounds = word.isPlain && wanted & (1 << sound) ? soundsOf(word.text) : []
      for (const term of this.#terms.values()) matchTerm(word, sounds, wanted, term, visitor)
    }
    for (const [row, phones] of word.phone.length > 0 ? this.#phonesOfRow : []) {
      for (const digits of phones) {
        const way = matchPhone(word.phone, digits)
        if (way !== null && wanted & (1 << way)) visitor.row(way, fieldOf.number, row, digits)
      }
    }
  }

  text(field: number, text: string): void {
    this.#field = field
    this.#tokeniser.scan(text, this)
  }

  phone(digits: string): void {
    const phones = this.#phonesOfRow.get(this.#row)
    if (phones) phones.push(digits)
    else this.#phonesOfRow.set(this.#row, [digits])
  }

  word(chars: Uint8Array, start: number, end: number): void {
    const from = withoutZeros(chars, start, end)
    const text = readUtf8(chars, from, end)
    let term = this.#terms.get(text)
    if (!term) {
      term = { text, bytes: chars.slice(from, end), isPlain: /^[a-z]+$/.test(text), occurrences: [] }
      this.#terms.set(text, term)
    }
    const occurrence = this.#row * 16 + this.#field
    if (!term.occurrences.includes(occurrence)) term.occurrences.push(occurrence)
    this.#termsOfRow.get(this.#row)?.add(term)
  }

  #begin(row: number): void {
    this.remove(row)
    this.#row = row
    this.#termsOfRow.set(row, new Set())
  }
}

function matchTerm(
  word: QueryWord,
  sounds: readonly string[],
  wanted: number,
  term: Term,
  visitor: WordVisitor,
): void {
  const tell = (way: number, fields: number) => {
    if (((wanted >> way) & 1) === 0) return
    for (const each of term.occurrences) {
      const field = each % 16
      if ((fields >> field) & 1) visitor.row(way, field, Math.floor(each / 16), term.text)
    }
  }
  if (term.text.startsWith(word.text)) {
    if (term.text === word.text) tell(exact, allFields)
    else tell(beginning, word.isSingle ? strongFields : allFields)
  }
  if (!word.isPlain || !term.isPlain || term.text === word.text) return
  if (sounds.length > 0 && soundsOf(term.text).some((each) => sounds.includes(each))) tell(sound, nameField)
  const { bytes } = word
  const { length } = bytes
  const other = term.bytes
  if (length >= shortestWithTypo && isOneEdit(bytes, length, other, other.length)) tell(typo, allFields)
  if (length >= shortestBeginningWithTypo && beginsOneEdit(bytes, length, other, other.length)) {
    tell(typoInBeginning, allFields)
  }
}
