import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { domain, type Rig, startRig } from './rig.ts'
import { ScriptedPhone } from './scripted-phone.ts'

let rig: Rig
let phone: ScriptedPhone
beforeAll(async () => {
  rig = await startRig()
  phone = await ScriptedPhone.connect(rig.switchboard.url, domain, 'alex')
})
afterAll(async () => {
  phone.wire.cut()
  await rig.stop()
})

const secret = '+447700900123'
const lines = (...all: string[]): string => `${all.join('\r\n')}\r\n\r\n`
const via = `Via: SIP/2.0/WS a.invalid;branch=z9hG4bKx`
const rest = (method: string, callId = 'c'): string[] => [
  `From: <sip:${secret}@${domain}>;tag=1`,
  `To: <sip:${secret}@${domain}>`,
  `Call-ID: ${callId}`,
  `CSeq: 1 ${method}`,
]
const options = `OPTIONS sip:${domain} SIP/2.0`

/** Dropped: there is nobody to answer, or nothing to answer to. */
const dropped: Record<string, string> = {
  'no SIP at all': 'GET / HTTP/1.1\r\nHost: example.org\r\n\r\n',
  'no end of headers': [options, via, ...rest('OPTIONS')].join('\r\n'),
  'only a start line': `${options}\r\n\r\n`,
  'bare line feeds': lines(options, via, ...rest('OPTIONS')).replaceAll('\r\n', '\n'),
  'a zero byte in a header': lines(options, via, ...rest('OPTIONS'), 'X-A: \0'),
  'a header without a colon': lines(options, via, ...rest('OPTIONS'), 'nonsense'),
  'a header name with a space inside': lines(options, via, ...rest('OPTIONS'), 'Bad Name: x'),
  'no Via': lines(options, ...rest('OPTIONS')),
  'no Call-ID': lines(options, via, ...rest('OPTIONS').filter((line) => !line.startsWith('Call-ID'))),
  'a Via without branch': lines(options, 'Via: SIP/2.0/WS a.invalid', ...rest('OPTIONS')),
  'a Via of another protocol': lines(options, 'Via: HTTP/1.1/TCP a;branch=z9hG4bKx', ...rest('OPTIONS')),
  'a thousand headers': lines(options, via, ...rest('OPTIONS'), ...Array<string>(1000).fill('X: 1')),
  'one Via of 60 KB': lines(options, `Via: ${'SIP/2.0/WS a,'.repeat(4500)}`, ...rest('OPTIONS')),
  'a broken ACK': lines(`ACK sip:${domain} SIP/2.0`, via, ...rest('INVITE')),
  'a response to nobody': lines('SIP/2.0 200 OK', via, ...rest('INVITE')),
  'a response to our own Via and nobody else': lines(
    'SIP/2.0 200 OK',
    'Via: SIP/2.0/WS 127.0.0.1:1;branch=z9hG4bK-sw-1',
    ...rest('INVITE'),
  ),
}

/** Refused with a status. */
const refused: Record<string, [status: number, text: string]> = {
  'another version': [505, lines(options.replace('2.0', '7.0'), via, ...rest('OPTIONS', 'v'))],
  'CSeq of another method': [400, lines(options, via, ...rest('INVITE', 'm'))],
  'CSeq beyond 32 bits': [
    400,
    lines(options, via, ...rest('OPTIONS', 'n').map((line) => line.replace('CSeq: 1', 'CSeq: 4294967296'))),
  ],
  'two Call-IDs': [400, lines(options, via, ...rest('OPTIONS', 'd'), 'Call-ID: d2')],
  'a body shorter than said': [400, lines(options, via, ...rest('OPTIONS', 's'), 'Content-Length: 10')],
  'a negative length': [400, lines(options, via, ...rest('OPTIONS', 'l'), 'Content-Length: -1')],
  'hops that are no number': [400, lines(options, via, ...rest('OPTIONS', 'h'), 'Max-Forwards: many')],
  'no hops left': [
    483,
    lines(`INVITE sip:waste@${domain} SIP/2.0`, via, ...rest('INVITE', 'f'), 'Max-Forwards: 0'),
  ],
  'an unknown scheme': [416, lines('INVITE xmpp:a@b SIP/2.0', via, ...rest('INVITE', 'x'))],
  'a request URI with a broken escape': [
    416,
    lines(`INVITE sip:%zz@${domain} SIP/2.0`, via, ...rest('INVITE', 'z')),
  ],
  'an extension of proxies': [420, lines(options, via, ...rest('OPTIONS', 'p'), 'Proxy-Require: magic')],
  'a request that does not belong here': [
    404,
    lines('MESSAGE sip:a@elsewhere.invalid SIP/2.0', via, ...rest('MESSAGE', 'e')),
  ],
  'a method that no user here understands': [
    405,
    lines(`PUBLISH sip:alex@${domain} SIP/2.0`, via, ...rest('PUBLISH', 'u')),
  ],
  'CANCEL of nothing': [481, lines(`CANCEL sip:waste@${domain} SIP/2.0`, via, ...rest('CANCEL', 'k'))],
  'REGISTER for another domain': [
    404,
    lines(
      `REGISTER sip:${domain} SIP/2.0`,
      via,
      ...rest('REGISTER', 'r').map((line) => line.replace(/^To:.*/, 'To: <sip:alex@elsewhere.invalid>')),
    ),
  ],
  'credentials that make no sense': [
    401,
    lines(
      `REGISTER sip:${domain} SIP/2.0`,
      via,
      ...rest('REGISTER', 'g').map((line) => line.replace(/^To:.*/, `To: <sip:alex@${domain}>`)),
      'Authorization: Digest ,,,="=,nonce',
    ),
  ],
}

async function isAlive(): Promise<void> {
  expect((await phone.ask(phone.request('OPTIONS', `sip:${domain}`))).status).toBe(200)
}

describe('what is not SIP', () => {
  for (const [name, text] of Object.entries(dropped)) {
    it(`is dropped: ${name}`, async () => {
      const before = phone.wire.texts.length
      phone.wire.send(text)
      await isAlive()
      expect(phone.wire.texts.length).toBe(before + 1)
    })
  }

  for (const [name, [status, text]] of Object.entries(refused)) {
    it(`is refused with ${status}: ${name}`, async () => {
      phone.wire.send(text)
      const callId = /Call-ID: (.*)/.exec(text)?.[1] ?? ''
      // What was wrong is in the answer too, so it is looked at as text.
      const response = await phone.wire.text((each) => each.includes(`Call-ID: ${callId}\r\n`))
      expect(response.split('\r\n')[0]).toMatch(new RegExp(`^SIP/2.0 ${status} `))
      await isAlive()
    })
  }

  it('refuses a request that passed here before', async () => {
    const own = `SIP/2.0/WS 127.0.0.1:${rig.switchboard.port};branch=z9hG4bKloop`
    const request = phone.request('INVITE', `sip:waste@${domain}`)
    const looped = { ...request, headers: [...request.headers, { name: 'Via', value: own }] }
    expect((await phone.ask(looped)).status).toBe(482)
  })

  it('leaves no number in the log', () => {
    expect(rig.logged.length).toBeGreaterThan(10)
    expect(rig.logged.join('\n')).not.toContain(secret)
    expect(rig.logged.join('\n')).not.toContain('message-failed')
  })
})
