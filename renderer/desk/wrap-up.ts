import type { CallsStore } from '#renderer/features/calls/index.ts'
import { type ContactStore, isUnhurried } from '#renderer/features/cases/index.ts'

const extendSeconds = 600
const beforeItEndsMs = 60_000

/** Whether the contact in hand is one that takes the time it needs. */
export function takesItsTime(contact: ContactStore): boolean {
  const { draft, resident } = contact.getState()
  if (draft === null) return false
  return isUnhurried(draft.assistance, draft.language ?? resident?.resident.language ?? 'en')
}

/** Wrap-up after a relay, interpreted or Welsh call is kept open, without being asked for, until it is finished. */
export function keepWrapUpOpen(calls: CallsStore, contact: ContactStore): void {
  let heard: string | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  const follow = () => {
    const state = calls.getState().snapshot?.agent?.state
    const until = state?.name === 'wrap-up' ? state.until : null
    if (until === heard) return
    heard = until
    clearTimeout(timer)
    if (until === null) return
    const dueInMs = Math.max(0, Date.parse(until) - beforeItEndsMs - Date.now())
    timer = setTimeout(() => {
      if (!takesItsTime(contact)) return
      void calls
        .getState()
        .execute({ name: 'requestAgentState', request: { name: 'wrap-up', extendSeconds } })
    }, dueInMs)
  }
  calls.subscribe(follow)
  follow()
}
