import type { CallsPort } from '#electron/practice/switchboard/ports.ts'
import type { CallHistoryEntry, CallStatus } from '#shared/contract/rest.ts'
import type { Clock } from '#shared/kernel/clock.ts'

type Entry = CallHistoryEntry & { readonly adviserId: string }

/** A switchboard that is told which calls there are, with a recorder that can refuse, fail and fall silent. */
export class FakeCalls implements CallsPort {
  readonly #clock: Clock
  readonly #calls = new Map<string, { adviserId: string; status: CallStatus }>()
  readonly #statusListeners = new Set<(adviserId: string, status: CallStatus) => void>()
  readonly #entryListeners = new Set<(entry: Entry) => void>()
  recorder: 'works' | 'refuses' | 'fails' | 'is silent' = 'works'

  constructor(clock: Clock) {
    this.#clock = clock
  }

  #now(): string {
    return new Date(this.#clock.now()).toISOString()
  }

  /** A call begins; it is answered at once when `over` does not say otherwise. */
  begin(adviserId: string, callId: string, over: Partial<CallHistoryEntry> = {}): CallHistoryEntry {
    const recording = { name: 'recording' as const, since: this.#now() }
    this.#calls.set(callId, { adviserId, status: { callId, recording, supervisor: 'none' } })
    const entry: CallHistoryEntry = {
      callId,
      direction: 'inbound',
      number: '+441632960142',
      withheld: false,
      name: null,
      queueId: 'waste',
      startedAt: this.#now(),
      answeredAt: this.#now(),
      endedAt: null,
      outcome: 'in-progress',
      ...over,
    }
    this.tell({ ...entry, adviserId })
    return entry
  }

  tell(entry: Entry): void {
    if (entry.endedAt !== null) this.#calls.delete(entry.callId)
    for (const listener of this.#entryListeners) listener(entry)
  }

  supervise(callId: string, supervisor: CallStatus['supervisor']): void {
    const call = this.#calls.get(callId)
    if (!call) throw new Error('no such call')
    this.#set(call.adviserId, { ...call.status, supervisor })
  }

  #set(adviserId: string, status: CallStatus): void {
    this.#calls.set(status.callId, { adviserId, status })
    for (const listener of this.#statusListeners) listener(adviserId, status)
  }

  status(callId: string): CallStatus | null {
    return this.#calls.get(callId)?.status ?? null
  }

  advisersOf(callId: string): readonly string[] {
    const call = this.#calls.get(callId)
    return call ? [call.adviserId] : []
  }

  async setRecordingPaused(callId: string, paused: boolean): Promise<CallStatus> {
    const call = this.#calls.get(callId)
    if (!call || this.recorder === 'fails') throw new Error('the recorder failed')
    if (this.recorder === 'is silent') return new Promise(() => {})
    if (this.recorder === 'refuses') return call.status
    const since = this.#now()
    const resumesAt = new Date(this.#clock.now() + 300_000).toISOString()
    const recording = paused
      ? { name: 'paused' as const, since, resumesAt }
      : { name: 'recording' as const, since }
    const status: CallStatus = { ...call.status, recording }
    this.#set(call.adviserId, status)
    return status
  }

  onChanged(listener: (adviserId: string, status: CallStatus) => void): () => void {
    this.#statusListeners.add(listener)
    return () => this.#statusListeners.delete(listener)
  }

  onCallChanged(listener: (entry: Entry) => void): () => void {
    this.#entryListeners.add(listener)
    return () => this.#entryListeners.delete(listener)
  }
}
