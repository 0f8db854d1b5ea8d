import type { CallSample } from '#shared/calls/quality.ts'

/** Reads the audio figures of a call (W3C webrtc-stats); null when the call is already closed. */
export async function sampleRtp(connection: RTCPeerConnection, at: number): Promise<CallSample | null> {
  if (connection.signalingState === 'closed') return null
  const report = await connection.getStats()
  const figures: RtpFigures[] = []
  report.forEach((each: RtpFigures) => {
    figures.push(each)
  })
  const audio = (type: string) => figures.find((each) => each.type === type && each.kind === 'audio')
  const inbound = audio('inbound-rtp')
  const outbound = audio('outbound-rtp')
  const far = audio('remote-inbound-rtp')
  const microphone = audio('media-source')
  const codec = figures.find(({ id }) => id === (outbound?.codecId ?? inbound?.codecId))
  return {
    at,
    packetsReceived: inbound?.packetsReceived ?? 0,
    packetsSent: outbound?.packetsSent ?? 0,
    inboundEnergy: inbound?.totalAudioEnergy ?? 0,
    lastPacketAt: lastPacketAt(inbound, at),
    packetsLost: inbound?.packetsLost ?? 0,
    jitterMs: milliseconds(inbound?.jitter),
    concealedSamples: inbound?.concealedSamples ?? 0,
    playedSamples: inbound?.totalSamplesReceived ?? 0,
    bufferDelayS: inbound?.jitterBufferDelay ?? 0,
    bufferEmitted: inbound?.jitterBufferEmittedCount ?? 0,
    farFractionLost: far?.fractionLost ?? null,
    farJitterMs: milliseconds(far?.jitter),
    roundTripMs: milliseconds(far?.roundTripTime) ?? milliseconds(pairInUse(figures)?.currentRoundTripTime),
    codec: codec === undefined ? null : nameOf(codec),
    microphoneEnergy: microphone?.totalAudioEnergy ?? null,
    microphoneDurationS: microphone?.totalSamplesDuration ?? null,
  }
}

const milliseconds = (seconds: number | undefined) => (seconds === undefined ? null : seconds * 1_000)

/** The statistics keep a clock of their own, so that only ages are taken from it. */
function lastPacketAt(inbound: RtpFigures | undefined, at: number): number | null {
  if (inbound?.lastPacketReceivedTimestamp === undefined) return null
  return at - Math.max(0, inbound.timestamp - inbound.lastPacketReceivedTimestamp)
}

/** Far ends without receiver reports still answer the connectivity checks. */
function pairInUse(figures: readonly RtpFigures[]): RtpFigures | undefined {
  const transport = figures.find(({ type }) => type === 'transport')
  return figures.find(({ id }) => id === transport?.selectedCandidatePairId)
}

function nameOf({ mimeType = '', clockRate, channels }: RtpFigures): string {
  const parts = [mimeType.replace(/^audio\//i, ''), clockRate, channels]
  return parts.filter((part) => part !== undefined).join('/')
}

interface RtpFigures {
  readonly id: string
  readonly type: string
  /** Milliseconds since 1970. */
  readonly timestamp: number
  readonly kind?: string
  readonly codecId?: string
  readonly packetsReceived?: number
  readonly packetsSent?: number
  readonly packetsLost?: number
  readonly lastPacketReceivedTimestamp?: number
  readonly totalAudioEnergy?: number
  readonly totalSamplesDuration?: number
  readonly totalSamplesReceived?: number
  readonly concealedSamples?: number
  readonly jitterBufferDelay?: number
  readonly jitterBufferEmittedCount?: number
  /** These three in seconds. */
  readonly jitter?: number
  readonly roundTripTime?: number
  readonly currentRoundTripTime?: number
  readonly fractionLost?: number
  readonly selectedCandidatePairId?: string
  readonly mimeType?: string
  readonly clockRate?: number
  readonly channels?: number
}
