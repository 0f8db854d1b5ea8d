import type { Log } from '#shared/kernel/log.ts'
import { createCallHistory } from './call-history.ts'
import { type CallView, createCallRecords } from './call-records.ts'
import { type Connection, openConnections } from './connections.ts'
import { createDigest } from './digest.ts'
import { createHop } from './hop.ts'
import { createNames } from './names.ts'
import { createNotifier, type Notifier } from './notifier.ts'
import type { SwitchboardOptions } from './ports.ts'
import { createProxy } from './proxy.ts'
import { createQueue } from './queue.ts'
import { createRegistrar } from './registrar.ts'
import { type SipMessage, serialiseMessage } from './sip-message.ts'
import { createWatchable } from './watchable.ts'

export interface Switchboard {
  /** `ws://…`, where desks connect. */
  readonly url: string
  /** Where residents connect; only who was given it can guess it. */
  readonly trunkUrl: string
  readonly port: number
  calls(): CallView[]
  /** Users whose telephones are there, of those who have an account; the last to register first. */
  advisersThere(): readonly string[]
  /** Cuts the office network: desks lose their connections at once and find nothing listening. Residents stay. */
  cut(): void
  /** Listens again on the same port. Registrations were kept and run out as they would have. */
  restore(): Promise<void>
  stop(): Promise<void>
}

export async function startSwitchboard(options: SwitchboardOptions): Promise<Switchboard> {
  const { host, domain, agents, accounts, clock, random, log, voicemail } = options
  const { ringTimeoutMs = 20_000, nonceLifeMs = 300_000, adviserGoneMs = 90_000 } = options
  const { internalUsers = [], history = createCallHistory(clock) } = options
  const there: string[] = []
  const names = createNames()
  const registrar = createRegistrar(clock)
  const digest = createDigest({ realm: domain, nonceLifeMs, clock, password: accounts.password })
  let receive = async (_connection: Connection, _text: string): Promise<void> => {}
  let closed = (_connection: Connection): void => {}

  const trunkPath = `/trunk/${random.uuid()}`
  const connections = await openConnections({
    host,
    port: options.port,
    trunkPath,
    log,
    onMessage: inOrder((connection, text) => receive(connection, text), log),
    onClosed: (connection) => closed(connection),
  })
  const hop = createHop(host, connections.port, random)
  const send = (name: string, message: SipMessage): void => names.open(name)?.send(serialiseMessage(message))
  const isReachable = (name: string): boolean => names.open(name) !== null
  const isThere = (user: string): boolean =>
    registrar.bindings(user).some(({ connectionName }) => isReachable(connectionName))
  const nameOf = (user: string): string | null =>
    options.queues().find(({ id }) => id === user)?.name ??
    internalUsers.find((each) => each.user === user || each.numbers.includes(user))?.name ??
    accounts.nameOf?.(user) ??
    null
  let notifier: Notifier | null = null
  const refresh = (): void => notifier?.refresh()
  const records = createCallRecords({
    agents,
    clock,
    log,
    hop,
    history,
    nameOf,
    isReachable,
    send,
    onChanged: refresh,
  })
  const watchable = createWatchable({
    agents,
    accounts,
    records,
    voicemail,
    queues: options.queues,
    internalUser: (user) => internalUsers.find((each) => each.user === user),
    isReachable: isThere,
  })
  const notifications = createNotifier({ domain, hop, clock, log, watchable, send })
  notifier = notifications
  const queue = createQueue({
    agents,
    records,
    hop,
    clock,
    log,
    ringTimeoutMs,
    domain,
    telephoneOf(adviserId) {
      const username = accounts.usernameOf(adviserId)
      const bindings = username === undefined ? [] : registrar.bindings(username)
      return bindings.find(({ connectionName }) => isReachable(connectionName)) ?? null
    },
    send,
  })

  receive = createProxy({
    domain,
    hop,
    names,
    registrar,
    digest,
    agents,
    accounts,
    internalUsers,
    notifier: notifications,
    records,
    queue,
    log,
    queues: options.queues,
    onRegistered(username, reachable) {
      refresh()
      const adviserId = accounts.adviserOf(username)
      if (adviserId === undefined) return
      there.splice(0, there.length, username, ...there.filter((each) => each !== username))
      if (reachable) agents.phoneFound(adviserId)
      else agents.phoneLost(adviserId)
      queue.offerAll()
    },
  })

  closed = (connection) => {
    const lost = names.forget(connection)
    const adviserId = connection.account === null ? undefined : accounts.adviserOf(connection.account)
    const another = registrar
      .bindings(connection.account ?? '')
      .some(({ connectionName }) => isReachable(connectionName))
    if (adviserId !== undefined && !another) agents.phoneLost(adviserId)
    for (const name of lost) {
      queue.connectionLost(name)
      records.connectionLost(name, connection.side === 'trunk' ? 0 : adviserGoneMs)
    }
    refresh()
  }

  const stopListening = [
    agents.onChanged(() => {
      queue.offerAll()
      refresh()
    }),
    voicemail?.onChanged(refresh) ?? (() => {}),
  ]

  return {
    url: `ws://${host}:${connections.port}`,
    trunkUrl: `ws://${host}:${connections.port}${trunkPath}`,
    port: connections.port,
    calls: () => records.views(),
    advisersThere: () => there.filter(isThere),
    cut: () => connections.cut(),
    restore: () => connections.restore(),
    async stop() {
      for (const stop of stopListening) stop()
      notifications.stop()
      queue.stop()
      await connections.stop()
      records.stop()
    },
  }
}

/** One message of a connection after the other; one that meets a bug of ours takes no other with it. */
function inOrder(
  receive: (connection: Connection, text: string) => Promise<void>,
  log: Log,
): (connection: Connection, text: string) => void {
  const tails = new WeakMap<Connection, Promise<void>>()
  return (connection, text) => {
    const tail = tails.get(connection) ?? Promise.resolve()
    const next = tail
      .then(() => receive(connection, text))
      .catch((error: unknown) => {
        const kind = error instanceof Error ? error.name : 'unknown'
        log.error('switchboard/message-failed', { connection: connection.id, kind })
      })
    tails.set(connection, next)
  }
}
