import type { Cancel, Clock } from '#shared/kernel/clock.ts'
import type { Log } from '#shared/kernel/log.ts'
import { outcomeOf } from './call-history.ts'
import type { CallRecord, CallRecords, Participant } from './call-records.ts'
import { ackOf, cancelOf, type Hop } from './hop.ts'
import type { AgentsPort, SwitchboardQueue } from './ports.ts'
import { parseAddress } from './sip-address.ts'
import {
  callIdOf,
  cseqOf,
  header,
  type SipMessage,
  type SipRequest,
  type SipResponse,
  withHeader,
} from './sip-message.ts'

/*
 * Callers who wait, first come first served, each offered to the adviser idle the longest. A caller's INVITE stays
 * one transaction; each offer is a branch of it (RFC 3261 §16.7):
 *
 *   waiting ──adviser ready──▶ ringing ──2xx──▶ connected (the queue forgets the call)
 *      ▲                        │  │
 *      └──final response────────┘  └─ring time-out─▶ cancelling ──final response, or none──▶ waiting
 */

interface Offer {
  readonly adviserId: string
  readonly branch: string
  readonly connectionName: string
  readonly invite: SipRequest
  phase: 'ringing' | 'cancelling'
  timer: Cancel
}

interface Waiting {
  readonly record: CallRecord
  readonly queue: SwitchboardQueue
  readonly invite: SipRequest
  readonly connectionName: string
  readonly dialled: string | null
  readonly since: number
  offers: number
  offer: Offer | null
}

export interface Queue {
  /** Takes an INVITE for a queue. */
  join(
    invite: SipRequest,
    queue: SwitchboardQueue,
    caller: Participant,
    /** The number of the public network that was dialled, E.164. */
    dialled: string | null,
  ): void
  /** True when the CANCEL was for a call here. */
  cancel(request: SipRequest): boolean
  /** True when the response belongs to an offer of this queue. */
  response(branch: string, response: SipResponse): boolean
  connectionLost(name: string): void
  /** Someone may have become ready or reachable. */
  offerAll(): void
  stop(): void
}

export interface QueueOptions {
  readonly agents: AgentsPort
  readonly records: CallRecords
  readonly hop: Hop
  readonly clock: Clock
  readonly log: Log
  readonly ringTimeoutMs: number
  readonly domain: string
  /** The adviser's telephone, when it can be reached now. */
  telephoneOf(adviserId: string): AdviserTelephone | null
  send(connectionName: string, message: SipMessage): void
}

export interface AdviserTelephone {
  readonly user: string
  readonly contact: string
  readonly connectionName: string
}

/** After CANCEL a telephone answers 487 at once; one that does not is passed over. */
const cancelPatienceMs = 2000
/** How long a 2xx that comes too late is still hung up on. */
const lateAnswerMs = 40_000
const maxWaiting = 50

export function createQueue(options: QueueOptions): Queue {
  const { agents, records, hop, clock, log, ringTimeoutMs, domain, telephoneOf, send } = options
  const line: Waiting[] = []
  /** Branches given up, and the INVITE they carried. */
  const abandoned = new Map<string, { offer: Offer; forget: Cancel }>()

  const reply = (waiting: Waiting, status: number, reason: string): void =>
    send(waiting.connectionName, hop.respond(waiting.invite, status, reason))

  function leave(waiting: Waiting): void {
    const at = line.indexOf(waiting)
    if (at >= 0) line.splice(at, 1)
  }

  function offerAll(): void {
    for (const waiting of [...line]) {
      if (waiting.offer !== null) continue
      // `ring` changes who is ready, so each caller asks afresh.
      for (const adviserId of agents.readyAdvisers(waiting.queue.id)) {
        const telephone = telephoneOf(adviserId)
        if (telephone === null) continue
        ring(waiting, adviserId, telephone)
        break
      }
    }
  }

  function ring(
    waiting: Waiting,
    adviserId: string,
    { user, contact, connectionName }: AdviserTelephone,
  ): void {
    const branch = hop.branchFor(waiting.invite, ++waiting.offers)
    const waitedMs = clock.now() - waiting.since
    let invite = hop.forwarded(waiting.invite, contact, branch)
    invite = withHeader(invite, 'X-Queue-Id', waiting.queue.id)
    invite = withHeader(invite, 'X-Queue-Name', waiting.queue.name)
    invite = withHeader(invite, 'X-Waited-Ms', String(waitedMs))
    if (waiting.dialled !== null) {
      invite = withHeader(invite, 'X-Dialled-Number', waiting.dialled)
      invite = withHeader(invite, 'P-Called-Party-ID', `<sip:${waiting.dialled}@${domain}>`)
    }
    const timer = clock.after(ringTimeoutMs, () => withdraw(waiting))
    waiting.offer = { adviserId, branch, connectionName, invite, phase: 'ringing', timer }
    log.info('switchboard/call-offered', { queue: waiting.queue.id, waitedMs })
    records.ring(waiting.record, { connectionName, adviserId, user })
    send(connectionName, invite)
  }

  /** Stops the ringing; the branch's own final response, or its absence, frees the caller for the next adviser. */
  function withdraw(waiting: Waiting): void {
    const { offer } = waiting
    if (offer === null || offer.phase === 'cancelling') return
    offer.timer()
    offer.phase = 'cancelling'
    send(offer.connectionName, cancelOf(offer.invite))
    offer.timer = clock.after(cancelPatienceMs, () => dropOffer(waiting, offer, 'missed'))
  }

  function dropOffer(waiting: Waiting, offer: Offer, how: 'missed' | 'declined' | 'withdrawn'): void {
    if (waiting.offer !== offer) return
    offer.timer()
    waiting.offer = null
    abandon(offer)
    log.info('switchboard/offer-ended', { queue: waiting.queue.id, how })
    records.unring(waiting.record, how)
    offerAll()
  }

  function abandon(offer: Offer): void {
    const forget = clock.after(lateAnswerMs, () => abandoned.delete(offer.branch))
    abandoned.set(offer.branch, { offer, forget })
  }

  /** A telephone answered after the call had gone elsewhere: confirm it, then hang up (RFC 3261 §13.2.2.4). */
  function hangUpLate({ invite, connectionName }: Offer, response: SipResponse): void {
    const contact = parseAddress(header(response, 'Contact') ?? '')?.uri
    if (contact === undefined) return
    const number = cseqOf(response)?.number ?? 1
    const from = header(response, 'From') ?? ''
    const to = header(response, 'To') ?? ''
    const callId = callIdOf(invite)
    send(connectionName, hop.originated('ACK', contact, { from, to, callId, cseq: number }))
    send(connectionName, hop.originated('BYE', contact, { from, to, callId, cseq: number + 1 }))
    log.info('switchboard/late-answer-ended')
  }

  function lateResponse(branch: string, response: SipResponse): boolean {
    const known = abandoned.get(branch)
    if (known === undefined) return false
    if (response.status < 200 || cseqOf(response)?.method !== 'INVITE') return true
    const { offer } = known
    if (response.status < 300) hangUpLate(offer, response)
    else send(offer.connectionName, ackOf(offer.invite, response))
    return true
  }

  return {
    join(invite, queue, caller, dialled) {
      const twin = line.some((each) => hop.branchFor(each.invite) === hop.branchFor(invite))
      if (twin) return
      if (line.length >= maxWaiting) {
        send(caller.connectionName, hop.respond(invite, 486, 'Busy Here'))
        return
      }
      const record = records.begin(invite, caller, { waitsIn: queue, broughtBy: queue })
      const waiting: Waiting = {
        record,
        queue,
        invite,
        connectionName: caller.connectionName,
        dialled,
        since: clock.now(),
        offers: 0,
        offer: null,
      }
      line.push(waiting)
      // It makes an early dialog (§12.1), which needs an address to send to.
      const contact = ['Contact', `<sip:${queue.id}@${hop.sentBy};transport=ws>`] as const
      send(caller.connectionName, hop.respond(invite, 182, 'Queued', [contact]))
      offerAll()
    },

    cancel(request) {
      const branch = hop.branchFor(request)
      const waiting = line.find((each) => hop.branchFor(each.invite) === branch)
      if (waiting === undefined) return false
      send(waiting.connectionName, hop.respond(request, 200, 'OK'))
      reply(waiting, 487, 'Request Terminated')
      giveUp(waiting)
      return true
    },

    response(branch, response) {
      const waiting = line.find(({ offer }) => offer?.branch === branch)
      const offer = waiting?.offer ?? null
      if (waiting === undefined || offer === null) return lateResponse(branch, response)
      // The answer to our CANCEL says nothing about the INVITE.
      if (cseqOf(response)?.method !== 'INVITE') return true
      if (response.status < 200) {
        if (response.status > 100 && offer.phase === 'ringing') send(waiting.connectionName, response)
        return true
      }
      if (response.status < 300) {
        offer.timer()
        leave(waiting)
        records.answer(waiting.record, response)
        send(waiting.connectionName, response)
        return true
      }
      send(offer.connectionName, ackOf(offer.invite, response))
      const declined = outcomeOf('inbound', response.status) === 'declined'
      dropOffer(waiting, offer, declined ? 'declined' : 'missed')
      return true
    },

    connectionLost(name) {
      for (const waiting of [...line]) {
        if (waiting.connectionName === name) giveUp(waiting)
        else if (waiting.offer?.connectionName === name) dropOffer(waiting, waiting.offer, 'withdrawn')
      }
    },

    offerAll,

    stop() {
      for (const { offer } of line) offer?.timer()
      for (const { forget } of abandoned.values()) forget()
      line.length = 0
      abandoned.clear()
    },
  }

  function giveUp(waiting: Waiting): void {
    leave(waiting)
    const { offer } = waiting
    if (offer !== null) {
      offer.timer()
      waiting.offer = null
      send(offer.connectionName, cancelOf(offer.invite))
      abandon(offer)
    }
    records.end(waiting.record)
    offerAll()
  }
}
