import { createHash } from 'node:crypto'
import type { Random } from '#shared/kernel/random.ts'
import { parseAddress, parseUri, parseVia, tagOf, type Via } from './sip-address.ts'
import {
  cseqOf,
  header,
  headersOf,
  type SipMessage,
  type SipRequest,
  type SipResponse,
  withHeader,
  withoutHeaders,
  withoutTop,
  withTop,
} from './sip-message.ts'

/** One proxy hop's own marks on messages (RFC 3261 §16.6, §16.11), all made from the request, none remembered. */
export interface Hop {
  /** Host and port this hop writes into Via and Record-Route. */
  readonly sentBy: string
  /** A response made here; the To tag is recognised by `isOurs`. */
  respond(request: SipRequest, status: number, reason: string, headers?: Headers): SipResponse
  /** Whether the To tag is one of ours: an ACK to it ends here. */
  answeredHere(request: SipRequest): boolean
  /** The branch this hop gives to a request that came with that uppermost Via. */
  branchFor(request: SipRequest, offer?: number): string
  forwarded(request: SipRequest, uri: string, branch: string): SipRequest
  /** Without our Via; null when it is not ours. */
  returned(response: SipResponse): { branch: string; response: SipResponse } | null
  /** Without a Route that names this hop. */
  withoutOwnRoute(request: SipRequest): SipRequest
  hasPassedHere(request: SipRequest): boolean
  /** A request that starts here, such as the BYE for a party that is gone. */
  originated(
    method: string,
    uri: string,
    dialog: { from: string; to: string; callId: string; cseq: number },
    content?: { headers: Headers; body: string },
  ): SipRequest
}

export type Headers = readonly (readonly [string, string])[]

const ourTag = 'sw-'
const branchCookie = 'z9hG4bK-sw-'
/** Ours alone to say; a client must not be able to forge them. */
const ownHeaders = new Set([
  'x-queue-id',
  'x-queue-name',
  'x-waited-ms',
  'x-dialled-number',
  'p-called-party-id',
  'proxy-authorization',
])

export const topVia = (message: SipMessage): Via | null => parseVia(header(message, 'Via') ?? '')

export function createHop(host: string, port: number, random: Random): Hop {
  const sentBy = `${host}:${port}`
  const viaLine = (branch: string): string => `SIP/2.0/WS ${sentBy};branch=${branch}`

  return {
    sentBy,

    respond(request, status, reason, headers = []) {
      const kept = request.headers.filter(({ name }) =>
        ['via', 'from', 'call-id', 'cseq'].includes(name.toLowerCase()),
      )
      const to = header(request, 'To') ?? ''
      const needsTag = status > 100 && tagOf(to) === null
      const tag = `${ourTag}${digest(headersOf(request, 'Via').join())}`
      return {
        kind: 'response',
        status,
        reason,
        headers: [
          ...kept,
          { name: 'To', value: needsTag ? `${to};tag=${tag}` : to },
          ...headers.map(([name, value]) => ({ name, value })),
        ],
        body: '',
      }
    },

    answeredHere: (request) => tagOf(header(request, 'To'))?.startsWith(ourTag) ?? false,

    branchFor(request, offer) {
      const via = topVia(request)
      return `${branchCookie}${digest(`${via?.sentBy} ${via?.branch} ${offer ?? ''}`)}`
    },

    forwarded(request, uri, branch) {
      const hops = Number(header(request, 'Max-Forwards') ?? 70)
      const clean = withoutHeaders({ ...request, uri }, (name) => ownHeaders.has(name))
      const counted = withHeader(clean, 'Max-Forwards', String(hops - 1))
      const startsDialog = request.method === 'INVITE' && tagOf(header(request, 'To')) === null
      const routed = startsDialog
        ? withTop(counted, 'Record-Route', `<sip:${sentBy};transport=ws;lr>`)
        : counted
      return withTop(routed, 'Via', viaLine(branch))
    },

    returned(response) {
      const via = topVia(response)
      if (via === null || via.sentBy !== sentBy) return null
      return { branch: via.branch, response: withoutTop(response, 'Via') }
    },

    withoutOwnRoute(request) {
      const uri = parseUri(parseAddress(header(request, 'Route') ?? '')?.uri ?? '')
      return uri !== null && `${uri.host}:${uri.port}` === sentBy ? withoutTop(request, 'Route') : request
    },

    hasPassedHere: (request) => headersOf(request, 'Via').some((value) => parseVia(value)?.sentBy === sentBy),

    originated(method, uri, { from, to, callId, cseq }, { headers: more, body } = { headers: [], body: '' }) {
      const headers = [
        ['Via', viaLine(`${branchCookie}${random.uuid()}`)],
        ['Max-Forwards', '70'],
        ['From', from],
        ['To', to],
        ['Call-ID', callId],
        ['CSeq', `${cseq} ${method}`],
        ...more,
      ] as const
      return {
        kind: 'request',
        method,
        uri,
        headers: headers.map(([name, value]) => ({ name, value })),
        body,
      }
    },
  }
}

/** The hop-by-hop ACK of a final response of 3xx to 6xx (RFC 3261 §17.1.1.3). */
export function ackOf(invite: SipRequest, response: SipResponse): SipRequest {
  const number = cseqOf(invite)?.number ?? 1
  const value = (name: string, of: SipMessage): { name: string; value: string } => ({
    name,
    value: header(of, name) ?? '',
  })
  return {
    ...invite,
    method: 'ACK',
    headers: [
      value('Via', invite),
      { name: 'Max-Forwards', value: '70' },
      value('From', invite),
      value('To', response),
      value('Call-ID', invite),
      { name: 'CSeq', value: `${number} ACK` },
    ],
    body: '',
  }
}

/** CANCEL for a forwarded INVITE (RFC 3261 §9.1). */
export function cancelOf(invite: SipRequest): SipRequest {
  const kept = invite.headers.filter(({ name }, i, all) => {
    const lower = name.toLowerCase()
    const firstVia = lower === 'via' && all.findIndex((each) => each.name.toLowerCase() === 'via') === i
    return firstVia || ['from', 'to', 'call-id', 'max-forwards'].includes(lower)
  })
  const cseq = `${cseqOf(invite)?.number ?? 1} CANCEL`
  return { ...invite, method: 'CANCEL', headers: [...kept, { name: 'CSeq', value: cseq }], body: '' }
}

const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 24)
