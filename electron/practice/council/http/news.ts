import type { SSEMessage } from 'hono/streaming'
import type { AgentStateAnswer, Alert, CallStatus } from '#shared/contract/rest.ts'

/** What an open stream of events has yet to say. */
export interface News {
  state(answer: AgentStateAnswer): void
  call(status: CallStatus): void
  alert(alert: Alert): void
  withdrawn(scriptId: string, version: number): void
  /** `id` is where the feed was; without one a reader that comes back is told again. */
  changed(id?: string): void
  /** Comes before anything else, and is the last that is said. */
  wipe(): void
  beat(): void
  end(): void
  /** What is to be said next; undefined when the stream is over. Waits for it. */
  next(): Promise<SSEMessage | 'heartbeat' | undefined>
}

/** Keeps the newest of each kind, call and alert only, so a slow reader costs no memory and hears nothing stale. */
export function createNews(): News {
  let state: AgentStateAnswer | undefined
  const callStatuses = new Map<string, CallStatus>()
  const alerts = new Map<string, Alert>()
  const withdrawn = new Map<string, { scriptId: string; version: number }>()
  let change: { id?: string } | undefined
  let heartbeat = false
  let wipe = false
  let ended = false
  let wake = () => {}

  const take = (): SSEMessage | 'heartbeat' | undefined => {
    if (wipe) {
      ended = true
      return { event: 'wipe', data: '{}' }
    }
    if (state) {
      const answer = state
      state = undefined
      return { event: 'state', data: JSON.stringify({ answer }) }
    }
    for (const [id, alert] of alerts) {
      alerts.delete(id)
      return { event: 'alert', data: JSON.stringify({ alert }) }
    }
    for (const [key, script] of withdrawn) {
      withdrawn.delete(key)
      return { event: 'withdrawn', data: JSON.stringify(script) }
    }
    for (const [callId, status] of callStatuses) {
      callStatuses.delete(callId)
      return { event: 'call', data: JSON.stringify({ status }) }
    }
    if (change) {
      const told = change
      change = undefined
      return { event: 'changed', data: '{}', ...told }
    }
    if (!heartbeat) return undefined
    heartbeat = false
    return 'heartbeat'
  }

  return {
    state: (answer) => {
      state = answer
      wake()
    },
    call: (status) => {
      callStatuses.set(status.callId, status)
      wake()
    },
    alert: (alert) => {
      alerts.set(alert.id, alert)
      wake()
    },
    withdrawn: (scriptId, version) => {
      withdrawn.set(`${scriptId} ${version}`, { scriptId, version })
      wake()
    },
    changed: (id) => {
      change = id === undefined ? {} : { id }
      wake()
    },
    wipe: () => {
      wipe = true
      wake()
    },
    beat: () => {
      heartbeat = true
      wake()
    },
    end: () => {
      ended = true
      wake()
    },
    next: async () => {
      while (!ended) {
        const item = take()
        if (item) return item
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
      return undefined
    },
  }
}
