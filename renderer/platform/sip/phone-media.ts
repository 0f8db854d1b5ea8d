import type { Playback } from '../media/remote-audio.ts'

/** What a telephone needs of the sound devices. */
export interface PhoneMedia {
  /** A track of the adviser's voice for one call alone; null when no microphone is live. */
  voiceTrack(): MediaStreamTrack | null
  /** The microphone was exchanged or came back: calls that are up should take a new `voiceTrack`. */
  onVoiceChanged(listener: () => void): () => void
  play(stream: MediaStream): Playback
}
