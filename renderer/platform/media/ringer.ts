import type { Cadence } from '#shared/calls/tone.ts'

export interface Ringer {
  /** Plays the tone until another is asked for; null stops at once. */
  play(cadence: Cadence | null): void
}

const fadeS = 0.01

/** Call progress tones made by WebAudio; nothing to load, nothing to decode, silent within 10 ms. */
export function createRinger(): Ringer {
  let context: AudioContext | null = null
  let playing: { cadence: Cadence; stop(): void } | null = null

  return {
    play(cadence) {
      if (playing?.cadence === cadence) return
      playing?.stop()
      playing = null
      if (cadence === null) return
      context ??= new AudioContext()
      void context.resume().catch(() => {})
      playing = { cadence, stop: start(context, cadence) }
    },
  }
}

/** One period of the cadence as a looped sample: the audio thread keeps the time, not the page's timers. */
function start(context: AudioContext, cadence: Cadence): () => void {
  const source = context.createBufferSource()
  source.buffer = onePeriod(context, cadence)
  source.loop = true
  const gain = context.createGain()
  gain.gain.value = cadence.volume
  source.connect(gain).connect(context.destination)
  source.start()
  return () => {
    gain.gain.setTargetAtTime(0, context.currentTime, fadeS / 3)
    source.stop(context.currentTime + fadeS)
  }
}

function onePeriod(context: AudioContext, cadence: Cadence): AudioBuffer {
  const { sampleRate } = context
  const periodMs = cadence.stepsMs.reduce((sum, ms) => sum + ms, 0)
  const buffer = context.createBuffer(1, Math.round((periodMs / 1000) * sampleRate), sampleRate)
  const samples = buffer.getChannelData(0)
  let at = 0
  cadence.stepsMs.forEach((ms, index) => {
    const length = Math.round((ms / 1000) * sampleRate)
    if (index % 2 === 0) writeTone(samples.subarray(at, at + length), cadence.frequenciesHz, sampleRate)
    at += length
  })
  return buffer
}

function writeTone(samples: Float32Array, frequenciesHz: readonly number[], sampleRate: number): void {
  const fade = fadeS * sampleRate
  for (let i = 0; i < samples.length; i += 1) {
    const edge = Math.min(1, i / fade, (samples.length - i) / fade)
    const sum = frequenciesHz.reduce((all, hz) => all + Math.sin((2 * Math.PI * hz * i) / sampleRate), 0)
    samples[i] = (edge * sum) / frequenciesHz.length
  }
}
