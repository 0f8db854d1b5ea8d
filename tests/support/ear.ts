import type { JSHandle, Page } from '@playwright/test'

/*
 * The adviser's ear, as far as tones and clips go: a measure at the end of the phone page's sound, where it leaves for
 * the headset. Voices of calls are measured by the telephone itself (`sound.inboundEnergy`).
 */

/** What was heard since the last `anew`. */
interface Listening {
  /** Loudest the ear heard of a tone of so many hertz, one of `tonesHz`; 1 is full scale. */
  tone(hz: number): number
  /** Seconds in which there was any sound, and the energy of it: squared samples × seconds. */
  sound(): { readonly seconds: number; readonly energy: number }
  /** Forgets what was heard. */
  anew(): void
}

/** Ring, ringback and call waiting; the warning before a call answers itself; the reminder of a call on hold. */
const tonesHz = [400, 880, 1_000]

export interface Ear {
  tone(hz: number): Promise<number>
  sound(): Promise<{ readonly seconds: number; readonly energy: number }>
  anew(): Promise<void>
}

/** Listens from now on to whatever begins to sound. */
export async function listenAt(phone: Page): Promise<Ear> {
  const handle: JSHandle<Listening> = await phone.evaluateHandle(openEar, tonesHz)
  return {
    tone: (hz) => handle.evaluate((ear, wanted) => ear.tone(wanted), hz),
    sound: () => handle.evaluate((ear) => ear.sound()),
    anew: () => handle.evaluate((ear) => ear.anew()),
  }
}

/** Runs in the phone page. Every sample is looked at once, in stretches short enough for a tick of 40 ms. */
function openEar(hertz: readonly number[]): Listening {
  const stretch = 1_024
  const audible = 1e-3
  const tones = new Map(hertz.map((hz) => [hz, 0]))
  let seconds = 0
  let energy = 0

  function loudnessOf(samples: Float32Array, hz: number, sampleRate: number): number {
    let cos = 0
    let sin = 0
    samples.forEach((sample, i) => {
      const angle = (2 * Math.PI * hz * i) / sampleRate
      cos += sample * Math.cos(angle)
      sin += sample * Math.sin(angle)
    })
    return (2 * Math.hypot(cos, sin)) / samples.length
  }

  function hear(samples: Float32Array, sampleRate: number): void {
    const sum = samples.reduce((all, sample) => all + sample * sample, 0)
    if (Math.sqrt(sum / samples.length) < audible) return
    seconds += samples.length / sampleRate
    energy += sum / sampleRate
    for (const hz of hertz) tones.set(hz, Math.max(tones.get(hz) ?? 0, loudnessOf(samples, hz, sampleRate)))
  }

  const taps = new WeakMap<BaseAudioContext, AudioNode>()
  const connect = AudioNode.prototype.connect as (this: AudioNode, to: AudioNode) => AudioNode
  function tapOf(context: BaseAudioContext): AudioNode {
    const known = taps.get(context)
    if (known !== undefined) return known
    // Out of date, but the one node that hands every sample to the page without a file of its own.
    const tap = context.createScriptProcessor(stretch, 1, 1)
    tap.onaudioprocess = ({ inputBuffer }) => hear(inputBuffer.getChannelData(0), context.sampleRate)
    connect.call(tap, context.destination)
    taps.set(context, tap)
    return tap
  }
  AudioNode.prototype.connect = function (this: AudioNode, to: AudioNode) {
    // What is measured or mixed goes nowhere near an ear.
    const { sinkId } = to.context as AudioContext & { sinkId?: unknown }
    if (to instanceof AudioDestinationNode && typeof sinkId === 'string')
      connect.call(this, tapOf(to.context))
    return connect.call(this, to)
  } as AudioNode['connect']

  return {
    tone: (hz) => tones.get(hz) ?? Number.NaN,
    sound: () => ({ seconds, energy }),
    anew() {
      for (const hz of hertz) tones.set(hz, 0)
      seconds = 0
      energy = 0
    },
  }
}
