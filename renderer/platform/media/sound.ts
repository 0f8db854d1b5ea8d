import type { ChosenDevice, PluggedIn } from '#shared/calls/device-choice.ts'
import { newSpeechWatch, nextSpeech, perceivedLevel } from '#shared/calls/voice-level.ts'
import type { DeviceChoices, DeviceReport } from '#shared/contract/devices.ts'
import type { Cancel, Clock } from '#shared/kernel/clock.ts'
import type { Log } from '#shared/kernel/log.ts'
import { createDevices } from './devices.ts'
import { createLevelMeter } from './level-meter.ts'
import { createMicrophone, type Microphone, type MicrophoneWish } from './microphone.ts'
import { createSpeaker, type Playback } from './remote-audio.ts'
import { createRinger, type Ringer } from './ringer.ts'

/**
 * Everything a telephone does with sound devices. It keeps the adviser's choices and follows what is plugged in, also
 * in the middle of a call: tracks and outputs are exchanged, and nothing is negotiated again.
 */
export interface PhoneSound {
  readonly microphone: Microphone
  readonly ringer: Ringer
  /** For `createSipPhone`. */
  readonly media: Pick<Microphone, 'voiceTrack' | 'onVoiceChanged'> & { play(stream: MediaStream): Playback }
  report(): DeviceReport
  /** `level`: only `microphoneLevel` changed, up to ten times a second while `watchLevels` is on. */
  subscribe(listener: (change: 'state' | 'level') => void): () => void
  /** Keeps the choices for good and follows them at once. */
  choose(choices: DeviceChoices): void
  /** Rings once on the chosen ringer at the chosen volume. */
  testRinger(): void
  watchLevels(on: boolean): void
  /**
   * Listens for speech while on; to be switched on while an active line is muted. For `line.speakingWhileMuted`:
   * `line.muted && line.state.name === 'active' && sound.hearsSpeech()`. A change is a `state` change.
   */
  listenForSpeech(on: boolean): void
  hearsSpeech(): boolean
}

export function createSound(options: { clock: Clock; log: Log; storage: Storage }): PhoneSound {
  const { clock, log } = options
  const listeners = new Set<(change: 'state' | 'level') => void>()
  const devices = createDevices(options.storage, log)
  const microphone = createMicrophone(clock, log, wish)
  const meter = createLevelMeter(clock, microphone)
  const speaker = createSpeaker(log)
  const ringer = createRinger()
  let level: number | null = null
  let stopWatching: Cancel | null = null
  let speech = newSpeechWatch
  let stopListening: Cancel | null = null

  function changed(change: 'state' | 'level'): void {
    for (const listener of listeners) listener(change)
  }

  async function wish(): Promise<MicrophoneWish> {
    await devices.refresh()
    const { echoCancellation, noiseSuppression, autoGainControl } = devices.choices()
    const deviceId = devices.inUse().microphone.device?.id ?? null
    return { deviceId, echoCancellation, noiseSuppression, autoGainControl }
  }

  function follow(): void {
    const inUse = devices.inUse()
    const outputs = { speaker: outputId(inUse.speaker), ringer: outputId(inUse.ringer) }
    speaker.use(outputs.speaker)
    ringer.use({ ...outputs, ringVolume: devices.choices().ringVolume })
    void microphone.follow()
    changed('state')
  }

  function report(): DeviceReport {
    const { inputs, outputs } = devices.plugged()
    const inUse = devices.inUse()
    const each = <T>(of: (chosen: ChosenDevice) => T) => ({
      microphone: of(inUse.microphone),
      speaker: of(inUse.speaker),
      ringer: of(inUse.ringer),
    })
    return {
      microphones: [...inputs.devices],
      speakers: [...outputs.devices],
      choices: devices.choices(),
      using: {
        ...each(({ device }) => device),
        microphone: openMicrophone(inputs) ?? inUse.microphone.device,
        followsDefault: each(({ followsDefault }) => followsDefault),
      },
      standingIn: each(({ standingIn }) => standingIn),
      microphoneLevel: level,
    }
  }

  /** The one that is open may be another than chosen, when that could not be opened. */
  function openMicrophone(inputs: PluggedIn) {
    const id = microphone.ownTrack()?.getSettings().deviceId
    return inputs.devices.find((device) => device.id === id)
  }

  function watchLevels(on: boolean): void {
    if (on === (stopWatching !== null)) return
    stopWatching?.()
    stopWatching = null
    level = null
    if (!on) {
      changed('level')
      return
    }
    let odd = false
    stopWatching = meter.listen((rms) => {
      // The louder of two stretches, so that a short word is not missed.
      level = odd ? Math.max(level ?? 0, perceivedLevel(rms)) : perceivedLevel(rms)
      if (odd) changed('level')
      odd = !odd
    })
  }

  function listenForSpeech(on: boolean): void {
    if (on === (stopListening !== null)) return
    stopListening?.()
    stopListening = null
    const spoke = speech.speaking
    speech = newSpeechWatch
    if (spoke) changed('state')
    if (!on) return
    stopListening = meter.listen((rms, stretchMs) => {
      const before = speech.speaking
      speech = nextSpeech(speech, rms, stretchMs)
      if (speech.speaking !== before) changed('state')
    })
  }

  devices.subscribe(follow)
  // Only an allowed microphone lets the browser tell what else there is.
  microphone.subscribe(() => void devices.refresh().then(() => changed('state')))
  ringer.use({ speaker: '', ringer: '', ringVolume: devices.choices().ringVolume })
  void devices.refresh()

  return {
    microphone,
    ringer,
    media: {
      voiceTrack: microphone.voiceTrack,
      onVoiceChanged: microphone.onVoiceChanged,
      play: speaker.play,
    },
    report,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    choose: devices.choose,
    testRinger: ringer.test,
    watchLevels,
    listenForSpeech,
    hearsSpeech: () => speech.speaking,
  }
}

/** The system moves its default by itself; naming the device behind it would nail it down. */
function outputId({ device, followsDefault }: ChosenDevice): string {
  return followsDefault || device === null ? '' : device.id
}
