import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type InputKind, inputKinds } from '#shared/guidance/format.ts'
import { holdsCardNumber, readInput, tidy } from '#shared/guidance/inputs.ts'
import { dateInWords } from '#shared/guidance/time.ts'

/** A Saturday. */
const today = '2026-11-21'
const read = (input: InputKind, typed: string | readonly string[], more: object = {}) =>
  readInput({ kind: 'ask', input, go: 'next', ...more }, typed, today)
const given = (input: InputKind, typed: string | readonly string[], more: object = {}) => {
  const result = read(input, typed, more)
  return result.ok ? result.value : result.code
}

describe('dates', () => {
  it.each([
    ['today', '2026-11-21'],
    ['Yesterday', '2026-11-20'],
    ['ddoe', '2026-11-20'],
    ['Tuesday', '2026-11-17'],
    ['tues', '2026-11-17'],
    ['Saturday', '2026-11-21'],
    ['last Saturday', '2026-11-14'],
    ['3 Nov', '2026-11-03'],
    ['3rd of November', '2026-11-03'],
    ['Nov 3', '2026-11-03'],
    ['Tue 3 Nov', '2026-11-03'],
    ['03/11/2026', '2026-11-03'],
    ['3.11.26', '2026-11-03'],
    ['3/11', '2026-11-03'],
    ['2026-11-03', '2026-11-03'],
    ['1 Dec', '2025-12-01'],
    ['29 Feb', '2024-02-29'],
    ['4 sept', '2026-09-04'],
    ['12/5/61', '1961-05-12'],
  ])('reads %j in the past as %s', (typed, iso) => {
    expect(given('date', typed, { dateIn: 'past' })).toBe(iso)
  })

  it('reads a day without a year as the next one when it lies ahead', () => {
    expect(given('date', '1 Dec', { dateIn: 'future' })).toBe('2026-12-01')
    expect(given('date', 'Monday', { dateIn: 'future' })).toBe('2026-11-23')
    expect(given('date', 'next Monday')).toBe('2026-11-23')
  })

  it('takes the nearest day when either may be meant', () => {
    expect(given('date', '1 Dec')).toBe('2026-12-01')
    expect(given('date', '1 Nov')).toBe('2026-11-01')
  })

  it('refuses days on the wrong side of today', () => {
    expect(given('date', 'tomorrow', { dateIn: 'past' })).toBe('guidance/date-not-past')
    expect(given('date', '2026-11-20', { dateIn: 'future' })).toBe('guidance/date-not-future')
  })

  it.each(['31/02/2026', '32 Nov', 'soon', '12', '2026-13-01', 'Nov', '29/02/2026', '1/1/1066'])(
    'refuses %j',
    (typed) => {
      expect(given('date', typed)).toBe('guidance/not-a-date')
    },
  )

  it('reads back what it says in words', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('1900-01-02'), max: new Date('2140-01-01'), noInvalidDate: true }),
        (date) => {
          const iso = date.toISOString().slice(0, 10)
          expect(given('date', dateInWords(iso, 'en'))).toBe(iso)
        },
      ),
    )
  })
})

describe('numbers and amounts', () => {
  it('reads amounts in pounds', () => {
    expect(given('money', '£1,200.50')).toBe(1200.5)
    expect(given('money', '12')).toBe(12)
    expect(given('money', '12.5')).toBe('guidance/not-money')
    expect(given('money', '-3')).toBe('guidance/not-money')
  })

  it('holds numbers between their limits', () => {
    expect(given('number', '3', { min: 1, max: 5 })).toBe(3)
    expect(given('number', '0', { min: 1 })).toBe('guidance/too-small')
    expect(given('number', '6', { max: 5 })).toBe('guidance/too-big')
    expect(given('number', 'three')).toBe('guidance/not-a-number')
    expect(given('number', '1e9')).toBe('guidance/not-a-number')
  })
})

describe('telephone numbers, emails, postcodes and addresses', () => {
  it('keeps telephone numbers in E.164, drama numbers too', () => {
    expect(given('phone', '01632 960142')).toBe('+441632960142')
    expect(given('phone', '(020) 7946 0001')).toBe('+442079460001')
    expect(given('phone', '+353 1 234 5678')).toBe('+35312345678')
  })

  it.each(['999', '01632960', '0800', 'none', '12345678901234567890'])(
    'refuses %j as a telephone number',
    (typed) => {
      expect(given('phone', typed)).toBe('guidance/not-a-phone')
    },
  )

  it('writes postcodes the usual way', () => {
    expect(given('postcode', 'sw1a2aa')).toBe('SW1A 2AA')
    expect(given('postcode', 'SW1A')).toBe('guidance/not-a-postcode')
  })

  it('wants an email to look like one and an address to hold a street', () => {
    expect(given('email', 'name@example.org')).toBe('name@example.org')
    expect(given('email', 'name at example')).toBe('guidance/not-an-email')
    expect(given('address', '14 Elm Road')).toBe('14 Elm Road')
    expect(given('address', '14')).toBe('guidance/not-an-address')
  })
})

describe('choices', () => {
  it('takes only the options of the question', () => {
    expect(given('choice', 'food', { options: ['food', 'garden'] })).toBe('food')
    expect(given('choice', 'Food', { options: ['food', 'garden'] })).toBe('guidance/not-an-option')
    expect(given('yesNo', 'not-sure')).toBe('guidance/not-an-option')
    expect(given('yesNo', 'not-sure', { notSure: true })).toBe('not-sure')
    expect(given('choice', ['food'], { options: ['food', 'garden'] })).toBe('guidance/wrong-kind')
  })

  it('keeps several answers in the order of the question, each once', () => {
    expect(given('several', ['b', 'a', 'b'], { options: ['a', 'b', 'none'] })).toEqual(['a', 'b'])
    expect(given('several', ['a', 'none'], { options: ['a', 'b', 'none'] })).toBe('guidance/none-and-others')
    expect(given('several', [], { options: ['a', 'b'] })).toBe('guidance/needed')
  })
})

describe('card numbers', () => {
  it.each([
    '4242 4242 4242 4242',
    '4242424242424242',
    'card 4242-4242-4242-4242 12/27',
    '4242 4242 4242 4242 123',
    '378282246310005',
  ])('are found in %j', (text) => {
    expect(holdsCardNumber(text)).toBe(true)
    expect(given('text', text)).toBe('guidance/card-number')
  })

  it.each(['01632 960142', 'UPRN 100000000001', '4242 4242 4242 4243', 'ref 2026-11-03-0001'])(
    'are not seen in %j',
    (text) => {
      expect(holdsCardNumber(text)).toBe(false)
    },
  )
})

describe('whatever is typed', () => {
  it('is read or refused, never thrown at', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...inputKinds),
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.array(fc.string()),
          fc.constantFrom('today', '£', '+44', '31/31', '-'),
        ),
        fc.oneof(fc.constant(today), fc.string()),
        (input, typed, day) => {
          const step = { kind: 'ask' as const, input, options: ['a', 'b'], go: 'next' }
          const result = readInput(step, typed, day)
          expect(result.ok || result.code.startsWith('guidance/')).toBe(true)
        },
      ),
      { numRuns: 1000 },
    )
  })

  it('loses control characters and turned reading directions', () => {
    expect(tidy(' a\u202eb\u0000c\n ')).toBe('abc')
  })
})
