/*
 * SIP messages as ordered header lists (RFC 3261 §7), enough of them for a registrar and a proxy. A proxy must not
 * touch what it does not understand, so values stay text; sip-address.ts reads inside the few that matter.
 */

export interface SipHeader {
  readonly name: string
  readonly value: string
}

export interface SipRequest {
  readonly kind: 'request'
  readonly method: string
  readonly uri: string
  readonly headers: readonly SipHeader[]
  readonly body: string
}

export interface SipResponse {
  readonly kind: 'response'
  readonly status: number
  readonly reason: string
  readonly headers: readonly SipHeader[]
  readonly body: string
}

export type SipMessage = SipRequest | SipResponse

/** `answerable` is a request with enough headers left to be told what was wrong with it. */
export type ParseOutcome =
  | { readonly ok: true; readonly message: SipMessage }
  | {
      readonly ok: false
      readonly problem: string
      readonly status: number
      readonly answerable: SipRequest | null
    }

const maxHeaders = 200
const token = /^[A-Za-z0-9.!%*_+`'~-]+$/

/** RFC 3261 §7.3.3 and the registered ones of RFC 3515, 3892, 4028. */
const fullNames: Readonly<Record<string, string>> = {
  i: 'Call-ID',
  m: 'Contact',
  e: 'Content-Encoding',
  l: 'Content-Length',
  c: 'Content-Type',
  f: 'From',
  s: 'Subject',
  k: 'Supported',
  t: 'To',
  v: 'Via',
  r: 'Refer-To',
  b: 'Referred-By',
  x: 'Session-Expires',
}

/** Headers where one line may hold several values and a proxy works on single ones. */
const lists = new Set(['via', 'route', 'record-route', 'contact'])

export function parseMessage(text: string): ParseOutcome {
  const start = text.search(/[^\r\n]/)
  const end = text.indexOf('\r\n\r\n', Math.max(start, 0))
  if (start < 0 || end < 0) return broken('no end of headers')
  const head = text.slice(start, end)
  if (/[\0]|\r(?!\n)|(?<!\r)\n/.test(head)) return broken('control character in a header')

  const lines = head.replace(/\r\n[ \t]+/g, ' ').split('\r\n')
  const headers = parseHeaders(lines.slice(1))
  const startLine = parseStartLine(lines[0] ?? '')
  if (startLine === null) return broken('start line')
  if (headers === null) return broken('header line')

  const message: SipMessage = { ...startLine.message, headers, body: text.slice(end + 4) }
  const missing = ['Via', 'From', 'To', 'Call-ID', 'CSeq'].find((name) => header(message, name) === undefined)
  if (missing !== undefined) return broken(`no ${missing}`)

  const answerable = message.kind === 'request' && message.method !== 'ACK' ? message : null
  const refuse = (problem: string, status = 400): ParseOutcome => ({ ok: false, problem, status, answerable })
  if (startLine.version !== '2.0') return refuse('version', 505)
  const cseq = cseqOf(message)
  if (cseq === null) return refuse('CSeq')
  if (message.kind === 'request' && cseq.method !== message.method) return refuse('CSeq names another method')
  const single = ['From', 'To', 'Call-ID', 'CSeq', 'Max-Forwards', 'Content-Length']
  if (single.some((name) => headersOf(message, name).length > 1)) return refuse('header given twice')

  return cutBody(message, refuse)
}

function cutBody(message: SipMessage, refuse: (problem: string) => ParseOutcome): ParseOutcome {
  const given = header(message, 'Content-Length')
  if (given === undefined) return { ok: true, message }
  if (!/^\d{1,9}$/.test(given)) return refuse('Content-Length')
  const bytes = Buffer.from(message.body, 'utf8')
  const length = Number(given)
  if (length > bytes.length) return refuse('body shorter than Content-Length')
  // RFC 3261 §18.3: what follows the stated length in the same transport packet is discarded.
  const body = length === bytes.length ? message.body : bytes.subarray(0, length).toString('utf8')
  return { ok: true, message: { ...message, body } }
}

function parseStartLine(line: string): { message: SipMessage; version: string } | null {
  const response = /^SIP\/(\d+\.\d+) ([1-6]\d\d) ?(.*)$/i.exec(line)
  if (response !== null) {
    const [, version = '', status, reason = ''] = response
    return {
      version,
      message: { kind: 'response', status: Number(status), reason, headers: [], body: '' },
    }
  }
  const request = /^(\S+) (\S+) SIP\/(\d+\.\d+)$/i.exec(line)
  const [, method = '', uri = '', version = ''] = request ?? []
  if (!token.test(method)) return null
  return { version, message: { kind: 'request', method, uri, headers: [], body: '' } }
}

function parseHeaders(lines: readonly string[]): SipHeader[] | null {
  if (lines.length > maxHeaders) return null
  const headers: SipHeader[] = []
  for (const line of lines) {
    const colon = line.indexOf(':')
    const given = line.slice(0, Math.max(colon, 0)).trim()
    if (!token.test(given)) return null
    const name = fullNames[given.toLowerCase()] ?? given
    const value = line.slice(colon + 1).trim()
    const values = lists.has(name.toLowerCase()) ? splitList(value) : [value]
    for (const each of values) headers.push({ name, value: each })
    if (headers.length > maxHeaders) return null
  }
  return headers
}

/** Splits at commas that are neither quoted nor inside angle brackets (RFC 3261 §7.3.1). */
export function splitList(value: string): string[] {
  const parts: string[] = []
  let part = ''
  let quoted = false
  let bracketed = false
  for (let i = 0; i < value.length; i++) {
    const char = value[i] ?? ''
    if (quoted && char === '\\') {
      part += char + (value[++i] ?? '')
      continue
    }
    if (char === '"') quoted = !quoted
    else if (!quoted && char === '<') bracketed = true
    else if (!quoted && char === '>') bracketed = false
    if (char === ',' && !quoted && !bracketed) {
      parts.push(part.trim())
      part = ''
    } else part += char
  }
  parts.push(part.trim())
  return parts.filter((each) => each !== '')
}

function broken(problem: string): ParseOutcome {
  return { ok: false, problem, status: 400, answerable: null }
}

export function serialiseMessage(message: SipMessage): string {
  const startLine =
    message.kind === 'request'
      ? `${message.method} ${message.uri} SIP/2.0`
      : `SIP/2.0 ${message.status} ${message.reason}`
  const lines = message.headers
    .filter(({ name }) => !sameName(name, 'Content-Length'))
    .map(({ name, value }) => `${name}: ${value}`)
  const length = Buffer.byteLength(message.body, 'utf8')
  return [startLine, ...lines, `Content-Length: ${length}`, '', message.body].join('\r\n')
}

/* ── Reading ──────────────────────────────────────────────────────────────────────────────────────────────── */

const sameName = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase()

/** The first value of that name. */
export function header(message: SipMessage, name: string): string | undefined {
  return message.headers.find((each) => sameName(each.name, name))?.value
}

export function headersOf(message: SipMessage, name: string): string[] {
  return message.headers.filter((each) => sameName(each.name, name)).map(({ value }) => value)
}

export function cseqOf(message: SipMessage): { number: number; method: string } | null {
  const [, number, method] = /^(\d{1,10})[ \t]+(\S+)$/.exec(header(message, 'CSeq') ?? '') ?? []
  if (number === undefined || method === undefined || Number(number) >= 2 ** 32) return null
  return { number: Number(number), method }
}

export const callIdOf = (message: SipMessage): string => header(message, 'Call-ID') ?? ''

/* ── Making new ones out of old ones ──────────────────────────────────────────────────────────────────────── */

/** Replaces every header of that name by one, in the first one's place or at the end. */
export function withHeader<M extends SipMessage>(message: M, name: string, value: string): M {
  const at = message.headers.findIndex((each) => sameName(each.name, name))
  if (at < 0) return { ...message, headers: [...message.headers, { name, value }] }
  const headers = message.headers.filter((each, i) => i <= at || !sameName(each.name, name))
  return { ...message, headers: headers.map((each, i) => (i === at ? { name, value } : each)) }
}

export function withoutHeaders<M extends SipMessage>(message: M, matches: (name: string) => boolean): M {
  return { ...message, headers: message.headers.filter(({ name }) => !matches(name.toLowerCase())) }
}

/** Puts a value above all others of that name. */
export function withTop<M extends SipMessage>(message: M, name: string, value: string): M {
  return { ...message, headers: [{ name, value }, ...message.headers] }
}

/** Takes the uppermost value of that name away. */
export function withoutTop<M extends SipMessage>(message: M, name: string): M {
  const at = message.headers.findIndex((each) => sameName(each.name, name))
  return at < 0 ? message : { ...message, headers: message.headers.filter((_, i) => i !== at) }
}
