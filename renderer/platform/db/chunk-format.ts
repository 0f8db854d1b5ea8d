/*
 * The directory of a chunk: what lists, look-ups and candidates need of up to 8,192 versions, in columns. On the disk
 * it is one sealed value, in memory the same bytes with views on them. A chunk is never changed, only replaced.
 *
 *   4 bytes   length of the header
 *   header    JSON, see `Header`; then zeros up to a multiple of 8
 *   columns   in the order of `layout`, which begins with the widest so that all are aligned
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
  readonly textBytes: number
  /** Of the reading of the feed that told these versions. */
  readonly epoch: number
  /** Binds the pages to this chunk: another chunk's page with the same number does not open here. */
  readonly nonce: string
  /** Texts that many summaries share, named by their place. */
  readonly strings: readonly string[]
}

export interface ChunkColumns extends Omit<Header, 'textBytes'> {
  /** When a record changed, was written or began; milliseconds since 1970. */
  readonly times: Float64Array
  /** Telephone numbers without the plus, ascending. */
  readonly phoneNumbers: Float64Array
  /** Hashes of keys, two numbers a row: see `RowFacts`. */
  readonly ids: Uint32Array
  readonly owners: Uint32Array
  readonly seconds: Uint32Array
  readonly thirds: Uint32Array
  /** Where each row's summary begins in `texts`; one more for the end. */
  readonly textStarts: Uint32Array
  /** First row of each page. */
  readonly pageStarts: Uint32Array
  /** Place in `strings` plus 1; 0 for nobody. */
  readonly assignees: Uint16Array
  readonly phoneRows: Uint16Array
  readonly kinds: Uint8Array
  readonly statuses: Uint8Array
  /** Summaries as JSON. */
  readonly texts: Uint8Array
}

const encoder = new TextEncoder()
const decoder = new TextDecoder()

const aligned = (bytes: number): number => (bytes + 7) & ~7

export function encodeChunk(columns: ChunkColumns): Uint8Array<ArrayBuffer> {
  const { rows, phones, pages, epoch, nonce, strings } = columns
  const header: Header = { rows, phones, pages, textBytes: columns.texts.length, epoch, nonce, strings }
  const headerBytes = encoder.encode(JSON.stringify(header))
  const arrays = [
    columns.times,
    columns.phoneNumbers,
    columns.ids,
    columns.owners,
    columns.seconds,
    columns.thirds,
    columns.textStarts,
    columns.pageStarts,
    columns.assignees,
    columns.phoneRows,
    columns.kinds,
    columns.statuses,
    columns.texts,
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
  const { textBytes, ...header } = JSON.parse(
    decoder.decode(new Uint8Array(buffer, 4, headerLength)),
  ) as Header
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
    textStarts: new Uint32Array(buffer, next(4, rows + 1), rows + 1),
    pageStarts: new Uint32Array(buffer, next(4, pages), pages),
    assignees: new Uint16Array(buffer, next(2, rows), rows),
    phoneRows: new Uint16Array(buffer, next(2, phones), phones),
    kinds: new Uint8Array(buffer, next(1, rows), rows),
    statuses: new Uint8Array(buffer, next(1, rows), rows),
    texts: new Uint8Array(buffer, next(1, textBytes), textBytes),
  }
  if (at !== buffer.byteLength) throw new RangeError('a directory of another length')
  return columns
}
