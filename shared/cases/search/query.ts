import { dialledDigits, readUtf8, Tokeniser, utf8, withoutZeros } from './text.ts'

/** Digits that a telephone number may contain, as `dialledDigits` writes numbers. */
export interface PhonePiece {
  readonly digits: string
  /** Only at the beginning: the typed text says which country. */
  readonly atBeginning: boolean
}

/** One word that was typed, folded as records' words are. */
export interface QueryWord {
  readonly text: string
  /** UTF-8. */
  readonly bytes: Uint8Array
  /** Of a to z alone: it may be misspelt, or heard. */
  readonly isPlain: boolean
  /** A single letter or digit begins too many words to look for it everywhere. */
  readonly isSingle: boolean
  /** Still being typed. */
  readonly isLast: boolean
  readonly phone: readonly PhonePiece[]
  /** Nothing but a telephone number. */
  readonly isPhone: boolean
}

/** Words that must all be found. */
export type Reading = readonly QueryWord[]

/** More words than this say nothing more; what follows is left out. */
const mostWords = 12
const mostReadings = 4
/** Fewer digits are in too many numbers. */
export const shortestPhonePiece = 4

interface Typed {
  readonly text: string
  /** Given when it stands for a whole telephone number as it was typed. */
  readonly phone?: string
}

/** What a typed text may mean, the most particular first; empty when it has no words. */
export function readQuery(text: string): readonly Reading[] {
  const plain = wordsOf(text).map((word): Typed => ({ text: word }))
  const candidates = [asPhones(text), asReferences(plain), plain, asWritten(text)]
  const readings: Reading[] = []
  const known = new Set<string>()
  for (const words of candidates) {
    if (words === null || words.length === 0 || readings.length === mostReadings) continue
    const key = words.map((word) => `${word.text}${word.phone ?? ''}`).join(' ')
    if (known.has(key)) continue
    known.add(key)
    const kept = words.slice(0, mostWords)
    readings.push(kept.map((word, index) => queryWord(word, index === kept.length - 1)))
  }
  return readings
}

/** The words of a text as records have them, each once in its first shape. */
function wordsOf(text: string): readonly string[] {
  const words: string[] = []
  new Tokeniser().scan(text, {
    word: (chars, start, end, _, again) => {
      if (!again) words.push(readUtf8(chars, start, end))
    },
  })
  return words
}

const digitRun = /(?<![\p{L}\p{N}])[+(\s]*\d[\d\s().+-]*(?![\p{L}\p{N}])/gu

/** Groups of digits that stand together as one telephone number; null when none do. */
function asPhones(text: string): readonly Typed[] | null {
  const words: Typed[] = []
  let from = 0
  let found = false
  for (const run of text.matchAll(digitRun)) {
    const digits = run[0].replace(/\D/g, '')
    const groups = run[0].match(/\d+/g)?.length ?? 0
    if (digits.length < 5 || (groups < 2 && !run[0].includes('+'))) continue
    found = true
    words.push(...wordsOf(text.slice(from, run.index)).map((word) => ({ text: word })))
    words.push({ text: digits, phone: run[0] })
    from = run.index + run[0].length
  }
  if (!found) return null
  return [...words, ...wordsOf(text.slice(from)).map((word) => ({ text: word }))]
}

const reference = /^([a-z]{1,4})(\d{3,})$/
const yearFirst = /^((?:19|20)\d\d)(\d{3,})$/

/** References typed without their hyphens: `wst2026001234`, `wst1234`; null when there is none. */
function asReferences(words: readonly Typed[]): readonly Typed[] | null {
  if (!words.some(({ text }) => reference.test(text) || yearFirst.test(text))) return null
  return words.flatMap(({ text }): Typed[] => {
    const [, letters, digits = text] = reference.exec(text) ?? []
    const [, year, number] = yearFirst.exec(digits) ?? []
    const numbers = year && number ? [{ text: year }, { text: number }] : [{ text: digits }]
    return letters ? [{ text: letters }, ...numbers] : numbers
  })
}

/** The other way to write what was typed: `smithjones` for `smith-jones`, `o neill` for `o'neill`; null for others. */
function asWritten(text: string): readonly Typed[] | null {
  const other = text.replace(/(?<=\p{L})['’‘](?=\p{L})/gu, ' ').replace(/(?<=\p{L})[-‐‑](?=\p{L})/gu, '')
  return other === text ? null : wordsOf(other).map((word) => ({ text: word }))
}

function queryWord({ text, phone }: Typed, isLast: boolean): QueryWord {
  const typed = utf8(text)
  const bytes = typed.subarray(withoutZeros(typed, 0, typed.length))
  const folded = readUtf8(bytes, 0, bytes.length)
  return {
    text: folded,
    bytes,
    isPlain: /^[a-z]+$/.test(folded),
    isSingle: [...folded].length === 1,
    isLast,
    phone: phonePieces(phone ?? text),
    isPhone: phone !== undefined,
  }
}

function phonePieces(typed: string): readonly PhonePiece[] {
  if (!/^[+()\s\d.-]+$/.test(typed)) return []
  const digits = typed.replace(/\D/g, '')
  if (digits.length < shortestPhonePiece) return []
  const dialled = dialledDigits(typed)
  const pieces: PhonePiece[] = []
  if (!typed.includes('+')) pieces.push({ digits, atBeginning: false })
  if (dialled !== digits) pieces.push({ digits: dialled, atBeginning: true })
  // `+` is often left out: 44 1632…
  else if (/^440?[1-9]/.test(digits)) pieces.push({ digits: dialledDigits(`+${digits}`), atBeginning: true })
  return pieces.filter((piece) => piece.digits.length >= shortestPhonePiece)
}
