import type { DeviceChoices, DeviceReport } from '#shared/contract/devices.ts'
import type { Microphone } from './microphone.ts'
import type { Playback } from './remote-audio.ts'
import type { Ringer } from './ringer.ts'

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
