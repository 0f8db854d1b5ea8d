/*
 * Text as words that can be compared: lower case, without accents, without what one hears nothing of. A word is UTF-8
 * in a byte array, so that indexing makes no string per word.
 *
 *   Siân O’Neill-Hughes   sian · oneill · neill · hughes · oneillhughes
 *   ZX1 4QA, WST-2026-001234   zx1 · 4qa · wst · 2026 · 001234
 */

/** Bytes of a word; what is longer is cut. */
export const longestWord = 40

/** Room for words that hyphens join. */
const longestCompound = 120

/** Characters that are looked up instead of reasoned about: Latin with what Welsh, Polish, Turkish put on letters. */
const tableSize = 0x250

const space = 32

const separator = 0
const apostrophe = 1
const hyphen = 2
const nothing = 3
/** Several letters, or of another script: `foldBeyond` says. */
const beyond = 4

/** Letters that no decomposition takes apart. */
const spelt: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ł: 'l',
  ħ: 'h',
  ı: 'i',
  ŋ: 'n',
  ŧ: 't',
}

const apostrophes = "'’‘ʼ`´"
const hyphens = '-‐‑'

/** What a character (of one code point) is as part of a word: letters or digits, or one of the classes above. */
function foldCharacter(character: string): string | number {
  if (apostrophes.includes(character)) return apostrophe
  if (hyphens.includes(character)) return hyphen
  const lower = character.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace(/\p{M}/gu, '')
  if (lower === '') return nothing
  const plain = [...lower].map((letter) => spelt[letter] ?? letter).join('')
  return /^[\p{L}\p{N}]+$/u.test(plain) ? plain : separator
}

const classes = Uint8Array.from({ length: tableSize }, (_, code) => {
  const folded = foldCharacter(String.fromCharCode(code))
  if (typeof folded === 'number') return folded
  return /^[a-z0-9]$/.test(folded) ? folded.charCodeAt(0) : beyond
})

/** Takes the words of a text. */
export interface WordSink {
  /**
   * The word is `chars` from `start` up to `end`, only until the next call; `hash` is its `hashOf`. `again`: told
   * before in another shape.
   */
  word(chars: Uint8Array, start: number, end: number, hash: number, again: boolean): void
}

const zero = 48
const nine = 57

/** FNV-1a, of 32 bits. */
const firstHash = 0x811c9dc5 | 0
const hashPrime = 0x01000193

export function hashOf(chars: Uint8Array, start: number, end: number): number {
  let hash = firstHash
  for (let at = start; at < end; at += 1) hash = Math.imul(hash ^ (chars[at] as number), hashPrime)
  return hash
}

/** Finds the words of texts, one text after another, in memory that is used again. */
export class Tokeniser {
  /** The pieces of the compound that is being read, one after another. */
  readonly #chars = new Uint8Array(longestCompound + longestWord)

  /**
   * Tells the sink each word. Hyphens part words, and when all of them are letters what they join is told too; an
   * apostrophe is left out, and what follows it is told as well if it is long enough to be a name.
   */
  scan(text: string, sink: WordSink): void {
    const chars = this.#chars
    const length = text.length
    let pieces = 0
    let start = 0
    let end = 0
    let limit = longestWord
    let hash = firstHash
    let afterApostrophe = 0
    for (let index = 0; index <= length; index += 1) {
      let kind = separator
      let code = space
      // Nearly all there is: plain letters, up to the end of a word.
      for (; index < length; index += 1) {
        code = text.charCodeAt(index)
        kind = code < tableSize ? (classes[code] as number) : beyond
        if (kind <= beyond) break
        if (end === limit) continue
        chars[end] = kind
        end += 1
        hash = Math.imul(hash ^ kind, hashPrime)
      }
      if (index === length) kind = separator
      if (kind === beyond) {
        const character = String.fromCodePoint(text.codePointAt(index) as number)
        index += character.length - 1
        const folded = foldCharacter(character)
        if (typeof folded === 'string') {
          if (end + 4 * folded.length <= limit) {
            end = writeUtf8(folded, chars, end)
            hash = hashOf(chars, start, end)
          }
          continue
        }
        kind = folded
      }
      if (kind === nothing) continue
      if (kind === apostrophe) {
        afterApostrophe = end
        continue
      }
      if (end > start) {
        sink.word(chars, start, end, hash, false)
        if (afterApostrophe > start && end - afterApostrophe > 2) {
          sink.word(chars, afterApostrophe, end, hashOf(chars, afterApostrophe, end), true)
        }
        pieces += 1
        hash = firstHash
        afterApostrophe = 0
        if (kind === hyphen && end < longestCompound) {
          start = end
          limit = end + longestWord
          continue
        }
      }
      if (pieces > 1) tellJoined(sink, chars, end)
      start = end = pieces = afterApostrophe = 0
      limit = longestWord
    }
  }
}

function tellJoined(sink: WordSink, chars: Uint8Array, end: number): void {
  if (end > longestWord) return
  for (let at = 0; at < end; at += 1) if ((chars[at] as number) <= nine) return
  sink.word(chars, 0, end, hashOf(chars, 0, end), true)
}

/** Answers where the text ends in `bytes`. */
export function writeUtf8(text: string, bytes: Uint8Array, at: number): number {
  let end = at
  for (const character of text) {
    const point = character.codePointAt(0) as number
    if (point < 0x80) {
      bytes[end++] = point
    } else if (point < 0x800) {
      bytes[end++] = 0xc0 | (point >> 6)
      bytes[end++] = 0x80 | (point & 63)
    } else if (point < 0x10000) {
      bytes[end++] = 0xe0 | (point >> 12)
      bytes[end++] = 0x80 | ((point >> 6) & 63)
      bytes[end++] = 0x80 | (point & 63)
    } else {
      bytes[end++] = 0xf0 | (point >> 18)
      bytes[end++] = 0x80 | ((point >> 12) & 63)
      bytes[end++] = 0x80 | ((point >> 6) & 63)
      bytes[end++] = 0x80 | (point & 63)
    }
  }
  return end
}

export function utf8(text: string): Uint8Array {
  const room = new Uint8Array(text.length * 3)
  return room.slice(0, writeUtf8(text, room, 0))
}

/** The text of UTF-8 that `writeUtf8` wrote. */
export function readUtf8(bytes: Uint8Array, from: number, to: number): string {
  let text = ''
  for (let at = from; at < to; ) {
    const first = bytes[at++] as number
    if (first < 0x80) text += String.fromCharCode(first)
    else {
      const more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : 1
      let point = first & (0x3f >> more)
      for (let left = more; left > 0; left -= 1) point = (point << 6) | ((bytes[at++] ?? 0) & 63)
      text += String.fromCodePoint(Math.min(point, 0x10ffff))
    }
  }
  return text
}

/** Where a number begins without its zeros in front, so that `001234` and `1234` are one word. */
export function withoutZeros(chars: Uint8Array, start: number, end: number): number {
  if (chars[start] !== zero) return start
  for (let at = start; at < end; at += 1) {
    const code = chars[at] as number
    if (code < zero || code > nine) return start
  }
  let from = start
  while (from < end - 1 && chars[from] === zero) from += 1
  return from
}

const postcode = /^[a-z]{1,2}\d[a-z\d]?\d[a-z]{2}$/

/** A postcode as one word without its space, `zx14qa`; null when the text is none. */
export function postcodeWord(text: string): string | null {
  const compact = text.toLowerCase().replace(/[^a-z0-9]/g, '')
  return postcode.test(compact) ? compact : null
}

/**
 * The digits of a number as they are dialled in the United Kingdom: `01632960142`, `0035315550100`. Takes E.164 and
 * whatever is typed with `+` or `00`; other digits stay as they are.
 */
export function dialledDigits(text: string): string {
  const digits = text.replace(/\D/g, '')
  const isInternational = /^[\s(]*\+/.test(text)
  const international = isInternational ? digits : digits.startsWith('00') ? digits.slice(2) : null
  if (international === null) return digits
  if (!international.startsWith('44')) return `00${international}`
  return `0${international.slice(2).replace(/^0/, '')}`
}
