import type { SipPhone } from '#renderer/platform/sip/sip-phone.ts'
import { isLive } from '#shared/calls/line.ts'
import type { CouncilReach } from '#shared/calls/readiness.ts'
import type { Bridge } from '#shared/contract/ipc.ts'
import type { Line, Registration } from '#shared/contract/phone.ts'
import type { RecordsApi, SyncState } from '#shared/contract/records.ts'
import type { Me } from '#shared/contract/rest.ts'
import type { Clock } from '#shared/kernel/clock.ts'
import type { Log } from '#shared/kernel/log.ts'
import { followSession } from './follow-session.ts'

export interface ShiftOptions {
  readonly bridge: Bridge
  readonly records: Pick<RecordsApi, 'open' | 'close' | 'me' | 'syncReport'>
  readonly clock: Clock
  readonly log: Log
  /** A telephone for this adviser, with its first registration still to be asked for. */
  makePhone(me: Me): SipPhone
  onChange(): void
  began(): void
  /** The backend or the cache has told who the adviser is. */
  profileKnown(): void
  /** The council answers again. */
  councilBack(): void
  ended(): void
}

/** From sign-in to sign-out: the telephone of the adviser's account, and what is known of the council. */
export interface Shift {
  phone(): SipPhone | null
  registration(): Registration
  lines(): readonly Line[]
  inCall(): boolean
  profile(): Me | null
  council(): CouncilReach
  sync(): SyncState | null
  signedIn(): boolean
  locked(): boolean
  /** Signed out, though a call may still be up. */
  isOver(): boolean
  /** Lines changed: what waited for the end of the last call is done now. */
  follow(): void
  heardProfile(me: Me): void
  heardSync(state: SyncState): void
  start(): void
}

export function createShift(options: ShiftOptions): Shift {
  const { bridge, records, clock, log } = options
  let phone: SipPhone | null = null
  /** The SIP account the telephone was made with, as JSON, and the profile it should be made from. */
  let account: string | null = null
  let profile: Me | null = null
  let over = false
  let off: Registration = { name: 'off', reason: 'starting' }
  let council: CouncilReach = 'unknown'
  let sync: SyncState | null = null

  const lines = (): readonly Line[] => phone?.snapshot().lines ?? []
  const inCall = () => lines().some(isLive)

  /** A changed account waits until nobody is spoken to over the old one. */
  function follow(): void {
    if (inCall()) return
    session.quiet()
    if (over) {
      leaveAccount()
      return
    }
    if (profile === null || (phone !== null && JSON.stringify(profile.sip) === account)) return
    leaveAccount()
    account = JSON.stringify(profile.sip)
    phone = options.makePhone(profile)
    void phone.execute({ name: 'register' })
  }

  function leaveAccount(): void {
    const left = phone
    phone = null
    account = null
    left?.close()
  }

  function heardProfile(me: Me): void {
    profile = me
    phone?.setIceServers(me.iceServers)
    options.onChange()
  }

  /** Nobody is hung up on: after sign-out a call that is up keeps its line and the microphone until it ends. */
  async function end(): Promise<void> {
    off = { name: 'off', reason: 'signed-out' }
    await phone?.unregister('signed-out')
    over = true
    profile = null
    council = 'unknown'
    sync = null
    options.ended()
  }

  function heardSync(state: SyncState): void {
    sync = state
    const reach = reachOf(state)
    if (reach === council) return
    council = reach
    if (reach === 'reachable' && session.signedIn()) options.councilBack()
    options.onChange()
  }

  // The worker may have been running for long and has no news just now.
  async function askAboutCouncil(): Promise<void> {
    try {
      heardSync((await records.syncReport()).state)
    } catch {
      log.info('phone.no-sync-report')
    }
  }

  const session = followSession({
    bridge,
    records,
    clock,
    log,
    began() {
      over = false
      options.began()
    },
    profile(me) {
      heardProfile(me)
      options.profileKnown()
      void askAboutCouncil()
    },
    inCall,
    lockChanged: options.onChange,
    ended: end,
  })

  return {
    phone: () => phone,
    registration: () => phone?.snapshot().registration ?? off,
    lines,
    inCall,
    profile: () => profile,
    council: () => council,
    locked: () => session.locked(),
    sync: () => sync,
    signedIn: session.signedIn,
    isOver: () => over,
    follow,
    heardProfile(me) {
      if (session.signedIn()) heardProfile(me)
    },
    heardSync,
    start: session.start,
  }
}

function reachOf(state: SyncState): CouncilReach {
  if (state.name === 'behind') return 'unreachable'
  return state.name === 'up-to-date' || state.name === 'sending' ? 'reachable' : 'unknown'
}
