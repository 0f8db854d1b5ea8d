import type { Clock } from '#shared/kernel/clock.ts'
import type { MessageLayer } from './checking-transport.ts'
import { callIdOf, type Head, readCSeq, readHead, statusOf, tagOf, values } from './message-text.ts'

export interface AbandonedInvitesOptions {
  readonly clock: Clock
  /** Past the layers and the library. */
  send(text: string): void
}

/**
 * Calls that were being dialled when the connection was lost. The library has forgotten them, but the far end may still
 * ring, and someone may answer into nothing.
 */
export interface AbandonedInvites extends MessageLayer {
  /** Takes such a call back over the connection there is now; an answer to it is met with a good-bye. */
  takeBack(callId: string): void
}

/** The far end's transaction lives no longer than this (RFC 3261 §17.1.1.2 and proxies' Timer C). */
const rememberedForMs = 200_000

export function createAbandonedInvites({ clock, send }: AbandonedInvitesOptions): AbandonedInvites {
  const dialling = new Map<string, { readonly head: Head; readonly at: number }>()
  const takenBack = new Map<string, Head>()

  function forgetOld(): void {
    const oldest = clock.now() - rememberedForMs
    for (const [callId, { at }] of dialling) {
      if (at > oldest) continue
      dialling.delete(callId)
      takenBack.delete(callId)
    }
  }

  return {
    sending(text) {
      if (!text.startsWith('INVITE ')) return text
      const head = readHead(text)
      // Within a dialog the recovery of the line sees to it.
      if (head === null || tagOf(head, 'to') !== '') return text
      forgetOld()
      dialling.set(callIdOf(head), { head, at: clock.now() })
      return text
    },
    received(text) {
      if (!text.startsWith('SIP/2.0 ')) return text
      const head = readHead(text)
      const callId = head === null ? '' : callIdOf(head)
      const invite = takenBack.get(callId)
      if (head === null || !dialling.has(callId)) return text
      const status = statusOf(head)
      const { method } = readCSeq(head) ?? {}
      if (invite === undefined) {
        if (method === 'INVITE' && status >= 200 && status !== 401 && status !== 407) dialling.delete(callId)
        return text
      }
      if (method === 'INVITE' && status >= 200) send(acknowledge(invite, head, status))
      if (method === 'INVITE' && status >= 200 && status < 300) send(inDialog('BYE', invite, head, 1))
      return null
    },
    takeBack(callId) {
      const invite = dialling.get(callId)?.head
      if (invite === undefined) return
      takenBack.set(callId, invite)
      send(write('CANCEL', uriOf(invite), invite, [['Via', values(invite, 'via')[0] ?? '']]))
    },
  }
}

function acknowledge(invite: Head, response: Head, status: number): string {
  if (status < 300) return inDialog('ACK', invite, response, 0)
  // RFC 3261 §17.1.1.3: of a refusal within the transaction itself.
  const to = values(response, 'to')[0] ?? ''
  return write('ACK', uriOf(invite), invite, [['Via', values(invite, 'via')[0] ?? '']], to)
}

/** A request in the dialog that the answer has made (RFC 3261 §12.1.2). */
function inDialog(method: 'ACK' | 'BYE', invite: Head, response: Head, later: number): string {
  const contact = values(response, 'contact')[0] ?? ''
  const target = /<([^>]+)>/.exec(contact)?.[1] ?? contact.split(';')[0] ?? ''
  const via = (values(invite, 'via')[0] ?? '').replace(
    /(;\s*branch\s*=\s*)[^;]+/i,
    `$1z9hG4bK${crypto.randomUUID().replaceAll('-', '')}`,
  )
  const routes = values(response, 'record-route')
    .flatMap((value) => value.split(/,(?=\s*<)/))
    .toReversed()
    .map((route) => ['Route', route.trim()] as const)
  const to = values(response, 'to')[0] ?? ''
  return write(method, target, invite, [['Via', via], ...routes], to, later)
}

function write(
  method: string,
  uri: string,
  invite: Head,
  headers: readonly (readonly [string, string])[],
  to = values(invite, 'to')[0] ?? '',
  later = 0,
): string {
  const routes = headers.some(([name]) => name === 'Route') ? [] : values(invite, 'route')
  const lines = [
    `${method} ${uri} SIP/2.0`,
    ...headers.map(([name, value]) => `${name}: ${value}`),
    ...routes.map((route) => `Route: ${route}`),
    'Max-Forwards: 70',
    `From: ${values(invite, 'from')[0] ?? ''}`,
    `To: ${to}`,
    `Call-ID: ${callIdOf(invite)}`,
    `CSeq: ${(readCSeq(invite)?.number ?? 1) + later} ${method}`,
    'Content-Length: 0',
  ]
  return `${lines.join('\r\n')}\r\n\r\n`
}

function uriOf(invite: Head): string {
  return invite.startLine.split(' ')[1] ?? ''
}
