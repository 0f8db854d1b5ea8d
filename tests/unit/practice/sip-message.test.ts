import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseAddress, parseUri, parseVia, tagOf } from '#electron/practice/switchboard/sip-address.ts'
import {
  cseqOf,
  header,
  headersOf,
  parseMessage,
  type SipMessage,
  serialiseMessage,
  splitList,
  withHeader,
  withoutTop,
  withTop,
} from '#electron/practice/switchboard/sip-message.ts'

const invite = [
  'INVITE sip:waste@council.example.org SIP/2.0',
  'v: SIP/2.0/WS a.invalid;branch=z9hG4bK1, SIP/2.0/WS b.invalid;branch=z9hG4bK2',
  'f: "Okafor, A. \\"Ami\\"" <sip:+441632960142@council.example.org>;tag=1',
  'To: <sip:waste@council.example.org>',
  'i: call-1',
  'CSeq: 7  INVITE',
  'Subject: one',
  '  two',
  'l: 4',
  '',
  'v=0\r\nand more',
].join('\r\n')

function parsed(text: string): SipMessage {
  const outcome = parseMessage(text)
  if (!outcome.ok) throw new Error(outcome.problem)
  return outcome.message
}

describe('reading a SIP message', () => {
  it('knows short names, folded lines and lists', () => {
    const message = parsed(invite)
    expect(headersOf(message, 'via')).toEqual([
      'SIP/2.0/WS a.invalid;branch=z9hG4bK1',
      'SIP/2.0/WS b.invalid;branch=z9hG4bK2',
    ])
    expect(header(message, 'Call-ID')).toBe('call-1')
    expect(header(message, 'subject')).toBe('one two')
    expect(cseqOf(message)).toEqual({ number: 7, method: 'INVITE' })
  })

  it('takes of the body what Content-Length says, in bytes', () => {
    expect(parsed(invite).body).toBe('v=0\r')
    expect(parsed(invite.replace('l: 4', 'l: 3').replace('v=0\r\nand more', 'é=more')).body).toBe('é=')
  })

  it('writes what it read', () => {
    const message = parsed(invite)
    expect(parsed(serialiseMessage(message))).toEqual(
      withHeader(
        { ...message, headers: message.headers.filter(({ name }) => name !== 'Content-Length') },
        'Content-Length',
        '4',
      ),
    )
  })

  it('never throws, whatever comes', () => {
    const damage = ['\r\n', '\r\n\r\n', '\0', 'é', '\ud800', '\\', ...invite.split(/(?<=[:;,<>" ])/)]
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...damage), { maxLength: 30 }), (pieces) => {
        const outcome = parseMessage(pieces.join(''))
        if (outcome.ok) parseMessage(serialiseMessage(outcome.message))
      }),
    )
    // Close to whole: one piece of a good message replaced by another.
    const piece = fc.nat(damage.length - 1)
    fc.assert(
      fc.property(piece, piece, (at, by) => {
        const outcome = parseMessage(damage.map((each, i) => (i === at ? damage[by] : each)).join(''))
        if (outcome.ok) parseMessage(serialiseMessage(outcome.message))
      }),
    )
  })

  it('reads a damaged message in time that grows with its length alone', () => {
    const long = `${'a,"'.repeat(20_000)}`
    const startedAt = performance.now()
    parseMessage(invite.replace('Subject: one', `Contact: ${long}`))
    parseAddress(long)
    parseUri(`sip:${long}`)
    parseVia(`SIP/2.0/WS ${';='.repeat(20_000)}`)
    expect(performance.now() - startedAt).toBeLessThan(2000)
  })
})

describe('headers', () => {
  it('put on top and take away the uppermost', () => {
    const message = withTop(parsed(invite), 'Via', 'mine')
    expect(headersOf(message, 'Via')[0]).toBe('mine')
    expect(headersOf(withoutTop(message, 'Via'), 'Via')).toEqual(headersOf(parsed(invite), 'Via'))
  })

  it('split at commas outside quotes and brackets', () => {
    expect(splitList('"a, b" <sip:c,d@e>;x=1, <sip:f@g>,,')).toEqual(['"a, b" <sip:c,d@e>;x=1', '<sip:f@g>'])
  })
})

describe('addresses', () => {
  it('are read with their names and parameters', () => {
    expect(parseAddress(header(parsed(invite), 'From') ?? '')).toMatchObject({
      displayName: 'Okafor, A. "Ami"',
      uri: 'sip:+441632960142@council.example.org',
      params: { tag: '1' },
    })
    expect(parseAddress('sip:a@b;tag=x')).toMatchObject({ uri: 'sip:a@b', params: { tag: 'x' } })
    expect(tagOf('<sip:a@b;tag=inside>')).toBeNull()
    expect(parseAddress('<sip:a@b')).toBeNull()
  })

  it('are URIs of sip, sips and tel', () => {
    expect(parseUri('sip:a%40b:pw@HOST.example:5060;lr?x=y')).toMatchObject({
      user: 'a@b',
      host: 'host.example',
      port: 5060,
      params: { lr: true },
    })
    expect(parseUri('tel:+44-1632-960142;phone-context=x')).toMatchObject({
      scheme: 'tel',
      user: '+441632960142',
    })
    for (const bad of ['', 'sip:', 'sip:a@', 'http://x', 'sip:a@b c', 'sip:%zz@b', 'sip:a@b:port']) {
      expect(parseUri(bad), bad).toBeNull()
    }
  })

  it('have no parameter by the names of Object', () => {
    expect(parseAddress('<sip:a@b>;__proto__=x')?.params.constructor).toBeUndefined()
  })
})
