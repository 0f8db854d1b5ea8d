import type { RequestOf } from '#shared/contract/ipc.ts'
import type { LostCall } from '#shared/contract/phone.ts'

export type RememberedCall = RequestOf<'calls.remember'>['calls'][number]

/** Keeps, in memory alone, what a phone page that dies would leave behind. */
export interface LostCalls {
  /** The answered calls of this adviser that are live now. */
  remember(adviserId: string | undefined, calls: readonly RememberedCall[]): void
  /** Whether somebody is being spoken to. */
  anyLive(): boolean
  /** The phone page is gone without a word. */
  phoneDied(): void
  /**
   * What the phone page before this one left, once. Asking means that a page has just begun, so calls still remembered
   * are lost too. An adviser is told of calls of their own alone.
   */
  take(adviserId: string | undefined): LostCall[]
  /** The shift is over: nobody is told of the calls it lost. A call that is still up stays remembered. */
  forget(): void
}

/** `now` is in milliseconds since 1970. */
export function createLostCalls(now: () => number): LostCalls {
  let live: readonly RememberedCall[] = []
  let lost: LostCall[] = []
  let owner: string | undefined

  function phoneDied(): void {
    lost = [...lost, ...live.map((call) => ({ ...call, lostAt: now() }))]
    live = []
  }

  return {
    remember(adviserId, calls) {
      if (owner !== adviserId) lost = []
      owner = adviserId
      live = calls
    },
    anyLive: () => live.length > 0,
    phoneDied,
    take(adviserId) {
      phoneDied()
      const told = owner === adviserId ? lost : []
      lost = []
      return told
    },
    forget() {
      lost = []
    },
  }
}
