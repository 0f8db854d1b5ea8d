/*
 * A thin check of each message before the library's parser sees it. The parser throws on some messages, drops others
 * in silence and takes time that grows with the square of a header's length; what is refused here never reaches it.
 */

import { type Head, readCSeq, readHead, replyTo, transactionOf, values } from './message-text.ts'
import { inPlainForm, problemOf } from './request-checks.ts'

/** RFC 3261 sets no limit; a call's largest message is some 8 KB. */
export const maxMessageBytes = 64 * 1024

export type Inspected =
  /** RFC 5626 §3.5.1 answer to a keep-alive of blank lines. */
  | { readonly name: 'blank' }
  /** `text` is what the parser may have, telephone URIs rewritten. */
  | { readonly name: 'request'; readonly text: string; readonly method: string }
  | {
      readonly name: 'response'
      readonly text: string
      readonly status: number
      readonly transaction: string
    }
  /** Nothing can be answered. `why` is for the log and quotes nothing of the message. */
  | { readonly name: 'dropped'; readonly why: string }
  /** `reply` goes back as it is. */
  | { readonly name: 'refused'; readonly why: string; readonly status: number; readonly reply: string }

const allowed = 'ACK BYE CANCEL INFO INVITE MESSAGE NOTIFY OPTIONS REFER UPDATE'.split(' ')
/** What the library has an answer for, be it 405. */
const understood = new Set([...allowed, 'REGISTER', 'SUBSCRIBE'])

const single = ['from', 'to', 'call-id', 'cseq'] as const

export function inspect(text: string): Inspected {
  if (/^[\r\n]*$/.test(text.slice(0, 8)) && text.trim() === '') return { name: 'blank' }
  // One character is at least one byte; the exact size is only worth counting near the limit.
  if (text.length > maxMessageBytes || (text.length > maxMessageBytes / 4 && bytes(text) > maxMessageBytes)) {
    return { name: 'dropped', why: 'too-large' }
  }
  const head = readHead(text)
  if (head === null) return { name: 'dropped', why: 'no-end-of-headers' }
  const statusLine = /^SIP\/2\.0 ([1-6]\d\d)(?: .*)?$/i.exec(head.startLine)
  return statusLine === null ? inspectRequest(text, head) : inspectResponse(text, head, Number(statusLine[1]))
}

const hasAll = (head: Head) => single.every((name) => values(head, name).length > 0)

function inspectRequest(text: string, head: Head): Inspected {
  const looksLikeOne = /^(\S+)\s.*SIP\/\d+\.\d+\s*$/i.exec(head.startLine)
  if (looksLikeOne === null) return { name: 'dropped', why: 'start-line' }
  if (values(head, 'via').length === 0) return { name: 'dropped', why: 'header-missing' }
  const [, method = ''] = looksLikeOne
  const refuse = (status: number, reason: string, why: string, extra: readonly string[] = []): Inspected =>
    method === 'ACK'
      ? { name: 'dropped', why }
      : { name: 'refused', why, status, reply: replyTo(head, status, reason, extra) }
  const bad = (why: string) => refuse(400, 'Bad Request', why)
  const line = /^\S+ (\S+) SIP\/(\d+\.\d+)$/i.exec(head.startLine)
  if (line === null) return bad('start-line')
  const [, uri = '', version] = line
  if (version !== '2.0') return refuse(505, 'Version Not Supported', 'version')
  if (!understood.has(method)) {
    return refuse(501, 'Not Implemented', 'method', [`Allow: ${allowed.join(', ')}`])
  }
  if (/[<>?"]/.test(uri)) return bad('request-uri')
  if (!/^sips?:/i.test(uri)) return refuse(416, 'Unsupported URI Scheme', 'request-uri')
  if (!hasAll(head)) return bad('header-missing')
  if (single.some((name) => values(head, name).length > 1)) return bad('header-twice')
  if (readCSeq(head)?.method !== method) return bad('cseq')
  const problem = problemOf(head, method, text)
  if (problem !== null) return refuse(problem.status, problem.reason, problem.why, problem.extra)
  return { name: 'request', method, text: forParser(inPlainForm(text)) }
}

/** The answer to a request that passed the checks and yet tripped the library. */
export function refusalOf(request: string): string {
  const head = readHead(request)
  return head === null ? '' : replyTo(head, 400, 'Bad Request')
}

function inspectResponse(text: string, head: Head, status: number): Inspected {
  if (!hasAll(head) || values(head, 'via').length === 0) return { name: 'dropped', why: 'header-missing' }
  const transaction = transactionOf(head)
  if (transaction === null) return { name: 'dropped', why: 'cseq' }
  return { name: 'response', status, transaction, text: forParser(text) }
}

const encoder = new TextEncoder()
const bytes = (text: string) => encoder.encode(text).length

/* ── Requests that leave ────────────────────────────────────────────────────────────────────────────────────── */

export interface SentRequest {
  readonly transaction: string
  readonly method: string
  readonly callId: string
  /** A final response as the network would have brought it, when the network no longer can. */
  readonly failure: string
}

/** Present in the responses made here and in no other. */
export const localFailureHeader = 'X-Local-Failure'

/** What is needed to fail a request of ours later; null for responses and ACK, which nobody answers. */
export function sentRequest(text: string): SentRequest | null {
  if (text.startsWith('SIP/2.0 ') || text.startsWith('ACK ')) return null
  const head = readHead(text)
  const transaction = head === null ? null : transactionOf(head)
  if (head === null || transaction === null) return null
  return {
    transaction,
    method: readCSeq(head)?.method ?? '',
    callId: values(head, 'call-id')[0] ?? '',
    failure: replyTo(head, 503, 'Service Unavailable', [`${localFailureHeader}: connection-lost`]),
  }
}

/* ── Telephone URIs ─────────────────────────────────────────────────────────────────────────────────────────── */

// The parser takes no tel: URI in From, To or Refer-To and drops the whole message. They travel inside as SIP URIs of a host
// that cannot exist, and leave as they came.
export const telHost = 'tel.invalid'

function forParser(text: string): string {
  return withSipUris(withoutControls(text))
}

/** The parser drops a whole message for one control character in a name, which nobody should be able to hide behind. */
function withoutControls(text: string): string {
  const end = text.indexOf('\r\n\r\n')
  const head = text.slice(0, end)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return head.replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/g, ' ') + text.slice(end)
}

function withSipUris(text: string): string {
  const end = text.indexOf('\r\n\r\n')
  const head = text.slice(0, end)
  if (!/tel:/i.test(head)) return text
  return (
    head
      .replace(
        /^((?:From|To|Refer-To|f|t|r)[ \t]*:[^\r\n<]*)<\s*tel:([^>;\r\n]*)(?:;[^>\r\n]*)?>/gim,
        `$1<sip:$2@${telHost};user=phone>`,
      )
      .replace(
        /^((?:From|To|Refer-To|f|t|r)[ \t]*:[ \t]*)tel:([^;\r\n]*)/gim,
        `$1<sip:$2@${telHost};user=phone>`,
      ) + text.slice(end)
  )
}

/** Puts back the telephone URIs of a message on its way out. */
export function withTelUris(text: string): string {
  if (!text.includes(`@${telHost};user=phone>`)) return text
  return text.replace(/<sip:([^@>\r\n]*)@tel\.invalid;user=phone>/g, '<tel:$1>')
}
