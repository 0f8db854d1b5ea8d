import { isDeepStrictEqual } from 'node:util'
import {
  type AgentEvent,
  type AgentPosition,
  answerOf,
  nextAgentState,
  type ReasonLimits,
  runsOutAt,
  unknownAgent,
} from '#shared/calls/agent-state.ts'
import type { AgentStateAnswer, AgentStateRequest, NotReadyReason } from '#shared/contract/rest.ts'
import type { Cancel, Clock } from '#shared/kernel/clock.ts'
import type { Log } from '#shared/kernel/log.ts'

export type AgentStateListener = (adviserId: string, answer: AgentStateAnswer) => void

/**
 * Every adviser's state, in the memory of the process; `relayAgentStates` keeps several processes the same. The REST
 * service asks for advisers, the switchboard tells what happens to their calls. When all processes have ended it is
 * forgotten: advisers are then not ready, reason `unknown`.
 */
export interface AgentStates {
  answer(adviserId: string): AgentStateAnswer
  /** What may not be asked for just now changes nothing: the answer is always the state as it is. */
  request(adviserId: string, request: AgentStateRequest): AgentStateAnswer
  signedIn(adviserId: string): void
  signedOut(adviserId: string): void
  offered(adviserId: string, queueId?: string): void
  answered(adviserId: string, queueId?: string): void
  /** The adviser rings someone; `answered` may follow and changes nothing. */
  dialled(adviserId: string): void
  /** The adviser's last call ended (wrap-up follows), or the offered call went away unanswered (none does). */
  ended(adviserId: string): void
  /** The adviser let an offered call ring out or rejected it. */
  missed(adviserId: string): void
  phoneLost(adviserId: string): void
  phoneFound(adviserId: string): void
  /** Ready advisers who take this queue, longest idle first. */
  readyAdvisers(queueId: string): readonly string[]
  /** Returns the function that stops listening. */
  onChanged(listener: AgentStateListener): () => void
  /** Advisers of whom something is known, with what this process or another said last. */
  positions(): readonly (readonly [adviserId: string, position: AgentPosition])[]
  /** What another process says counts as it is, and moves nobody here. */
  adopt(adviserId: string, position: AgentPosition): void
  /** Hears every move made in this process, also one that leaves the answer as it was. */
  onMoved(listener: (adviserId: string, position: AgentPosition) => void): () => void
  /** Cancels every timer. */
  stop(): void
}

export interface AgentStatesOptions {
  readonly clock: Clock
  readonly log: Log
  readonly wrapUpSeconds: number
  /** Those with a limit turn into `timed-out`. */
  readonly notReadyReasons?: readonly NotReadyReason[]
  /** Ids of the queues an adviser takes; without it everyone takes every queue. */
  readonly queuesOf?: (adviserId: string) => readonly string[]
}

interface Agent {
  position: AgentPosition
  cancelTimer: Cancel | null
}

export function createAgentStates(options: AgentStatesOptions): AgentStates {
  const { clock, log, wrapUpSeconds, queuesOf, notReadyReasons = [] } = options
  const limits: ReasonLimits = Object.fromEntries(
    notReadyReasons.flatMap(({ code, limitMinutes }) =>
      limitMinutes === undefined ? [] : [[code, limitMinutes]],
    ),
  )
  const agents = new Map<string, Agent>()
  const listeners = new Set<AgentStateListener>()
  const moveListeners = new Set<(adviserId: string, position: AgentPosition) => void>()

  const agentOf = (adviserId: string): Agent => {
    const known = agents.get(adviserId)
    if (known) return known
    const agent: Agent = { position: unknownAgent(clock.now()), cancelTimer: null }
    agents.set(adviserId, agent)
    return agent
  }

  const happen = (adviserId: string, event: AgentEvent): AgentStateAnswer => {
    const agent = agentOf(adviserId)
    const before = agent.position
    const after = nextAgentState(before, event, limits)
    if (after !== before) {
      move(adviserId, agent, after)
      for (const listener of moveListeners) listener(adviserId, after)
    }
    return answerOf(agent.position)
  }

  const move = (adviserId: string, agent: Agent, after: AgentPosition) => {
    const before = agent.position
    agent.position = after
    setTimer(adviserId, agent)
    if (after.state === before.state && after.pending === before.pending) return
    log.info('agent/state-changed', { adviserId, from: before.state.name, to: after.state.name })
    for (const listener of listeners) listener(adviserId, answerOf(after))
  }

  const setTimer = (adviserId: string, agent: Agent) => {
    agent.cancelTimer?.()
    const endsAt = runsOutAt(agent.position)
    agent.cancelTimer =
      endsAt === null
        ? null
        : clock.after(Math.max(0, endsAt - clock.now()), () => {
            const now = clock.now()
            // System timers may fire a little early; the end named to the desk is the end.
            happen(adviserId, { name: 'time-ran-out', at: Math.max(now, endsAt) })
          })
  }

  const at = () => clock.now()
  return {
    answer: (adviserId) => answerOf(agentOf(adviserId).position),
    request: (adviserId, request) => happen(adviserId, { name: 'requested', at: at(), request }),
    signedIn: (adviserId) => void happen(adviserId, { name: 'signed-in', at: at() }),
    signedOut: (adviserId) => void happen(adviserId, { name: 'signed-out', at: at() }),
    offered: (adviserId, queueId) => void happen(adviserId, { name: 'offered', at: at(), queueId }),
    answered: (adviserId, queueId) => void happen(adviserId, { name: 'answered', at: at(), queueId }),
    dialled: (adviserId) => void happen(adviserId, { name: 'dialled', at: at() }),
    ended: (adviserId) => void happen(adviserId, { name: 'ended', at: at(), wrapUpSeconds }),
    missed: (adviserId) => void happen(adviserId, { name: 'missed', at: at() }),
    phoneLost: (adviserId) => void happen(adviserId, { name: 'phone-lost', at: at() }),
    phoneFound: (adviserId) => void happen(adviserId, { name: 'phone-found', at: at() }),
    readyAdvisers: (queueId) =>
      [...agents]
        .filter(([id, { position }]) => position.state.name === 'ready' && takes(id, queueId))
        .sort(([, a], [, b]) => Date.parse(a.position.state.since) - Date.parse(b.position.state.since))
        .map(([id]) => id),
    onChanged: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    positions: () =>
      [...agents]
        .map(([id, { position }]) => [id, position] as const)
        .filter(([, { state }]) => state.name !== 'not-ready' || state.reason !== 'unknown'),
    adopt: (adviserId, position) => {
      const agent = agentOf(adviserId)
      if (!isDeepStrictEqual(agent.position, position)) move(adviserId, agent, position)
    },
    onMoved: (listener) => {
      moveListeners.add(listener)
      return () => moveListeners.delete(listener)
    },
    stop: () => {
      for (const agent of agents.values()) agent.cancelTimer?.()
      listeners.clear()
      moveListeners.clear()
    },
  }

  function takes(adviserId: string, queueId: string): boolean {
    return queuesOf?.(adviserId).includes(queueId) ?? true
  }
}
