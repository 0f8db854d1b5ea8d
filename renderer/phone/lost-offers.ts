import { callsToRemember, withoutReturned } from '#shared/calls/lost-calls.ts'
import type { Bridge } from '#shared/contract/ipc.ts'
import type { Line, LostCall } from '#shared/contract/phone.ts'
import type { Log } from '#shared/kernel/log.ts'

/** Calls that a telephone before this one lost, offered back; and the calls of this one, in case it dies too. */
export interface LostOffers {
  offers(): readonly LostCall[]
  dismiss(contactId: string): void
  /** Lines changed: main keeps what would have to be offered, and offers that were taken are over. */
  follow(lines: readonly Line[]): void
  /** The shift is over. */
  forget(): void
}

export interface LostOffersOptions {
  readonly bridge: Bridge
  readonly log: Log
  onChange(): void
}

export function createLostOffers({ bridge, log, onChange }: LostOffersOptions): LostOffers {
  let offers: readonly LostCall[] = []
  let remembered = '[]'

  function set(next: readonly LostCall[]): void {
    if (next === offers) return
    offers = next
    onChange()
  }

  // Asked before anything is remembered: main takes what it still remembers for lost.
  const asked = bridge
    .invoke('calls.lost', {})
    .then((answer) => {
      if (answer.ok && answer.value.calls.length > 0) set(answer.value.calls)
    })
    .catch(() => log.error('phone.lost-calls-unknown'))

  return {
    offers: () => offers,
    dismiss(contactId) {
      set(offers.filter((call) => call.contactId !== contactId))
    },
    follow(lines) {
      set(withoutReturned(offers, lines))
      const calls = callsToRemember(lines).slice(0, 8)
      const now = JSON.stringify(calls)
      if (now === remembered) return
      remembered = now
      asked.then(() => bridge.invoke('calls.remember', { calls })).catch(() => {})
    },
    forget() {
      offers = []
    },
  }
}
