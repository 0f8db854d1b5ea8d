/* A message as text: as much reading and editing as is needed on both sides of the library. */

export interface Head {
  readonly startLine: string
  readonly headers: readonly (readonly [name: string, value: string])[]
}

const compactForms: Readonly<Record<string, string>> = {
  v: 'via',
  f: 'from',
  t: 'to',
  i: 'call-id',
  m: 'contact',
  l: 'content-length',
  c: 'content-type',
  k: 'supported',
  x: 'session-expires',
  r: 'refer-to',
}

export function readHead(text: string): Head | null {
  const end = text.indexOf('\r\n\r\n')
  if (end < 0) return null
  // RFC 3261 §7.3.1: a line that begins with white space continues the one before.
  const unfolded = text.slice(0, end).replace(/\r\n[ \t]+/g, ' ')
  const [startLine = '', ...lines] = unfolded.split('\r\n')
  const headers = lines.map((line) => {
    const colon = line.indexOf(':')
    const name = line.slice(0, Math.max(colon, 0)).trim().toLowerCase()
    return [compactForms[name] ?? name, line.slice(colon + 1).trim()] as const
  })
  return { startLine, headers }
}

/** The values of a header, one for each line that it is on. */
export function values(head: Head, name: string): string[] {
  return head.headers.filter(([header]) => header === name).map(([, value]) => value)
}

/** The option tags or methods that headers of this name list, in lower case. */
export function listed(head: Head, name: string): string[] {
  return values(head, name).flatMap((value) => value.split(',').map((each) => each.trim().toLowerCase()))
}

export interface CSeq {
  readonly number: number
  readonly method: string
}

export function readCSeq(head: Head): CSeq | null {
  const found = /^(\d{1,10})\s+(\S+)$/.exec(values(head, 'cseq')[0] ?? '')
  // RFC 3261 §8.1.1.5: below 2^31, whatever its leading zeros.
  if (found === null || Number(found[1]) >= 2 ** 31) return null
  return { number: Number(found[1]), method: found[2] ?? '' }
}

export const callIdOf = (head: Head): string => values(head, 'call-id')[0] ?? ''

export const tagOf = (head: Head, name: 'from' | 'to'): string =>
  /;\s*tag\s*=\s*([^;\s]+)/i.exec((values(head, name)[0] ?? '').replace(/<[^>]*>/, ''))?.[1] ?? ''

/** 0 for a request. */
export const statusOf = (head: Head): number =>
  Number(/^SIP\/2\.0 (\d{3})(?: |$)/i.exec(head.startLine)?.[1] ?? 0)

export const bodyOf = (text: string): string => text.slice(text.indexOf('\r\n\r\n') + 4)

/** Branch of the top Via and method: what names a transaction (RFC 3261 §17.1.3). */
export function transactionOf(head: Head): string | null {
  const branch = /;\s*branch\s*=\s*([^;,\s]+)/i.exec(values(head, 'via')[0] ?? '')?.[1]
  const method = readCSeq(head)?.method
  return branch === undefined || method === undefined ? null : `${branch} ${method}`
}

/** Adds headers behind the others. */
export function withHeaders(text: string, lines: readonly string[]): string {
  if (lines.length === 0) return text
  const end = text.indexOf('\r\n\r\n')
  return `${text.slice(0, end)}\r\n${lines.join('\r\n')}${text.slice(end)}`
}

/** Takes every line of a header out of a message that this side wrote, where no line is folded. */
export function withoutHeader(text: string, name: string): string {
  const end = text.indexOf('\r\n\r\n')
  return (
    text.slice(0, end + 2).replace(new RegExp(`^${name}[ \\t]*:.*\\r\\n`, 'gim'), '') + text.slice(end + 2)
  )
}

/** Adds to a header's list, or begins one. */
export function withListed(text: string, name: string, item: string): string {
  const end = text.indexOf('\r\n\r\n')
  const head = text.slice(0, end)
  const line = new RegExp(`^(${name}[ \\t]*:[^\\r\\n]*)`, 'im')
  const found = line.exec(head)?.[1]
  if (found === undefined) return withHeaders(text, [`${name}: ${item}`])
  if (new RegExp(`[:,\\s]${item}(,|\\s|$)`, 'i').test(found)) return text
  return head.replace(line, `$1, ${item}`) + text.slice(end)
}

/** An answer to a request that goes back as it is. */
export function replyTo(head: Head, status: number, reason: string, extra: readonly string[] = []): string {
  const to = values(head, 'to')[0] ?? ''
  const tagged = /;\s*tag\s*=/i.test(to) ? to : `${to};tag=${crypto.randomUUID().slice(0, 8)}`
  const lines = [
    `SIP/2.0 ${status} ${reason}`,
    ...values(head, 'via').map((via) => `Via: ${via}`),
    `From: ${values(head, 'from')[0] ?? ''}`,
    `To: ${tagged}`,
    `Call-ID: ${values(head, 'call-id')[0] ?? ''}`,
    `CSeq: ${values(head, 'cseq')[0] ?? ''}`,
    ...extra,
    'Content-Length: 0',
  ]
  return `${lines.join('\r\n')}\r\n\r\n`
}

/** A message that passed over the connection, in as few words as the flight recorder keeps: nobody is named. */
export interface PassedMessage {
  readonly what: string
  readonly callId: string | null
}

/** `INVITE received`, `200 to INVITE sent`; `message` for what has no start line of SIP. */
export function passedMessage(text: string, direction: 'received' | 'sent'): PassedMessage {
  const head = readHead(text)
  const callId = head === null ? null : (values(head, 'call-id')[0] ?? null)
  const method = head === null ? undefined : readCSeq(head)?.method
  const status = /^SIP\/2\.0 ([1-6]\d\d)\b/.exec(text)?.[1]
  const word = method !== undefined && /^[A-Z]{3,10}$/.test(method) ? method : 'message'
  return { what: `${status === undefined ? '' : `${status} to `}${word} ${direction}`, callId }
}
