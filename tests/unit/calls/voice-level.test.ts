import { describe, expect, it } from 'vitest'
import { newSpeechWatch, nextSpeech, perceivedLevel, rmsOf } from '#shared/calls/voice-level.ts'

const stretchMs = 50

/** Feeds stretches of one loudness; answers whether speech is heard after each. */
function microphone() {
  let watch = newSpeechWatch
  return {
    hear(rms: number, forMs: number): boolean[] {
      return Array.from({ length: forMs / stretchMs }, () => {
        watch = nextSpeech(watch, rms, stretchMs)
        return watch.speaking
      })
    },
    /** Words with the gaps between them, for so long. */
    speak(rms: number, room: number, forMs: number): boolean[] {
      return Array.from({ length: forMs / 500 }, () => [
        ...this.hear(rms, 350),
        ...this.hear(room, 150),
      ]).flat()
    },
  }
}

describe('the loudness of a microphone', () => {
  it('is nothing for silence, everything near full scale, and even steps for even decibels', () => {
    expect([0, 0.0005, 1].map(perceivedLevel)).toEqual([0, 0, 1])
    const [quiet, speech, loud] = [0.01, 0.0316, 0.1].map(perceivedLevel)
    expect((speech ?? 0) - (quiet ?? 0)).toBeCloseTo((loud ?? 0) - (speech ?? 0), 2)
  })

  it('is the root mean square of its samples', () => {
    expect(rmsOf([])).toBe(0)
    expect(rmsOf([0.5, -0.5, 0.5, -0.5])).toBe(0.5)
    expect(rmsOf(Float32Array.from({ length: 480 }, (_, i) => Math.sin((2 * Math.PI * i) / 48)))).toBeCloseTo(
      Math.SQRT1_2,
      3,
    )
  })
})

describe('speech into a muted microphone', () => {
  it('is heard after 300 ms and forgotten after 2 s of silence', () => {
    const { hear } = microphone()
    hear(0.001, 3_000)
    expect(hear(0.05, 250)).not.toContain(true)
    expect(hear(0.05, 50)).toEqual([true])
    expect(hear(0.001, 1_950)).not.toContain(false)
    expect(hear(0.001, 50)).toEqual([false])
  })

  it('is heard through the short gaps between words', () => {
    const voice = microphone()
    voice.hear(0.002, 2_000)
    expect(voice.speak(0.04, 0.002, 1_000).at(-1)).toBe(true)
    expect(voice.speak(0.04, 0.002, 30_000)).not.toContain(false)
  })

  it('is not a cough, a keystroke or a click of the mouse', () => {
    const { hear } = microphone()
    hear(0.002, 1_000)
    for (let i = 0; i < 10; i += 1) {
      expect([...hear(0.2, 200), ...hear(0.002, 400)]).not.toContain(true)
    }
  })

  it('is not a loud room, at once or after a while', () => {
    const fan = microphone()
    expect(fan.hear(0.03, 5_000)).not.toContain(true)
    const started = microphone()
    started.hear(0.002, 2_000)
    expect(started.hear(0.02, 20_000).at(-1)).toBe(false)
    expect(started.speak(0.15, 0.02, 1_000).at(-1)).toBe(true)
  })

  it('is heard after the driver gave digital silence', () => {
    const { hear } = microphone()
    hear(0, 10_000)
    expect(hear(0.003, 5_000)).not.toContain(true)
    expect(hear(0.05, 400).at(-1)).toBe(true)
  })
})
