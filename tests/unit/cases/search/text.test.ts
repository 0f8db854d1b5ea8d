import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dialledDigits, postcodeWord, readUtf8, Tokeniser, utf8 } from '#shared/cases/search/text.ts'
import { plainWords } from './plain-search.ts'

const tokeniser = new Tokeniser()

function wordsOf(text: string): readonly string[] {
  const words: string[] = []
  tokeniser.scan(text, { word: (chars, start, end) => words.push(readUtf8(chars, start, end)) })
  return words
}

describe('words of a text', () => {
  it.each([
    ['Missed recycling, Elm Road', ['missed', 'recycling', 'elm', 'road']],
    ['Siân Llŷr Ŵan', ['sian', 'llyr', 'wan']],
    ['ẁ ẃ ẅ ỳ', ['w', 'w', 'w', 'y']],
    ['Sia\u0302n', ['sian']],
    ['Łukasz Żółć Straße Æsa', ['lukasz', 'zolc', 'strasse', 'aesa']],
    ["O'Neill O’Neill", ['oneill', 'neill', 'oneill', 'neill']],
    ["resident's residents'", ['residents', 'residents']],
    ['Smith-Jones', ['smith', 'jones', 'smithjones']],
    ['Ann-Marie O’Neill-Hughes', ['ann', 'marie', 'annmarie', 'oneill', 'neill', 'hughes', 'oneillhughes']],
    ['WST-2026-001234', ['wst', '2026', '001234']],
    ['ZX1 4QA', ['zx1', '4qa']],
    ['sian.jones@example.org', ['sian', 'jones', 'example', 'org']],
    ['Камара 山田', ['камара', '山田']],
    ['--- ’ “” …', []],
    ['', []],
  ])('of "%s"', (text, expected) => {
    expect(wordsOf(text)).toEqual(expected)
  })

  it('are cut when they are longer than anyone types', () => {
    expect(wordsOf(`${'a'.repeat(100)} b`)).toEqual(['a'.repeat(40), 'b'])
    expect(wordsOf('ж'.repeat(100))).toEqual(['ж'.repeat(19)])
  })

  it('are those that a plain reading finds, whatever the text', () => {
    const piece = fc.constantFrom(..." -’'.,&/abcxyzÉŵẅßłæøªŒþ019жЖй山ก가𝐀𠮷😀…€\u0302\u0644")
    const text = fc.array(piece, { maxLength: 20 }).map((pieces) => pieces.join(''))
    fc.assert(
      fc.property(text, (each) => {
        const plain = (word: string) => word.replace(/^0+(?=\d+$)/, '')
        expect(wordsOf(each).map(plain).sort()).toEqual([...plainWords(each)].sort())
      }),
      { numRuns: 300 },
    )
  })
})

describe('UTF-8', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const bytes = utf8(text)
        expect(bytes).toEqual(new TextEncoder().encode(text))
        expect(readUtf8(bytes, 0, bytes.length)).toBe(text)
      }),
    )
  })
})

describe('digits as dialled', () => {
  it.each([
    ['+441632960142', '01632960142'],
    ['+44 (0)1632 960142', '01632960142'],
    ['0044 1632 960142', '01632960142'],
    ['01632 960142', '01632960142'],
    ['+35315550100', '0035315550100'],
    ['0142', '0142'],
  ])('%s is %s', (text, digits) => {
    expect(dialledDigits(text)).toBe(digits)
  })
})

describe('a postcode as one word', () => {
  it.each([
    ['zx1 4qa', 'zx14qa'],
    ['ZX14QA', 'zx14qa'],
    ['W1A 0AX', 'w1a0ax'],
    ['EC1A 1BB', 'ec1a1bb'],
    ['ZX1', null],
    ['', null],
  ])('of "%s" is %s', (text, word) => {
    expect(postcodeWord(text)).toBe(word)
  })
})
