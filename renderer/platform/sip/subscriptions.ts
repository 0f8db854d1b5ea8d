import type { UserAgent } from 'sip.js'
import { messageSummary } from '#shared/calls/message-summary.ts'
import {
  mergedPresence,
  type PackageState,
  type PresencePackage,
  presencePackages,
} from '#shared/calls/presence.ts'
import type { PhoneSnapshot, Presence } from '#shared/contract/phone.ts'
import type { Cancel, Clock } from '#shared/kernel/clock.ts'
import { createDialogInfoReader, readPidf } from './presence-documents.ts'
import { type Subscription, subscribe } from './subscription.ts'

export interface SubscriptionsOptions {
  readonly agent: UserAgent
  readonly clock: Clock
  changed(): void
}

/** Who of the colleagues is there and who is on a call, and what waits in the adviser's own mailbox, as the switchboard says. */
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

const accepted: Readonly<Record<PresencePackage, string>> = {
  dialog: 'application/dialog-info+xml',
  presence: 'application/pidf+xml',
}

interface Watched {
  presence: Presence
  readonly told: Record<PresencePackage, PackageState>
  readonly subscriptions: Partial<Record<PresencePackage, Subscription>>
}

export function createSubscriptions({ agent, clock, changed }: SubscriptionsOptions): Subscriptions {
  let connected = false
  let watched = new Map<string, Watched>()
  let voicemail: PhoneSnapshot['voicemail'] = null
  let mailbox: Subscription | null = null
  let pacing: Cancel = () => {}

  function learn(user: string, about: PresencePackage, told: PackageState): void {
    const known = watched.get(user)
    if (known === undefined) return
    const was = known.told[about]
    known.told[about] = told
    // Somebody who comes to work has calls again, of which the switchboard had nothing to tell while they were away.
    if (was === 'offline' && told !== 'unknown' && known.told.dialog === 'refused') askAnew(known, 'dialog')
    const state = mergedPresence(known.told)
    if (known.presence.state === state) return
    known.presence = { state, since: clock.now() }
    changed()
  }

  function askAnew({ subscriptions }: Watched, about: PresencePackage): void {
    subscriptions[about]?.stop()
    delete subscriptions[about]
    beginSoon()
  }

  function begin(user: string, about: PresencePackage): Subscription {
    const read = about === 'dialog' ? createDialogInfoReader() : readPidf
    const target = agent.configuration.uri.clone()
    target.user = user
    return subscribe({
      agent,
      clock,
      target,
      event: about,
      accept: accepted[about],
      read(body) {
        const told = read(body)
        if (told !== null) learn(user, about, told)
        return told !== null
      },
      unknown: (why) => learn(user, about, why === 'refused' ? 'refused' : 'unknown'),
    })
  }

  /** One at a time, so that calls get through in between. */
  function beginNext(): void {
    if (!connected) return
    for (const [user, { subscriptions }] of watched) {
      const about = presencePackages.find((each) => subscriptions[each] === undefined)
      if (about === undefined) continue
      subscriptions[about] = begin(user, about)
      beginSoon()
      return
    }
  }

  function beginSoon(): void {
    pacing()
    pacing = clock.after(paceMs, beginNext)
  }

  function stopWatching({ subscriptions, told }: Watched): void {
    for (const about of presencePackages) {
      subscriptions[about]?.stop()
      delete subscriptions[about]
      told[about] = 'unknown'
    }
  }

  function beginMailbox(): void {
    mailbox = subscribe({
      agent,
      clock,
      target: agent.configuration.uri.clone(),
      event: 'message-summary',
      accept: 'application/simple-message-summary',
      read(body) {
        const summary = messageSummary(body)
        setVoicemail(summary)
        return summary !== null
      },
      unknown: () => setVoicemail(null),
    })
  }

  function setVoicemail(summary: PhoneSnapshot['voicemail']): void {
    if (JSON.stringify(summary) === JSON.stringify(voicemail)) return
    voicemail = summary
    changed()
  }

  return {
    presence: () => Object.fromEntries([...watched].map(([user, { presence }]) => [user, presence])),
    voicemail: () => voicemail,
    watch(users) {
      const wanted = new Set(users.filter((user) => userPart.test(user)))
      for (const [user, entry] of watched) if (!wanted.has(user)) stopWatching(entry)
      watched = new Map([...wanted].map((user) => [user, watched.get(user) ?? newlyWatched(clock.now())]))
      changed()
      pacing()
      beginNext()
    },
    registered() {
      if (connected) return
      connected = true
      beginMailbox()
      beginNext()
    },
    stop() {
      connected = false
      pacing()
      mailbox?.stop()
      mailbox = null
      setVoicemail(null)
      for (const entry of watched.values()) {
        stopWatching(entry)
        if (entry.presence.state === 'unknown') continue
        entry.presence = { state: 'unknown', since: clock.now() }
        changed()
      }
    },
  }
}

function newlyWatched(since: number): Watched {
  return {
    presence: { state: 'unknown', since },
    told: { dialog: 'unknown', presence: 'unknown' },
    subscriptions: {},
  }
}
