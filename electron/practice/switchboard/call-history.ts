import type { CallHistoryEntry } from '#shared/contract/rest.ts'
import type { Clock } from '#shared/kernel/clock.ts'
import type { CallHistory, CallHistoryPort } from './ports.ts'

type Listener = Parameters<CallHistoryPort['onCallChanged']>[0]

export function createCallHistory(clock: Clock): CallHistory {
  const open = new Map<string, CallHistoryEntry>()
  const listeners = new Set<Listener>()
  const keyOf = (adviserId: string, callId: string): string => `${adviserId} ${callId}`
  const now = (): string => new Date(clock.now()).toISOString()

  function tell(adviserId: string, entry: CallHistoryEntry): void {
    for (const listener of [...listeners]) listener({ ...entry, adviserId })
  }

  return {
    began(adviserId, call) {
      const entry: CallHistoryEntry = {
        ...call,
        startedAt: now(),
        answeredAt: null,
        endedAt: null,
        outcome: 'in-progress',
      }
      open.set(keyOf(adviserId, call.callId), entry)
      tell(adviserId, entry)
    },

    answered(adviserId, callId) {
      const entry = open.get(keyOf(adviserId, callId))
      if (entry === undefined) return
      const answered = { ...entry, answeredAt: now() }
      open.set(keyOf(adviserId, callId), answered)
      tell(adviserId, answered)
    },

    ended(adviserId, callId, outcome) {
      const entry = open.get(keyOf(adviserId, callId))
      if (entry === undefined) return
      open.delete(keyOf(adviserId, callId))
      tell(adviserId, { ...entry, endedAt: now(), outcome })
    },

    onCallChanged(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** How a call that was never answered went for the adviser, by its final response, if it got one. */
export function outcomeOf(
  direction: CallHistoryEntry['direction'],
  status: number | undefined,
): CallHistoryEntry['outcome'] {
  const isBusy = status === 486 || status === 600
  if (direction === 'inbound') return isBusy || status === 603 ? 'declined' : 'missed'
  if (isBusy) return 'busy'
  return status === undefined || [408, 480, 487].includes(status) ? 'no-answer' : 'failed'
}
