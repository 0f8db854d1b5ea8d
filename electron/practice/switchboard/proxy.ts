import type { Log } from '#shared/kernel/log.ts'
import type { CallRecords } from './call-records.ts'
import type { Connection } from './connections.ts'
import type { Digest } from './digest.ts'
import { type Hop, topVia } from './hop.ts'
import type { Names } from './names.ts'
import type { AccountsPort, SwitchboardQueue } from './ports.ts'
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
} from './sip-message.ts'

/* Where each message goes: RFC 3261 §16 without memory of transactions, but for calls that wait in a queue. */

export interface ProxyParts {
  readonly domain: string
  readonly hop: Hop
  readonly names: Names
  readonly registrar: Registrar
  readonly digest: Digest
  readonly accounts: AccountsPort
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

const allowed = 'INVITE, ACK, CANCEL, BYE, OPTIONS, REGISTER'

/** Takes the messages of a connection one after another. */
export function createProxy(parts: ProxyParts): (connection: Connection, text: string) => Promise<void> {
  const { domain, hop, names, registrar, digest, accounts, records, queue, log, queues } = parts

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
    if (via === null) return
    records.observeAnswer(returned.response)
    const record = records.get(callIdOf(message))
    if (record !== undefined && !record.answered && cseqOf(message)?.method === 'INVITE') {
      if (message.status >= 300) records.end(record)
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
        ['Accept', 'application/sdp'],
      ])
    if (isHere && message.method === 'REGISTER') return register(connection, message, via.sentBy)
    if (Number(hops) === 0) return answer(483, 'Too Many Hops')
    return isHere ? toUser(connection, message, uri, via.sentBy) : toTelephone(message, uri.host)
  }

  /** In-dialog requests: the telephone's own address is the name of its connection. */
  function toTelephone(message: SipRequest, name: string): Answer {
    const target = names.open(name)
    if (tagOf(header(message, 'To')) !== null) records.observe(message)
    else if (message.method !== 'CANCEL') return answer(404, 'Not Found')
    if (target === null) return answer(480, 'Temporarily Unavailable')
    send(target, hop.forwarded(message, message.uri, hop.branchFor(message)))
    return null
  }

  async function toUser(
    connection: Connection,
    message: SipRequest,
    uri: SipUri,
    sentBy: string,
  ): Promise<Answer> {
    const { method } = message
    const startsCall = method === 'INVITE' && tagOf(header(message, 'To')) === null
    if (method === 'CANCEL' && queue.cancel(message)) return null
    if (!startsCall && method !== 'CANCEL' && method !== 'ACK')
      return answer(405, 'Method Not Allowed', [['Allow', allowed]])
    const refusal = startsCall ? await refusalToCall(connection, message) : null
    if (refusal !== null) return refusal

    const caller = { connectionName: sentBy, adviserId: adviserOf(connection.account) }
    const wanted = queues().find(({ id, dialledNumber }) => uri.user === id || uri.user === dialledNumber)
    if (wanted !== undefined) {
      if (startsCall) queue.join(message, wanted, caller)
      return method === 'CANCEL' ? answer(481, 'Call/Transaction Does Not Exist') : null
    }
    const telephone = reachable(uri.user)
    if (telephone === null) {
      const known = registrar.bindings(uri.user).length > 0 || adviserOf(uri.user) !== null
      return known ? answer(480, 'Temporarily Unavailable') : answer(404, 'Not Found')
    }
    if (startsCall) {
      send(connection, hop.respond(message, 100, 'Trying'))
      const record = records.begin(message, caller, null)
      const { connectionName } = telephone
      records.ring(record, { connectionName, adviserId: adviserOf(uri.user) })
    }
    send(telephone.connection, hop.forwarded(message, telephone.contact, hop.branchFor(message)))
    return null
  }

  const adviserOf = (username: string | null): string | null =>
    username === null ? null : (accounts.adviserOf(username) ?? null)

  /** Residents may call; a desk must be signed in at this switchboard as the one it says it is. */
  async function refusalToCall(connection: Connection, message: SipRequest): Promise<Answer> {
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
