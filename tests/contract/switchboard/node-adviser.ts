import {
  type Core,
  type Invitation,
  Inviter,
  Registerer,
  RegistererState,
  type Session,
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
  rings(): Promise<IncomingCall>
  /** Resolves once it is answered; rejects with the status that refused it. */
  dial(user: string): Promise<AdviserCall>
  /** Leaves the old WebSocket behind and registers over a new one. */
  reconnect(): Promise<void>
  readonly isConnected: boolean
  /** No request of the switchboard is still being worked on. */
  readonly isIdle: boolean
  stop(): Promise<void>
}

export interface IncomingCall extends AdviserCall {
  readonly invitation: Invitation
  answer(): Promise<void>
}

export interface AdviserCall {
  readonly session: Session
  readonly callId: string
  /** Frames and their energy (mean square × seconds) since the last `listen`. */
  heard(): { frames: number; energy: number }
  listen(): void
  /** Re-INVITE; resolves with the answer's SDP. */
  reinvite(options: { hold?: boolean; iceRestart?: boolean }): Promise<string>
  /**
   * Passes the other end on, to a user or into another call; resolves with every status it reported. `headers` are
   * those of the call that it is asked to make.
   */
  refer(to: string | AdviserCall, headers?: Readonly<Record<string, string>>): Promise<number[]>
  sendInfo(digit: string): Promise<void>
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
  const ringing: IncomingCall[] = []
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
      onInvite(invitation) {
        const call = callOf(invitation, invitation.request.callId, account.domain, () =>
          media.get(invitation),
        )
        const answer = async (): Promise<void> => {
          await invitation.accept()
        }
        // Its properties are read when asked for, so it is extended and not copied.
        ringing.push(Object.assign(call, { invitation, answer }))
      },
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
    async dial(user) {
      const inviter = new Inviter(agent, new URI('sip', user, account.domain))
      await new Promise<void>((resolve, reject) => {
        inviter.stateChange.addListener((state) => {
          if (state === SessionState.Established) resolve()
        })
        const onReject: Core.OutgoingInviteRequest['delegate'] = {
          onReject: ({ message }) => reject(new Error(String(message.statusCode))),
        }
        inviter.invite({ requestDelegate: onReject }).catch(reject)
      })
      return callOf(inviter, inviter.request.callId, account.domain, () => media.get(inviter))
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

function callOf(
  session: Session,
  callId: string,
  domain: string,
  mediaOf: () => Media | undefined,
): AdviserCall {
  const counted = (): Media['counted'] => mediaOf()?.counted ?? { frames: 0, energy: 0 }
  return {
    session,
    callId,
    heard: () => ({ ...counted() }),
    listen: () => void Object.assign(counted(), { frames: 0, energy: 0 }),
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
        session.invite({ requestDelegate }).catch(reject)
      })
      await applied
      return answer
    },
    async refer(to, headers = {}) {
      const statuses: number[] = []
      const target = typeof to === 'string' ? new URI('sip', to, domain) : to.session
      if (target instanceof URI && Object.keys(headers).length > 0) {
        for (const [name, value] of Object.entries(headers))
          target.setHeader(name, [encodeURIComponent(value)])
        // The library leaves out the brackets that an address with headers needs (RFC 3261 §20).
        const written = `<${target}>`
        target.toString = () => written
      }
      await new Promise<void>((resolve, reject) => {
        session
          .refer(target, {
            requestDelegate: { onReject: ({ message }) => reject(new Error(String(message.statusCode))) },
            onNotify(notification) {
              notification.accept().catch(() => {})
              const { request } = notification
              statuses.push(Number(/^SIP\/2\.0 (\d{3})/.exec(request.body)?.[1]))
              if (request.getHeader('Subscription-State')?.startsWith('terminated')) resolve()
            },
          })
          .catch(reject)
      })
      return statuses
    },
    async sendInfo(digit) {
      const content = `Signal=${digit}\r\nDuration=160\r\n`
      const body = { contentDisposition: 'render', contentType: 'application/dtmf-relay', content }
      await session.info({ requestOptions: { body } })
    },
    async hangUp() {
      await session.bye()
    },
    get muted() {
      return mediaOf()?.muted ?? false
    },
    set muted(muted) {
      const media = mediaOf()
      if (media !== undefined) media.muted = muted
    },
    get ended() {
      return session.state === SessionState.Terminated
    },
  }
}
