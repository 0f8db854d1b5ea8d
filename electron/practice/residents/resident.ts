import type { Cancel, Clock } from '#shared/kernel/clock.ts'
import type { Log } from '#shared/kernel/log.ts'
import { muLawEnergy } from '#shared/practice/mu-law.ts'
import {
  callingResident,
  nextResident,
  type ResidentAction,
  type ResidentEvent,
  type ResidentState,
  soundLostAfterMs,
  wakeAtOf,
} from '#shared/practice/resident-behaviour.ts'
import type { Scenario } from '#shared/practice/scenarios.ts'
import { nextVoice, silentVoice } from '#shared/practice/voice-activity.ts'
import type { Clips } from './clips.ts'
import { everyFrame, frameMs } from './pacer.ts'
import type { CallListener, ResidentCall } from './resident-phone.ts'

/** What a resident in a call did and heard so far. */
export interface ResidentView {
  readonly scenarioId: string
  readonly state: ResidentState['name']
  readonly linesSaid: number
  /** Sum of mean square × seconds of the adviser's sound. */
  readonly heardEnergy: number
  readonly framesHeard: number
}

export interface Resident {
  /** To be given to the telephone. */
  readonly listener: CallListener
  view(): ResidentView
  hangUp(): Promise<void>
}

export interface ResidentOptions {
  readonly scenario: Scenario
  readonly clips: Clips
  readonly clock: Clock
  readonly log: Log
  /** The call, once there is one. */
  call(): ResidentCall | null
  onEnded(): void
}

/** Frames may be this late; only then is their absence silence. */
const jitterMs = 120

/** Plays a scenario into a call: the behaviour decides, this speaks and listens for it. */
export function createResident(options: ResidentOptions): Resident {
  const { scenario, clips, clock, log, call, onEnded } = options
  let state = callingResident(scenario, clock.now())
  let voice = silentVoice
  /** Frames still to say; null when silent. */
  let speech: Iterator<Buffer> | null = null
  let lastHeardAt = clock.now()
  let linesSaid = 0
  let heardEnergy = 0
  let framesHeard = 0
  let connected = false
  let stopFrames = (): void => {}
  let cancelWake: Cancel = () => {}
  setWake()

  function happen(name: ResidentEvent['name']): void {
    const step = nextResident(scenario, state, { name, at: clock.now() })
    if (step.state.name !== state.name) {
      log.debug('residents/state', { scenario: scenario.id, state: step.state.name })
    }
    state = step.state
    setWake()
    for (const action of step.actions) act(action)
  }

  function setWake(): void {
    cancelWake()
    const wakeAt = wakeAtOf(state)
    // Timers may fire a millisecond early, and an early report would be ignored for good.
    if (wakeAt !== null)
      cancelWake = clock.after(Math.max(0, wakeAt - clock.now()) + 1, () => happen('time-passed'))
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
    clips.frames(scenario.speaker, line).then(
      (frames) => {
        if (state.name === 'speaking' && state.line === line) speech = frames.values()
      },
      () => {
        log.error('residents/clip-unreadable', { scenario: scenario.id, line })
        happen('clip-ended')
      },
    )
  }

  function frame(): void {
    const next = speech?.next()
    call()?.send(next?.done === false ? next.value : null)
    const quietMs = clock.now() - lastHeardAt
    if (quietMs > jitterMs) hear(0)
    if (quietMs > soundLostAfterMs && state.name !== 'held') happen('sound-lost')
    if (next?.done === true) {
      speech = null
      happen('clip-ended')
    }
  }

  /** Answer and sound may come in either order. */
  function beginTalk(): void {
    if (!connected || state.name !== 'connecting') return
    lastHeardAt = clock.now()
    stopFrames = everyFrame(frame)
    happen('sound-connected')
  }

  function hear(energy: number): void {
    const heard = nextVoice(voice, energy, frameMs)
    voice = heard.voice
    if (heard.change !== null) happen(heard.change)
  }

  async function hangUp(): Promise<void> {
    await call()?.hangUp()
  }

  return {
    listener: {
      onAnswered() {
        happen('answered')
        beginTalk()
      },
      onConnected() {
        connected = true
        beginTalk()
      },
      onFrame(sound) {
        const energy = muLawEnergy(sound)
        lastHeardAt = clock.now()
        hear(energy)
        heardEnergy += (energy * frameMs) / 1000
        framesHeard++
      },
      onHeldByAdviser(held) {
        lastHeardAt = clock.now()
        happen(held ? 'held' : 'resumed')
      },
      onEnded() {
        stopFrames()
        happen('ended')
        cancelWake()
        onEnded()
      },
    },
    view: () => ({ scenarioId: scenario.id, state: state.name, linesSaid, heardEnergy, framesHeard }),
    hangUp,
  }
}
