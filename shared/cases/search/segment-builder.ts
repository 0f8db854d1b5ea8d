import type { CaseRecord, Resident, TimelineEntry } from '../../contract/rest.ts'
import { DictionaryWriter } from './dictionary.ts'
import { soundsOf } from './names.ts'
import { PhoneIndex } from './phone-index.ts'
import { writeRun } from './postings.ts'
import { type FieldSink, fieldOf, tellCase, tellNote, tellResident } from './record-words.ts'
import { writeSegment } from './segment.ts'
import { sortEndings, sortLists } from './sort-lists.ts'
import { readUtf8, Tokeniser, utf8, type WordSink, writeUtf8 } from './text.ts'
import { WordTable } from './word-table.ts'

/** Builds segments one after another in memory that is used again. */
export interface SegmentBuilder {
  /** Rows are below 65,536 and come in ascending order; rows that are not added are never found. */
  addResident(row: number, record: Resident): void
  addCase(row: number, record: CaseRecord): void
  addNote(row: number, record: TimelineEntry): void
  /** The segment of all that was added since the last one. `rowCount` is above every row. */
  build(rowCount: number): Uint8Array<ArrayBuffer>
  /** The same in steps of a few milliseconds. Nothing may be added until the last is done. */
  steps(rowCount: number): Generator<void, Uint8Array<ArrayBuffer>>
}

export function createSegmentBuilder(): SegmentBuilder {
  return new Builder()
}

/** Written before a step ends. */
const rowsOfStep = 1 << 17

class Builder implements SegmentBuilder, FieldSink, WordSink {
  readonly #tokeniser = new Tokeniser()
  readonly #table = new WordTable()
  readonly #words = new DictionaryWriter()
  readonly #codes = new DictionaryWriter()
  readonly #sounds = new DictionaryWriter()
  readonly #phones: { row: number; digits: string }[] = []
  #row = 0
  #field = 0

  addResident(row: number, record: Resident): void {
    this.#row = row
    tellResident(record, this)
  }

  addCase(row: number, record: CaseRecord): void {
    this.#row = row
    tellCase(record, this)
  }

  addNote(row: number, record: TimelineEntry): void {
    this.#row = row
    tellNote(record, this)
  }

  text(field: number, text: string): void {
    this.#field = field
    this.#tokeniser.scan(text, this)
  }

  phone(digits: string): void {
    this.#phones.push({ row: this.#row, digits })
  }

  word(chars: Uint8Array, start: number, end: number, hash: number): void {
    this.#table.add(chars, start, end, hash, this.#field, this.#row)
  }

  build(rowCount: number): Uint8Array<ArrayBuffer> {
    const steps = this.steps(rowCount)
    for (;;) {
      const step = steps.next()
      if (step.done) return step.value
    }
  }

  *steps(rowCount: number): Generator<void, Uint8Array<ArrayBuffer>> {
    const table = this.#table
    const { plain, others } = sortLists(table)
    yield
    const rows = table.rowsByList()
    yield
    yield* this.#writeTerms(this.#words, plain, rows, rowCount)
    yield* this.#writeTerms(this.#codes, others, rows, rowCount)
    const terms = plain.filter((list, at) => at === 0 || !table.isSameWord(plain[at - 1] as number, list))
    this.#writeSounds(plain)
    yield
    const byEnding = sortEndings(table, terms)
    yield
    const bytes = writeSegment({
      rowCount,
      words: finished(this.#words),
      codes: finished(this.#codes),
      sounds: finished(this.#sounds),
      phones: phoneIndex(this.#phones),
      byEnding,
    })
    table.clear()
    this.#phones.length = 0
    return bytes
  }

  /** Lists of one word stand together, one for each field. */
  *#writeTerms(
    writer: DictionaryWriter,
    lists: Uint32Array,
    rows: Uint16Array,
    rowCount: number,
  ): Generator<void> {
    const table = this.#table
    writer.clear()
    let before = -1
    let left = rowsOfStep
    for (const list of lists) {
      if (left < 0) {
        left = rowsOfStep
        yield
      }
      left -= table.firstRowOf(list + 1) - table.firstRowOf(list)
      if (before === -1 || !table.isSameWord(before, list)) {
        if (before !== -1) writer.end()
        writer.begin(table.arena, table.startOf(list), table.endOf(list))
      }
      writeRun(
        writer.payload,
        table.fieldOf(list),
        rows,
        table.firstRowOf(list),
        table.firstRowOf(list + 1),
        rowCount,
      )
      before = list
    }
    if (before !== -1) writer.end()
  }

  #writeSounds(plain: Uint32Array): void {
    const table = this.#table
    const termsOf = new Map<string, number[]>()
    let term = -1
    let before = -1
    for (const list of plain) {
      if (before === -1 || !table.isSameWord(before, list)) term += 1
      before = list
      if (table.fieldOf(list) !== fieldOf.name) continue
      for (const sound of soundsOf(readUtf8(table.arena, table.startOf(list), table.endOf(list)))) {
        const terms = termsOf.get(sound)
        if (terms) terms.push(term)
        else termsOf.set(sound, [term])
      }
    }
    const writer = this.#sounds
    writer.clear()
    const bytes = new Uint8Array(256)
    for (const sound of [...termsOf.keys()].sort()) {
      writer.begin(bytes, 0, writeUtf8(sound.slice(0, 60), bytes, 0))
      let last = 0
      for (const each of termsOf.get(sound) ?? []) {
        writer.payload.number(each - last)
        last = each
      }
      writer.end()
    }
  }
}

const finished = (writer: DictionaryWriter) => ({
  count: writer.count,
  starts: Uint32Array.from(writer.starts),
  payloadStarts: Uint32Array.from(writer.payloadStarts),
  terms: writer.terms.written(),
  payload: writer.payload.written(),
})

function phoneIndex(phones: readonly { row: number; digits: string }[]): PhoneIndex {
  const starts = new Uint32Array(phones.length + 1)
  for (const [index, { digits }] of phones.entries()) {
    starts[index + 1] = (starts[index] as number) + digits.length
  }
  const rows = Uint16Array.from(phones, ({ row }) => row)
  return new PhoneIndex(utf8(phones.map(({ digits }) => digits).join('')), starts, rows)
}
