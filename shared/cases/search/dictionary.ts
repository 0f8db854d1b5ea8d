import { ByteWriter, damaged } from './bytes.ts'

/*
 * Terms in the order of their bytes, in blocks of sixteen. Of each term only what differs from the one before is kept:
 *
 *   bytes shared with the one before · bytes of its own, and they · bytes of its payload
 *
 * The payloads (postings) lie apart, in the order of the terms, so that walking the terms touches few bytes.
 */

const termsInBlock = 16
const longestTerm = 255

export class DictionaryWriter {
  readonly terms = new ByteWriter()
  readonly payload = new ByteWriter()
  readonly starts: number[] = []
  readonly payloadStarts: number[] = []
  readonly #last = new Uint8Array(longestTerm)
  #lastLength = 0
  #payloadFrom = 0
  count = 0

  clear(): void {
    this.terms.clear()
    this.payload.clear()
    this.starts.length = 0
    this.payloadStarts.length = 0
    this.count = 0
  }

  /** Terms come in ascending order, each once; its payload is what is then written to `payload` until `end`. */
  begin(bytes: Uint8Array, from: number, to: number): void {
    const length = to - from
    let shared = 0
    if (this.count % termsInBlock === 0) {
      this.starts.push(this.terms.length)
      this.payloadStarts.push(this.payload.length)
    } else {
      const most = Math.min(length, this.#lastLength)
      while (shared < most && this.#last[shared] === bytes[from + shared]) shared += 1
    }
    this.terms.byte(shared)
    this.terms.byte(length - shared)
    this.terms.copy(bytes, from + shared, to)
    for (let at = shared; at < length; at += 1) this.#last[at] = bytes[from + at] as number
    this.#lastLength = length
    this.#payloadFrom = this.payload.length
    this.count += 1
  }

  end(): void {
    this.terms.number(this.payload.length - this.#payloadFrom)
  }
}

/** Terms as they lie in a segment. `starts` and `payloadStarts` have one entry a block. */
export interface Dictionary {
  readonly count: number
  readonly terms: Uint8Array
  readonly starts: Uint32Array
  readonly payload: Uint8Array
  readonly payloadStarts: Uint32Array
}

/** Walks the terms of one dictionary after another. */
export class TermCursor {
  readonly term = new Uint8Array(longestTerm)
  length = 0
  /** Of the term in its dictionary. */
  number = -1
  payloadFrom = 0
  payloadTo = 0
  #dictionary: Dictionary | null = null
  #at = 0
  #next = 0

  /** False after the last term. */
  next(): boolean {
    const dictionary = this.#dictionary
    if (!dictionary || this.#next >= dictionary.count) return false
    const { terms } = dictionary
    let at = this.#at
    const shared = terms[at++] as number
    const own = terms[at++] as number
    const { term } = this
    if (shared + own > longestTerm || at + own >= terms.length) throw damaged()
    for (let index = 0; index < own; index += 1) term[shared + index] = terms[at++] as number
    this.length = shared + own
    this.#at = at
    this.payloadFrom = this.payloadTo
    this.payloadTo += this.#number(terms)
    this.number = this.#next
    this.#next += 1
    return true
  }

  /** Goes to the first term that is not before the key. False when all are before it. */
  seek(dictionary: Dictionary, key: Uint8Array, keyLength: number): boolean {
    this.#dictionary = dictionary
    let low = 0
    let high = dictionary.starts.length
    // The last block that begins before the key, or with it.
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if (isAfter(dictionary, middle, key, keyLength)) high = middle
      else low = middle
    }
    this.#toBlock(low)
    while (this.next()) if (compare(this.term, this.length, key, keyLength) >= 0) return true
    return false
  }

  /** Goes to a term by its number in the dictionary. */
  toNumber(dictionary: Dictionary, number: number): void {
    this.#dictionary = dictionary
    if (number >= dictionary.count) throw damaged()
    this.#toBlock(Math.floor(number / termsInBlock))
    while (this.#next <= number) this.next()
  }

  #toBlock(block: number): void {
    const dictionary = this.#dictionary
    this.#at = dictionary?.starts[block] ?? 0
    this.payloadTo = dictionary?.payloadStarts[block] ?? 0
    this.#next = block * termsInBlock
  }

  #number(terms: Uint8Array): number {
    let value = 0
    let shift = 0
    for (;;) {
      const byte = terms[this.#at++] ?? 0
      value |= (byte & 127) << shift
      if (byte < 128) return value
      shift += 7
      if (shift > 28) throw damaged()
    }
  }
}

/** Below zero when the first comes before the second. */
export function compare(a: Uint8Array, aLength: number, b: Uint8Array, bLength: number): number {
  const most = Math.min(aLength, bLength)
  for (let at = 0; at < most; at += 1) {
    const difference = (a[at] as number) - (b[at] as number)
    if (difference !== 0) return difference
  }
  return aLength - bLength
}

/** Whether the first term of a block comes after the key. */
function isAfter({ starts, terms }: Dictionary, block: number, key: Uint8Array, keyLength: number): boolean {
  const at = starts[block] as number
  const length = terms[at + 1] ?? 0
  const most = Math.min(length, keyLength)
  for (let index = 0; index < most; index += 1) {
    const difference = (terms[at + 2 + index] ?? 0) - (key[index] as number)
    if (difference !== 0) return difference > 0
  }
  return length > keyLength
}
