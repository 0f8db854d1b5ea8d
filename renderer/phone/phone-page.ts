import type { Microphone } from '#renderer/platform/media/microphone.ts'
import type { Ringer } from '#renderer/platform/media/ringer.ts'
import type { SipPhone } from '#renderer/platform/sip/sip-phone.ts'
import { callsError } from '#shared/calls/errors.ts'
import { isLive } from '#shared/calls/line.ts'
import type { PhoneChange } from '#shared/calls/phone.ts'
import { type CouncilReach, readinessProblems } from '#shared/calls/readiness.ts'
import { newSnapshot } from '#shared/calls/snapshot.ts'
import { toneFor } from '#shared/calls/tone.ts'
import type { Bridge } from '#shared/contract/ipc.ts'
import type {
  Line,
  PhoneCommand,
  PhoneSnapshot,
  ReadinessProblem,
  Registration,
} from '#shared/contract/phone.ts'
import type { RecordsApi, RecordsNews, SyncState } from '#shared/contract/records.ts'
import type { IceServer, Me, SipAccount } from '#shared/contract/rest.ts'
import type { Clock } from '#shared/kernel/clock.ts'
import type { Log } from '#shared/kernel/log.ts'
import type { Random } from '#shared/kernel/random.ts'
import { err, ok, type Result } from '#shared/kernel/result.ts'
import { createAgentLink } from './agent-link.ts'
import { servePhoneChannel } from './channel.ts'
import { followSession } from './follow-session.ts'

export interface PhonePageOptions {
  readonly bridge: Bridge
  readonly records: Pick<
    RecordsApi,
    'open' | 'close' | 'me' | 'requestAgentState' | 'readAgentState' | 'syncReport'
  >
  readonly microphone: Microphone
  readonly ringer: Ringer
  readonly phoneChannel: BroadcastChannel
  readonly recordsChannel: BroadcastChannel
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  createPhone(account: SipAccount, iceServers: readonly IceServer[]): SipPhone
}

export interface PhonePage {
  /** The machine's network came, went or changed. */
  networkChanged(): void
  /** The page is closed on purpose: nobody is left listening to silence. */
  leave(): void
}

/** Joins telephone, microphone, agent state and session into the one snapshot the desk is drawn from. */
export function startPhonePage(options: PhonePageOptions): PhonePage {
  const { bridge, records, microphone, ringer, clock, log } = options
  const incarnation = options.random.uuid()
  let phone: SipPhone | null = null
  /** The SIP account the telephone was made with, as JSON, and the profile it should be made from. */
  let account: string | null = null
  let profile: Me | null = null
  let shiftOver = false
  let off: Registration = { name: 'off', reason: 'starting' }
  let council: CouncilReach = 'unknown'
  let ringing = false

  const agent = createAgentLink({ records, clock, log, problems, onChange: () => changed('state') })
  const channel = servePhoneChannel({ channel: options.phoneChannel, clock, log, snapshot, execute })

  const registration = () => phone?.snapshot().registration ?? off
  const lines = (): readonly Line[] => phone?.snapshot().lines ?? []
  const inCall = () => lines().some(isLive)

  function problems(): ReadinessProblem[] {
    return readinessProblems({
      registration: registration(),
      microphone: microphone.state(),
      council,
      check: 'green',
    })
  }

  function snapshot(): PhoneSnapshot {
    return {
      ...newSnapshot(incarnation, clock.now()),
      registration: registration(),
      microphone: microphone.state(),
      readinessProblems: problems(),
      agent: agent.last(),
      lines: [...lines()],
    }
  }

  function changed(change: PhoneChange): void {
    channel.changed(change)
    if (change === 'sound') return
    followAccount()
    if (shiftOver && !inCall()) microphone.close()
    ringer.play(toneFor(lines()))
    callAttention(lines().some((line) => line.state.name === 'ringing'))
    agent.check()
  }

  function callAttention(now: boolean): void {
    if (now === ringing) return
    ringing = now
    bridge.invoke('desk.attention', { why: now ? 'ringing' : 'none' }).catch(() => {})
  }

  /* ── Commands ─────────────────────────────────────────────────────────────────────────────────────────────── */

  async function execute(command: PhoneCommand): Promise<Result<null>> {
    switch (command.name) {
      case 'requestAgentState':
        return agent
          .request(command.request)
          .catch(() => err(callsError('calls/phone-failed', 'now', 'records')))
      case 'checkMicrophone':
        await microphone.open()
        return ok(null)
      default:
        return phone?.execute(command) ?? err(callsError('calls/signed-out', 'never'))
    }
  }

  /* ── The shift ────────────────────────────────────────────────────────────────────────────────────────────── */

  /** A changed account waits until nobody is spoken to over the old one. */
  function followAccount(): void {
    if (inCall()) return
    if (shiftOver) {
      leaveAccount()
      return
    }
    if (profile === null || (phone !== null && JSON.stringify(profile.sip) === account)) return
    leaveAccount()
    account = JSON.stringify(profile.sip)
    phone = options.createPhone(profile.sip, profile.iceServers)
    phone.subscribe(changed)
    void phone.execute({ name: 'register' })
  }

  function leaveAccount(): void {
    const left = phone
    phone = null
    account = null
    left?.close()
  }

  function learn(me: Me): void {
    profile = me
    phone?.setIceServers(me.iceServers)
    changed('state')
  }

  /** Nobody is hung up on: after sign-out a call that is up keeps its line and the microphone until it ends. */
  async function endShift(): Promise<void> {
    off = { name: 'off', reason: 'signed-out' }
    await phone?.unregister('signed-out')
    shiftOver = true
    profile = null
    council = 'unknown'
    agent.forget()
  }

  const session = followSession({
    bridge,
    records,
    clock,
    log,
    began() {
      shiftOver = false
      void microphone.open()
    },
    profile(me) {
      learn(me)
      void agent.read().catch(() => {})
      void askAboutCouncil()
    },
    ended: endShift,
  })

  function news(event: MessageEvent<RecordsNews>): void {
    const item = event.data
    if (item.type === 'agent') agent.heard(item.answer, item.asAt)
    else if (item.type === 'me' && session.signedIn()) learn(item.me)
    else if (item.type === 'sync') heardOfCouncil(item.report.state)
  }

  function heardOfCouncil(state: SyncState): void {
    const reach = reachOf(state)
    if (reach === council) return
    council = reach
    if (reach === 'reachable' && session.signedIn()) void agent.read().catch(() => {})
    changed('state')
  }

  // The worker may have been running for long and has no news just now.
  async function askAboutCouncil(): Promise<void> {
    try {
      heardOfCouncil((await records.syncReport()).state)
    } catch {
      log.info('phone.no-sync-report')
    }
  }

  options.recordsChannel.onmessage = news
  microphone.subscribe(() => changed('state'))
  bridge.on('power.changed', ({ what }) => {
    if (what === 'resumed') phone?.check()
  })
  session.start()
  changed('state')

  return {
    networkChanged: () => phone?.check(),
    leave() {
      for (const { id } of lines().filter(isLive)) void phone?.execute({ name: 'hangUp', lineId: id })
      void phone?.unregister('unregistered')
    },
  }
}

function reachOf(state: SyncState): CouncilReach {
  if (state.name === 'behind') return 'unreachable'
  return state.name === 'up-to-date' || state.name === 'sending' ? 'reachable' : 'unknown'
}
