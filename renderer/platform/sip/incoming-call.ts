import type { Invitation } from 'sip.js'
import { answerAfterMs } from '#shared/calls/auto-answer.ts'
import { callingIdentity, dialledNumber } from '#shared/calls/dialling.ts'
import { queueOffer } from '#shared/calls/queue-offer.ts'
import { contactOfUserToUser } from '#shared/calls/user-to-user.ts'
import type { Line } from '#shared/contract/phone.ts'
import { audioProblem } from './sdp-policy.ts'

/** Why an INVITE is refused before it rings. */
export interface Refusal {
  readonly statusCode: number
  readonly extraHeaders?: string[]
}

/** What makes a call impossible to take; the library would ring, or answer and stay dumb. */
export function refusalOf(invitation: Invitation): Refusal | null {
  const { request } = invitation
  // An INVITE without a description asks us for the offer (RFC 3264 §5).
  if (request.body === '') return null
  const type = request.getHeader('content-type')?.split(';')[0]?.trim().toLowerCase()
  if (type !== 'application/sdp') return { statusCode: 415, extraHeaders: ['Accept: application/sdp'] }
  return audioProblem(request.body) === null ? null : { statusCode: 488 }
}

type IncomingFacts = Pick<Line, 'callId' | 'remote' | 'queue' | 'waitedMs' | 'dialled' | 'handedOverFrom'>

/** What the INVITE says about the call, made safe to show. */
export function callFacts(invitation: Invitation): IncomingFacts {
  const { request } = invitation
  const handedOverFrom = contactOfUserToUser(request.getHeaders('user-to-user'))
  return {
    callId: request.callId,
    ...(handedOverFrom === null ? {} : { handedOverFrom }),
    remote: callingIdentity({
      from: request.getHeader('from'),
      asserted: request.getHeaders('p-asserted-identity'),
      privacy: request.getHeader('privacy'),
    }),
    ...queueOffer({
      queueId: request.getHeader('x-queue-id'),
      queueName: request.getHeader('x-queue-name'),
      waitedMs: request.getHeader('x-waited-ms'),
    }),
    dialled: dialledNumber({
      calledParty: request.getHeader('p-called-party-id'),
      dialled: request.getHeader('x-dialled-number'),
      history: request.getHeaders('history-info'),
      to: request.getHeader('to'),
    }),
  }
}

/** After how long the caller wants it answered by itself, in milliseconds; null when it does not. */
export function wantsAutoAnswer({ request }: Invitation): number | null {
  return answerAfterMs({
    callInfo: request.getHeaders('call-info'),
    alertInfo: request.getHeaders('alert-info'),
  })
}
