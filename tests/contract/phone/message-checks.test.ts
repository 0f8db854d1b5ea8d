import { describe, expect, it } from 'vitest'
import {
  inspect,
  localFailureHeader,
  maxMessageBytes,
  sentRequest,
  withTelUris,
} from '#renderer/platform/sip/message-checks.ts'
import { redacted } from '#renderer/platform/sip/redacted-log.ts'
import { audioProblem, isHolding } from '#renderer/platform/sip/sdp-policy.ts'
import { malformed } from './malformed.ts'

const request = (
  lines: Record<string, string> = {},
  startLine = 'INVITE sip:adviser@example.org SIP/2.0',
) => {
  const headers = {
    Via: 'SIP/2.0/WS peer.invalid;branch=z9hG4bK1',
    From: '<sip:a@example.org>;tag=1',
    To: '<sip:adviser@example.org>',
    'Call-ID': 'c1',
    CSeq: '1 INVITE',
    ...lines,
  }
  return `${[startLine, ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`)].join('\r\n')}\r\n\r\n`
}

describe('a message before the parser', () => {
  it('passes when it is as it should be', () => {
    expect(inspect(request())).toMatchObject({ name: 'request', method: 'INVITE', text: request() })
  })

  it.each([
    [505, request({}, 'INVITE sip:adviser@example.org SIP/7.0')],
    [501, request({ CSeq: '1 DANCE' }, 'DANCE sip:adviser@example.org SIP/2.0')],
    [416, request({}, 'INVITE tel:+441632960142 SIP/2.0')],
    [416, request({}, 'INVITE nobody-knows:this SIP/2.0')],
    [400, request({ CSeq: '1 BYE' })],
    [400, request({ CSeq: '36893488147419103232 INVITE' })],
    [400, request({ i: 'another' })],
    [400, request({ 'Max-Forwards': 'many' })],
  ])('is answered %i when it cannot be handled', (status, text) => {
    const seen = inspect(text)
    expect(seen).toMatchObject({ name: 'refused', status })
    expect(seen.name === 'refused' && seen.reply).toMatch(
      /^SIP\/2\.0 \d{3} [^\r]+\r\nVia: .*\r\nFrom: .*\r\nTo: .*;tag=/,
    )
  })

  it('is never answered when it is an ACK', () => {
    const text = request({ CSeq: '1 BYE' }, 'ACK sip:adviser@example.org SIP/2.0')
    expect(inspect(text)).toEqual({ name: 'dropped', why: 'cseq' })
  })

  it('is dropped above 64 KB, counted in bytes', () => {
    const subject = (character: string, count: number) => request({ Subject: character.repeat(count) })
    expect(inspect(subject('x', maxMessageBytes))).toEqual({ name: 'dropped', why: 'too-large' })
    expect(inspect(subject('€', maxMessageBytes / 3))).toEqual({ name: 'dropped', why: 'too-large' })
    expect(inspect(subject('x', maxMessageBytes - 1_000)).name).toBe('request')
  })

  it('is not touched by anything hostile for longer than a moment', () => {
    const started = performance.now()
    for (const text of malformed('c')) inspect(text)
    inspect(`INVITE ${' '.repeat(60_000)}\r\n\r\n`)
    inspect(request({ From: `<tel:${'1'.repeat(60_000)}` }))
    inspect(request({ From: `${'<'.repeat(60_000)}tel:1` }))
    expect(performance.now() - started).toBeLessThan(1_000)
  })

  it('carries telephone URIs as SIP inside, and leaves as it came', () => {
    const seen = inspect(request({ From: '"A" <tel:+44-7700-900123;ext=1>;tag=9', To: 'tel:+441632960142' }))
    const inside = seen.name === 'request' ? seen.text : ''
    expect(inside).toContain('From: "A" <sip:+44-7700-900123@tel.invalid;user=phone>;tag=9')
    expect(inside).toContain('To: <sip:+441632960142@tel.invalid;user=phone>')
    expect(withTelUris(inside)).toContain('From: "A" <tel:+44-7700-900123>;tag=9')
  })
})

describe('a request that got no answer', () => {
  it('is failed with a response that its own transaction takes', () => {
    const sent = sentRequest(request({ To: '<sip:a@example.org>;tag=2' }))
    expect(sent).toMatchObject({ transaction: 'z9hG4bK1 INVITE', method: 'INVITE', callId: 'c1' })
    expect(inspect(sent?.failure ?? '')).toMatchObject({
      name: 'response',
      status: 503,
      transaction: 'z9hG4bK1 INVITE',
    })
    expect(sent?.failure).toContain(localFailureHeader)
  })
  it('is not kept when nobody answers it anyway', () => {
    expect(sentRequest(request({ CSeq: '1 ACK' }, 'ACK sip:a@example.org SIP/2.0'))).toBeNull()
    expect(sentRequest('SIP/2.0 200 OK\r\n\r\n')).toBeNull()
  })
})

describe('a session description', () => {
  const audio = (types: string, more = '') =>
    `v=0\r\nc=IN IP4 127.0.0.1\r\nm=audio 9 UDP/TLS/RTP/SAVPF ${types}\r\n${more}`
  it('needs a codec that Chromium speaks', () => {
    expect(audioProblem(audio('111', 'a=rtpmap:111 opus/48000/2\r\n'))).toBeNull()
    expect(audioProblem(audio('8 0'))).toBeNull()
    expect(audioProblem(audio('18 101', 'a=rtpmap:101 telephone-event/8000\r\n'))).toBe('no-codec')
    expect(audioProblem(audio('0').replace('audio 9', 'audio 0'))).toBe('no-audio')
    expect(audioProblem('v=0\r\nm=video 9 RTP/AVP 96\r\n')).toBe('no-audio')
    expect(audioProblem('')).toBe('no-audio')
  })
  it('says who does not want to hear us', () => {
    expect(isHolding(audio('0', 'a=sendonly\r\n'))).toBe(true)
    expect(isHolding(audio('0', 'a=inactive\r\n'))).toBe(true)
    expect(isHolding(audio('0', 'a=recvonly\r\n'))).toBe(false)
    expect(isHolding(audio('0'))).toBe(false)
    expect(isHolding(`v=0\r\na=sendonly\r\n${audio('0').slice(5)}`)).toBe(true)
    expect(isHolding(audio('0').replace('127.0.0.1', '0.0.0.0'))).toBe(true)
    expect(isHolding(audio('0', 'a=ice-ufrag:x\r\n').replace('127.0.0.1', '0.0.0.0'))).toBe(false)
  })
})

describe('the library’s words in the log', () => {
  it.each([
    'Failed for sip:+441632960142@example.org;user=phone',
    'From "A. Okafor" <sip:x@y>',
    'number 01632 960 142 rejected',
    'mail a.okafor@example.org',
    'Connecting wss://sip.example.org:7443/ws\nAuthorization: Digest response="secret"',
  ])('lose what is personal: %s', (text) => {
    expect(redacted(text)).not.toMatch(/Okafor|okafor|960|example\.org|secret/)
  })
})
