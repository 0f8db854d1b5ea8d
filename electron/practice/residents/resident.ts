import type { Cancel, Clock } from '#shared/kernel/clock.ts'
import type { Log } from '#shared/kernel/log.ts'
import { muLawEnergy } from '#shared/practice/mu-law.ts'
import {
  callingResident,
  nextResident,
  type Part,
  type ResidentAction,
  type ResidentEvent,
  type ResidentState,
  soundLostAfterMs,
  wakeAtOf,
} from '#shared/practice/resident-behaviour.ts'
import { nextVoice, silentVoice } from '#shared/practice/voice-activity.ts'
import type { Clips } from './clips.ts'
import { everyFrame, frameMs } from './pacer.ts'
import { createFrameBuffer, type Recording } from './recordings.ts'
import type { CallListener, ResidentCall } from './resident-phone.ts'

/** What a resident in a call did and heard so far. */
export interface ResidentView {
  /** Of the scenario, or user of the colleague. */
  readonly id: string
  readonly state: ResidentState['name']
  readonly linesSaid: number
  /** Sum of mean square × seconds of the other side's sound. */
  readonly heardEnergy: number
  readonly framesHeard: number
  /** To whom the resident was passed on, by user; null for a queue or somebody who does not say. */
  readonly passedOnTo: readonly (string | null)[]
}

export interface Resident {
  /** The call with which it begins, once there is one; the listener is for the telephone. */
  join(call: () => ResidentCall | null): CallListener
  view(): ResidentView
  /** Puts the other side on hold, and says nothing meanwhile. */
  hold(held: boolean): Promise<void>
  hangUp(): Promise<void>
}

export interface ResidentOptions {
  readonly id: string
  /** Key of the voice in speech.ts. */
  readonly speaker: string
  readonly part: Part
  /** Played instead once the resident is passed on to `by`, the user who answered. */
  partFor?(by: string | null): Part
  /** Said when hash is pressed. */
  readonly onHash?: string | undefined
  /** How long whom the resident was passed on to may let it ring. */
  readonly passedOnPatienceMs?: number | undefined
  readonly clips: Clips
  readonly clock: Clock
  readonly log: Log
  /** Begins a recording with the first answer. */
  record?(callId: string): Recording
  /** After the first answer; `recording` is the one that began. */
  onTalking?(recording: Recording | null): void
  /** `answered` is false for a call that nobody took. */
  onEnded(answered: boolean): void
}

/** Frames may be this late; only then is their absence silence. */
const jitterMs = 120
/** The other side hangs up once it hears that it may; if not, the resident does. */
const farewellMs = 5000

/** One of the calls that a resident goes through. */
interface Leg {
  call(): ResidentCall | null
  answered: boolean
  connected: boolean
}

/** Plays a part into a call, and into the next when passed on: the behaviour decides, this speaks and listens for it. */
export function createResident(options: ResidentOptions): Resident {
  const { id, speaker, clips, clock, log, onEnded, passedOnPatienceMs = 20_000 } = options
  const heard = createFrameBuffer()
  let part = options.part
  let state = callingResident(part, clock.now())
  let voice = silentVoice
  /** Frames still to say; null when silent. */
  let speech: Iterator<Buffer> | null = null
  let lastHeardAt = clock.now()
  let linesSaid = 0
  let heardEnergy = 0
  let framesHeard = 0
  const passedOnTo: (string | null)[] = []
  let current: Leg = { call: () => null, answered: false, connected: false }
  /** Where the resident is being sent; the current call stays until that is answered. */
  let next: Leg | null = null
  let everAnswered = false
  let recording: Recording | null = null
  let stopFrames = (): void => {}
  let cancelWake: Cancel = () => {}
  let cancelPatience: Cancel = () => {}
  /** Ends the call before this one at once, if it is still there. */
  let farewell = (): void => {}
  setWake()

  function happen(event: ResidentEvent): void {
    const step = nextResident(part, state, event)
    if (step.state.name !== state.name) log.debug('residents/state', { id, state: step.state.name })
    state = step.state
    setWake()
    for (const action of step.actions) act(action)
  }

  const happens = (name: Exclude<ResidentEvent['name'], 'cued'>): void => happen({ name, at: clock.now() })

  function setWake(): void {
    cancelWake()
    const wakeAt = wakeAtOf(state)
    // Timers may fire a millisecond early, and an early report would be ignored for good.
    if (wakeAt !== null)
      cancelWake = clock.after(Math.max(0, wakeAt - clock.now()) + 1, () => happens('time-passed'))
    else cancelWake = () => {}
  }

  function act(action: ResidentAction): void {
    switch (action.name) {
      case 'say':
        linesSaid++
        say(action.line)
        break
      case 'fall-silent':
        speech = null
        break
      case 'hang-up':
        speech = null
        hangUp().catch(() => {})
        break
    }
  }

  function say(line: string): void {
    clips.frames(speaker, line).then(
      (frames) => {
        if (state.name === 'speaking' && state.line === line) speech = frames.values()
      },
      () => {
        log.error('residents/clip-unreadable', { id, line })
        happens('clip-ended')
      },
    )
  }

  function frame(): void {
    const said = speech?.next()
    const sound = said?.done === false ? said.value : null
    current.call()?.send(sound)
    recording?.frame(heard.take(), sound)
    const quietMs = clock.now() - lastHeardAt
    if (quietMs > jitterMs) hear(0)
    if (quietMs > soundLostAfterMs && state.name !== 'held') happens('sound-lost')
    if (said?.done === true) {
      speech = null
      happens('clip-ended')
    }
  }

  /** Answer and sound may come in either order. */
  function beginTalk(): void {
    if (!current.connected || state.name !== 'connecting') return
    lastHeardAt = clock.now()
    stopFrames()
    stopFrames = everyFrame(frame)
    happens('sound-connected')
  }

  function hear(energy: number): void {
    const change = nextVoice(voice, energy, frameMs)
    voice = change.voice
    if (change.change !== null) happens(change.change)
  }

  /** From here on the resident is in that call; the one before ends, if it has not yet. */
  function moveTo(leg: Leg, by: string | null): void {
    const before = current
    current = leg
    next = null
    passedOnTo.push(by)
    stopFrames()
    stopFrames = () => {}
    heard.clear()
    speech = null
    voice = silentVoice
    part = options.partFor?.(by) ?? options.part
    state = callingResident(part, clock.now())
    setWake()
    cancelPatience()
    farewell()
    const hangUpBefore = (): void => void before.call()?.hangUp()
    const cancelFarewell = clock.after(farewellMs, hangUpBefore)
    farewell = () => {
      cancelFarewell()
      hangUpBefore()
    }
    log.info('residents/passed-on', { id })
  }

  function answered(leg: Leg, by: string | null): void {
    if (leg === next) moveTo(leg, by)
    leg.answered = true
    const callId = leg.call()?.callId
    if (callId !== undefined) {
      if (recording === null && options.record !== undefined) recording = options.record(callId)
      else recording?.covers(callId)
    }
    if (!everAnswered) options.onTalking?.(recording)
    everAnswered = true
    happens('answered')
    beginTalk()
  }

  function ended(leg: Leg): void {
    const callId = leg.call()?.callId
    if (callId !== undefined) recording?.leaves(callId)
    if (leg === next) next = null
    if (leg !== current) return
    // The other side left before the next one answered.
    if (next !== null) {
      moveTo(next, null)
      return
    }
    stopFrames()
    happens('ended')
    cancelWake()
    cancelPatience()
    farewell()
    recording?.end()
    onEnded(everAnswered)
  }

  function send(to: ResidentCall): CallListener | null {
    if (next !== null) return null
    const leg: Leg = { call: () => to, answered: false, connected: false }
    next = leg
    cancelPatience()
    cancelPatience = clock.after(passedOnPatienceMs, () => {
      if (leg === next) void to.hangUp()
    })
    return listen(leg)
  }

  function listen(leg: Leg): CallListener {
    return {
      onQueued() {
        if (leg === next) moveTo(leg, null)
      },
      onAnswered: (by) => answered(leg, by),
      onConnected() {
        leg.connected = true
        if (leg === current) beginTalk()
      },
      onFrame(sound) {
        if (leg !== current) return
        const energy = muLawEnergy(sound)
        lastHeardAt = clock.now()
        hear(energy)
        heard.put(sound)
        heardEnergy += (energy * frameMs) / 1000
        framesHeard++
      },
      onHeldByAdviser(held) {
        if (leg !== current) return
        lastHeardAt = clock.now()
        happens(held ? 'held' : 'resumed')
      },
      onDigit(digit) {
        if (leg !== current || digit !== '#' || options.onHash === undefined) return
        log.info('residents/cued', { id, line: options.onHash })
        happen({ name: 'cued', at: clock.now(), line: options.onHash })
      },
      onReferred: (to) => (leg === current ? send(to) : null),
      onReplaced: (to) => (leg === current ? send(to) : null),
      onEnded: () => ended(leg),
    }
  }

  async function hold(held: boolean): Promise<void> {
    lastHeardAt = clock.now()
    happens(held ? 'held' : 'resumed')
    await current.call()?.hold(held)
  }

  async function hangUp(): Promise<void> {
    await next?.call()?.hangUp()
    await current.call()?.hangUp()
  }

  return {
    join(call) {
      current = { call, answered: false, connected: false }
      return listen(current)
    },
    view: () => ({ id, state: state.name, linesSaid, heardEnergy, framesHeard, passedOnTo }),
    hold,
    hangUp,
  }
}
