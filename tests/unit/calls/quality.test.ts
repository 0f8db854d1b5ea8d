import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type CallSample, meanOpinionScore, newQualityWatch, nextQuality } from '#shared/calls/quality.ts'
import { callQuality, type QualityAlert } from '#shared/contract/phone.ts'

const both = { receiving: true, sending: true, muted: false }

interface Second {
  readonly lossPercent?: number
  readonly farLossPercent?: number
  readonly jitterMs?: number
  readonly farJitterMs?: number
  readonly roundTripMs?: number | null
  /** Root mean square; a room by default, never twice the same. */
  readonly microphone?: number
  readonly agreed?: typeof both
}

/** A call that is told second by second. */
function call(startAt = 0) {
  let watch = newQualityWatch()
  let sample: CallSample = {
    at: startAt,
    packetsReceived: 0,
    packetsSent: 0,
    inboundEnergy: 0,
    packetsLost: 0,
    jitterMs: 0,
    concealedSamples: 0,
    playedSamples: 0,
    bufferDelayS: 0,
    bufferEmitted: 0,
    farFractionLost: 0,
    farJitterMs: 0,
    roundTripMs: 20,
    codec: 'opus/48000/2',
    microphoneEnergy: 0,
    microphoneDurationS: 0,
  }
  watch = nextQuality(watch, sample, both)
  const second = (s: Second = {}) => {
    const lost = 50 * ((s.lossPercent ?? 0) / 100)
    const rms = s.microphone ?? 0.01 + (sample.at % 7_000) / 1e6
    sample = {
      ...sample,
      at: sample.at + 1_000,
      packetsReceived: sample.packetsReceived + 50 - lost,
      packetsSent: sample.packetsSent + 50,
      packetsLost: sample.packetsLost + lost,
      farFractionLost: (s.farLossPercent ?? 0) / 100,
      jitterMs: s.jitterMs ?? 2,
      farJitterMs: s.farJitterMs ?? 2,
      roundTripMs: s.roundTripMs === undefined ? 20 : s.roundTripMs,
      microphoneEnergy: (sample.microphoneEnergy ?? 0) + rms ** 2,
      microphoneDurationS: (sample.microphoneDurationS ?? 0) + 1,
    }
    watch = nextQuality(watch, sample, s.agreed ?? both)
    return watch.quality?.alerts ?? []
  }
  return {
    second,
    seconds: (n: number, s?: Second): readonly QualityAlert[] =>
      Array.from({ length: n }, () => second(s)).at(-1) ?? [],
    quality: () => watch.quality,
  }
}

describe('the score of a call', () => {
  it.each([
    ['a perfect path', { lossPercent: 0, jitterMs: 0, roundTripMs: 0 }, 4.35, 4.45],
    ['a usual one', { lossPercent: 0.2, jitterMs: 5, roundTripMs: 40 }, 4.3, 4.4],
    ['a far one', { lossPercent: 0, jitterMs: 5, roundTripMs: 400 }, 3.9, 4.1],
    ['a lossy one', { lossPercent: 5, jitterMs: 10, roundTripMs: 60 }, 3.8, 4.0],
    ['a very lossy one', { lossPercent: 12, jitterMs: 10, roundTripMs: 60 }, 2.9, 3.3],
    ['a satellite with loss', { lossPercent: 5, jitterMs: 20, roundTripMs: 700 }, 2, 2.6],
    ['nothing left', { lossPercent: 100, jitterMs: 0, roundTripMs: 0 }, 1, 1.4],
  ])('is for %s as people would give it', (_, impairments, from, to) => {
    const mos = meanOpinionScore(impairments)
    expect(mos).toBeGreaterThanOrEqual(from)
    expect(mos).toBeLessThanOrEqual(to)
  })

  it('stays between 1 and 4.5 and never rises when anything gets worse', () => {
    const any = fc.record({
      lossPercent: fc.double({ min: 0, max: 100, noNaN: true }),
      jitterMs: fc.double({ min: 0, max: 2_000, noNaN: true }),
      roundTripMs: fc.double({ min: 0, max: 10_000, noNaN: true }),
    })
    fc.assert(
      fc.property(any, any, (a, b) => {
        const worse = {
          lossPercent: Math.max(a.lossPercent, b.lossPercent),
          jitterMs: Math.max(a.jitterMs, b.jitterMs),
          roundTripMs: Math.max(a.roundTripMs, b.roundTripMs),
        }
        const [mos, worst] = [meanOpinionScore(a), meanOpinionScore(worse)]
        expect(mos).toBeLessThanOrEqual(4.5)
        expect(worst).toBeGreaterThanOrEqual(1)
        expect(worst).toBeLessThanOrEqual(mos + 1e-9)
      }),
    )
  })
})

describe('the quality of a call', () => {
  it('is not said before a second has passed, and fits the contract then', () => {
    const { second, quality } = call()
    expect(quality()).toBeNull()
    second({ lossPercent: 2, jitterMs: 4 })
    expect(callQuality.parse(quality())).toMatchObject({
      lossPercent: 2,
      jitterMs: 4,
      roundTripMs: 20,
      codec: 'opus/48000/2',
      alerts: [],
    })
  })

  it('takes the worse of the two directions', () => {
    const { seconds, quality } = call()
    seconds(5, { farLossPercent: 10, lossPercent: 1, farJitterMs: 22 })
    expect(quality()?.lossPercent).toBeCloseTo(10)
    expect(quality()?.jitterMs).toBe(22)
    const inbound = call()
    inbound.seconds(5, { lossPercent: 10, farLossPercent: 1 })
    expect(inbound.quality()?.mos).toBeCloseTo(quality()?.mos ?? 0, 1)
  })

  it.each([
    ['round-trip', { roundTripMs: 401 }, { roundTripMs: 400 }],
    ['jitter', { jitterMs: 31 }, { jitterMs: 30 }],
    ['jitter', { farJitterMs: 31 }, { farJitterMs: 30 }],
    ['mos', { lossPercent: 10 }, { lossPercent: 6 }],
  ] as const)('raises %s by three bad seconds of five, and not by less', (alert, bad, tolerable) => {
    const { second, seconds } = call()
    seconds(5)
    expect(seconds(20, tolerable)).not.toContain(alert)
    seconds(5)
    second(bad)
    second()
    second(bad)
    expect(second()).not.toContain(alert)
    expect(second(bad)).toContain(alert)
  })

  it('raises loss when it was over 3 % of seven seconds together', () => {
    const { second, seconds } = call()
    expect(seconds(7, { lossPercent: 3 })).toEqual([])
    expect(second({ lossPercent: 3.2 })).toEqual(['loss'])
    expect(call().seconds(6, { lossPercent: 4 })).toEqual([])
    expect(call().seconds(7, { farLossPercent: 4 })).toEqual(['loss'])
  })

  it.each([
    ['round-trip', { roundTripMs: 500 }, { roundTripMs: 390 }, {}, 5],
    ['jitter', { jitterMs: 50 }, { jitterMs: 28 }, {}, 5],
    ['mos', { lossPercent: 15 }, { lossPercent: 8.2 }, {}, 5],
    ['loss', { lossPercent: 5 }, { lossPercent: 2 }, {}, 7],
  ] as const)(
    'keeps %s until it is well over, so that words do not flicker',
    (alert, bad, near, good, afterS) => {
      const { seconds } = call()
      expect(seconds(7, bad)).toContain(alert)
      expect(seconds(20, near)).toContain(alert)
      expect(seconds(1, good)).toContain(alert)
      expect(seconds(afterS - 1, good)).not.toContain(alert)
    },
  )

  it('says after ten seconds that the microphone gives a constant level, and takes it back at the first sound', () => {
    const { second, seconds } = call()
    seconds(3)
    expect(seconds(9, { microphone: 0 })).toEqual([])
    expect(second({ microphone: 0 })).toEqual(['microphone-constant'])
    expect(second({ microphone: 0.001 })).toEqual([])
    expect(call().seconds(10, { microphone: 0.25 })).toEqual(['microphone-constant'])
  })

  it('does not take a muted or held adviser for a dead microphone', () => {
    const { seconds } = call()
    expect(seconds(20, { microphone: 0, agreed: { ...both, muted: true } })).toEqual([])
    expect(seconds(5, { microphone: 0 })).toEqual([])
    expect(seconds(9, { microphone: 0, agreed: { ...both, sending: false } })).toEqual([])
  })

  it('judges nothing on hold, and begins anew afterwards', () => {
    const { seconds, quality } = call()
    expect(seconds(5, { jitterMs: 80 })).toContain('jitter')
    const before = quality()
    seconds(5, { jitterMs: 80, agreed: { receiving: false, sending: false, muted: false } })
    expect(quality()).toBe(before)
    expect(seconds(6)).toEqual([])
  })

  it('counts seconds, however often it is read', () => {
    let watch = newQualityWatch()
    const { quality } = call()
    expect(quality()).toBeNull()
    for (let at = 0; at <= 3_000; at += 50) {
      watch = nextQuality(watch, { ...anySample, at, packetsReceived: at / 20, packetsSent: at / 20 }, both)
    }
    expect(watch.seconds.length).toBe(3)
  })

  it('begins anew when counters do, and after the machine slept', () => {
    let watch = newQualityWatch()
    const read = (at: number, packets: number, packetsLost: number) => {
      watch = nextQuality(
        watch,
        { ...anySample, at, packetsReceived: packets, packetsSent: packets, packetsLost },
        both,
      )
    }
    read(0, 0, 0)
    read(1_000, 50, 0)
    read(2_000, 5, 900)
    expect(watch.seconds).toEqual([])
    read(3_000, 55, 900)
    expect(watch.quality?.lossPercent).toBe(0)
    read(60_000, 60, 3_000)
    expect(watch.seconds).toEqual([])
  })
})

const anySample: CallSample = {
  at: 0,
  packetsReceived: 0,
  packetsSent: 0,
  inboundEnergy: 0,
  packetsLost: 0,
  jitterMs: null,
  concealedSamples: 0,
  playedSamples: 0,
  bufferDelayS: 0,
  bufferEmitted: 0,
  farFractionLost: null,
  farJitterMs: null,
  roundTripMs: null,
  codec: null,
  microphoneEnergy: null,
  microphoneDurationS: null,
}
