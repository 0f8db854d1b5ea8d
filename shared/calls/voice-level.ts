/*
 * How loud a microphone is, for a meter, and whether someone speaks into it. Both from the root mean square (RMS) of
 * a short stretch of samples of −1…1.
 */

const quietestDb = -60
const loudestDb = -6

/** Loudness as an ear would place it, 0 to 1: −60 dB below full scale is 0, −6 dB and more is 1. */
export function perceivedLevel(rms: number): number {
  if (rms <= 0) return 0
  const db = 20 * Math.log10(rms)
  return Math.min(1, Math.max(0, (db - quietestDb) / (loudestDb - quietestDb)))
}

/** Root mean square of samples of −1…1. */
export function rmsOf(samples: ArrayLike<number>): number {
  if (samples.length === 0) return 0
  let sum = 0
  for (let i = 0; i < samples.length; i += 1) sum += (samples[i] ?? 0) ** 2
  return Math.sqrt(sum / samples.length)
}

export interface SpeechWatch {
  readonly speaking: boolean
  /** RMS of what is always there: fans, the room, colleagues further off. Null before the first stretch. */
  readonly noiseFloor: number | null
  /** Milliseconds of speech lately, and of quiet since the last of it. */
  readonly loudMs: number
  readonly quietMs: number
}

/** About 10 dB over the room, and never less than −46 dB below full scale, where a headset hears its wearer breathe. */
const overFloor = 3
const leastSpeech = 0.005
const speakingAfterMs = 300
/** A shorter pause is one between syllables. */
const pauseMs = 250
const fellSilentAfterMs = 2_000
/** The floor falls at once to what is quieter and rises by about 3 dB a second: a new fan is noise after a while. */
const riseOverASecond = 1.4

export const newSpeechWatch: SpeechWatch = { speaking: false, noiseFloor: null, loudMs: 0, quietMs: 0 }

/**
 *   silent ──300 ms of speech──▶ speaking ──2 s without──▶ silent
 *
 * `rms` is that of the stretch, `stretchMs` its length. After the adviser is unmuted begin anew with `newSpeechWatch`.
 */
export function nextSpeech(watch: SpeechWatch, rms: number, stretchMs: number): SpeechWatch {
  const risen = (watch.noiseFloor ?? rms) * riseOverASecond ** (stretchMs / 1_000)
  // A driver that gives digital silence for a moment has no room around it: a floor of zero could never rise.
  const noiseFloor = Math.max(leastSpeech / (4 * overFloor), Math.min(risen, rms))
  const loud = rms > Math.max(leastSpeech, overFloor * (watch.noiseFloor ?? noiseFloor))
  const quietMs = loud ? 0 : watch.quietMs + stretchMs
  const loudMs = loud ? watch.loudMs + stretchMs : quietMs > pauseMs ? 0 : watch.loudMs
  const speaking = loudMs >= speakingAfterMs || (watch.speaking && quietMs < fellSilentAfterMs)
  return { speaking, noiseFloor, loudMs, quietMs }
}
