import type { CaseRecord, Resident, TimelineEntry } from '../../contract/rest.ts'
import { soundsOf } from './names.ts'
import { beginsOneEdit, isOneEdit, shortestBeginningWithTypo, shortestWithTypo } from './one-edit.ts'
import { matchPhone } from './phone-match.ts'
import {
  allFields,
  asTyped,
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
import { readUtf8, Tokeniser, type WordSink, withoutZeros } from './text.ts'
import type { WordVisitor } from './word-visitor.ts'

interface Term {
  readonly text: string
  readonly bytes: Uint8Array
  readonly isPlain: boolean
  isName: boolean
  /** Worked out when they are first asked for. */
  sounds: readonly string[] | null
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
  #changes = 0

  /** Goes up whenever anything changes. */
  get changes(): number {
    return this.#changes
  }

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
    this.#changes += 1
    for (const term of this.#termsOfRow.get(row) ?? []) {
      term.occurrences = term.occurrences.filter((each) => Math.floor(each / 16) !== row)
      if (term.occurrences.length === 0) this.#terms.delete(term.text)
    }
    this.#termsOfRow.delete(row)
    this.#phonesOfRow.delete(row)
  }

  clear(): void {
    this.#changes += 1
    this.#terms.clear()
    this.#termsOfRow.clear()
    this.#phonesOfRow.clear()
  }

  /** Tells the visitor every occurrence of the word by the wanted ways (a bit each): as typed, or tolerantly. */
  match(word: QueryWord, wanted: number, visitor: WordVisitor): void {
    if (!word.isPhone) {
      const sounds = word.isPlain && wanted & (1 << sound) ? soundsOf(word.text) : []
      for (const term of this.#terms.values()) {
        if (wanted & asTyped) matchAsTyped(word, term, visitor)
        else if (word.isPlain && term.isPlain) matchTolerantly(word, sounds, wanted, term, visitor)
      }
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
      term = {
        text,
        bytes: chars.slice(from, end),
        isPlain: /^[a-z]+$/.test(text),
        isName: false,
        sounds: null,
        occurrences: [],
      }
      this.#terms.set(text, term)
    }
    term.isName ||= this.#field === fieldOf.name
    const occurrence = this.#row * 16 + this.#field
    // Rows are told one after another, so that what was told of this one is at the end.
    const { occurrences } = term
    let at = occurrences.length - 1
    while (
      at >= 0 &&
      Math.floor((occurrences[at] as number) / 16) === this.#row &&
      occurrences[at] !== occurrence
    )
      at -= 1
    if (occurrences[at] !== occurrence) occurrences.push(occurrence)
    this.#termsOfRow.get(this.#row)?.add(term)
  }

  #begin(row: number): void {
    this.remove(row)
    this.#row = row
    this.#termsOfRow.set(row, new Set())
  }
}

/** Words that begin as the typed one does. */
function matchAsTyped(word: QueryWord, term: Term, visitor: WordVisitor): void {
  if (!term.text.startsWith(word.text)) return
  if (term.text.length === word.text.length) tell(term, exact, allFields, visitor)
  else tell(term, beginning, word.isSingle ? strongFields : allFields, visitor)
}

/** Words that differ from the typed one; both are of a to z. */
function matchTolerantly(
  { text, bytes }: QueryWord,
  sounds: readonly string[],
  wanted: number,
  term: Term,
  visitor: WordVisitor,
): void {
  if (term.text === text) return
  const other = term.bytes
  if (sounds.length > 0 && term.isName) {
    term.sounds ??= soundsOf(term.text)
    if (term.sounds.some((each) => sounds.includes(each))) tell(term, sound, nameField, visitor)
  }
  const { length } = bytes
  if (wanted & (1 << typo) && length >= shortestWithTypo && isOneEdit(bytes, length, other, other.length)) {
    tell(term, typo, allFields, visitor)
  }
  if (
    wanted & (1 << typoInBeginning) &&
    length >= shortestBeginningWithTypo &&
    beginsOneEdit(bytes, length, other, other.length)
  ) {
    tell(term, typoInBeginning, allFields, visitor)
  }
}

function tell({ text, occurrences }: Term, way: number, fields: number, visitor: WordVisitor): void {
  for (const each of occurrences) {
    const field = each % 16
    if ((fields >> field) & 1) visitor.row(way, field, Math.floor(each / 16), text)
  }
}
