/*
 * Hears when the adviser starts and stops speaking, from the energy of each 20 ms frame. A cough or the beep of a
 * test microphone is too short to count, and while somebody speaks it makes up for no more silence than it is long; a
 * breath between words does not end a sentence.
 */
export interface VoiceActivity {
  readonly speaking: boolean
  /** Milliseconds of sound in a row; while speaking, of the silence that sound has not made up for. */
  readonly forMs: number
}

export type VoiceChange = 'adviser-spoke' | 'adviser-fell-silent' | null

export const silentVoice: VoiceActivity = { speaking: false, forMs: 0 }

/** Mean square of samples of −1…1: about −40 dB below full scale. */
const threshold = 1e-4
const spokeAfterMs = 240
const silentAfterMs = 700

/** `energy` is the mean square of the frame's samples (−1…1), `frameMs` its length. */
export function nextVoice(
  voice: VoiceActivity,
  energy: number,
  frameMs: number,
): { voice: VoiceActivity; change: VoiceChange } {
  const loud = energy >= threshold
  if (voice.speaking) {
    const forMs = Math.max(0, voice.forMs + (loud ? -frameMs : frameMs))
    return forMs >= silentAfterMs
      ? { voice: silentVoice, change: 'adviser-fell-silent' }
      : { voice: { speaking: true, forMs }, change: null }
  }
  const forMs = loud ? voice.forMs + frameMs : 0
  return forMs >= spokeAfterMs
    ? { voice: { speaking: true, forMs: 0 }, change: 'adviser-spoke' }
    : { voice: { speaking: false, forMs }, change: null }
}
