import {
  type Core,
  type Invitation,
  Registerer,
  RegistererState,
  type SessionDescriptionHandler,
  SessionState,
  URI,
  UserAgent,
} from 'sip.js'
import { vi } from 'vitest'
import { RTCPeerConnection, RTCRtpCodecParameters, RtpHeader, RtpPacket } from 'werift'
import { everyFrame } from '#electron/practice/residents/pacer.ts'
import { encodeMuLaw, muLawEnergy } from '#shared/practice/mu-law.ts'

/** 400 Hz at a quarter of full scale: whole periods in 20 ms. */
export const tone = Buffer.from(
  Uint8Array.from({ length: 160 }, (_, i) => encodeMuLaw(0.25 * Math.sin((i * Math.PI) / 10))),
)

/** An adviser's telephone without a browser: full ICE, as a browser does it, and a tone for a voice. */
export interface NodeAdviser {
  /** The next call that rings. */
  rings(): Promise<AdviserCall>
  /** Leaves the old WebSocket behind and registers over a new one. */
  reconnect(): Promise<void>
  readonly isConnected: boolean
  /** No request of the switchboard is still being worked on. */
  readonly isIdle: boolean
  stop(): Promise<void>
}

export interface AdviserCall {
  readonly invitation: Invitation
  /** Frames and their energy (mean square × seconds) since the last `listen`. */
  heard(): { frames: number; energy: number }
  listen(): void
  answer(): Promise<void>
  /** Re-INVITE; resolves with the answer's SDP. */
  reinvite(options: { hold?: boolean; iceRestart?: boolean }): Promise<string>
  hangUp(): Promise<void>
  /** While true the adviser's tone is not sent. */
  muted: boolean
  readonly ended: boolean
}

const pcmu = { mimeType: 'audio/PCMU', clockRate: 8000, channels: 1, payloadType: 0 }

export async function startNodeAdviser(
  url: string,
  account: { user: string; password: string; domain: string },
): Promise<NodeAdviser> {
  const ringing: AdviserCall[] = []
  const media = new Map<unknown, Media>()
  const agent = new UserAgent({
    uri: new URI('sip', account.user, account.domain),
    authorizationUsername: account.user,
    authorizationPassword: account.password,
    transportOptions: { server: url, traceSip: false },
    sessionDescriptionHandlerFactory: (session) => {
      const made = createMedia()
      media.set(session, made)
      return made.handler
    },
    logBuiltinEnabled: false,
    logConfiguration: false,
    gracefulShutdown: false,
    delegate: {
      onInvite: (invitation) => void ringing.push(callOf(invitation, () => media.get(invitation))),
    },
  })
  const registerer = new Registerer(agent, { expires: 600 })

  async function register(): Promise<void> {
    await registerer.register()
    await vi.waitFor(() => {
      if (registerer.state !== RegistererState.Registered) throw new Error('not registered')
    }, waiting)
  }

  await agent.start()
  await register()
  return {
    async rings() {
      await vi.waitFor(() => {
        if (ringing.length === 0) throw new Error('nobody rings')
      }, waiting)
      const [call] = ringing.splice(0, 1)
      if (call === undefined) throw new Error('nobody rings')
      return call
    },
    get isConnected() {
      return agent.isConnected()
    },
    get isIdle() {
      return agent.userAgentCore.userAgentServers.size === 0
    },
    async reconnect() {
      await agent.reconnect()
      await register()
    },
    async stop() {
      for (const each of media.values()) each.close()
      await agent.stop()
    },
  }
}

const waiting = { timeout: 10_000, interval: 10 }

interface Media {
  readonly handler: SessionDescriptionHandler
  readonly counted: { frames: number; energy: number }
  muted: boolean
  next: { hold: boolean; iceRestart: boolean }
  /** Called when a description was taken and confirmed. */
  applied: () => void
  close(): void
}

function createMedia(): Media {
  const peer = new RTCPeerConnection({
    codecs: { audio: [new RTCRtpCodecParameters(pcmu)], video: [] },
    iceServers: [],
    iceUseIpv6: false,
    iceAdditionalHostAddresses: ['127.0.0.1'],
    iceInterfaceAddresses: { udp4: '127.0.0.1' },
  })
  const transceiver = peer.addTransceiver('audio', { direction: 'sendrecv' })
  // werift would ask a public STUN server; practice has none to ask.
  const { connection } = transceiver.dtlsTransport.iceTransport
  Reflect.deleteProperty(connection, 'stunServer')
  let followed = ''
  let sequenceNumber = 0
  const stop = everyFrame(() => {
    if (media.muted || media.next.hold) return
    sequenceNumber = (sequenceNumber + 1) & 0xffff
    const header = new RtpHeader({ payloadType: 0, sequenceNumber, timestamp: sequenceNumber * 160 })
    transceiver.sender.sendRtp(new RtpPacket(header, tone)).catch(() => {})
  })
  peer.onTrack.subscribe((track) => {
    if (followed === track.uuid) return
    followed = track.uuid
    track.onReceiveRtp.subscribe(({ payload }) => {
      media.counted.frames++
      media.counted.energy += muLawEnergy(payload) * 0.02
    })
  })

  const media: Media = {
    counted: { frames: 0, energy: 0 },
    muted: false,
    next: { hold: false, iceRestart: false },
    applied: () => {},
    close() {
      stop()
      peer.close().catch(() => {})
    },
    handler: {
      close: () => media.close(),
      hasDescription: () => true,
      sendDtmf: () => false,
      async getDescription() {
        if (peer.signalingState === 'have-remote-offer')
          await peer.setLocalDescription(await peer.createAnswer())
        else {
          transceiver.setDirection(media.next.hold ? 'sendonly' : 'sendrecv')
          const { iceRestart } = media.next
          await peer.setLocalDescription(await peer.createOffer({ iceRestart }))
        }
        return { body: peer.localDescription?.sdp ?? '', contentType: 'application/sdp' }
      },
      async setDescription(sdp) {
        const type = peer.signalingState === 'have-local-offer' ? 'answer' : 'offer'
        await peer.setRemoteDescription({ type, sdp })
        const { iceRestart } = media.next
        media.next.iceRestart = false
        // werift checks the new path only when it is told to.
        if (iceRestart && type === 'answer') transceiver.dtlsTransport.iceTransport.start().catch(() => {})
        // sip.js sends the ACK next; only then may another re-INVITE follow.
        setImmediate(() => media.applied())
      },
    },
  }
  return media
}

function callOf(invitation: Invitation, mediaOf: () => Media | undefined): AdviserCall {
  const counted = (): Media['counted'] => mediaOf()?.counted ?? { frames: 0, energy: 0 }
  return {
    invitation,
    heard: () => ({ ...counted() }),
    listen: () => void Object.assign(counted(), { frames: 0, energy: 0 }),
    async answer() {
      await invitation.accept()
    },
    async reinvite({ hold = false, iceRestart = false }) {
      const media = mediaOf()
      if (media === undefined) throw new Error('no call')
      media.next = { hold, iceRestart }
      const applied = new Promise<void>((resolve) => {
        media.applied = resolve
      })
      const answer = await new Promise<string>((resolve, reject) => {
        const requestDelegate: Core.OutgoingRequestDelegate = {
          onAccept: ({ message }) => resolve(message.body),
          onReject: ({ message }) => reject(new Error(`re-INVITE got ${message.statusCode}`)),
        }
        invitation.invite({ requestDelegate }).catch(reject)
      })
      await applied
      return answer
    },
    async hangUp() {
      await invitation.bye()
    },
    get muted() {
      return mediaOf()?.muted ?? false
    },
    set muted(muted) {
      const media = mediaOf()
      if (media !== undefined) media.muted = muted
    },
    get ended() {
      return invitation.state === SessionState.Terminated
    },
  }
}
