import { e164 } from '#shared/contract/rest.ts'
import type { Cancel, Clock } from '#shared/kernel/clock.ts'
import type { Log } from '#shared/kernel/log.ts'
import { outcomeOf } from './call-history.ts'
import type { Hop } from './hop.ts'
import type { AgentsPort, CallFacts, CallHistory, SwitchboardQueue } from './ports.ts'
import { parseAddress, parseUri, tagOf } from './sip-address.ts'
import {
  callIdOf,
  cseqOf,
  header,
  type SipMessage,
  type SipRequest,
  type SipResponse,
} from './sip-message.ts'

/*
 * What the switchboard knows of each call, from the messages that pass:
 *
 *   waiting ──offered──▶ ringing ──2xx──▶ answered ──BYE, party gone──▶ (forgotten)
 *      ▲───not answered────┘  └──────── given up, refused ────────────▶ (forgotten)
 *
 * Advisers' states follow from it, and a call whose party vanished is ended for the other one.
 */

export interface CallView {
  readonly callId: string
  readonly phase: 'waiting' | 'ringing' | 'answered'
  readonly queueId: string | null
  readonly advisers: readonly string[]
  /** Users of this switchboard who are in it or rung by it. */
  readonly users: readonly { readonly user: string; readonly role: 'caller' | 'callee' }[]
  readonly startedAt: number
}

/** Who takes part, as far as the switchboard knows. */
export interface Participant {
  readonly connectionName: string
  readonly adviserId: string | null
  /** User part of the address; null when withheld. */
  readonly user: string | null
}

interface Party {
  readonly user: string | null
  /** Via sent-by of the telephone. */
  connectionName: string
  adviserId: string | null
  /** From or To value, with its tag once known. */
  address: string
  /** Remote target (RFC 3261 §12.2.1.1). */
  contact: string | null
  lastCseq: number
}

export interface CallRecord {
  readonly callId: string
  /** Where it waits. */
  readonly queueId: string | null
  /** The queue that brought the resident here, also after a transfer. */
  readonly broughtBy: SwitchboardQueue | null
  readonly startedAt: number
  readonly invite: SipRequest
  readonly caller: Party
  callee: Party | null
  answered: boolean
  /** Adviser who passed the other side on. */
  transferredBy: string | null
  goneTimer: Cancel | null
}

export interface CallRecords {
  views(): CallView[]
  get(callId: string): CallRecord | undefined
  begin(
    invite: SipRequest,
    caller: Participant,
    queue: { readonly waitsIn: SwitchboardQueue | null; readonly broughtBy: SwitchboardQueue | null },
  ): CallRecord
  /** The call rings at this telephone. */
  ring(record: CallRecord, callee: Participant): void
  /** It rings there no more; the caller still waits. */
  unring(record: CallRecord, how: 'missed' | 'declined' | 'withdrawn'): void
  /** A call that was not put through to the adviser at all. */
  turnedAway(invite: SipRequest, caller: Participant, adviserId: string): void
  answer(record: CallRecord, response: SipResponse): void
  /** Learns from a request inside the dialog, and ends the call on BYE. */
  observe(request: SipRequest): void
  /** Target refresh by the answer to a re-INVITE. */
  observeAnswer(response: SipResponse): void
  /** `status` is the final response of a call that was never answered. */
  end(record: CallRecord, status?: number): void
  /** The connection of that name closed; `patienceMs` 0 gives it up at once. */
  connectionLost(name: string, patienceMs: number): void
  stop(): void
}

export interface CallRecordsOptions {
  readonly agents: AgentsPort
  readonly clock: Clock
  readonly log: Log
  readonly hop: Hop
  readonly history: CallHistory
  /** Name of a colleague or queue, by the user part of the address. */
  nameOf(user: string): string | null
  /** After every change of a call. */
  onChanged(): void
  isReachable(connectionName: string): boolean
  send(connectionName: string, message: SipMessage): void
}

export function createCallRecords(options: CallRecordsOptions): CallRecords {
  const { agents, clock, log, hop, history, nameOf, onChanged, isReachable, send } = options
  const records = new Map<string, CallRecord>()

  const parties = ({ caller, callee }: CallRecord): Party[] => (callee === null ? [caller] : [caller, callee])
  const isBusy = (adviserId: string): boolean =>
    [...records.values()].some((each) => parties(each).some((party) => party.adviserId === adviserId))

  function end(record: CallRecord, status?: number): void {
    if (records.get(record.callId) !== record) return
    records.delete(record.callId)
    record.goneTimer?.()
    log.info('switchboard/call-ended', { answered: record.answered })
    for (const party of parties(record)) {
      const { adviserId } = party
      if (adviserId === null) continue
      if (!isBusy(adviserId)) agents.ended(adviserId)
      const unanswered = outcomeOf(party === record.caller ? 'outbound' : 'inbound', status)
      const answered = record.transferredBy === adviserId ? 'transferred' : 'answered'
      history.ended(adviserId, record.callId, record.answered ? answered : unanswered)
    }
    onChanged()
  }

  /** The adviser's own view of who is at the other end. */
  function facts(record: CallRecord, direction: CallFacts['direction'], far: string | null): CallFacts {
    const number = e164.safeParse(far).data ?? null
    return {
      callId: record.callId,
      direction,
      number,
      withheld: far === null,
      name: far === null || number !== null ? null : nameOf(far),
      queueId: record.broughtBy?.id ?? null,
    }
  }

  function recordOf(
    invite: SipRequest,
    { connectionName, adviserId, user }: Participant,
    { waitsIn, broughtBy }: Parameters<CallRecords['begin']>[2],
  ): CallRecord {
    return {
      callId: callIdOf(invite),
      queueId: waitsIn?.id ?? null,
      broughtBy,
      startedAt: clock.now(),
      invite,
      caller: {
        connectionName,
        adviserId,
        user,
        address: header(invite, 'From') ?? '',
        contact: contactOf(invite),
        lastCseq: cseqOf(invite)?.number ?? 1,
      },
      callee: null,
      answered: false,
      transferredBy: null,
      goneTimer: null,
    }
  }

  /** Speaks for a party that is gone, so that the other is not left in silence. */
  function endForThe(gone: Party, left: Party | null, record: CallRecord): void {
    if (left !== null && record.answered) {
      const dialog = { from: gone.address, to: left.address, callId: record.callId, cseq: gone.lastCseq + 1 }
      if (left.contact !== null) send(left.connectionName, hop.originated('BYE', left.contact, dialog))
    } else if (left === record.caller) {
      send(left.connectionName, hop.respond(record.invite, 480, 'Temporarily Unavailable'))
    }
    end(record)
  }

  function sides(record: CallRecord, request: SipRequest): { sender: Party; other: Party } | null {
    const { caller, callee } = record
    if (callee === null) return null
    const tag = tagOf(header(request, 'From'))
    if (tag === tagOf(caller.address)) return { sender: caller, other: callee }
    return tag === tagOf(callee.address) ? { sender: callee, other: caller } : null
  }

  return {
    views: () =>
      [...records.values()].map((record) => ({
        callId: record.callId,
        phase: record.answered ? 'answered' : record.callee === null ? 'waiting' : 'ringing',
        queueId: record.queueId,
        advisers: parties(record).flatMap(({ adviserId }) => adviserId ?? []),
        users: parties(record).flatMap((party) => {
          const role = party === record.caller ? 'caller' : 'callee'
          return party.user === null ? [] : [{ user: party.user, role } as const]
        }),
        startedAt: record.startedAt,
      })),

    get: (callId) => records.get(callId),

    begin(invite, caller, queue) {
      const record = recordOf(invite, caller, queue)
      records.set(record.callId, record)
      log.info('switchboard/call-began', { queue: record.queueId ?? 'none' })
      if (caller.adviserId !== null) {
        agents.dialled(caller.adviserId)
        const dialled = parseUri(invite.uri)?.user ?? ''
        history.began(caller.adviserId, facts(record, 'outbound', queue.waitsIn?.id ?? dialled))
      }
      onChanged()
      return record
    },

    ring(record, { connectionName, adviserId, user }) {
      record.callee = {
        connectionName,
        adviserId,
        user,
        address: header(record.invite, 'To') ?? '',
        contact: null,
        lastCseq: 0,
      }
      if (adviserId !== null) {
        agents.offered(adviserId, record.broughtBy?.id)
        history.began(adviserId, facts(record, 'inbound', record.caller.user))
      }
      onChanged()
    },

    unring(record, how) {
      const adviserId = record.callee?.adviserId ?? null
      record.callee = null
      if (adviserId !== null) {
        if (how !== 'withdrawn') agents.missed(adviserId)
        else if (!isBusy(adviserId)) agents.ended(adviserId)
        history.ended(adviserId, record.callId, how === 'declined' ? 'declined' : 'missed')
      }
      onChanged()
    },

    turnedAway(invite, caller, adviserId) {
      const record = recordOf(invite, caller, { waitsIn: null, broughtBy: null })
      history.began(adviserId, facts(record, 'inbound', caller.user))
      history.ended(adviserId, record.callId, 'missed')
    },

    answer(record, response) {
      if (record.callee === null || record.answered) return
      record.answered = true
      record.callee.address = header(response, 'To') ?? ''
      record.callee.contact = contactOf(response)
      log.info('switchboard/call-answered', { waitedMs: clock.now() - record.startedAt })
      for (const { adviserId } of parties(record)) {
        if (adviserId === null) continue
        agents.answered(adviserId, record.broughtBy?.id)
        history.answered(adviserId, record.callId)
      }
      onChanged()
    },

    observe(request) {
      const record = records.get(callIdOf(request))
      const found = record === undefined ? null : sides(record, request)
      if (record === undefined || found === null) return
      if (request.method !== 'ACK') found.sender.lastCseq = cseqOf(request)?.number ?? found.sender.lastCseq
      if (['INVITE', 'UPDATE'].includes(request.method))
        found.sender.contact = contactOf(request) ?? found.sender.contact
      if (request.method === 'NOTIFY' && saysTransferred(request))
        record.transferredBy = found.other.adviserId
      if (request.method === 'BYE') end(record)
    },

    observeAnswer(response) {
      const record = records.get(callIdOf(response))
      if (record === undefined || !record.answered || record.callee === null) return
      if (response.status >= 300 || cseqOf(response)?.method !== 'INVITE') return
      // In a response To names the side that answers.
      const tag = tagOf(header(response, 'To'))
      const party = parties(record).find(({ address }) => tagOf(address) === tag)
      if (party !== undefined) party.contact = contactOf(response) ?? party.contact
    },

    end,

    connectionLost(name, patienceMs) {
      for (const record of [...records.values()]) {
        const { caller, callee } = record
        // Before the answer the queue looks after its calls itself.
        if (!record.answered && record.queueId !== null) continue
        const gone = parties(record).find(({ connectionName }) => connectionName === name)
        if (gone === undefined) continue
        const left = gone === caller ? callee : caller
        const giveUp = (): void => {
          if (!isReachable(name)) endForThe(gone, left, record)
        }
        record.goneTimer?.()
        if (patienceMs === 0) giveUp()
        else record.goneTimer = clock.after(patienceMs, giveUp)
      }
    },

    stop() {
      for (const { goneTimer } of records.values()) goneTimer?.()
      records.clear()
    },
  }
}

/** The far end reports that whom it was sent to has answered (RFC 3515 §2.4.4, RFC 3420). */
function saysTransferred(request: SipRequest): boolean {
  return /^refer\b/i.test(header(request, 'Event') ?? '') && /^SIP\/2\.0 2\d\d/i.test(request.body)
}

function contactOf(message: SipMessage): string | null {
  return parseAddress(header(message, 'Contact') ?? '')?.uri ?? null
}
