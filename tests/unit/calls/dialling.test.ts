import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  callingIdentity,
  type DialledHeaders,
  dialledNumber,
  type IdentityHeaders,
  toE164,
} from '#shared/calls/dialling.ts'
import { line } from '#shared/contract/phone.ts'

const headers = (from: string, more: Partial<IdentityHeaders> = {}): IdentityHeaders => ({
  from,
  asserted: [],
  privacy: undefined,
  ...more,
})

describe('the calling identity', () => {
  it.each([
    ['<sip:+441632960142@example.org>;tag=1', '+441632960142'],
    ['"Ada Okafor" <sip:01632960142@example.org;user=phone>', '+441632960142'],
    ['sip:%2B441632960142@example.org', '+441632960142'],
    ['<sip:00441632960142@example.org>', '+441632960142'],
    ['<sip:441632960142@example.org:5060>', '+441632960142'],
    ['<tel:+44-7700-900123>;tag=2', '+447700900123'],
    ['<sip:+447700900123;phone-context=example.org@example.org>', '+447700900123'],
    ['<SIPS:02079460123@example.org>', '+442079460123'],
  ])('reads the number of %s', (from, number) => {
    expect(callingIdentity(headers(from))).toMatchObject({ number, withheld: false })
  })

  it('keeps the name, but not one that only repeats the number', () => {
    expect(callingIdentity(headers('"A. Okafor" <sip:+441632960142@example.org>')).displayName).toBe(
      'A. Okafor',
    )
    expect(
      callingIdentity(headers('01632960142 <sip:+441632960142@example.org>')).displayName,
    ).toBeUndefined()
  })

  it('shows an extension as a name, because it is no number residents could be rung on', () => {
    expect(callingIdentity(headers('<sip:2001@example.org>'))).toEqual({
      withheld: false,
      displayName: '2001',
    })
  })

  it('believes the network before the caller', () => {
    expect(
      callingIdentity(
        headers('"Bank" <sip:+448081570999@example.org>', {
          asserted: ['"A. Okafor" <sip:+441632960142@example.org>', '<tel:+441632960142>'],
        }),
      ),
    ).toEqual({ withheld: false, number: '+441632960142', displayName: 'A. Okafor' })
  })

  it('believes the network when only From is anonymous', () => {
    expect(
      callingIdentity(
        headers('"Anonymous" <sip:anonymous@anonymous.invalid>', { asserted: ['<tel:+441632960142>'] }),
      ),
    ).toEqual({ withheld: false, number: '+441632960142' })
  })

  it.each([
    headers('"Anonymous" <sip:anonymous@anonymous.invalid>;tag=1'),
    headers('<sip:anonymous@example.org>'),
    headers('<sip:+441632960142@example.org>', { privacy: 'id;critical' }),
    headers('<sip:x@anonymous.invalid>', { asserted: ['<tel:+441632960142>'], privacy: 'id' }),
    headers(''),
    headers('rubbish'),
  ])('keeps nothing of a withheld caller: %j', (withheld) => {
    expect(callingIdentity(withheld)).toEqual({ withheld: true })
  })

  it('removes what could deceive the eye and caps the length', () => {
    const name = `\u202eevil\u0000\u0007 \u200bname\r\n <b>${'x'.repeat(500)}`
    const { displayName } = callingIdentity(headers(`"${name}" <sip:+441632960142@example.org>`))
    expect(displayName).toMatch(/^evil name <b>x+$/)
    expect(displayName?.length).toBeLessThanOrEqual(64)
  })

  it('never throws and always fits the contract, whatever a header holds', () => {
    const remote = line.shape.remote
    const nasty = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.string({ maxLength: 40 }).map((text) => `"${text}" <sip:${text}@${text}>`),
      fc.string({ maxLength: 20 }).map((text) => `<tel:${text}>`),
    )
    fc.assert(
      fc.property(
        nasty,
        fc.array(nasty, { maxLength: 3 }),
        fc.option(nasty, { nil: undefined }),
        (from, asserted, privacy) => {
          const identity = callingIdentity({ from, asserted, privacy })
          expect(remote.safeParse(identity).success).toBe(true)
          expect(identity.displayName ?? '').not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u)
        },
      ),
    )
  })

  it('is quick with a header made to be slow', () => {
    const started = performance.now()
    callingIdentity(headers(`"${'\\'.repeat(60_000)}" <sip:${'%'.repeat(60_000)}`))
    expect(performance.now() - started).toBeLessThan(250)
  })
})

describe('E.164', () => {
  it.each(['2001', '999', '101', 'anonymous', '', '+', '+44', '123456789012345678'])(
    'is not made of %j',
    (text) => {
      expect(toE164(text)).toBeUndefined()
    },
  )
  it('is made of a number as people write it', () => {
    expect(toE164('(01632) 960-142')).toBe('+441632960142')
    expect(toE164('+33 1 42 27 81 86')).toBe('+33142278186')
  })
})

describe('the number that was dialled', () => {
  const nobody: DialledHeaders = { calledParty: undefined, dialled: undefined, history: [], to: undefined }
  it.each<[string, Partial<DialledHeaders>, string | null]>([
    ['P-Called-Party-ID', { calledParty: '<sip:+441632960100@example.org>' }, '+441632960100'],
    ['a bare number', { dialled: '01632 960100' }, '+441632960100'],
    ['an address', { dialled: '<tel:+44-1632-960100>' }, '+441632960100'],
    [
      'the oldest of History-Info',
      { history: ['<sip:01632960100@example.org>;index=1', '<sip:adviser@example.org>;index=1.1'] },
      '+441632960100',
    ],
    ['To', { to: '"Waste" <sip:+441632960100@example.org>' }, '+441632960100'],
    ['To without a plus', { to: '<sip:01632960100@example.org>' }, null],
    ['the adviser’s own address', { to: '<sip:adviser@example.org>' }, null],
    ['nonsense', { calledParty: '<<<', dialled: '"', history: [''], to: '%' }, null],
  ])('comes from %s', (_, given, number) => {
    expect(dialledNumber({ ...nobody, ...given })).toBe(number)
  })

  it('comes from the most telling header of several', () => {
    const given = {
      calledParty: '<sip:+441632960100@x>',
      dialled: '+441632960101',
      history: [],
      to: undefined,
    }
    expect(dialledNumber(given)).toBe('+441632960100')
  })
})
