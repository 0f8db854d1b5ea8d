import type { CallQuality, QualityAlert } from '../contract/phone.ts'
import type { AgreedDirections, RtpSample } from './sound.ts'

/** One reading of everything the quality of a call is judged by. Counters grow for ever; null: not said yet. */
export interface CallSample extends RtpSample {
  /** Packets of the resident's voice that never arrived (RFC 3550 §6.4.1; may fall when duplicates arrive). */
  readonly packetsLost: number
  readonly jitterMs: number | null
  /** Samples the jitter buffer made up, of all it played; and how long samples waited in it, in seconds. */
  readonly concealedSamples: number
  readonly playedSamples: number
  readonly bufferDelayS: number
  readonly bufferEmitted: number
  /** What the far end's latest receiver report says of the adviser's voice; loss is a fraction of 1. */
  readonly farFractionLost: number | null
  readonly farJitterMs: number | null
  readonly roundTripMs: number | null
  /** As negotiated, for example `opus/48000/2`. */
  readonly codec: string | null
  /** media-source totalAudioEnergy and totalSamplesDuration of the microphone as sent. */
  readonly microphoneEnergy: number | null
  readonly microphoneDurationS: number | null
}

/** What one second has shown, both directions. */
interface QualitySecond {
  readonly mos: number
  readonly expected: number
  readonly lost: number
  readonly farExpected: number
  readonly farLost: number
  readonly jitterMs: number
  readonly roundTripMs: number | null
  /** Root mean square of the microphone; null while nobody should be heard. */
  readonly microphone: number | null
}

export interface QualityWatch {
  /** Null until two readings are a second apart. */
  readonly quality: CallQuality | null
  readonly last: CallSample | null
  /** Newest last. */
  readonly seconds: readonly QualitySecond[]
}

/** Readings that come closer together than this are passed over: the rules count seconds. */
const secondMs = 900
/** After a longer pause, such as a suspended machine, the window begins anew. */
const staleAfterMs = 5_000
const kept = 10
/** What is shown is the mean of so many seconds. */
const shown = 5

export function newQualityWatch(): QualityWatch {
  return { quality: null, last: null, seconds: [] }
}

/**
 * Takes in a reading; call it as often as there is one. Nothing is judged while neither direction should flow, as on
 * hold, and the microphone is not judged while the adviser is muted.
 */
export function nextQuality(watch: QualityWatch, sample: CallSample, agreed: AgreedDirections): QualityWatch {
  const { last } = watch
  if (!agreed.receiving && !agreed.sending) return { ...watch, last: null, seconds: [] }
  if (last === null || sample.at - last.at > staleAfterMs || wentBack(last, sample)) {
    return { ...watch, last: sample, seconds: [] }
  }
  if (sample.at - last.at < secondMs) return watch
  const seconds = [...watch.seconds, secondOf(last, sample, agreed)].slice(-kept)
  return { quality: qualityOf(sample, seconds, watch.quality?.alerts ?? []), last: sample, seconds }
}

/** The counters began again, as when the media was set up anew. */
function wentBack(last: CallSample, sample: CallSample): boolean {
  return sample.packetsReceived < last.packetsReceived || sample.packetsSent < last.packetsSent
}

function secondOf(last: CallSample, sample: CallSample, agreed: AgreedDirections): QualitySecond {
  const received = agreed.receiving ? sample.packetsReceived - last.packetsReceived : 0
  const lost = agreed.receiving ? Math.max(0, sample.packetsLost - last.packetsLost) : 0
  const farExpected = agreed.sending ? sample.packetsSent - last.packetsSent : 0
  // A report every few seconds: its fraction holds until the next.
  const farLost = farExpected * (sample.farFractionLost ?? 0)
  const inbound = {
    lossPercent: percent(lost, received + lost),
    jitterMs: sample.jitterMs ?? 0,
    roundTripMs: sample.roundTripMs ?? 0,
  }
  const outbound = {
    lossPercent: percent(farLost, farExpected),
    jitterMs: sample.farJitterMs ?? 0,
    roundTripMs: sample.roundTripMs ?? 0,
  }
  return {
    mos: Math.min(meanOpinionScore(inbound), meanOpinionScore(outbound)),
    expected: received + lost,
    lost,
    farExpected,
    farLost,
    jitterMs: Math.max(inbound.jitterMs, outbound.jitterMs),
    roundTripMs: sample.roundTripMs,
    microphone: agreed.sending && !agreed.muted ? loudnessBetween(last, sample) : null,
  }
}

const grown = (from: number | null, to: number | null) =>
  from === null || to === null ? 0 : Math.max(0, to - from)
const percent = (part: number, whole: number) => (whole <= 0 ? 0 : (100 * part) / whole)

function loudnessBetween(last: CallSample, sample: CallSample): number | null {
  const durationS = grown(last.microphoneDurationS, sample.microphoneDurationS)
  if (durationS === 0) return null
  return Math.sqrt(grown(last.microphoneEnergy, sample.microphoneEnergy) / durationS)
}

/* ── Score ──────────────────────────────────────────────────────────────────────────────────────────────────── */

export interface Impairments {
  readonly lossPercent: number
  readonly jitterMs: number
  readonly roundTripMs: number
}

/** Default R of G.107 with every impairment at its default. */
const bestR = 93.2
/** G.113 Appendix I, a codec that conceals losses: no impairment of its own, half of R gone at about 25 % loss. */
const robustness = 25.1
/** Packet, look-ahead and device, beside network and jitter buffer. */
const codecDelayMs = 30

/**
 * Estimated mean opinion score, 1 to 4.5, of one direction: the E-model (ITU-T G.107) as simplified by R. Cole and
 * J. Rosenbluth, "Voice over IP performance monitoring" (ACM CCR 31/2, 2001): R = 93.2 − Id − Ie,eff. The delay
 * counts half a round trip and a jitter buffer of twice the jitter.
 */
export function meanOpinionScore({ lossPercent, jitterMs, roundTripMs }: Impairments): number {
  const delayMs = roundTripMs / 2 + 2 * jitterMs + codecDelayMs
  const delayImpairment = 0.024 * delayMs + 0.11 * Math.max(0, delayMs - 177.3)
  const lossImpairment = (95 * lossPercent) / (lossPercent + robustness)
  const r = Math.max(0, Math.min(100, bestR - delayImpairment - lossImpairment))
  return Math.min(4.5, Math.max(1, 1 + 0.035 * r + 7e-6 * r * (r - 60) * (100 - r)))
}

/* ── Alerts ─────────────────────────────────────────────────────────────────────────────────────────────────── */

interface Rule {
  readonly alert: QualityAlert
  raised(seconds: readonly QualitySecond[]): boolean
  /** Beyond the mere absence of the cause, so that an alert does not flicker at its limit. */
  cleared(seconds: readonly QualitySecond[]): boolean
}

const ofFive = (seconds: readonly QualitySecond[], bad: (each: QualitySecond) => boolean) =>
  seconds.slice(-5).filter(bad).length

/** Raised by three bad seconds of five, cleared by five seconds well on the good side. */
function threeOfFive(
  alert: QualityAlert,
  bad: (each: QualitySecond) => boolean,
  good: (each: QualitySecond) => boolean,
): Rule {
  return {
    alert,
    raised: (seconds) => ofFive(seconds, bad) >= 3,
    cleared: (seconds) => ofFive(seconds, good) === 5,
  }
}

/** Loss over the last seven seconds, the worse direction. */
function lossOverSeven(seconds: readonly QualitySecond[]): number {
  return lossPercentOf(seconds.slice(-7))
}

/** One step of 16-bit sound: a live microphone, however quiet the room, varies by more. */
const constantWithin = 1 / 32_767

function isConstant(seconds: readonly QualitySecond[]): boolean {
  const levels = seconds.flatMap(({ microphone }) => (microphone === null ? [] : [microphone]))
  return levels.length === kept && Math.max(...levels) - Math.min(...levels) <= constantWithin
}

/** Limits and numbers of samples as in Twilio's published call-quality events. */
const rules: readonly Rule[] = [
  threeOfFive(
    'round-trip',
    ({ roundTripMs }) => roundTripMs !== null && roundTripMs > 400,
    ({ roundTripMs }) => roundTripMs === null || roundTripMs < 350,
  ),
  threeOfFive(
    'jitter',
    ({ jitterMs }) => jitterMs > 30,
    ({ jitterMs }) => jitterMs < 25,
  ),
  {
    alert: 'loss',
    raised: (seconds) => seconds.length >= 7 && lossOverSeven(seconds) > 3,
    cleared: (seconds) => lossOverSeven(seconds) < 1,
  },
  threeOfFive(
    'mos',
    ({ mos }) => mos < 3.5,
    ({ mos }) => mos > 3.7,
  ),
  {
    alert: 'microphone-constant',
    raised: isConstant,
    // Any sound at all, or the adviser muted; not hysteresis but proof.
    cleared: (seconds) => !isConstant(seconds),
  },
]

function qualityOf(
  sample: CallSample,
  seconds: readonly QualitySecond[],
  before: readonly QualityAlert[],
): CallQuality {
  const recent = seconds.slice(-shown)
  return {
    at: sample.at,
    mos: mean(recent.map(({ mos }) => mos)),
    lossPercent: lossPercentOf(recent),
    jitterMs: mean(recent.map(({ jitterMs }) => jitterMs)),
    roundTripMs: sample.roundTripMs,
    codec: sample.codec,
    alerts: rules
      .filter((rule) => (before.includes(rule.alert) ? !rule.cleared(seconds) : rule.raised(seconds)))
      .map(({ alert }) => alert),
  }
}

function lossPercentOf(seconds: readonly QualitySecond[]): number {
  const sum = (of: (each: QualitySecond) => number) => seconds.reduce((all, each) => all + of(each), 0)
  const inbound = percent(
    sum((each) => each.lost),
    sum((each) => each.expected),
  )
  const outbound = percent(
    sum((each) => each.farLost),
    sum((each) => each.farExpected),
  )
  return Math.min(100, Math.max(inbound, outbound))
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
