import type { Sound } from '../contract/phone.ts'

/** One reading of the RTP statistics of a call (W3C webrtc-stats). */
export interface RtpSample {
  /** Milliseconds since 1970. */
  readonly at: number
  readonly packetsReceived: number
  readonly packetsSent: number
  /** inbound-rtp totalAudioEnergy: squared samples (−1…1) × seconds, ever growing. */
  readonly inboundEnergy: number
  /** When the last packet arrived, where the statistics say; otherwise the sample that first counted it does. */
  readonly lastPacketAt?: number | null
}

/** Which directions the two ends have agreed on. Neither is expected to flow while the other side's is held. */
export interface AgreedDirections {
  readonly receiving: boolean
  readonly sending: boolean
  /** The adviser muted: packets of silence still leave. */
  readonly muted: boolean
}

/** What successive samples have shown. */
export interface SoundWatch {
  readonly sound: Sound
  /** When packets last arrived and left, or when they began to be expected. */
  readonly receivedAt: number
  readonly sentAt: number
  /** First RTP received, and first time both directions had moved; null until then. */
  readonly firstInboundAt: number | null
  readonly twoWayAt: number | null
  /** When the resident's packets last carried any sound, or when they began to be expected. */
  readonly heardAt: number
  readonly sampledAt: number
}

/**
 * A direction without packets for longer than this is silent: with readings 300 ms apart the words appear within 2 s of
 * the last packet, of which the sending side tells no more than that it left between two readings.
 */
export const silentAfterMs = 1_400
/** A path that is only being made, or made anew, may take a little longer. */
const beginsWithinMs = 2_000

/** Packets of nothing but digital silence for this long are worth a word. */
const quietAfterMs = 5_000
/** Energy a second, −70 dB below full scale: the dither of a codec, no microphone in any room. */
const leastSoundASecond = 1e-7

export function newSoundWatch(at: number): SoundWatch {
  return {
    sound: {
      inbound: 'not-yet',
      outbound: 'not-yet',
      since: at,
      inboundEnergy: 0,
      packetsReceived: 0,
      packetsSent: 0,
    },
    receivedAt: at,
    sentAt: at,
    firstInboundAt: null,
    twoWayAt: null,
    heardAt: at,
    sampledAt: at,
  }
}

/**
 *   not-yet ──packets──▶ flowing ◀──packets── silent
 *      └──── none for 2 s ────┴── none for 1.4 s ──▲
 *   any ──direction not agreed──▶ held ──agreed again──▶ as the packets say, patience beginning anew
 *
 * Counters may start again after a reconnection; a smaller count than before is movement, not silence.
 * `sound.since` is when the present pair of words became true; silence is dated back to the last packet.
 */
export function nextSound(watch: SoundWatch, sample: RtpSample, agreed: AgreedDirections): SoundWatch {
  const { sound } = watch
  const inbound = nextDirection({
    was: sound.inbound,
    moved: sample.packetsReceived !== sound.packetsReceived,
    agreed: agreed.receiving,
    lastAt: watch.receivedAt,
    movedAt: Math.max(watch.receivedAt, sample.lastPacketAt ?? sample.at),
    now: sample.at,
  })
  const outbound = nextDirection({
    was: sound.outbound === 'muted' ? 'flowing' : sound.outbound,
    moved: sample.packetsSent !== sound.packetsSent,
    agreed: agreed.sending,
    lastAt: watch.sentAt,
    movedAt: sample.at,
    now: sample.at,
  })
  const outboundWord = agreed.muted && outbound.word === 'flowing' ? 'muted' : outbound.word
  const changed = inbound.word !== sound.inbound || outboundWord !== sound.outbound
  const firstInboundAt = watch.firstInboundAt ?? (sample.packetsReceived > 0 ? sample.at : null)
  const heardAt = inbound.word === 'flowing' && !hasSound(watch, sample) ? watch.heardAt : sample.at
  const quiet = sample.at - heardAt >= quietAfterMs
  const twoWay = firstInboundAt !== null && sample.packetsSent > 0
  return {
    sound: {
      inbound: inbound.word,
      outbound: outboundWord,
      since: changed ? sinceWhen(watch, sample.at, inbound.word, outboundWord) : sound.since,
      inboundEnergy: sample.inboundEnergy,
      packetsReceived: sample.packetsReceived,
      packetsSent: sample.packetsSent,
      ...(quiet ? { quietSince: heardAt } : {}),
    },
    receivedAt: inbound.lastAt,
    sentAt: outbound.lastAt,
    firstInboundAt,
    twoWayAt: watch.twoWayAt ?? (twoWay ? sample.at : null),
    heardAt,
    sampledAt: sample.at,
  }
}

/** A total that is smaller than before belongs to a new stream, and says nothing of the time between. */
function hasSound({ sound, sampledAt }: SoundWatch, sample: RtpSample): boolean {
  const energy = sample.inboundEnergy - sound.inboundEnergy
  return energy < 0 || energy > (leastSoundASecond * (sample.at - sampledAt)) / 1_000
}

type DirectionWord = Sound['inbound']

interface Direction {
  readonly was: DirectionWord
  readonly moved: boolean
  readonly agreed: boolean
  readonly lastAt: number
  readonly movedAt: number
  readonly now: number
}

function nextDirection(d: Direction): { word: DirectionWord; lastAt: number } {
  if (!d.agreed) return { word: 'held', lastAt: d.now }
  if (d.moved) return { word: 'flowing', lastAt: d.movedAt }
  const patienceMs = d.was === 'flowing' ? silentAfterMs : beginsWithinMs
  if (d.was === 'silent' || d.now - d.lastAt > patienceMs) return { word: 'silent', lastAt: d.lastAt }
  return { word: d.was === 'held' ? 'not-yet' : d.was, lastAt: d.lastAt }
}

function sinceWhen(
  watch: SoundWatch,
  now: number,
  inbound: DirectionWord,
  outbound: Sound['outbound'],
): number {
  if (inbound === 'silent' && watch.sound.inbound !== 'silent') return watch.receivedAt
  if (outbound === 'silent' && watch.sound.outbound !== 'silent') return watch.sentAt
  return now
}
