import type { AgentPosition } from '#shared/calls/agent-state.ts'
import type { Cancel } from '#shared/kernel/clock.ts'
import type { Log } from '#shared/kernel/log.ts'
import type { AgentStates } from './agent-states.ts'
import type { Notice, Notices } from './notices.ts'

export interface AgentRelayOptions {
  readonly agents: AgentStates
  readonly notices: Notices
  /** Of this process, and of no other. */
  readonly processId: string
  readonly log: Log
}

/**
 * Keeps advisers' states the same in all processes of the service: whichever process an adviser's request or call comes
 * to, the others hear where the adviser stands then. All hear the same order, so all end at the same position. What a
 * process said itself comes back to it too, and counts unless it has said something newer since.
 */
export function relayAgentStates({ agents, notices, processId, log }: AgentRelayOptions): Cancel {
  const turns = new Map<string, number>()
  const send = (notice: Notice): void => {
    notices.send(notice).catch(() => log.error('agent/not-relayed'))
  }
  const say = (adviserId: string, position: AgentPosition): void => {
    const turn = (turns.get(adviserId) ?? 0) + 1
    turns.set(adviserId, turn)
    send({ kind: 'agent', from: processId, turn, adviserId, position })
  }
  const stops = [
    agents.onMoved(say),
    notices.onHeard((heard) => {
      if (heard.kind === 'agents-wanted' && heard.from !== processId) {
        for (const [adviserId, position] of agents.positions()) say(adviserId, position)
      }
      if (heard.kind !== 'agent') return
      const isOutdated = heard.from === processId && heard.turn !== turns.get(heard.adviserId)
      if (!isOutdated) agents.adopt(heard.adviserId, heard.position)
    }),
  ]
  send({ kind: 'agents-wanted', from: processId })
  return () => {
    for (const stop of stops) stop()
  }
}
