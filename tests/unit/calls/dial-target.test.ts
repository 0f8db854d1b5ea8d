import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chargeWarning, describeTarget, readDialTarget } from '#shared/calls/dial-target.ts'
import { type DialTarget, dialTarget } from '#shared/contract/phone.ts'

const read = (text: string, extensions?: readonly { user: string; name?: string }[]) => {
  const result = readDialTarget(text, extensions === undefined ? {} : { extensions })
  return result.ok ? result.value : result.error
}
const number = (e164: string): DialTarget => ({ kind: 'number', number: e164 })

describe('what is typed', () => {
  it.each([
    '01632 960142',
    '(01632) 960-142',
    '+44 1632 960142',
    '+44 (0)1632 960142',
    '+44(0) 1632 960 142',
    '0044 1632 960142',
    '00 44 (0) 1632 960142',
    '01632\u00a0960\u2011142',
    '０１６３２ ９６０１４２',
    ' 01632960142\u202c ',
    'tel:+44-1632-960-142',
    'tel:01632960142',
    'tel:(01632)%20960142',
    'tel://+441632960142',
    'tel:1632960142;phone-context=+44',
    'tel:01632960142;phone-context=+44',
    'TEL:+441632960142;unknown=x',
    'Alice <tel:+441632960142>',
  ])('is one United Kingdom number, however it is written: %s', (text) => {
    expect(read(text)).toEqual(number('+441632960142'))
  })

  it('is a number abroad when it says so', () => {
    expect(read('+33 1 99 00 12 34')).toEqual(number('+33199001234'))
    expect(read('00 353 1 234 5678')).toEqual(number('+35312345678'))
  })

  it.each(['999', '112', '18000', ' 9 9 9 ', 'tel:999', '1-1-2'])('is an emergency: %s', (text) => {
    expect(read(text, [{ user: '999', name: 'Canteen' }, { user: '112' }])).toMatchObject({
      kind: 'emergency',
    })
  })

  it.each(['101', '111', '105', '119', '116 123', '118 500', '1471'])(
    'is a short code of the public network: %s',
    (text) => {
      expect(read(text)).toEqual({ kind: 'short-code', number: text.replace(' ', '') })
    },
  )

  it('is someone inside: by extension, by name, by feature code, by a few digits', () => {
    const people = [{ user: '101', name: 'Reception' }, { user: 'j.doe', name: 'Jo Doe' }, { user: 'waste' }]
    expect(read('101', people)).toEqual({ kind: 'internal', user: '101', name: 'Reception' })
    expect(read('jo doe', people)).toEqual({ kind: 'internal', user: 'j.doe', name: 'Jo Doe' })
    expect(read('WASTE', people)).toEqual({ kind: 'internal', user: 'waste' })
    expect(read('2001')).toEqual({ kind: 'internal', user: '2001' })
    expect(read('*72')).toEqual({ kind: 'internal', user: '*72' })
    expect(read('#21#')).toEqual({ kind: 'internal', user: '#21#' })
  })

  it.each(['sip:999@example.org', 'sip:9%39%39@example.org', 'sips:112@example.org', 'sip:18000'])(
    'in %s is an emergency, with its warning',
    (link) => {
      expect(read(link)).toMatchObject({ kind: 'emergency' })
    },
  )

  it('is an address when it looks like one', () => {
    expect(read('sip:jo@example.org')).toEqual({ kind: 'sip', uri: 'sip:jo@example.org' })
    expect(read('SIPS:jo@example.org;transport=ws')).toEqual({
      kind: 'sip',
      uri: 'sips:jo@example.org;transport=ws',
    })
    expect(read('"Jo" <sip:jo@example.org>')).toEqual({ kind: 'sip', uri: 'sip:jo@example.org' })
    expect(read('jo@example.org')).toEqual({ kind: 'sip', uri: 'sip:jo@example.org' })
  })

  it.each([
    ['', 'empty'],
    [' \t\u200b', 'empty'],
    ['()', 'empty'],
    ['rubbish', 'not-a-number'],
    ['0800 FLOWERS', 'not-a-number'],
    ['01632', 'too-short'],
    ['+44 16', 'too-short'],
    ['960142', 'area-code-missing'],
    ['01632 960142 960142', 'too-long'],
    ['1'.repeat(300), 'too-long'],
    ['tel:+441632960142;ext=22', 'has-extension'],
    ['01632 960142 ext. 22', 'has-extension'],
    ['01632 960142,,22#', 'has-extension'],
    ['javascript:alert(1)', 'unknown-link'],
    ['mailto:jo@example.org', 'unknown-link'],
    ['sip:jo', 'unknown-link'],
    ['sip:jo@example.org?Replaces=1', 'unknown-link'],
    ['sip:jo@example.org;method=BYE', 'unknown-link'],
    ['sip:"@example.org', 'unknown-link'],
  ])('is refused with the reason: %s', (text, reason) => {
    expect(read(text)).toBe(reason)
  })
})

describe('any text at all', () => {
  it('is a target that fits the contract, or a reason; it never throws', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary', maxLength: 260 }),
          fc.stringMatching(/^(tel:|sips?:)?[-+()0-9 .;=*#a-z@<>?]{0,40}$/),
        ),
        (text) => {
          const result = readDialTarget(text)
          if (result.ok) expect(dialTarget.parse(result.value)).toEqual(result.value)
          else expect(typeof result.error).toBe('string')
        },
      ),
      { numRuns: 2_000 },
    )
  })

  it('means the same number with any spaces, brackets and hyphens between its digits', () => {
    const separators = fc.constantFrom('', ' ', '-', '.', ' - ', '(', ')', '\u00a0')
    fc.assert(
      fc.property(
        fc.integer({ min: 960_000, max: 960_999 }),
        fc.array(separators, { minLength: 11, maxLength: 11 }),
        (last, between) => {
          const text = [...`01632${last}`].map((digit, index) => digit + between[index]).join('')
          expect(read(text)).toEqual(number(`+441632${last}`))
        },
      ),
    )
  })

  it('is understood again from its own description', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.integer({ min: 960_000, max: 960_999 }).map((last) => `+441632${last}`),
          fc.integer({ min: 900_000, max: 900_999 }).map((last) => `+447700${last}`),
        ),
        (e164) => {
          expect(read(describeTarget(number(e164)))).toEqual(number(e164))
        },
      ),
    )
  })
})

describe('a target', () => {
  it('is described as people read it', () => {
    expect(describeTarget(number('+441632960142'))).toBe('01632 960142')
    expect(describeTarget(number('+33199001234'))).toBe('+33 1 99 00 12 34')
    expect(describeTarget({ kind: 'internal', user: '2001', name: 'Jo Doe' })).toBe('Jo Doe')
    expect(describeTarget({ kind: 'internal', user: '2001' })).toBe('2001')
    expect(describeTarget({ kind: 'emergency', number: '999' })).toBe('999')
    expect(describeTarget({ kind: 'sip', uri: 'sip:jo@example.org' })).toBe('jo@example.org')
  })

  it.each([
    ['0909 879 0142', 'premium-rate'],
    ['0871 234 5678', 'premium-rate'],
    ['0872 234 5678', 'premium-rate'],
    ['0873 234 5678', 'premium-rate'],
    ['118 500', 'directory-enquiries'],
    ['070 1234 5678', 'personal-number'],
    ['+33 1 99 00 12 34', 'international'],
    ['0870 234 5678', null],
    ['0808 157 0142', null],
    ['07700 900142', null],
    ['101', null],
    ['999', null],
  ])('warns of what it costs: %s', (text, warning) => {
    const result = readDialTarget(text)
    expect(result.ok && chargeWarning(result.value)).toBe(warning)
  })
})
