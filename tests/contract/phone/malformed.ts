/* Messages after RFC 4475 (torture tests) and such as have tripped telephones before. */

const head = (method: string, uri: string, more: string, callId = 'torture') =>
  [
    `${method} ${uri} SIP/2.0`,
    'Via: SIP/2.0/WS peer.invalid;branch=z9hG4bKtorture',
    'From: <sip:a@example.org>;tag=1',
    'To: <sip:adviser@example.org>',
    `Call-ID: ${callId}`,
    `CSeq: 1 ${method}`,
    'Max-Forwards: 70',
    'Contact: <sip:a@peer.invalid>',
    more,
  ].join('\r\n')

const uri = 'sip:adviser@example.org'
const end = '\r\nContent-Length: 0\r\n\r\n'

/** `callId` is that of a live call, which these must not disturb. */
export function malformed(callId: string): string[] {
  return [
    '',
    '\r\n',
    'not sip at all',
    'INVITE',
    `\u0000\u0001\u0002${'\r\n'.repeat(50)}`,
    // Unknown version, unknown schemes, wrong method and overflow in CSeq, headers twice, torn or missing.
    `${head('INVITE', uri, '')}${end}`.replace('SIP/2.0\r\n', 'SIP/7.0\r\n'),
    `${head('INVITE', 'nobodyKnowsThisScheme:totally', '')}${end}`,
    `${head('INVITE', 'tel:+441632960142', '')}${end}`,
    `${head('INVITE', uri, '')}${end}`.replace('CSeq: 1 INVITE', 'CSeq: 1 OPTIONS'),
    `${head('INVITE', uri, '')}${end}`.replace('CSeq: 1', 'CSeq: 36893488147419103232'),
    `${head('INVITE', uri, 'Call-ID: twice')}${end}`,
    `${head('INVITE', uri, '')}\r\nContent-Length: 9999\r\n\r\nshort`,
    `${head('INVITE', uri, '')}\r\nContent-Length: -999\r\n\r\n`,
    `${head('INVITE', uri, '')}${end}`.replace('From: <sip:a@example.org>;tag=1', 'From: "unclosed <sip:a@'),
    `${head('INVITE', uri, '')}${end}`.replace(/From: .*\r\n/, ''),
    `${head('INVITE', uri, '')}${end}`.replace(/Via: .*\r\n/, 'Via: ;;;,,,\r\n'),
    `${head('INVITE', uri, 'Require: nothingSupportsThis')}${end}`,
    `${head('INVITE', uri, 'Content-Type: application/sdp')}\r\nContent-Length: 7\r\n\r\nv=0\r\nm=`,
    `${head('INVITE', uri, 'Content-Type: multipart/mixed;boundary=x')}\r\nContent-Length: 3\r\n\r\n--x`,
    `${head('INVITE', uri, 'Replaces: broken')}${end}`,
    `${head("!interesting-Method0123456789_*+`.%indeed'~", uri, '')}${end}`,
    `${head('INVITE', uri, `Contact: ${'<sip:a@peer.invalid>,'.repeat(2_500)}<sip:b@peer.invalid>`)}${end}`,
    `${head('INVITE', uri, `Subject: ${'x'.repeat(200_000)}`)}${end}`,
    // Of the live call, but not from its far end.
    `${head('BYE', uri, '', callId)}${end}`,
    `${head('BYE', uri, '', callId)}${end}`.replace(
      'To: <sip:adviser@example.org>',
      'To: <sip:x@y>;tag=wrong',
    ),
    `${head('INVITE', uri, '', callId)}${end}`.replace(
      'To: <sip:adviser@example.org>',
      'To: <sip:x@y>;tag=z',
    ),
    'SIP/2.0 200 OK\r\n\r\n',
    `SIP/2.0 200 OK\r\nVia: SIP/2.0/WS x;branch=z9hG4bKnone\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:c@d>;tag=2\r\nCall-ID: ${callId}\r\nCSeq: 1 INVITE${end}`,
    `SIP/2.0 999 Odd\r\nVia: SIP/2.0/WS x;branch=z9hG4bKnone\r\nFrom: <sip:a@b>\r\nTo: <sip:c@d>\r\nCall-ID: a\r\nCSeq: 1 INVITE${end}`,
    `${head('OPTIONS', uri, '')}${end}`,
    `${head('ACK', uri, '')}${end}`,
    `${head('CANCEL', uri, '')}${end}`,
    `${head('SUBSCRIBE', uri, 'Event: presence')}${end}`,
    `${head('REFER', uri, 'Refer-To: <sip:+441632960999@example.org>')}${end}`,
    `${head('MESSAGE', uri, 'Content-Type: text/html')}\r\nContent-Length: 8\r\n\r\n<script>`,
  ]
}
