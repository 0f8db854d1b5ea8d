import type { ChunkColumns, ChunkTexts } from './chunk-format.ts'
import { deletedBit, rowsOfChunk } from './chunk-format.ts'
import type { KeyHash } from './key-hash.ts'
import { factsOf, phoneNumber, type RowFacts } from './row-facts.ts'
import { summaryText } from './summary-text.ts'
import { kindCode, type LargeRecord, type Version } from './versions-of-records.ts'

const recordsOfPage = 32
/** Characters of JSON. Above 64 KB Chromium writes a file for each value, which takes twice as long. */
const fullPageLength = 52_000
const textsAtATime = 128

/** What one value of the `pages` table holds, by row; null for a record that was deleted. */
export type PageRecords = readonly (LargeRecord | null)[]

/** Texts in UTF-8, one after another. They are encoded many at a time, since each time costs more than a short text. */
class TextArena {
  readonly #encoder = new TextEncoder()
  #bytes = new Uint8Array(1 << 20)
  /** Where each text begins, and where the last one ends. */
  readonly starts: Uint32Array<ArrayBuffer>
  #count = 0
  #length = 0
  #waiting: string[] = []

  constructor(most: number) {
    this.starts = new Uint32Array(most + 1)
  }

  add(text: string): void {
    if (this.#waiting.push(text) === textsAtATime) this.#encodeWaiting()
  }

  bytes(): Uint8Array {
    this.#encodeWaiting()
    return this.#bytes.slice(0, this.#length)
  }

  #encodeWaiting(): void {
    const texts = this.#waiting
    this.#waiting = []
    const all = texts.join('')
    this.#makeRoom(all.length * 3)
    const { written } = this.#encoder.encodeInto(all, this.#bytes.subarray(this.#length))
    for (const text of texts) {
      // As many bytes as characters: each is a byte.
      this.#length += written === all.length ? text.length : this.#encoder.encode(text).length
      this.#count += 1
      this.starts[this.#count] = this.#length
    }
  }

  #makeRoom(more: number): void {
    const most = this.#length + more
    if (most <= this.#bytes.length) return
    const larger = new Uint8Array(Math.max(most, this.#bytes.length * 2))
    larger.set(this.#bytes.subarray(0, this.#length))
    this.#bytes = larger
  }
}

/** Takes versions one by one, in the order of their rows, and makes the pages and the columns of a chunk of them. */
export class ChunkBuilder {
  readonly #onPage: (page: number, json: string) => void
  readonly #times: Float64Array
  readonly #ids: Uint32Array
  readonly #owners: Uint32Array
  readonly #seconds: Uint32Array
  readonly #thirds: Uint32Array
  readonly #assignees: Uint16Array
  readonly #kinds: Uint8Array
  readonly #statuses: Uint8Array
  readonly #pageStarts: number[] = []
  readonly #phones: { readonly number: number; readonly row: number }[] = []
  readonly #texts: TextArena
  readonly #strings = new Map<string, number>()
  #row = 0
  #page: string[] = []
  #pageLength = 0

  /** `most` is how many versions will come; `onPage` is given each page as soon as it is full. */
  constructor(most: number, onPage: (page: number, json: string) => void) {
    if (most > rowsOfChunk) throw new RangeError(`${most} rows in a chunk`)
    this.#onPage = onPage
    this.#times = new Float64Array(most)
    this.#ids = new Uint32Array(most * 2)
    this.#owners = new Uint32Array(most * 2)
    this.#seconds = new Uint32Array(most * 2)
    this.#thirds = new Uint32Array(most * 2)
    this.#texts = new TextArena(most)
    this.#assignees = new Uint16Array(most)
    this.#kinds = new Uint8Array(most)
    this.#statuses = new Uint8Array(most)
  }

  add(version: Version, facts = factsOf(version)): void {
    const row = this.#row
    this.#row += 1
    this.#addToPage(row, version)
    this.#addFacts(row, facts)
    this.#kinds[row] = kindCode[version.kind] | (version.record ? 0 : deletedBit)
    this.#texts.add(summaryText(version, (text) => this.#placeOf(text)))
  }

  /** The columns and summaries of what came; the last page has gone to `onPage` then. */
  finish(epoch: number, nonce: string): { readonly columns: ChunkColumns; readonly texts: ChunkTexts } {
    this.#endPage()
    const rows = this.#row
    const phones = this.#phones.sort((a, b) => a.number - b.number)
    const texts = { bytes: this.#texts.bytes(), starts: this.#texts.starts.slice(0, rows + 1) }
    const columns = {
      rows,
      epoch,
      nonce,
      phones: phones.length,
      pages: this.#pageStarts.length,
      strings: [...this.#strings.keys()],
      times: this.#times.subarray(0, rows),
      phoneNumbers: Float64Array.from(phones, ({ number }) => number),
      ids: this.#ids.subarray(0, rows * 2),
      owners: this.#owners.subarray(0, rows * 2),
      seconds: this.#seconds.subarray(0, rows * 2),
      thirds: this.#thirds.subarray(0, rows * 2),
      pageStarts: Uint32Array.from(this.#pageStarts),
      assignees: this.#assignees.subarray(0, rows),
      phoneRows: Uint16Array.from(phones, ({ row }) => row),
      kinds: this.#kinds.subarray(0, rows),
      statuses: this.#statuses.subarray(0, rows),
    }
    return { columns, texts }
  }

  #addToPage(row: number, version: Version): void {
    const json = JSON.stringify(version.record)
    if (this.#page.length === recordsOfPage || this.#pageLength + json.length > fullPageLength)
      this.#endPage()
    if (this.#page.length === 0) this.#pageStarts.push(row)
    this.#page.push(json)
    this.#pageLength += json.length
  }

  #endPage(): void {
    if (this.#page.length === 0) return
    this.#onPage(this.#pageStarts.length - 1, `[${this.#page.join(',')}]`)
    this.#page = []
    this.#pageLength = 0
  }

  #addFacts(row: number, facts: RowFacts): void {
    put(this.#ids, row, facts.id)
    put(this.#owners, row, facts.owner)
    put(this.#seconds, row, facts.second)
    put(this.#thirds, row, facts.third)
    this.#times[row] = facts.time
    this.#statuses[row] = facts.status
    this.#assignees[row] = facts.assignedTo === null ? 0 : this.#placeOf(facts.assignedTo) + 1
    for (const phone of facts.phones) this.#phones.push({ number: phoneNumber(phone), row })
  }

  #placeOf(text: string): number {
    const known = this.#strings.get(text)
    if (known !== undefined) return known
    const place = this.#strings.size
    this.#strings.set(text, place)
    return place
  }
}

function put(hashes: Uint32Array, row: number, hash: KeyHash): void {
  hashes[row * 2] = hash.lo
  hashes[row * 2 + 1] = hash.hi
}
