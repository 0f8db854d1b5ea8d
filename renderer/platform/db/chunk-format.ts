/*
 * The directory of a chunk: what look-ups and the order of lists need of up to 8,192 versions, in columns. A chunk is
 * never changed, only replaced.
 *
 *   4 bytes   length of the header
 *   header    JSON, see `Header`; then zeros up to a multiple of 8
 *   columns   the widest first, so that all are aligned
 *
 * Its summaries are four times as long, and a value apart, since a start does not need them: where each begins, one
 * more number for the end, then the texts.
 */

/** Rows of a chunk are numbered in 13 bits. */
export const rowBits = 13
export const rowsOfChunk = 1 << rowBits
/** Set in the kind of a version that says its record was deleted. */
export const deletedBit = 0x80

interface Header {
  readonly rows: number
  readonly phones: number
  readonly pages: number
  /** Of the reading of the feed that told these versions. */
  readonly epoch: number
  /** Binds the pages to this chunk: another chunk's page with the same number does not open here. */
  readonly nonce: string
  /** Texts that many summaries share, named by their place. */
  readonly strings: readonly string[]
}

export interface ChunkColumns extends Header {
  /** When a record changed, was written or began; milliseconds since 1970. */
  readonly times: Float64Array
  /** Telephone numbers without the plus, ascending. */
  readonly phoneNumbers: Float64Array
  /** Hashes of keys, two numbers a row: see `RowFacts`. */
  readonly ids: Uint32Array
  readonly owners: Uint32Array
  readonly seconds: Uint32Array
  readonly thirds: Uint32Array
  /** First row of each page. */
  readonly pageStarts: Uint32Array
  /** Place in `strings` plus 1; 0 for nobody. */
  readonly assignees: Uint16Array
  readonly phoneRows: Uint16Array
  readonly kinds: Uint8Array
  readonly statuses: Uint8Array
}

/** Summaries as JSON, by row. */
export interface ChunkTexts {
  /** Where each begins in `bytes`; one more for the end. */
  readonly starts: Uint32Array
  readonly bytes: Uint8Array
}

const encoder = new TextEncoder()
const decoder = new TextDecoder()

const aligned = (bytes: number): number => (bytes + 7) & ~7

export function encodeChunk(columns: ChunkColumns): Uint8Array<ArrayBuffer> {
  const { rows, phones, pages, epoch, nonce, strings } = columns
  const header: Header = { rows, phones, pages, epoch, nonce, strings }
  const headerBytes = encoder.encode(JSON.stringify(header))
  const arrays = [
    columns.times,
    columns.phoneNumbers,
    columns.ids,
    columns.owners,
    columns.seconds,
    columns.thirds,
    columns.pageStarts,
    columns.assignees,
    columns.phoneRows,
    columns.kinds,
    columns.statuses,
  ]
  const begin = aligned(4 + headerBytes.length)
  const bytes = new Uint8Array(arrays.reduce((sum, array) => sum + array.byteLength, begin))
  new DataView(bytes.buffer).setUint32(0, headerBytes.length, true)
  bytes.set(headerBytes, 4)
  let at = begin
  for (const array of arrays) {
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), at)
    at += array.byteLength
  }
  return bytes
}

/** Views on `buffer`; throws when it is not what `encodeChunk` made. */
export function decodeChunk(buffer: ArrayBuffer): ChunkColumns {
  const headerLength = new DataView(buffer).getUint32(0, true)
  const header = JSON.parse(decoder.decode(new Uint8Array(buffer, 4, headerLength))) as Header
  const { rows, phones, pages } = header
  let at = aligned(4 + headerLength)
  const next = (width: number, count: number): number => {
    const start = at
    at += width * count
    return start
  }
  const columns: ChunkColumns = {
    ...header,
    times: new Float64Array(buffer, next(8, rows), rows),
    phoneNumbers: new Float64Array(buffer, next(8, phones), phones),
    ids: new Uint32Array(buffer, next(4, rows * 2), rows * 2),
    owners: new Uint32Array(buffer, next(4, rows * 2), rows * 2),
    seconds: new Uint32Array(buffer, next(4, rows * 2), rows * 2),
    thirds: new Uint32Array(buffer, next(4, rows * 2), rows * 2),
    pageStarts: new Uint32Array(buffer, next(4, pages), pages),
    assignees: new Uint16Array(buffer, next(2, rows), rows),
    phoneRows: new Uint16Array(buffer, next(2, phones), phones),
    kinds: new Uint8Array(buffer, next(1, rows), rows),
    statuses: new Uint8Array(buffer, next(1, rows), rows),
  }
  if (at !== buffer.byteLength) throw new RangeError('a directory of another length')
  return columns
}

export function encodeTexts({ starts, bytes }: ChunkTexts): Uint8Array<ArrayBuffer> {
  const encoded = new Uint8Array(starts.byteLength + bytes.length)
  encoded.set(new Uint8Array(starts.buffer, starts.byteOffset, starts.byteLength))
  encoded.set(bytes, starts.byteLength)
  return encoded
}

/** Views on `buffer`, of so many rows; throws when it is not what `encodeTexts` made. */
export function decodeTexts(buffer: ArrayBuffer, rows: number): ChunkTexts {
  const starts = new Uint32Array(buffer, 0, rows + 1)
  const bytes = new Uint8Array(buffer, starts.byteLength)
  if (starts[rows] !== bytes.length) throw new RangeError('summaries of another length')
  return { starts, bytes }
}

/** The summary of a row; empty for one that has none. */
export function textAt({ starts, bytes }: ChunkTexts, row: number): string {
  return decoder.decode(bytes.subarray(starts[row], starts[row + 1]))
}
