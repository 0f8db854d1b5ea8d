import { e164 } from '#shared/contract/rest.ts'
import type { Log } from '#shared/kernel/log.ts'
import type { CallRecords, Participant } from './call-records.ts'
import type { Connection } from './connections.ts'
import type { Digest } from './digest.ts'
import { type Hop, topVia } from './hop.ts'
import type { Names } from './names.ts'
import { eventPackages, type Notifier } from './notifier.ts'
import type { AccountsPort, AgentsPort, InternalUser, SwitchboardQueue } from './ports.ts'
import type { Queue } from './queue.ts'
import type { Registrar } from './registrar.ts'
import { parseAddress, parseUri, type SipUri, tagOf } from './sip-address.ts'
import {
  callIdOf,
  cseqOf,
  header,
  headersOf,
  parseMessage,
  type SipMessage,
  type SipRequest,
  type SipResponse,
  serialiseMessage,
  withHeader,
  withoutHeaders,
} from './sip-message.ts'

/* Where each message goes: RFC 3261 §16 without memory of transactions, but for calls that wait in a queue. */

export interface ProxyParts {
  readonly domain: string
  readonly hop: Hop
  readonly names: Names
  readonly registrar: Registrar
  readonly digest: Digest
  readonly agents: AgentsPort
  readonly accounts: AccountsPort
  readonly internalUsers: readonly InternalUser[]
  readonly notifier: Notifier
  readonly records: CallRecords
  readonly queue: Queue
  readonly log: Log
  queues(): readonly SwitchboardQueue[]
  /** After a REGISTER or un-REGISTER of an account. */
  onRegistered(username: string, reachable: boolean): void
}

/** What the switchboard answers itself; null when the message went on or needs no answer. */
type Answer = {
  readonly status: number
  readonly reason: string
  readonly headers: readonly (readonly [string, string])[]
} | null

const answer = (
  status: number,
  reason: string,
  headers: readonly (readonly [string, string])[] = [],
): Answer => ({ status, reason, headers })

const allowed = 'INVITE, ACK, CANCEL, BYE, OPTIONS, REGISTER, SUBSCRIBE, NOTIFY, REFER, INFO, UPDATE'
/** Nobody is asked who they are before these. */
const emergencyNumbers = new Set(['999', '112', '18000'])
/** What makes a telephone answer or sound by itself is for the switchboard's own side to say. */
const trunkHeaders = new Set(['call-info', 'alert-info', 'in-reply-to'])

/** Takes the messages of a connection one after another. */
export function createProxy(parts: ProxyParts): (connection: Connection, text: string) => Promise<void> {
  const { domain, hop, names, registrar, digest, agents, accounts, internalUsers } = parts
  const { notifier, records, queue, log, queues } = parts

  const send = (connection: Connection, message: SipMessage): void =>
    connection.send(serialiseMessage(message))

  async function receive(connection: Connection, text: string): Promise<void> {
    const outcome = parseMessage(text)
    if (!outcome.ok) {
      const { problem, status, answerable } = outcome
      log.info('switchboard/malformed', { connection: connection.id, problem })
      const reason = status === 505 ? 'Version Not Supported' : 'Bad Request'
      if (answerable !== null && topVia(answerable) !== null)
        send(connection, hop.respond(answerable, status, reason))
      return
    }
    if (outcome.message.kind === 'request') await request(connection, outcome.message)
    else response(outcome.message)
  }

  function response(message: SipResponse): void {
    const returned = hop.returned(message)
    if (returned === null) {
      log.info('switchboard/stray-response')
      return
    }
    if (queue.response(returned.branch, returned.response)) return
    // Nothing left to return to: the answer to a request that started here.
    const via = topVia(returned.response)
    if (via === null) {
      notifier.response(returned.response)
      return
    }
    records.observeAnswer(returned.response)
    const record = records.get(callIdOf(message))
    if (record !== undefined && !record.answered && cseqOf(message)?.method === 'INVITE') {
      if (message.status >= 300) records.end(record, message.status)
      else if (message.status >= 200) records.answer(record, returned.response)
    }
    const next = names.open(via.sentBy)
    if (next !== null) send(next, returned.response)
  }

  async function request(connection: Connection, message: SipRequest): Promise<void> {
    const given = await route(connection, message)
    if (given === null || message.method === 'ACK') return
    send(connection, hop.respond(message, given.status, given.reason, given.headers))
  }

  async function route(connection: Connection, given: SipRequest): Promise<Answer> {
    const via = topVia(given)
    if (via === null) {
      log.info('switchboard/malformed', { connection: connection.id, problem: 'Via' })
      return null
    }
    if (hop.hasPassedHere(given)) return answer(482, 'Loop Detected')
    names.learn(via.sentBy, connection)
    if (given.method === 'ACK' && hop.answeredHere(given)) return null
    const hops = header(given, 'Max-Forwards') ?? '70'
    if (!/^\d{1,3}$/.test(hops)) return answer(400, 'Bad Max-Forwards')
    const extensions = headersOf(given, 'Proxy-Require').join(', ')
    if (extensions !== '') return answer(420, 'Bad Extension', [['Unsupported', extensions]])

    const message = hop.withoutOwnRoute(given)
    const uri = parseUri(message.uri)
    if (uri === null) return answer(416, 'Unsupported URI Scheme')
    const isHere = uri.scheme === 'tel' || uri.host === domain || `${uri.host}:${uri.port}` === hop.sentBy
    if (isHere && uri.user === '' && message.method === 'OPTIONS')
      return answer(200, 'OK', [
        ['Allow', allowed],
        ['Allow-Events', eventPackages],
        ['Accept', 'application/sdp'],
      ])
    if (isHere && message.method === 'REGISTER') return register(connection, message, via.sentBy)
    if (Number(hops) === 0) return answer(483, 'Too Many Hops')
    if (isHere && message.method === 'SUBSCRIBE') return subscribe(connection, message, uri.user)
    return isHere ? toUser(connection, message, uri, via.sentBy) : toTelephone(connection, message, uri.host)
  }

  /** In-dialog requests: the telephone's own address is the name of its connection. */
  async function toTelephone(connection: Connection, message: SipRequest, name: string): Promise<Answer> {
    const target = names.open(name)
    const isInDialog = tagOf(header(message, 'To')) !== null
    if (isInDialog) records.observe(message)
    else if (message.method === 'INVITE' && header(message, 'Replaces') !== undefined) {
      const refusal = await replace(connection, message, name)
      if (refusal !== null) return refusal
    } else if (message.method !== 'CANCEL') return answer(404, 'Not Found')
    if (target === null) return answer(480, 'Temporarily Unavailable')
    send(target, hop.forwarded(message, message.uri, hop.branchFor(message)))
    return null
  }

  /** Takes the place of a party in a call that goes through here, at that party's telephone (RFC 3891). */
  async function replace(connection: Connection, message: SipRequest, name: string): Promise<Answer> {
    const refusal = await refusalTo(connection, message)
    if (refusal !== null) return refusal
    const [callId = ''] = (header(message, 'Replaces') ?? '').split(';')
    const replaced = records.get(callId.trim())
    const party = [replaced?.caller, replaced?.callee].find((each) => each?.connectionName === name)
    if (party === undefined || party === null) return answer(481, 'Call/Transaction Does Not Exist')
    if (names.open(name) === null) return answer(480, 'Temporarily Unavailable')
    send(connection, hop.respond(message, 100, 'Trying'))
    const broughtBy = queueBehind(connection, message)
    const record = records.begin(message, callerOf(connection, message), { waitsIn: null, broughtBy })
    records.ring(record, { connectionName: name, adviserId: party.adviserId, user: party.user })
    return null
  }

  async function subscribe(connection: Connection, message: SipRequest, user: string): Promise<Answer> {
    const isNew = tagOf(header(message, 'To')) === null
    const refusal = isNew ? await refusalTo(connection, message) : null
    if (refusal === null) notifier.subscribe(message, user)
    return refusal
  }

  async function toUser(
    connection: Connection,
    given: SipRequest,
    uri: SipUri,
    sentBy: string,
  ): Promise<Answer> {
    const { method } = given
    const startsCall = method === 'INVITE' && tagOf(header(given, 'To')) === null
    if (method === 'CANCEL' && queue.cancel(given)) return null
    const passes = startsCall || ['CANCEL', 'ACK', 'OPTIONS'].includes(method)
    if (!passes) return answer(405, 'Method Not Allowed', [['Allow', allowed]])
    const message =
      connection.side === 'desk' ? withoutHeaders(given, (name) => trunkHeaders.has(name)) : given
    const mustAsk = startsCall && !emergencyNumbers.has(uri.user)
    const refusal = mustAsk ? await refusalTo(connection, message) : null
    if (refusal !== null) return refusal

    const wanted = queues().find(({ id, dialledNumber }) => uri.user === id || uri.user === dialledNumber)
    if (wanted !== undefined) return toQueue(connection, message, uri, wanted)
    const user = ownerOf(uri.user)
    const telephone = reachable(user)
    const adviserId = adviserOf(user)
    if (startsCall && adviserId !== null && wantsNoCalls(adviserId)) {
      records.turnedAway(message, callerOf(connection, message), adviserId)
      return answer(486, 'Busy Here')
    }
    if (telephone === null) {
      const known = registrar.bindings(user).length > 0 || adviserId !== null
      return known ? answer(480, 'Temporarily Unavailable') : answer(404, 'Not Found')
    }
    let sent = hop.forwarded(message, telephone.contact, hop.branchFor(message))
    if (startsCall) {
      send(connection, hop.respond(message, 100, 'Trying'))
      const broughtBy = queueBehind(connection, message)
      const caller = { ...callerOf(connection, message), connectionName: sentBy }
      const record = records.begin(message, caller, { waitsIn: null, broughtBy })
      records.ring(record, { connectionName: telephone.connectionName, adviserId, user })
      if (broughtBy !== null) {
        sent = withHeader(sent, 'X-Queue-Id', broughtBy.id)
        sent = withHeader(sent, 'X-Queue-Name', broughtBy.name)
      }
    }
    send(telephone.connection, sent)
    return null
  }

  function toQueue(
    connection: Connection,
    message: SipRequest,
    uri: SipUri,
    wanted: SwitchboardQueue,
  ): Answer {
    if (message.method === 'OPTIONS') return answer(200, 'OK', [['Allow', allowed]])
    if (message.method === 'CANCEL') return answer(481, 'Call/Transaction Does Not Exist')
    // Whoever comes by the name of the queue was put there by its number.
    const dialled = e164.safeParse(uri.user).data ?? wanted.dialledNumber ?? null
    if (message.method === 'INVITE') queue.join(message, wanted, callerOf(connection, message), dialled)
    return null
  }

  /** Short numbers, and messages for somebody (`voicemail+USER`), end at a telephone of this council. */
  function ownerOf(user: string): string {
    const service = internalUsers.find(({ numbers }) => numbers.includes(user))?.user
    const [base = user] = user.split('+')
    return service ?? (internalUsers.some((each) => each.user === base) ? base : user)
  }

  const wantsNoCalls = (adviserId: string): boolean => agents.answer(adviserId).undisturbed === true

  function callerOf(connection: Connection, message: SipRequest): Participant {
    const from = parseUri(parseAddress(header(message, 'From') ?? '')?.uri ?? '')
    const user = from === null || from.host !== domain ? null : from.user
    const connectionName = topVia(message)?.sentBy ?? ''
    return { connectionName, adviserId: adviserOf(connection.account), user }
  }

  /** A resident who is passed on names the call before (RFC 3261 §20.21), and keeps what brought it. */
  function queueBehind(connection: Connection, message: SipRequest): SwitchboardQueue | null {
    const before = header(message, 'In-Reply-To')
    if (connection.side !== 'trunk' || before === undefined) return null
    return records.get(before.trim())?.broughtBy ?? null
  }

  const adviserOf = (username: string | null): string | null =>
    username === null ? null : (accounts.adviserOf(username) ?? null)

  /** Residents may call; a desk must be signed in at this switchboard as the one it says it is. */
  async function refusalTo(connection: Connection, message: SipRequest): Promise<Answer> {
    if (connection.side === 'trunk') return null
    const from = parseUri(parseAddress(header(message, 'From') ?? '')?.uri ?? '')
    if (from === null || from.host !== domain) return answer(403, 'Forbidden')
    if (connection.account === from.user) return null
    const credentials = headersOf(message, 'Proxy-Authorization')
    const outcome = await digest.check({ method: message.method, credentials })
    if (outcome.name === 'accepted' && outcome.username === from.user) return null
    if (outcome.name !== 'missing' && outcome.name !== 'stale') return answer(403, 'Forbidden')
    const challenge = digest.challenge(outcome.name === 'stale')
    return answer(407, 'Proxy Authentication Required', [['Proxy-Authenticate', challenge]])
  }

  async function register(connection: Connection, message: SipRequest, sentBy: string): Promise<Answer> {
    const aor = parseUri(parseAddress(header(message, 'To') ?? '')?.uri ?? '')
    if (aor === null || aor.user === '' || aor.host !== domain) return answer(404, 'Not Found')
    const isAccount = adviserOf(aor.user) !== null
    if (connection.side === 'desk') {
      const credentials = headersOf(message, 'Authorization')
      const outcome = await digest.check({ method: 'REGISTER', credentials })
      if (outcome.name === 'missing' || outcome.name === 'stale') {
        const challenge = digest.challenge(outcome.name === 'stale')
        return answer(401, 'Unauthorized', [['WWW-Authenticate', challenge]])
      }
      if (outcome.name !== 'accepted' || outcome.username !== aor.user) {
        log.info('switchboard/registration-refused', { why: outcome.name })
        return answer(403, 'Forbidden')
      }
    } else if (isAccount) return answer(403, 'Forbidden')

    const given = registrar.register(aor.user, message, sentBy)
    if (given.status === 200 && !isAccount) parts.onRegistered(aor.user, true)
    if (given.status === 200 && isAccount) {
      connection.account = aor.user
      parts.onRegistered(aor.user, reachable(aor.user) !== null)
    }
    return given
  }

  function reachable(user: string): Telephone | null {
    for (const { contact, connectionName } of registrar.bindings(user)) {
      const connection = names.open(connectionName)
      if (connection !== null) return { contact, connectionName, connection }
    }
    return null
  }

  return receive
}

interface Telephone {
  readonly contact: string
  readonly connectionName: string
  readonly connection: Connection
}
