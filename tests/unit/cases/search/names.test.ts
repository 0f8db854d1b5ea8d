import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { similarName, soundsLike } from '#shared/cases/search/names.ts'
import { beginsOneEdit, isOneEdit } from '#shared/cases/search/one-edit.ts'
import { utf8 } from '#shared/cases/search/text.ts'
import { distance } from './plain-search.ts'

const isOneEditOf = (a: string, b: string) => isOneEdit(utf8(a), a.length, utf8(b), b.length)
const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 7 })

describe('names', () => {
  it.each([
    ['catherine', 'kathryn'],
    ['stephen', 'steven'],
    ['geoffrey', 'jeffrey'],
    ['smith', 'smyth'],
    ['sean', 'shaun'],
    ['shawn', 'sean'],
    ['niamh', 'neve'],
    ['owain', 'eoin'],
    ['huw', 'hugh'],
  ])('%s and %s sound alike', (a, b) => {
    expect(soundsLike(a, b)).toBe(true)
    expect(similarName(a, b)).toBe(true)
  })

  it.each([
    ['okafor', 'okafro'],
    ['jones', 'jonas'],
    ['davies', 'davis'],
  ])('%s and %s may be one', (a, b) => {
    expect(similarName(a, b)).toBe(true)
  })

  it.each([
    ['okafor', 'smith'],
    ['jo', 'joe'],
    ['jones', 'smith'],
    ['', ''],
    ['shaun', 'susan'],
    ['huw', 'leigh'],
  ])('%s and %s do not sound alike', (a, b) => {
    expect(soundsLike(a, b)).toBe(false)
  })
})

describe('one slip of the keyboard', () => {
  it('is an edit distance of one, where neighbours may be swapped', () => {
    fc.assert(
      fc.property(word, word, (a, b) => {
        expect(isOneEditOf(a, b)).toBe(distance(a, b) === 1)
      }),
      { numRuns: 2000 },
    )
  })

  it('in the beginning of a word is not its first letter, nor merely one letter less', () => {
    const begins = (a: string, b: string) => beginsOneEdit(utf8(a), a.length, utf8(b), b.length)
    expect(begins('recyccl', 'recycling')).toBe(true)
    expect(begins('recylci', 'recycling')).toBe(true)
    expect(begins('xecycl', 'recycling')).toBe(false)
    expect(begins('recyx', 'recycling')).toBe(true)
    expect(begins('recyx', 'recy')).toBe(false)
    expect(begins('recyx', 'rec')).toBe(false)
  })
})
