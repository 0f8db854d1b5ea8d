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
  /** Answers whether the phone did what was asked. */
  execute(command: PhoneCommand): Promise<boolean>
  /** Resolves when every wish about the adviser's state has its answer, which the snapshot then has too. */
  stateAnswered(): Promise<unknown>
  dismissError(): void
}

export type CallsStore = StoreApi<CallsState>

/** A projection of the phone's snapshot: nothing here is decided by the desk. */
export function createCallsStore(phone: PhoneLink): CallsStore {
  let stateAnswered: Promise<unknown> = Promise.resolve()
  const store = createStore<CallsState>()((set) => ({
    snapshot: phone.snapshot(),
    error: null,
    async execute(command) {
      set({ error: null })
      const answered = phone.execute(command)
      if (command.name === 'requestAgentState') stateAnswered = Promise.all([stateAnswered, answered])
      const result = await answered
      if (!result.ok) set({ error: result.error })
      return result.ok
    },
    stateAnswered: () => stateAnswered,
    dismissError: () => set({ error: null }),
  }))
  phone.subscribe(() => store.setState({ snapshot: phone.snapshot() }))
  return store
}

const noLines: readonly Line[] = []

/** The calls there are, for `useStore`: the same array until one of them changes. */
export const linesOf = ({ snapshot }: CallsState): readonly Line[] => snapshot?.lines ?? noLines
