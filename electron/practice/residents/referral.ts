import { type Core, type Session, SessionState, URI } from 'sip.js'

/* What a telephone makes of a REFER, and what it says of its progress (RFC 3515, RFC 3420). */

export interface ReferTarget {
  readonly uri: URI
  /** Value of the Replaces header to send (RFC 3891). */
  readonly replaces: string | null
  readonly referredBy: string | null
  /** Values of the User-to-User headers to send (RFC 7433). */
  readonly userToUser: readonly string[]
}

/** Null when it names nobody who could be called. */
export function referTargetOf(request: Core.IncomingRequestMessage, domain: string): ReferTarget | null {
  const referredBy = request.getHeader('referred-by') ?? null
  const value = request.getHeader('refer-to') ?? ''
  const [, number] = /^\s*<?tel:([+0-9*#().-]+)/i.exec(value) ?? []
  if (number !== undefined)
    return {
      uri: new URI('sip', number.replace(/[().-]/g, ''), domain),
      replaces: null,
      referredBy,
      userToUser: [],
    }
  const parsed: unknown = request.parseHeader('refer-to')
  const uri = typeof parsed === 'object' && parsed !== null && 'uri' in parsed ? parsed.uri : null
  if (!(uri instanceof URI) || uri.scheme !== 'sip') return null
  const target = uri.clone()
  const [given] = [uri.getHeader('replaces')].flat()
  const userToUser = [uri.getHeader('user-to-user') ?? []].flat().map(unescaped)
  target.clearHeaders()
  return { uri: target, replaces: given === undefined ? null : unescaped(given), referredBy, userToUser }
}

function unescaped(value: string): string {
  try {
    return decodeURIComponent(value)
  } catch {
    return value
  }
}

export interface ProgressReport {
  progress(status: number, reason: string): void
  /** Ends the report; what comes after it is not told. */
  final(status: number, reason: string): void
}

/** Of the REFER with that sequence number. Tells nothing any more once the call is over. */
export function createProgressReport(session: Session, cseq: number): ProgressReport {
  let isOver = false

  function notify(status: number, reason: string, state: string): void {
    if (session.state !== SessionState.Established) return
    session.dialog?.notify(undefined, {
      extraHeaders: [`Event: refer;id=${cseq}`, `Subscription-State: ${state}`],
      body: {
        contentDisposition: 'render',
        contentType: 'message/sipfrag;version=2.0',
        content: `SIP/2.0 ${status} ${reason}\r\n`,
      },
    })
  }

  notify(100, 'Trying', 'active;expires=60')
  return {
    progress(status, reason) {
      if (!isOver) notify(status, reason, 'active;expires=60')
    },
    final(status, reason) {
      if (isOver) return
      isOver = true
      notify(status, reason, 'terminated;reason=noresource')
    },
  }
}
