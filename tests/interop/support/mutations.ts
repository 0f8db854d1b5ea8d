import { SimRandom } from '#tests/support/sim-clock.ts'

/* Messages gone wrong, the same for the same seed. */

type Random = () => number

const nasty = [
  '',
  ' ',
  '\t',
  '\r\n',
  '\r\n\r\n',
  '\n',
  '\u0000',
  '\u001b[2J',
  '\u202e',
  '\ufeff',
  '€'.repeat(300),
  '<',
  '>',
  '"',
  '\\',
  ';',
  ',',
  ':',
  '=',
  '%00',
  '%zz',
  '[::1]',
  '<script>alert(1)</script>',
  '../../..',
  '-1',
  '0',
  '4294967296',
  '99999999999999999999999999',
  'sip:user@example.com',
  'sip:',
  'tel:+441632960142',
  'SIP/2.0',
  'SIP/2.0 200 OK',
  'z9hG4bK',
  'x'.repeat(70_000),
  ','.repeat(5_000),
  ';a=b'.repeat(2_000),
  '<sip:a@b>,'.repeat(1_000),
]

const headers = [
  'Replaces: a;to-tag=b;from-tag=c',
  'Require: timer',
  'Session-Expires: 1',
  'Session-Expires: x;refresher=',
  'Min-SE: 99999999999',
  'Refer-To: <sip:+441632960999@example.org>',
  'Content-Length: 99999',
  'Content-Length: -1',
  'Content-Type: multipart/mixed',
  'Content-Disposition: render',
  'Contact: *',
  'Max-Forwards: 0',
  'CSeq: 4294967295 INVITE',
  'Via: SIP/2.0/WS other.invalid;branch=z9hG4bKother',
  'Record-Route: <sip:127.0.0.1;lr>',
  'Route: <sip:127.0.0.1;lr>',
  'Event: refer',
  'Supported: timer, 100rel',
  'RSeq: 1',
  'WWW-Authenticate: Digest realm="x", nonce="y"',
  'P-Asserted-Identity: <tel:+441632960142>',
  'Privacy: id',
  'Alert-Info: <http://127.0.0.1/ring>;info=alert-autoanswer',
]

/** Without end; each is one of `bases` with one to four things done to it. */
export function* mutations(
  seed: number,
  bases: readonly Uint8Array[],
): Generator<Uint8Array, never, undefined> {
  const source = new SimRandom(seed)
  const random = () => source.next()
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T
  for (let number = 1; ; number += 1) {
    let text = Buffer.from(pick(bases)).toString('latin1')
    // Most have a transaction of their own, as real ones do; the others collide.
    if (random() < 0.8) text = text.replace(/branch=[^;,\r\n]*/i, `branch=z9hG4bK${number}`)
    if (random() < 0.5) text = text.replace(/^(call-id|i)(\s*:\s*)/im, `$1$2${number}`)
    for (let times = 1 + Math.floor(random() * 4); times > 0; times -= 1) {
      text = pick(waysToSpoil)(text, random, bases)
    }
    yield Buffer.from(text, 'latin1')
  }
}

type Spoil = (text: string, random: Random, bases: readonly Uint8Array[]) => string

const at = (text: string, random: Random) => Math.floor(random() * (text.length + 1))
const oneOf = <T>(from: readonly T[], random: Random): T => from[Math.floor(random() * from.length)] as T
const utf8 = (text: string) => Buffer.from(text, 'utf8').toString('latin1')

function onLines(text: string, change: (lines: string[]) => void): string {
  const lines = text.split('\r\n')
  change(lines)
  return lines.join('\r\n')
}

const waysToSpoil: readonly Spoil[] = [
  function byte(text, random) {
    const where = at(text, random)
    return text.slice(0, where) + String.fromCharCode(Math.floor(random() * 256)) + text.slice(where + 1)
  },
  function insert(text, random) {
    const where = at(text, random)
    return text.slice(0, where) + utf8(oneOf(nasty, random)) + text.slice(where)
  },
  function cut(text, random) {
    const where = at(text, random)
    return text.slice(0, where) + text.slice(where + Math.floor(random() * 40))
  },
  function truncate(text, random) {
    return text.slice(0, at(text, random))
  },
  function dropLine(text, random) {
    return onLines(text, (lines) => lines.splice(Math.floor(random() * lines.length), 1))
  },
  function doubleLine(text, random) {
    return onLines(text, (lines) => {
      const where = Math.floor(random() * lines.length)
      lines.splice(where, 0, lines[where] ?? '')
    })
  },
  function swapLines(text, random) {
    return onLines(text, (lines) => {
      const [line = ''] = lines.splice(Math.floor(random() * lines.length), 1)
      lines.splice(Math.floor(random() * lines.length), 0, line)
    })
  },
  function addHeader(text, random) {
    return onLines(text, (lines) => lines.splice(1, 0, oneOf(headers, random)))
  },
  function manyHeaders(text, random) {
    const line = oneOf(headers, random)
    return onLines(text, (lines) => lines.splice(1, 0, ...Array.from({ length: 200 }, () => line)))
  },
  function spoilValue(text, random) {
    return onLines(text, (lines) => {
      const where = Math.floor(random() * lines.length)
      lines[where] = `${(lines[where] ?? '').split(':', 1)[0]}: ${utf8(oneOf(nasty, random))}`
    })
  },
  function number(text, random) {
    return text.replace(/\d+/, () => oneOf(['0', '-1', '4294967296', '1e9', '00000000000001', ''], random))
  },
  function bareLineFeeds(text) {
    return text.replaceAll('\r\n', '\n')
  },
  function otherMethod(text, random) {
    const method = oneOf(
      ['ACK', 'BYE', 'CANCEL', 'INFO', 'NOTIFY', 'PRACK', 'REFER', 'UPDATE', 'INVITE'],
      random,
    )
    return text
      .replace(/^[A-Z]+ /, `${method} `)
      .replace(/^(cseq\s*:\s*\d+\s+)[A-Z]+/im, random() < 0.8 ? `$1${method}` : '$1X')
  },
  function spliced(text, random, bases) {
    const other = Buffer.from(oneOf(bases, random)).toString('latin1')
    return text.slice(0, at(text, random)) + other.slice(at(other, random))
  },
]
