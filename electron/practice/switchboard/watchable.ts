import type { CallRecords } from './call-records.ts'
import type { WatchedDialog, WatchedPresence } from './event-bodies.ts'
import type { Watchable } from './notifier.ts'
import type { AccountsPort, AgentsPort, InternalUser, SwitchboardQueue, VoicemailPort } from './ports.ts'

export interface WatchableOptions {
  readonly agents: AgentsPort
  readonly accounts: AccountsPort
  readonly records: CallRecords
  readonly voicemail: VoicemailPort | undefined
  queues(): readonly SwitchboardQueue[]
  internalUser(user: string): InternalUser | undefined
  /** A telephone of the user can be rung now. */
  isReachable(user: string): boolean
}

/** What advisers, colleagues and queues let others know of themselves. */
export function createWatchable(options: WatchableOptions): Watchable {
  const { agents, accounts, records, voicemail, queues, internalUser, isReachable } = options

  function dialogsOf(user: string): WatchedDialog[] {
    return records.views().flatMap(({ callId, phase, users }) =>
      users
        .filter((each) => each.user === user)
        .map(({ role }) => ({
          id: callId,
          direction: role === 'caller' ? 'initiator' : 'recipient',
          state: phase === 'answered' ? 'confirmed' : 'early',
        })),
    )
  }

  function ofCalls(user: string): WatchedPresence | null {
    const dialogs = dialogsOf(user)
    if (dialogs.some(({ state }) => state === 'confirmed'))
      return { basic: 'open', activity: 'on-the-phone', note: 'On a call' }
    return dialogs.length > 0 ? { basic: 'open', activity: 'busy', note: 'Ringing' } : null
  }

  function ofAdviser(adviserId: string): WatchedPresence {
    const { state, undisturbed } = agents.answer(adviserId)
    if (state.name === 'ready') return available
    if (state.name === 'wrap-up') return { basic: 'open', activity: 'busy', note: 'Wrapping up' }
    if (state.name !== 'not-ready') return { basic: 'open', activity: 'busy', note: 'Busy' }
    return { basic: 'open', activity: 'away', note: undisturbed ? 'Do not disturb' : 'Not ready' }
  }

  function ofQueue({ id }: SwitchboardQueue): WatchedPresence {
    const waiting = records.views().filter(({ queueId, phase }) => queueId === id && phase !== 'answered')
    const ready = agents.readyAdvisers(id).length
    const advisers = ready === 1 ? '1 adviser available' : `${ready} advisers available`
    const note = `${waiting.length} waiting, ${advisers}`
    return { basic: 'open', activity: ready > 0 ? null : 'busy', note }
  }

  const queueOf = (user: string): SwitchboardQueue | undefined => queues().find(({ id }) => id === user)
  const isKnown = (user: string): boolean =>
    accounts.adviserOf(user) !== undefined || internalUser(user) !== undefined || queueOf(user) !== undefined

  return {
    dialogs(user) {
      const hasTelephone = isKnown(user) && queueOf(user) === undefined && isReachable(user)
      return hasTelephone ? dialogsOf(user) : null
    },

    presence(user) {
      const queue = queueOf(user)
      if (queue !== undefined) return ofQueue(queue)
      if (!isKnown(user)) return null
      if (!isReachable(user)) return { basic: 'closed', activity: null, note: 'Offline' }
      const adviserId = accounts.adviserOf(user)
      const inCall = ofCalls(user)
      if (inCall !== null) return inCall
      if (adviserId !== undefined) return ofAdviser(adviserId)
      return internalUser(user)?.away === true ? away : available
    },

    messages: (user) =>
      accounts.adviserOf(user) === undefined
        ? null
        : (voicemail?.waiting(user) ?? { newMessages: 0, oldMessages: 0 }),
  }
}

const available: WatchedPresence = { basic: 'open', activity: null, note: 'Available' }
const away: WatchedPresence = { basic: 'open', activity: 'away', note: 'Away' }
