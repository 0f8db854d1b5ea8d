import type { HeadsetButtons } from '#renderer/platform/media/headset.ts'
import type { PhoneSound } from '#renderer/platform/media/sound.ts'
import type { SipPhone } from '#renderer/platform/sip/sip-phone.ts'
import { words } from '#shared/calls/flight-events.ts'
import { commandFor, headsetCallOf } from '#shared/calls/headset-commands.ts'
import { isLive } from '#shared/calls/line.ts'
import type { PhoneChange, PhoneEvent } from '#shared/calls/phone.ts'
import { liveProblems, readinessProblems } from '#shared/calls/readiness.ts'
import { newSnapshot } from '#shared/calls/snapshot.ts'
import { holdReminderDueAt, toneFor } from '#shared/calls/tone.ts'
import type { Bridge } from '#shared/contract/ipc.ts'
import type { Line, PhoneSnapshot, ReadinessProblem } from '#shared/contract/phone.ts'
import type { RecordsApi, RecordsNews } from '#shared/contract/records.ts'
import type { Me } from '#shared/contract/rest.ts'
import type { Cancel, Clock } from '#shared/kernel/clock.ts'
import type { Log } from '#shared/kernel/log.ts'
import type { Random } from '#shared/kernel/random.ts'
import { createAgentLink } from './agent-link.ts'
import { createCallStatuses } from './call-status.ts'
import { servePhoneChannel } from './channel.ts'
import { createCommands } from './commands.ts'
import { createFlightRecorder } from './flight-recorder.ts'
import { createLostOffers } from './lost-offers.ts'
import { createReadinessRunner, type Measures } from './readiness-runner.ts'
import { createShift } from './shift.ts'
import { watchForStops } from './watch-for-stops.ts'

export interface PhonePageOptions {
  readonly bridge: Bridge
  readonly records: Pick<
    RecordsApi,
    | 'open'
    | 'close'
    | 'me'
    | 'requestAgentState'
    | 'readAgentState'
    | 'syncReport'
    | 'syncNow'
    | 'readCallStatus'
    | 'pauseRecording'
    | 'probe'
    | 'queueWhisper'
  >
  readonly sound: PhoneSound
  readonly headset: HeadsetButtons
  readonly measures: Measures
  readonly phoneChannel: BroadcastChannel
  readonly recordsChannel: BroadcastChannel
  readonly storage: Storage
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  createPhone(me: Me, record: (event: PhoneEvent) => void): SipPhone
  /** Plays a clip in the adviser's ear alone. */
  playClip(clip: ArrayBuffer): void
}

export interface PhonePage {
  /** The machine's network came, went or changed. */
  networkChanged(what: 'online' | 'offline' | 'changed'): void
  /** The page is closed on purpose: nobody is left listening to silence. */
  leave(): void
}

const isRecovering = (line: Line) => isLive(line) && line.signalling !== 'up'

const autoAnswerKey = 'phone.auto-answer'

/** Joins telephone, devices, agent state, recorder and session into the one snapshot the desk is drawn from. */
export function startPhonePage(options: PhonePageOptions): PhonePage {
  const { bridge, records, sound, headset, storage, clock, log } = options
  const { microphone, ringer } = sound
  const incarnation = options.random.uuid()
  let ringing = false
  let council = 'unknown'
  let reminder: Cancel = () => {}
  let lastReport: PhoneSnapshot['lastReport'] = null
  /** Clips of the queues' names, by line, until they are played or their line is answered without. */
  const whispers = new Map<string, ArrayBuffer | null>()
  const stateChanged = () => changed('state')

  const agent = createAgentLink({ records, clock, log, problems, onChange: stateChanged })
  const flights = createFlightRecorder({ storage, clock, log })
  const shift = createShift({
    bridge,
    records,
    clock,
    log,
    makePhone,
    onChange: stateChanged,
    began: () => void microphone.open(),
    profileKnown: readAgent,
    councilBack: readAgent,
    ended() {
      flights.clear()
      agent.forget()
      readiness.forget()
      statuses.forget()
      lost.forget()
      lastReport = null
    },
  })
  const statuses = createCallStatuses({ records, clock, log, lines: shift.lines, onChange: stateChanged })
  const lost = createLostOffers({ bridge, log, onChange: stateChanged })
  const readiness = createReadinessRunner({
    measures: options.measures,
    records,
    clock,
    log,
    surroundings: () => ({
      registration: shift.registration(),
      switchboardMs: shift.phone()?.roundTripMs() ?? null,
      microphone: microphone.state(),
      outputs: sound.report().speakers.length,
      sync: shift.sync(),
      iceServers: shift.profile()?.iceServers ?? [],
      leaseDays: shift.profile()?.cacheLeaseDays ?? 1,
      // A call on its way back needs the machine for itself: the check waits until it is whole again.
      troubled: liveProblems(facts()).length > 0 || shift.lines().some(isRecovering),
    }),
    onChange: stateChanged,
  })
  const execute = createCommands({
    bridge,
    sound,
    agent,
    statuses,
    readiness,
    flights,
    lost,
    phone: shift.phone,
    lines: shift.lines,
    chooseHeadset: () => headset.choose(),
    keepAutoAnswer: (on) => storage.setItem(autoAnswerKey, String(on)),
    reportSaved(where) {
      lastReport = where
      stateChanged()
    },
  })
  const channel = servePhoneChannel({
    channel: options.phoneChannel,
    clock,
    log,
    snapshot,
    execute,
    reports: flights.reports,
    deskBegan: () => flights.happened('desk', words.deskLoaded),
  })

  /* ── The snapshot ─────────────────────────────────────────────────────────────────────────────────────────── */

  function facts() {
    return {
      registration: shift.registration(),
      microphone: microphone.state(),
      council: shift.council(),
      locked: shift.locked(),
    }
  }

  function problems(): ReadinessProblem[] {
    return readinessProblems({ ...facts(), check: readiness.verdict() })
  }

  function lines(): Line[] {
    return shift.lines().map((line) => {
      const known = statuses.withStatus(line)
      const speaking = line.muted && line.state.name === 'active' && sound.hearsSpeech()
      return speaking === known.speakingWhileMuted ? known : { ...known, speakingWhileMuted: speaking }
    })
  }

  function snapshot(): PhoneSnapshot {
    const phone = shift.phone()?.snapshot()
    return {
      ...newSnapshot(incarnation, clock.now()),
      ...facts(),
      readinessProblems: problems(),
      agent: agent.last(),
      lines: lines(),
      devices: sound.report(),
      headset: headset.state(),
      headsetEvents: [...headset.events()],
      check: readiness.check(),
      presence: phone?.presence ?? {},
      voicemail: phone?.voicemail ?? null,
      autoAnswer: phone?.autoAnswer ?? isAutoAnswerKept(),
      lostCalls: [...lost.offers()],
      lastReport,
    }
  }

  function changed(change: PhoneChange): void {
    channel.changed(change)
    flights.look(snapshot())
    if (change === 'sound') return
    noteCouncil()
    shift.follow()
    const now = shift.lines()
    if (shift.isOver() && !shift.inCall()) microphone.close()
    playTones()
    callAttention(now.some((line) => line.state.name === 'ringing'))
    whisper(now)
    statuses.follow()
    lost.follow(now)
    headset.apply(headsetCallOf(now))
    sound.listenForSpeech(now.some((line) => line.muted && line.state.name === 'active'))
    shift.phone()?.refuseDirectCalls(agent.last()?.undisturbed === true)
    readiness.consider()
    agent.check()
  }

  function noteCouncil(): void {
    if (council === shift.council()) return
    council = shift.council()
    flights.happened('network', words.council, { is: council })
  }

  function playTones(): void {
    const now = shift.lines()
    ringer.play(toneFor(now, clock.now()))
    reminder()
    const dueAt = holdReminderDueAt(now)
    if (dueAt !== null && dueAt > clock.now()) reminder = clock.after(dueAt - clock.now(), playTones)
  }

  function callAttention(now: boolean): void {
    if (now === ringing) return
    ringing = now
    bridge.invoke('desk.attention', { why: now ? 'ringing' : 'none' }).catch(() => {})
  }

  /** The queue's name is fetched while the call rings, so that it is heard over the first moments and not later. */
  function whisper(now: readonly Line[]): void {
    for (const { id, queue, state } of now) {
      if (state.name === 'ringing' && queue !== null && !whispers.has(id)) {
        whispers.set(id, null)
        records.queueWhisper(queue.id).then(
          (clip) => whispers.has(id) && whispers.set(id, clip),
          () => {},
        )
      } else if (state.name !== 'ringing' && whispers.has(id)) {
        const clip = whispers.get(id) ?? null
        whispers.delete(id)
        if (clip !== null && (state.name === 'answering' || state.name === 'active')) options.playClip(clip)
      }
    }
  }

  /* ── The telephone ────────────────────────────────────────────────────────────────────────────────────────── */

  function makePhone(me: Me): SipPhone {
    const phone = options.createPhone(me, flights.phoneEvent)
    phone.setAutoAnswer(isAutoAnswerKept())
    phone.subscribe(changed)
    return phone
  }

  function isAutoAnswerKept(): boolean {
    return storage.getItem(autoAnswerKey) === 'true'
  }

  function readAgent(): void {
    void agent.read().catch(() => {})
  }

  function news(event: MessageEvent<RecordsNews>): void {
    const item = event.data
    if (item.type === 'agent') agent.heard(item.answer, item.asAt)
    else if (item.type === 'me') shift.heardProfile(item.me)
    else if (item.type === 'sync') shift.heardSync(item.report.state)
    else if (item.type === 'call') statuses.heard(item.status)
  }

  /** The machine or its network was away: whatever was taken for well is looked at again at once. */
  function lookAgain(): void {
    shift.phone()?.check()
    if (shift.signedIn()) void records.syncNow().catch(() => {})
  }

  options.recordsChannel.onmessage = news
  sound.subscribe((change) => (change === 'level' ? channel.changed('level') : stateChanged()))
  microphone.subscribe(stateChanged)
  headset.subscribe(stateChanged)
  headset.onAction((action) => {
    const command = commandFor(action, shift.lines())
    if (command !== null) void shift.phone()?.execute(command)
  })
  bridge.on('power.changed', ({ what }) => {
    if (what === 'suspended') flights.happened('desk', words.suspended)
    if (what !== 'resumed') return
    flights.happened('desk', words.resumed)
    lookAgain()
  })
  watchForStops(clock, (forMs) => {
    log.info('phone.was-stopped', { forMs })
    flights.happened('desk', words.frozen, { forMs })
    lookAgain()
  })
  shift.start()
  stateChanged()

  const networkWords = {
    online: words.networkOnline,
    offline: words.networkOffline,
    changed: words.networkChanged,
  } as const

  return {
    networkChanged(what) {
      flights.happened('network', networkWords[what])
      if (what === 'offline') shift.phone()?.check()
      else lookAgain()
    },
    leave() {
      const phone = shift.phone()
      for (const { id, state } of shift.lines()) {
        if (state.name !== 'ended') void phone?.execute({ name: 'hangUp', lineId: id })
      }
      void phone?.unregister('unregistered')
      // Not by way of the lines: there may be no time left to hear how they ended.
      bridge.invoke('calls.remember', { calls: [] }).catch(() => {})
    },
  }
}
