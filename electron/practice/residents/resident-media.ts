import {
  RTCPeerConnection,
  RTCRtpCodecParameters,
  type RTCRtpTransceiver,
  RtpHeader,
  RtpPacket,
} from 'werift'
import { createHelloGuard } from './hello-guard.ts'
import { answerDirection, directionOf, tidyDescription } from './resident-sdp.ts'

/*
 * A resident's ends of the sound path: WebRTC on loopback, G.711 µ-law in 20 ms frames. An ICE-lite end (RFC 8445
 * §2.5): the desk's browser does the checks, which is quick and survives an ICE restart on the same socket. Where both
 * ends are simulated, as after a transfer, the one that answers does the checks.
 */

/** Bytes and samples of one 20 ms frame at 8 kHz. */
export const frameSamples = 160
const pcmu = new RTCRtpCodecParameters({
  mimeType: 'audio/PCMU',
  clockRate: 8000,
  channels: 1,
  payloadType: 0,
})
/** Keys pressed during the call (RFC 4733). */
const telephoneEvent = new RTCRtpCodecParameters({
  mimeType: 'audio/telephone-event',
  clockRate: 8000,
  channels: 1,
  payloadType: 101,
})
const eventBytes = 4
const digits = '0123456789*#ABCD'
const maxEarlyPackets = 20
/** µ-law silence. */
const silence = Buffer.alloc(frameSamples, 0xff)

export interface ResidentMedia {
  createOffer(): Promise<string>
  createAnswer(offer: string): Promise<string>
  acceptAnswer(answer: string): Promise<void>
  readonly awaitsAnswer: boolean
  /** Sends the frame, or silence for null; nothing while on hold, cut or not yet connected. */
  send(frame: Buffer | null): void
  /** What the next offer asks for: `held` stops the sound both ways. */
  hold(held: boolean): void
  /** True while the adviser's side asked for hold. */
  readonly heldByAdviser: boolean
  close(): void
}

export interface ResidentMediaOptions {
  /** Leaves the checks, and the first word about keys, to the other end. */
  readonly isLite: boolean
  /** Takes digits in the sound (RFC 4733). */
  readonly hearsEvents: boolean
  /** While true no packet passes, in or out. */
  isCut(): boolean
  onConnected(): void
  onFrame(frame: Buffer): void
  onHeldByAdviser(held: boolean): void
  /** One of `0-9*#A-D`. */
  onDigit(digit: string): void
}

export function createResidentMedia(options: ResidentMediaOptions): ResidentMedia {
  const { isLite, hearsEvents, isCut, onConnected, onFrame, onHeldByAdviser, onDigit } = options
  const peer = new RTCPeerConnection({
    codecs: { audio: hearsEvents ? [pcmu, telephoneEvent] : [pcmu], video: [] },
    iceServers: [],
    iceLite: isLite,
    iceUseIpv4: true,
    iceUseIpv6: false,
    iceAdditionalHostAddresses: ['127.0.0.1'],
    iceInterfaceAddresses: { udp4: '127.0.0.1' },
    iceFilterStunResponse: () => !isCut(),
  })
  const transceiver = peer.addTransceiver('audio', { direction: 'sendrecv' })
  gateOutgoing(transceiver, isCut)
  gateIncoming(transceiver, isCut)
  // As the client werift would wait 100 ms before its first word.
  if (isLite) transceiver.dtlsTransport.role = 'server'
  // werift would ask a public STUN server; practice has none to ask.
  else Reflect.deleteProperty(transceiver.dtlsTransport.iceTransport.connection, 'stunServer')
  let heldHere = false
  let heldByAdviser = false
  let sequenceNumber = Math.trunc(Math.random() * 0x8000)
  let timestamp = Math.trunc(Math.random() * 0x80000000)
  let wasSpeaking = false

  peer.connectionStateChange.subscribe((state) => {
    if (state === 'connected') onConnected()
  })
  // Each description announces the track anew.
  let followed: string | null = null
  peer.onTrack.subscribe((track) => {
    if (followed === track.uuid) return
    followed = track.uuid
    track.onReceiveRtp.subscribe(({ header, payload }) => {
      if (header.payloadType === pcmu.payloadType) onFrame(payload)
      else if (payload.length === eventBytes) hearKey(payload[0] ?? 0, header.timestamp)
    })
  })

  /** A key is told many times with the time of its beginning. */
  let keyDownAt = -1
  function hearKey(code: number, timestamp: number): void {
    const digit = digits[code]
    if (digit === undefined || timestamp === keyDownAt) return
    keyDownAt = timestamp
    onDigit(digit)
  }

  function noteHold(held: boolean): void {
    if (held === heldByAdviser) return
    heldByAdviser = held
    onHeldByAdviser(held)
  }

  const origin = { id: Date.now(), version: 0 }
  function described(): string {
    origin.version++
    return tidyDescription(peer.localDescription?.sdp ?? '', origin, isLite)
  }

  return {
    async createOffer() {
      transceiver.setDirection(heldHere ? 'inactive' : 'sendrecv')
      await peer.setLocalDescription(await peer.createOffer())
      return described()
    },

    async createAnswer(offer) {
      await peer.setRemoteDescription({ type: 'offer', sdp: offer })
      transceiver.setDirection(heldHere ? 'inactive' : answerDirection(directionOf(offer)))
      await peer.setLocalDescription(await peer.createAnswer())
      noteHold(['sendonly', 'inactive'].includes(directionOf(offer)))
      return described()
    },

    async acceptAnswer(answer) {
      await peer.setRemoteDescription({ type: 'answer', sdp: answer })
      // An answer can only repeat the hold that was offered.
      if (!heldHere) noteHold(['sendonly', 'inactive'].includes(directionOf(answer)))
    },

    get awaitsAnswer() {
      return peer.signalingState === 'have-local-offer'
    },

    send(frame) {
      timestamp = (timestamp + frameSamples) >>> 0
      if (heldHere || heldByAdviser || isCut()) {
        wasSpeaking = false
        return
      }
      const speaking = frame !== null
      sequenceNumber = (sequenceNumber + 1) & 0xffff
      const header = new RtpHeader({
        payloadType: 0,
        sequenceNumber,
        timestamp,
        marker: speaking && !wasSpeaking,
      })
      wasSpeaking = speaking
      transceiver.sender.sendRtp(new RtpPacket(header, frame ?? silence)).catch(() => {})
    },

    hold(held) {
      heldHere = held
    },

    get heldByAdviser() {
      return heldByAdviser
    },

    close() {
      peer.close().catch(() => {})
    },
  }
}

/** A real cut lets nothing out: neither sound nor its reports nor keys. */
function gateOutgoing({ dtlsTransport }: RTCRtpTransceiver, isCut: () => boolean): void {
  const { connection } = dtlsTransport.iceTransport
  const send = connection.send
  connection.send = async (data) => {
    if (!isCut()) await send(data)
  }
}

/**
 * What comes in: nothing while cut. The adviser's side may begin with the keys (DTLS) before its answer has come here
 * through the switchboard; those packets wait for the answer, or it would take a second until they were sent again.
 */
function gateIncoming({ dtlsTransport }: RTCRtpTransceiver, isCut: () => boolean): void {
  const { onData } = dtlsTransport.iceTransport.connection
  const deliver = onData.execute
  const mayPass = createHelloGuard(() => performance.now())
  let early: Buffer[] | null = []
  onData.execute = (datagram) => {
    if (isCut() || !mayPass(datagram)) return
    if (early === null) deliver(datagram)
    else if (early.length < maxEarlyPackets) early.push(datagram)
  }
  dtlsTransport.onStateChange.subscribe((state) => {
    if (state !== 'connecting') return
    // werift listens once this call-back has returned.
    setImmediate(() => {
      const waiting = early ?? []
      early = null
      for (const datagram of waiting) deliver(datagram)
    })
  })
}
