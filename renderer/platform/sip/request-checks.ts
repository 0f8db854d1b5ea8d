import { bodyOf, type Head, listed, values } from './message-text.ts'

/** Why a request is refused before the library sees it; `why` is for the log and quotes nothing of the message. */
export interface RequestProblem {
  readonly status: number
  readonly reason: string
  readonly why: string
  readonly extra?: readonly string[]
}

/** Option tags that a far end may insist on (RFC 3261 §8.2.2.3). */
const extensions = new Set(['gruu', 'outbound', 'replaces', 'timer'])
const longestChecked = 4_000

/** What RFC 3261 and RFC 4475 refuse and the library lets through, drops in silence or throws on. */
export function problemOf(head: Head, method: string, text: string): RequestProblem | null {
  if (values(head, 'via').some((via) => !isVia(via))) return bad('via')
  if (['from', 'to'].some((name) => values(head, name).some(hasOpenQuote))) return bad('quotes')
  if (['from', 'to'].some((name) => values(head, name).some((value) => !isKnownScheme(value))))
    return bad('uri')
  // RFC 3261 §20.10: a question mark outside angle brackets belongs to nothing.
  if (values(head, 'contact').some((value) => /^[^"<]*\?/.test(value))) return bad('contact')
  if (!fitsLength(head, text)) return bad('content-length')
  if (values(head, 'max-forwards').some((value) => !/^\d{1,10}$/.test(value))) return bad('max-forwards')
  // To another kind of address there is no calling, and the parser would drop the request in silence.
  if (values(head, 'refer-to').some((value) => !/(?:^|<)\s*(?:sips?|tel):/i.test(value)))
    return bad('refer-to')
  if (method === 'CANCEL') return null
  const unknown = listed(head, 'require').filter((tag) => tag !== '' && !extensions.has(tag))
  if (unknown.length > 0) {
    const tags = values(head, 'require')
      .flatMap((value) => value.split(','))
      .map((tag) => tag.trim())
      .filter((tag) => unknown.includes(tag.toLowerCase()) && /^[\w.!%*+~-]{1,40}$/.test(tag))
    return {
      status: 420,
      reason: 'Bad Extension',
      why: 'require',
      extra: [`Unsupported: ${tags.join(', ')}`],
    }
  }
  if (method === 'INVITE' && !acceptsSdp(head))
    return { status: 406, reason: 'Not Acceptable', why: 'accept' }
  return null
}

const bad = (why: string): RequestProblem => ({ status: 400, reason: 'Bad Request', why })

const via =
  /^SIP\s*\/\s*2\.0\s*\/\s*[\w-]+\s+[^\s;,]+(?:\s*;\s*[^\s;,="]+(?:\s*=\s*(?:"[^"]*"|[^\s;,"]+))?)*\s*$/i

function isVia(value: string): boolean {
  return value.length > longestChecked || value.split(',').every((each) => via.test(each.trim()))
}

const hasOpenQuote = (value: string) => value.replace(/"(?:[^"\\]|\\.)*"/g, '').includes('"')

/** The library takes no other in From and To, and drops the message. */
const isKnownScheme = (value: string) =>
  /^[^<]*<?\s*(?:sips?|tel):/i.test(value.replace(/"(?:[^"\\]|\\.)*"/g, ''))

const encoder = new TextEncoder()

/** One length, and no more than there is. What comes behind it in the frame is nobody's (RFC 3261 §18.3). */
function fitsLength(head: Head, text: string): boolean {
  const lengths = new Set(values(head, 'content-length'))
  if (lengths.size === 0) return true
  const [length = ''] = lengths
  return (
    lengths.size === 1 && /^\d{1,9}$/.test(length) && Number(length) <= encoder.encode(bodyOf(text)).length
  )
}

function acceptsSdp(head: Head): boolean {
  const types = listed(head, 'accept').map((type) => type.split(';', 1)[0]?.trim() ?? '')
  return (
    types.length === 0 || types.some((type) => ['', 'application/sdp', 'application/*', '*/*'].includes(type))
  )
}

/**
 * A message in the plain form that the library reads: no folded lines, no space before a colon, none within a Via or
 * between angle brackets; and a caller's name that was not quoted although it had to be, quoted. A resident's call
 * should not be lost over a comma.
 */
export function inPlainForm(text: string): string {
  const end = text.indexOf('\r\n\r\n')
  const [startLine = '', ...lines] = text
    .slice(0, end)
    .replace(/\r\n[ \t]+/g, ' ')
    .split('\r\n')
  return [startLine, ...lines.map(plainLine)].join('\r\n') + text.slice(end)
}

function plainLine(line: string): string {
  const colon = line.indexOf(':')
  if (colon < 1 || line.length > longestChecked) return line
  const [name, value] = [line.slice(0, colon).trimEnd(), line.slice(colon + 1).trim()]
  switch (name.toLowerCase()) {
    case 'via':
    case 'v':
      return `${name}: ${value.replace(/\s*([/;=,])\s*/g, '$1').replace(/\s+/g, ' ')}`
    case 'from':
    case 'f':
    case 'to':
    case 't':
      return `${name}: ${plainAddress(value)}`
    default:
      return name.length === colon ? line : `${name}: ${value}`
  }
}

function plainAddress(value: string): string {
  const compact = (parameters: string) => parameters.replace(/\s*([;=])\s*/g, '$1').trimEnd()
  const open = value.replace(/"(?:[^"\\]|\\.)*"/g, (quoted) => '_'.repeat(quoted.length)).indexOf('<')
  const close = value.indexOf('>', open)
  if (open < 0 || close < 0) return compact(value)
  const name = value.slice(0, open).trim()
  const plain = name === '' || name.startsWith('"') || /^[\w.!%*+`'~\s-]*$/.test(name)
  const shown = plain ? name : `"${name.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
  const address = `<${value.slice(open + 1, close).trim()}>`
  return `${shown === '' ? '' : `${shown} `}${address}${compact(value.slice(close + 1))}`
}
