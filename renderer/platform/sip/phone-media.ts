/** The remote voice of one line, audible until stopped. */
export interface Playback {
  /** Silences it for a while, as when the adviser speaks on another line. */
  silence(on: boolean): void
  stop(): void
}

/** What a telephone needs of the sound devices. */
export interface PhoneMedia {
  /** A track of the adviser's voice for one call alone; null when no microphone is live. */
  voiceTrack(): MediaStreamTrack | null
  /** The microphone was exchanged or came back: calls that are up should take a new `voiceTrack`. */
  onVoiceChanged(listener: () => void): () => void
  play(stream: MediaStream): Playback
}
