import type { Clock } from '#shared/kernel/clock.ts'
import type { Log } from '#shared/kernel/log.ts'
import type { Random } from '#shared/kernel/random.ts'

/* What the switchboard asks of its surroundings. */

/**
 * Where advisers stand. The council's service owns it; the switchboard MUST call `ended` once when an adviser's last
 * call is over or an offered call went away, and `missed` instead when the adviser let it ring or rejected it.
 */
export interface AgentsPort {
  offered(adviserId: string, queueId?: string): void
  answered(adviserId: string, queueId?: string): void
  dialled(adviserId: string): void
  ended(adviserId: string): void
  missed(adviserId: string): void
  phoneLost(adviserId: string): void
  phoneFound(adviserId: string): void
  /** Ready advisers who take this queue, longest idle first. */
  readyAdvisers(queueId: string): readonly string[]
  onChanged(listener: () => void): () => void
}

/** SIP accounts of advisers, by the user part of their address, which is also the user of digest authentication. */
export interface AccountsPort {
  /** Undefined when there is no such account. */
  password(username: string): Promise<string | undefined>
  /** Adviser's id, for every account and nobody else. */
  adviserOf(username: string): string | undefined
  usernameOf(adviserId: string): string | undefined
}

export interface SwitchboardQueue {
  /** User part of the queue's address. */
  readonly id: string
  readonly name: string
  /** Residents may dial this number instead. */
  readonly dialledNumber?: string | undefined
}

export interface SwitchboardOptions {
  readonly host: '127.0.0.1'
  /** 0 takes a free one. */
  readonly port: number
  readonly domain: string
  readonly agents: AgentsPort
  readonly accounts: AccountsPort
  readonly queues: () => readonly SwitchboardQueue[]
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  /** How long an adviser's telephone may ring before the next one is tried. */
  readonly ringTimeoutMs?: number
  readonly nonceLifeMs?: number
  /** How long a call waits for an adviser's telephone that lost its connection. */
  readonly adviserGoneMs?: number
}
