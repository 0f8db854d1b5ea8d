import { createStore, type StoreApi } from 'zustand/vanilla'
import type { Line, PhoneCommand, PhoneSnapshot } from '#shared/contract/phone.ts'
import type { AppError } from '#shared/kernel/app-error.ts'
import type { Result } from '#shared/kernel/result.ts'

/** The phone page as this feature needs it. */
export interface PhoneLink {
  subscribe(listener: () => void): () => void
  snapshot(): PhoneSnapshot | null
  execute(command: PhoneCommand): Promise<Result<null>>
}

export interface CallsState {
  /** The phone's last word; null while it starts or restarts. */
  readonly snapshot: PhoneSnapshot | null
  /** Why the last command did not do what was asked; goes with the next one. */
  readonly error: AppError | null
  execute(command: PhoneCommand): Promise<void>
  dismissError(): void
}

export type CallsStore = StoreApi<CallsState>

/** A projection of the phone's snapshot: nothing here is decided by the desk. */
export function createCallsStore(phone: PhoneLink): CallsStore {
  const store = createStore<CallsState>()((set) => ({
    snapshot: phone.snapshot(),
    error: null,
    async execute(command) {
      set({ error: null })
      const result = await phone.execute(command)
      if (!result.ok) set({ error: result.error })
    },
    dismissError: () => set({ error: null }),
  }))
  phone.subscribe(() => store.setState({ snapshot: phone.snapshot() }))
  return store
}

/** A call that can still be talked on. */
export const isUp = (line: Line): boolean => line.state.name !== 'ended'

/** Whether a contact's call is over; a contact whose line the phone no longer keeps has none. */
export function callIsOver(snapshot: PhoneSnapshot | null, contactId: string | undefined): boolean {
  return !snapshot?.lines.some((line) => line.contactId === contactId && isUp(line))
}

/** The call the adviser's keys act on: the one being talked on, else ringing, else held. */
export function lineInHand(lines: readonly Line[]): Line | undefined {
  const up = lines.filter(isUp)
  const order = ['active', 'answering', 'dialling', 'ringing', 'held']
  return up.toSorted((a, b) => order.indexOf(a.state.name) - order.indexOf(b.state.name))[0]
}
