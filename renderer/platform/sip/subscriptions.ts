import type { UserAgent } from 'sip.js'
import { messageSummary } from '#shared/calls/message-summary.ts'
import type { PhoneSnapshot, Presence } from '#shared/contract/phone.ts'
import type { Cancel, Clock } from '#shared/kernel/clock.ts'
import { createDialogInfoReader, readPidf } from './presence-documents.ts'
import { type EventPackage, type Subscription, subscribe } from './subscription.ts'

export interface SubscriptionsOptions {
  readonly agent: UserAgent
  readonly clock: Clock
  changed(): void
}

/** Who of the colleagues is on a call, and what waits in the adviser's own mailbox, as the switchboard says. */
export interface Subscriptions {
  presence(): PhoneSnapshot['presence']
  voicemail(): PhoneSnapshot['voicemail']
  /** The users to know about from now on, by user part of their address. */
  watch(users: readonly string[]): void
  /** The phone is registered: everything is asked for, unless it has been since `stop`. */
  registered(): void
  /** The connection is lost, or the adviser has left: nothing is known any more. */
  stop(): void
}

/** A switchboard is not to be asked for two hundred colleagues in one moment. */
const paceMs = 25
// As in the contract: what is no user part never becomes an address.
const userPart = /^[A-Za-z0-9._*#+-]{1,64}$/

export function createSubscriptions({ agent, clock, changed }: SubscriptionsOptions): Subscriptions {
  let connected = false
  let watched = new Map<string, Watched>()
  let voicemail: PhoneSnapshot['voicemail'] = null
  let mailbox: Subscription | null = null
  let pacing: Cancel = () => {}

  interface Watched {
    presence: Presence
    subscription: Subscription | null
  }

  function learn(user: string, state: Presence['state']): void {
    const known = watched.get(user)
    if (known === undefined || known.presence.state === state) return
    known.presence = { state, since: clock.now() }
    changed()
  }

  function packagesFor(user: string): EventPackage[] {
    const readDialogs = createDialogInfoReader()
    const told = (state: Presence['state'] | null) => {
      if (state !== null) learn(user, state)
      return state !== null
    }
    return [
      { event: 'dialog', accept: 'application/dialog-info+xml', read: (body) => told(readDialogs(body)) },
      { event: 'presence', accept: 'application/pidf+xml', read: (body) => told(readPidf(body)) },
    ]
  }

  /** One at a time, so that calls get through in between. */
  function beginNext(): void {
    pacing()
    if (!connected) return
    const next = [...watched].find(([, { subscription }]) => subscription === null)
    if (next === undefined) return
    const [user, entry] = next
    const target = agent.configuration.uri.clone()
    target.user = user
    entry.subscription = subscribe({
      agent,
      clock,
      target,
      packages: packagesFor(user),
      unknown: () => learn(user, 'unknown'),
    })
    pacing = clock.after(paceMs, beginNext)
  }

  function beginMailbox(): void {
    mailbox = subscribe({
      agent,
      clock,
      target: agent.configuration.uri.clone(),
      packages: [
        {
          event: 'message-summary',
          accept: 'application/simple-message-summary',
          read(body) {
            const summary = messageSummary(body)
            setVoicemail(summary)
            return summary !== null
          },
        },
      ],
      unknown: () => setVoicemail(null),
    })
  }

  function setVoicemail(summary: PhoneSnapshot['voicemail']): void {
    if (JSON.stringify(summary) === JSON.stringify(voicemail)) return
    voicemail = summary
    changed()
  }

  function stopAll(): void {
    connected = false
    pacing()
    mailbox?.stop()
    mailbox = null
    for (const entry of watched.values()) {
      entry.subscription?.stop()
      entry.subscription = null
    }
  }

  return {
    presence: () => Object.fromEntries([...watched].map(([user, { presence }]) => [user, presence])),
    voicemail: () => voicemail,
    watch(users) {
      const wanted = new Set(users.filter((user) => userPart.test(user)))
      for (const [user, { subscription }] of watched) if (!wanted.has(user)) subscription?.stop()
      const unknown = (): Watched => ({
        presence: { state: 'unknown', since: clock.now() },
        subscription: null,
      })
      watched = new Map([...wanted].map((user) => [user, watched.get(user) ?? unknown()]))
      changed()
      beginNext()
    },
    registered() {
      if (connected) return
      connected = true
      beginMailbox()
      beginNext()
    },
    stop() {
      stopAll()
      setVoicemail(null)
      for (const user of watched.keys()) learn(user, 'unknown')
    },
  }
}
