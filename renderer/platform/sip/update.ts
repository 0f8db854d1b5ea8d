import { Core, Grammar, type Session, type URI, type UserAgent } from 'sip.js'
import type { ReinviteOutcome } from '#shared/calls/recovery.ts'
import type { MessageLayer } from './checking-transport.ts'
import {
  bodyOf,
  callIdOf,
  type Head,
  readCSeq,
  readHead,
  replyTo,
  statusOf,
  tagOf,
  values,
  withListed,
} from './message-text.ts'
import type { Refreshed } from './session-timer.ts'

export interface UpdateOptions {
  readonly agent: UserAgent
  /** Sends an answer that the library has no part in. */
  answer(text: string): void
  /** Gives the library a message that nobody sent. */
  deliver(text: string): void
}

/** As much of the library's dialog as an UPDATE changes. */
interface Dialog {
  readonly early: boolean
  readonly remoteSequenceNumber: number | undefined
  readonly signalingState?: string
  readonly dialogState: { remoteTarget: URI; remoteSequenceNumber: number | undefined }
}

/**
 * UPDATE (RFC 3311), which the library answers with 405. Without a description it changes where the far end is
 * reached and renews the session, and is answered here. With one it is handed to the library as a re-INVITE, whose
 * rules are the same; the ACK that no one sends for an UPDATE is made here.
 */
export function createUpdates({ agent, answer, deliver }: UpdateOptions): MessageLayer {
  /** Requests in the library's hands, by Call-ID, CSeq and tag of the far end. */
  const underway = new Map<string, Head>()

  function received(text: string, head: Head, cseq: number): string | null {
    const refuse = (status: number, reason: string, extra: readonly string[] = []): null => {
      answer(replyTo(head, status, reason, extra))
      return null
    }
    const dialog = dialogOf(agent, head)
    if (dialog === null) return refuse(481, 'Call Does Not Exist')
    if (cseq <= (dialog.remoteSequenceNumber ?? 0)) return refuse(500, 'Server Internal Error')
    const target = targetIn(head)
    if (target === null) return refuse(400, 'Contact Missing')
    if (bodyOf(text).trim() === '') {
      dialog.dialogState.remoteTarget = target
      dialog.dialogState.remoteSequenceNumber = cseq
      answer(replyTo(head, 200, 'OK', [`Contact: ${agent.contact.toString()}`]))
      return null
    }
    // RFC 3311 §5.2: one exchange of descriptions at a time.
    const state = dialog.signalingState ?? ''
    if (state === 'HaveLocalOffer') return refuse(491, 'Request Pending')
    if (dialog.early || state === 'HaveRemoteOffer') {
      return refuse(500, 'Server Internal Error', ['Retry-After: 2'])
    }
    underway.set(keyOf(callIdOf(head), cseq, tagOf(head, 'from')), head)
    return asMethod(text, 'UPDATE', 'INVITE')
  }

  function answered(text: string, head: Head, cseq: number): string | null {
    const key = keyOf(callIdOf(head), cseq, tagOf(head, 'from'))
    const request = underway.get(key)
    if (request === undefined) return text
    const status = statusOf(head)
    // RFC 4320 §4.2: of the provisional ones only an INVITE has any use.
    if (status < 200) return null
    underway.delete(key)
    queueMicrotask(() => deliver(ackFor(request, head, status)))
    return asMethod(text, 'INVITE', 'UPDATE')
  }

  return {
    received(text) {
      if (!text.startsWith('UPDATE ')) return text
      const head = readHead(text)
      const cseq = head === null ? null : readCSeq(head)
      return head === null || cseq === null ? text : received(text, head, cseq.number)
    },
    sending(text) {
      const head = readHead(text)
      const cseq = head === null ? null : readCSeq(head)
      if (head === null || cseq === null) return text
      const told = values(head, 'allow').length > 0 ? withListed(text, 'Allow', 'UPDATE') : text
      return cseq.method === 'INVITE' && statusOf(head) > 0 ? answered(told, head, cseq.number) : told
    },
  }
}

/** Renews a session (RFC 4028 §7.4), by UPDATE without touching its sound. Never rejects. */
export async function refreshSession(
  session: Session,
  method: 'UPDATE' | 'INVITE',
  renegotiate: () => Promise<ReinviteOutcome>,
): Promise<Refreshed> {
  if (method === 'UPDATE') return sendUpdate(session)
  const outcome = await renegotiate()
  if (outcome.name !== 'rejected') return outcome.name === 'accepted' ? 'accepted' : 'failed'
  return isGone(outcome.status) ? 'gone' : 'failed'
}

const isGone = (status: number | undefined) => status === 481 || status === 408

function sendUpdate(session: Session): Promise<Refreshed> {
  const { dialog, userAgent } = session
  // Its class can make any request; the interface that the library shows cannot.
  if (!(dialog instanceof Core.SessionDialog)) return Promise.resolve('failed')
  return new Promise((resolve) => {
    const extraHeaders = [`Contact: ${userAgent.contact.toString()}`]
    const request = dialog.createOutgoingRequestMessage('UPDATE', { extraHeaders })
    userAgent.userAgentCore.request(request, {
      onAccept: () => resolve('accepted'),
      onRedirect: () => resolve('failed'),
      onReject: ({ message }) => {
        // 408 without headers is the library's own, and 503 may be the transport's: they say nothing of the call.
        const real = message.hasHeader('via')
        resolve(real && isGone(message.statusCode) ? 'gone' : 'failed')
      },
    })
  })
}

const keyOf = (callId: string, cseq: number, tag: string) => `${cseq} ${tag} ${callId}`

function dialogOf(agent: UserAgent, head: Head): Dialog | null {
  const id = callIdOf(head) + tagOf(head, 'to') + tagOf(head, 'from')
  return (agent.userAgentCore.dialogs.get(id) as unknown as Dialog | undefined) ?? null
}

function targetIn(head: Head): URI | null {
  const [contact] = values(head, 'contact')
  return contact === undefined ? null : (Grammar.nameAddrHeaderParse(contact)?.uri ?? null)
}

function asMethod(text: string, from: string, to: string): string {
  const end = text.indexOf('\r\n\r\n')
  const head = text
    .slice(0, end)
    .replace(new RegExp(`^${from} `), `${to} `)
    .replace(new RegExp(`^(CSeq[ \\t]*:\\s*\\d+\\s+)${from}`, 'im'), `$1${to}`)
  return head + text.slice(end)
}

function ackFor(request: Head, response: Head, status: number): string {
  const [via = ''] = values(request, 'via')
  // RFC 3261 §17.1.1.3: that of a refusal belongs to its transaction, that of a 2xx is one of its own.
  const own =
    status < 300 ? `${via.replace(/;\s*branch\s*=[^;,\s]*/i, '')};branch=z9hG4bK${crypto.randomUUID()}` : via
  const uri = request.startLine.split(' ')[1] ?? ''
  return `${[
    `ACK ${uri} SIP/2.0`,
    `Via: ${own}`,
    'Max-Forwards: 70',
    `From: ${values(request, 'from')[0] ?? ''}`,
    `To: ${values(response, 'to')[0] ?? ''}`,
    `Call-ID: ${callIdOf(request)}`,
    `CSeq: ${readCSeq(request)?.number ?? 0} ACK`,
    'Content-Length: 0',
  ].join('\r\n')}\r\n\r\n`
}
