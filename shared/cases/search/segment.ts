import type { Dictionary } from './dictionary.ts'
import { PhoneIndex } from './phone-index.ts'

/*
 * The search index of one chunk of records: one buffer, written once, read where it lies.
 *
 *   header    24 numbers of 32 bits
 *   words     dictionary of words of a to z: rows by field
 *   codes     dictionary of words with a digit or of another script: rows by field
 *   sounds    dictionary of sounds of names: numbers of terms in `words`
 *   phones    digits one after another, with where each begins and its row
 *   byEnding  numbers of terms in `words`, in the order of the terms read backwards
 */

const magic = 0x31534441
/** Raise it when the layout or the folding of words changes: older segments are then built again. */
const version = 2
const headerWords = 24

/** Payload of `words` and `codes` is runs of postings; of `sounds` distances between numbers of terms. */
export interface Segment {
  readonly rowCount: number
  readonly byteLength: number
  readonly words: Dictionary
  readonly codes: Dictionary
  readonly sounds: Dictionary
  readonly phones: PhoneIndex
  /** Numbers of `words`, in the order of the words read backwards. */
  readonly byEnding: Uint32Array
}

/** Puts a segment's parts into one buffer. */
export function writeSegment(parts: Omit<Segment, 'byteLength'>): Uint8Array<ArrayBuffer> {
  const sections: (Uint8Array | Uint16Array | Uint32Array)[] = []
  for (const { starts, payloadStarts, terms, payload } of [parts.words, parts.codes, parts.sounds]) {
    sections.push(starts, payloadStarts, terms, payload)
  }
  sections.push(parts.phones.starts, parts.phones.rows, parts.phones.digits, parts.byEnding)
  const header = new Uint32Array(headerWords)
  header.set([magic, version, 0, parts.rowCount, parts.words.count, parts.codes.count, parts.sounds.count])
  let length = headerWords * 4
  for (const [index, section] of sections.entries()) {
    header[7 + index] = section.byteLength
    length += aligned(section.byteLength)
  }
  const bytes = new Uint8Array(length)
  let at = headerWords * 4
  for (const section of sections) {
    bytes.set(new Uint8Array(section.buffer, section.byteOffset, section.byteLength), at)
    at += aligned(section.byteLength)
  }
  new Uint8Array(bytes.buffer).set(new Uint8Array(header.buffer))
  new Uint32Array(bytes.buffer)[2] = checksum(new Uint32Array(bytes.buffer))
  return bytes
}

/**
 * Reads a segment where it lies (a copy is made only when the bytes do not begin at a multiple of four). Null when the
 * bytes are not what `writeSegment` wrote, or of another version: the segment has to be built again from its records.
 */
export function openSegment(given: Uint8Array): Segment | null {
  if (given.byteLength < headerWords * 4 || given.byteLength % 4 !== 0) return null
  const bytes = given.byteOffset % 4 === 0 ? given : given.slice()
  const numbers = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4)
  if (numbers[0] !== magic || numbers[1] !== version || numbers[2] !== checksum(numbers)) return null
  let at = bytes.byteOffset + headerWords * 4
  const lengths = numbers.subarray(7, 23)
  if (lengths.reduce((sum, length) => sum + aligned(length), headerWords * 4) !== bytes.byteLength)
    return null
  const place = (section: number): [ArrayBufferLike, number, number] => {
    const length = lengths[section] ?? 0
    const from = at
    at += aligned(length)
    return [bytes.buffer, from, length]
  }
  const bytesAt = (section: number) => new Uint8Array(...place(section))
  const numbersAt = (section: number) => {
    const [buffer, from, length] = place(section)
    return new Uint32Array(buffer, from, length / 4)
  }
  const dictionary = (count: number, section: number): Dictionary => ({
    count,
    starts: numbersAt(section),
    payloadStarts: numbersAt(section + 1),
    terms: bytesAt(section + 2),
    payload: bytesAt(section + 3),
  })
  const [rowCount = 0, words = 0, codes = 0, sounds = 0] = numbers.subarray(3, 7)
  return {
    rowCount,
    byteLength: bytes.byteLength,
    words: dictionary(words, 0),
    codes: dictionary(codes, 4),
    sounds: dictionary(sounds, 8),
    phones: phonesAt(numbersAt(12), place(13), bytesAt(14)),
    byEnding: numbersAt(15),
  }
}

const phonesAt = (
  starts: Uint32Array,
  [buffer, from, length]: [ArrayBufferLike, number, number],
  digits: Uint8Array,
) => new PhoneIndex(digits, starts, new Uint16Array(buffer, from, length / 2))

const aligned = (length: number) => (length + 3) & ~3

/** Of all but itself. Encryption notices what others change; this notices what went wrong by itself. */
function checksum(numbers: Uint32Array): number {
  let sum = 0x2545f491
  for (let at = 3; at < numbers.length; at += 1) {
    sum = Math.imul(sum ^ (numbers[at] as number), 0x9e3779b1)
    sum ^= sum >>> 15
  }
  return sum >>> 0
}
