import { Core, type Session, SessionState, type Web } from 'sip.js'
import type { ReinviteOutcome } from '#shared/calls/recovery.ts'
import type { Cancel, Clock } from '#shared/kernel/clock.ts'
import type { CheckingTransport } from './checking-transport.ts'
import { MediaSession } from './media-session.ts'
import { localFailureHeader } from './message-checks.ts'

/** As much of a response as is needed to tell who made it. */
export interface AnyResponse {
  readonly statusCode?: number | undefined
  hasHeader(name: string): boolean
  getHeader(name: string): string | undefined
}

/**
 * True for responses that no one sent: the transport's when a connection is lost, and the library's own after its
 * transaction timers, which have no headers at all. They say nothing about the call.
 */
export function isLocal(response: AnyResponse): boolean {
  return response.hasHeader(localFailureHeader) || !response.hasHeader('via')
}

export interface Reinvite {
  readonly hold: boolean
  readonly iceRestart: boolean
}

/** Shorter than the 32 s of a transaction that nobody answers; longer than any far end thinks. */
const patienceMs = 12_000

/** As the far end would answer one that crosses its own (RFC 3261 §14.2). */
const requestPending: ReinviteOutcome = { name: 'rejected', status: 491 }

/**
 * Renegotiates a call and says how that ended. Never rejects; a failed attempt leaves the call as it was. Only one at a
 * time for each call.
 */
export async function reinvite(
  session: Session,
  wanted: Reinvite,
  transport: CheckingTransport,
  clock: Clock,
): Promise<ReinviteOutcome> {
  // An offer of ours, made while the far end's is being answered, would spoil that answer and end the call.
  if (session.dialog?.signalingState === Core.SignalingState.HaveRemoteOffer) return requestPending
  let patience: Cancel = () => {}
  const again: Web.SessionDescriptionHandlerOptions = { hold: wanted.hold }
  const once: Web.SessionDescriptionHandlerOptions = wanted.iceRestart
    ? { ...again, offerOptions: { iceRestart: true } }
    : again
  try {
    return await new Promise<ReinviteOutcome>((resolve, reject) => {
      patience = clock.after(patienceMs, () => transport.abandonInvite(callIdOf(session)))
      session
        .invite({
          sessionDescriptionHandlerOptions: once,
          requestDelegate: {
            onAccept: () => resolve({ name: 'accepted' }),
            onReject: ({ message }) => resolve(outcomeOf(message)),
            onRedirect: ({ message }) => resolve(outcomeOf(message)),
          },
        })
        .catch(reject)
    })
  } catch {
    // The far end is renegotiating just now. An offer made before the library noticed is taken back.
    const media = session.sessionDescriptionHandler
    if (media instanceof MediaSession && media.peerConnection?.signalingState === 'have-local-offer') {
      await media.rollbackDescription().catch(() => {})
    }
    return { name: 'unanswered' }
  } finally {
    patience()
    // The library would use the last options again when the far end renegotiates.
    session.sessionDescriptionHandlerOptionsReInvite = again
  }
}

/**
 * Says good-bye so that the far end hears it, even when the connection is lost just then: a BYE that nobody answered
 * is handed to `owe` to be sent again over the next connection.
 */
export function bye(session: Session, owe: (send: () => void) => void): void {
  if (session.state !== SessionState.Established) return
  const core = session.userAgent.userAgentCore
  let request: Parameters<typeof core.request>[0] | undefined
  const requestDelegate: Parameters<typeof core.request>[1] = {
    onReject: ({ message }) => {
      if (isLocal(message)) owe(() => request && core.request(request, requestDelegate))
    },
  }
  session
    .bye({ requestDelegate })
    .then((sent) => {
      request = sent.message
    })
    .catch(() => {})
}

export function callIdOf(session: Session): string {
  return session.dialog?.callId ?? session.id
}

function outcomeOf(message: AnyResponse): ReinviteOutcome {
  if (isLocal(message)) return { name: 'unanswered' }
  const retryAfterS = Number.parseInt(message.getHeader('retry-after') ?? '', 10)
  return {
    name: 'rejected',
    status: message.statusCode ?? 500,
    ...(retryAfterS > 0 ? { retryAfterMs: Math.min(retryAfterS, 30) * 1000 } : {}),
  }
}
