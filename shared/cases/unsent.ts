import type { Unreachable, UnsentOperation } from '../contract/records.ts'
import { type EntryState, type Outbox, withWaiting } from './outbox.ts'

/** What became of the tries to send an operation, by its id. Times in milliseconds since 1970. */
export interface Attempts {
  readonly tries: number
  readonly lastFailure: { readonly at: number; readonly reason: Unreachable } | null
}

const noAttempts: Attempts = { tries: 0, lastFailure: null }

function standingOf(state: EntryState, waitsFor: string | null): UnsentOperation['standing'] | null {
  switch (state.name) {
    case 'applied':
      return null
    case 'pending':
      return waitsFor === null ? { name: 'waiting' } : { name: 'blocked', byOperationId: waitsFor }
    case 'conflict':
    case 'refused':
      return state
  }
}

/** What of the outbox the service has not taken, in order of saving. */
export function unsentOperations(
  outbox: Outbox,
  attempts: ReadonlyMap<string, Attempts>,
): readonly UnsentOperation[] {
  return withWaiting(outbox).flatMap(({ entry, waitsFor }) => {
    const standing = standingOf(entry.state, waitsFor)
    if (standing === null) return []
    const { operation, savedAt, decision = null } = entry
    return [{ operation, savedAt, ...(attempts.get(operation.id) ?? noAttempts), standing, decision }]
  })
}
