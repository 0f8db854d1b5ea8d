import type { AgentStateAnswer, CallHistoryEntry, CallStatus } from '#shared/contract/rest.ts'
import type { Clock } from '#shared/kernel/clock.ts'
import type { Log } from '#shared/kernel/log.ts'
import type { Random } from '#shared/kernel/random.ts'

/* What the switchboard asks of its surroundings, and what it offers the council's service. */

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
  /** Whoever is `undisturbed` is rung by no one but queues. */
  answer(adviserId: string): AgentStateAnswer
  onChanged(listener: () => void): () => void
}

/** SIP accounts of advisers, by the user part of their address, which is also the user of digest authentication. */
export interface AccountsPort {
  /** Undefined when there is no such account. */
  password(username: string): Promise<string | undefined>
  /** Adviser's id, for every account and nobody else. */
  adviserOf(username: string): string | undefined
  usernameOf(adviserId: string): string | undefined
  /** As colleagues see it. */
  nameOf?(username: string): string | undefined
}

/** Someone of the council who is rung over the trunk: a colleague, a team, a service. */
export interface InternalUser {
  readonly user: string
  readonly name: string
  /** Short numbers that end there. */
  readonly numbers: readonly string[]
  /** Not at the telephone, though it rings. */
  readonly away?: boolean
}

/** Messages waiting for an adviser, by the user part of the address (RFC 3842). */
export interface VoicemailPort {
  waiting(username: string): { readonly newMessages: number; readonly oldMessages: number }
  onChanged(listener: () => void): () => void
}

/** What the council's service gets as `startCouncil({ calls })`; it exists before the switchboard does. */
export type CallsPort = CallControlPort & CallHistoryPort

/** Recording and supervision of calls, by the SIP Call-ID at the adviser's telephone. */
export interface CallControlPort {
  /** Null when the switchboard knows no such call. */
  status(callId: string): CallStatus | null
  /** Advisers whose call it is; empty when there is no such call. */
  advisersOf(callId: string): readonly string[]
  /**
   * Resolves with the status once the recorder has done it. A call that is not recorded stays as it is; rejects when
   * there is no such call.
   */
  setRecordingPaused(callId: string, paused: boolean): Promise<CallStatus>
  /** Returns the function that stops listening. */
  onChanged(listener: (adviserId: string, status: CallStatus) => void): () => void
}

/** What holds the calls on record. */
export interface RecorderPort {
  status(callId: string): CallStatus | null
  /** Null when the call is not on record. */
  setPaused(callId: string, paused: boolean): Promise<CallStatus | null>
  onChanged(listener: (status: CallStatus) => void): () => void
}

/** Each adviser's own calls: one entry an adviser and call. `queueId` is that of the queue which brought the call. */
export interface CallHistoryPort {
  /** When a call begins, is answered and ends, with the whole entry. Returns the function that stops listening. */
  onCallChanged(listener: (entry: CallHistoryEntry & { readonly adviserId: string }) => void): () => void
}

/** Each adviser's part in each call, told when it begins, is answered and ends. */
export interface CallHistory extends CallHistoryPort {
  began(adviserId: string, call: CallFacts): void
  answered(adviserId: string, callId: string): void
  /** Once; what follows is of another call. */
  ended(adviserId: string, callId: string, outcome: CallHistoryEntry['outcome']): void
}

export type CallFacts = Pick<
  CallHistoryEntry,
  'callId' | 'direction' | 'number' | 'withheld' | 'name' | 'queueId'
>

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
  readonly internalUsers?: readonly InternalUser[]
  readonly voicemail?: VoicemailPort
  readonly history?: CallHistory
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  /** How long an adviser's telephone may ring before the next one is tried. */
  readonly ringTimeoutMs?: number
  readonly nonceLifeMs?: number
  /** How long a call waits for an adviser's telephone that lost its connection. */
  readonly adviserGoneMs?: number
}
