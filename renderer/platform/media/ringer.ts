import { type Cadence, ring } from '#shared/calls/tone.ts'

export interface Ringer {
  /** Plays the tone until another is asked for; null stops at once. */
  play(cadence: Cadence | null): void
}

/** A ringer whose ring may sound elsewhere than the tones in the adviser's ear. Empty ids: the system's default. */
export interface MovableRinger extends Ringer {
  use(outputs: RingerOutputs): void
  /** Rings once, unless a tone is playing; stops for the next tone. */
  test(): void
}

export interface RingerOutputs {
  readonly ringer: string
  readonly speaker: string
  /** 0 to 1, of the ring alone. */
  readonly ringVolume: number
}

/** Not yet in TypeScript's library (W3C Web Audio API §1.1, AudioContext.setSinkId). */
type MovableContext = AudioContext & { setSinkId?(id: string): Promise<void> }

const fadeS = 0.01
const byDefault: RingerOutputs = { ringer: '', speaker: '', ringVolume: 0.8 }

/** Call progress tones made by WebAudio; nothing to load, nothing to decode, silent within 10 ms. */
export function createRinger(): MovableRinger {
  let outputs = byDefault
  let playing: { cadence: Cadence; stop(): void } | null = null
  let testing: (() => void) | null = null
  const ringer = createOutput()
  const speaker = createOutput()

  /** Only the ring itself calls someone who may not wear a headset; all else is for the ear. */
  const isRing = (cadence: Cadence) => cadence.name === ring.name
  const volumeOf = (cadence: Cadence) =>
    isRing(cadence) ? loudest(cadence) * outputs.ringVolume ** 2 : cadence.volume

  function startTone(cadence: Cadence, loop: boolean): () => void {
    const context = (isRing(cadence) ? ringer : speaker).open()
    return start(context, cadence, volumeOf(cadence), loop)
  }

  function stopTest(): void {
    testing?.()
    testing = null
  }

  return {
    play(cadence) {
      if (playing?.cadence === cadence) return
      playing?.stop()
      playing = null
      if (cadence === null) return
      stopTest()
      playing = { cadence, stop: startTone(cadence, true) }
    },
    use(next) {
      const louder = next.ringVolume !== outputs.ringVolume
      outputs = next
      ringer.use(next.ringer)
      speaker.use(next.speaker)
      if (louder && playing !== null && isRing(playing.cadence)) {
        playing.stop()
        playing = { cadence: playing.cadence, stop: startTone(playing.cadence, true) }
      }
    },
    test() {
      if (playing !== null) return
      stopTest()
      testing = startTone(ring, false)
    },
  }
}

/** The ring's own volume is that of the middle of the scale, 0.7; squared, because loudness is not linear. */
const loudest = (cadence: Cadence) => Math.min(1, 2 * cadence.volume)

function createOutput() {
  let context: MovableContext | null = null
  let device = ''
  let moving = false

  const resume = () => context?.resume().catch(() => {})

  /** One move at a time, and awake afterwards: Chromium leaves a context asleep that is moved while it begins. */
  async function move(): Promise<void> {
    if (context === null || moving) return
    moving = true
    for (let wanted: string | null = null; wanted !== device; ) {
      wanted = device
      // An output that has gone must not take the ring with it.
      await context.setSinkId?.(wanted).catch(() => context?.setSinkId?.('').catch(() => {}))
    }
    moving = false
    await resume()
  }

  return {
    open(): AudioContext {
      if (context === null) {
        context = new AudioContext()
        if (device !== '') void move()
      }
      void resume()
      return context
    },
    use(deviceId: string): void {
      if (deviceId === device) return
      device = deviceId
      void move()
    },
  }
}

/** One period of the cadence as a sample: the audio thread keeps the time, not the page's timers. */
function start(context: AudioContext, cadence: Cadence, volume: number, loop: boolean): () => void {
  const source = context.createBufferSource()
  source.buffer = periods.get(cadence) ?? onePeriod(cadence)
  source.loop = loop
  const gain = context.createGain()
  gain.gain.value = volume
  source.connect(gain).connect(context.destination)
  source.start()
  return () => {
    gain.gain.setTargetAtTime(0, context.currentTime, fadeS / 3)
    source.stop(context.currentTime + fadeS)
  }
}

/** Enough for tones of a telephone. */
const sampleRate = 16_000
const periods = new WeakMap<Cadence, AudioBuffer>()

/** Kept once it is made: a desk is not to wait for it at every call. */
function onePeriod(cadence: Cadence): AudioBuffer {
  const periodMs = cadence.stepsMs.reduce((sum, ms) => sum + ms, 0)
  const buffer = new AudioBuffer({ length: Math.round((periodMs / 1000) * sampleRate), sampleRate })
  const samples = buffer.getChannelData(0)
  let at = 0
  cadence.stepsMs.forEach((ms, index) => {
    const length = Math.round((ms / 1000) * sampleRate)
    if (index % 2 === 0) writeTone(samples.subarray(at, at + length), cadence.frequenciesHz)
    at += length
  })
  periods.set(cadence, buffer)
  return buffer
}

function writeTone(samples: Float32Array, frequenciesHz: readonly number[]): void {
  const fade = fadeS * sampleRate
  for (let i = 0; i < samples.length; i += 1) {
    const edge = Math.min(1, i / fade, (samples.length - i) / fade)
    const sum = frequenciesHz.reduce((all, hz) => all + Math.sin((2 * Math.PI * hz * i) / sampleRate), 0)
    samples[i] = (edge * sum) / frequenciesHz.length
  }
}
