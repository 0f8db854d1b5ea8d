import type { RtpSample } from '#shared/calls/sound.ts'

/** Reads the audio figures of a call (W3C webrtc-stats); null when the call is already closed. */
export async function sampleRtp(connection: RTCPeerConnection, at: number): Promise<RtpSample | null> {
  if (connection.signalingState === 'closed') return null
  const report = await connection.getStats()
  let packetsReceived = 0
  let packetsSent = 0
  let inboundEnergy = 0
  report.forEach((figures: RtpFigures) => {
    if (figures.kind !== 'audio') return
    if (figures.type === 'inbound-rtp') {
      packetsReceived += figures.packetsReceived ?? 0
      inboundEnergy += figures.totalAudioEnergy ?? 0
    } else if (figures.type === 'outbound-rtp') {
      packetsSent += figures.packetsSent ?? 0
    }
  })
  return { at, packetsReceived, packetsSent, inboundEnergy }
}

interface RtpFigures {
  readonly type: string
  readonly kind?: string
  readonly packetsReceived?: number
  readonly packetsSent?: number
  readonly totalAudioEnergy?: number
}
