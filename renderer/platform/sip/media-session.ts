import {
  type BodyAndContentType,
  type Session,
  type SessionDescriptionHandler,
  type SessionDescriptionHandlerModifier,
  Web,
} from 'sip.js'
import type { IceServer } from '#shared/contract/rest.ts'
import { audioProblem, isHolding, preferredCodecs } from './sdp-policy.ts'

export interface MediaSessionOptions {
  readonly iceServers: readonly IceServer[]
  /** A track of the adviser's voice for one call alone, stopped with it; null when no microphone is live. */
  voiceTrack(): MediaStreamTrack | null
}

// Candidates that come later than this are not worth a silent caller's wait.
const gatherWithinMs = 1_000

/**
 * One call's RTCPeerConnection under the library's control. Beyond the library's own: only audio, a description
 * without a usable codec fails, and a re-INVITE that was refused is rolled back.
 */
export class MediaSession extends Web.SessionDescriptionHandler {
  /** Called once a description could not be used, before the library ends the call with the wrong code. */
  onUnusable: (() => void) | undefined
  #rollback: Promise<void> | null = null
  #silence: AudioContext | null = null
  /** An offer of ours is being made and has not been sent: `overtaken` once the far end's came before it. */
  #offering: 'no' | 'yes' | 'overtaken' = 'no'

  override async setDescription(
    sdp: string,
    options?: Web.SessionDescriptionHandlerOptions,
    modifiers?: SessionDescriptionHandlerModifier[],
  ): Promise<void> {
    try {
      const problem = audioProblem(sdp)
      if (problem !== null) throw new Error(problem)
      await this.#makeWay()
      await super.setDescription(sdp, options, modifiers)
      this.#refuseAllButAudio()
    } catch (error) {
      this.onUnusable?.()
      throw error
    }
  }

  override async getDescription(
    options?: Web.SessionDescriptionHandlerOptions,
    modifiers?: SessionDescriptionHandlerModifier[],
  ): Promise<BodyAndContentType> {
    if (this.peerConnection?.signalingState === 'have-remote-offer') {
      return super.getDescription(options, modifiers)
    }
    this.#offering = 'yes'
    try {
      const description = await super.getDescription(options, modifiers)
      if (this.#wasOvertaken()) throw new Error('the far end offered first')
      return description
    } finally {
      this.#offering = 'no'
    }
  }

  #wasOvertaken(): boolean {
    return this.#offering === 'overtaken'
  }

  /**
   * What comes while our own offer is still being made, or has just been refused, is an offer too. The library would
   * take it for the answer, fail, and end the call.
   */
  async #makeWay(): Promise<void> {
    if (this.#offering === 'yes') {
      this.#offering = 'overtaken'
      await this.rollbackDescription()
    } else if (this.#rollback !== null) {
      await this.#rollback
    }
  }

  /** Takes back an offer that was refused. The library may ask twice for the same one. */
  rollbackDescription(): Promise<void> {
    this.#rollback ??= this.#rollBack().finally(() => {
      this.#rollback = null
    })
    return this.#rollback
  }

  /** What the two ends have agreed to send, from the last answer; nothing before it. */
  get agreed(): { sending: boolean; receiving: boolean } {
    const direction = this.#audio?.currentDirection
    return {
      sending: direction === 'sendrecv' || direction === 'sendonly',
      receiving: direction === 'sendrecv' || direction === 'recvonly',
    }
  }

  get heldByFarEnd(): boolean {
    const sdp = this.peerConnection?.remoteDescription?.sdp
    return sdp !== undefined && isHolding(sdp)
  }

  /** Lets the voice through or sends silence instead. */
  set speaking(on: boolean) {
    const track = this.#audio?.sender.track
    if (track) track.enabled = on
  }

  async replaceVoice(track: MediaStreamTrack): Promise<void> {
    const sender = this.#audio?.sender
    if (sender === undefined) {
      track.stop()
      return
    }
    const old = sender.track
    track.enabled = old?.enabled ?? true
    await sender.replaceTrack(track)
    old?.stop()
  }

  /** The track on which the far end's voice arrives. */
  get remoteVoice(): MediaStreamTrack | null {
    return this.#audio?.receiver.track ?? null
  }

  /** A track that says nothing, for a call without a microphone; it lives as long as the call. */
  silence(): MediaStreamTrack | null {
    this.#silence ??= new AudioContext()
    return this.#silence.createMediaStreamDestination().stream.getAudioTracks()[0] ?? null
  }

  /** Sends digits as telephone events (RFC 4733) after those still waiting; false when that was not agreed. */
  sendEvents(digits: string, { durationMs, gapMs }: { durationMs: number; gapMs: number }): boolean {
    const dtmf = this.#audio?.sender.dtmf
    if (!dtmf?.canInsertDTMF) return false
    dtmf.insertDTMF(dtmf.toneBuffer + digits, durationMs, gapMs)
    return true
  }

  override close(): void {
    super.close()
    void this.#silence?.close()
    this.#silence = null
  }

  protected override createLocalOfferOrAnswer(
    options?: Web.SessionDescriptionHandlerOptions,
  ): Promise<RTCSessionDescriptionInit> {
    const codecs = preferredCodecs(RTCRtpReceiver.getCapabilities('audio')?.codecs ?? [])
    if (codecs.length > 0) this.#audio?.setCodecPreferences(codecs)
    return super.createLocalOfferOrAnswer(options)
  }

  get #audio(): RTCRtpTransceiver | undefined {
    return this.peerConnection?.getTransceivers().find((each) => each.receiver.track.kind === 'audio')
  }

  async #rollBack(): Promise<void> {
    const connection = this.peerConnection
    if (connection?.signalingState === 'have-local-offer') {
      await connection.setLocalDescription({ type: 'rollback' })
      await this.#reapply(connection)
    } else if (connection?.signalingState === 'have-remote-offer') {
      await connection.setRemoteDescription({ type: 'rollback' })
    }
  }

  /** Chromium's sound stands still after a rollback until descriptions are applied again: the ones still agreed. */
  async #reapply(connection: RTCPeerConnection): Promise<void> {
    const sdp = connection.remoteDescription?.sdp
    const audio = this.#audio
    if (sdp === undefined || audio === undefined || connection.signalingState !== 'stable') return
    if (audio.currentDirection !== null && audio.currentDirection !== 'stopped') {
      audio.direction = audio.currentDirection
    }
    await connection.setRemoteDescription({ type: 'offer', sdp })
    await connection.setLocalDescription(await connection.createAnswer())
  }

  #refuseAllButAudio(): void {
    if (this.peerConnection?.signalingState !== 'have-remote-offer') return
    for (const transceiver of this.peerConnection.getTransceivers()) {
      if (transceiver.receiver.track.kind !== 'audio') transceiver.stop()
    }
  }
}

/** Makes the library's media of every call. */
export function mediaSessionFactory(options: () => MediaSessionOptions) {
  return (session: Session): SessionDescriptionHandler => {
    const { iceServers, voiceTrack } = options()
    const voice: Web.MediaStreamFactory = (_constraints, made) => {
      // Answering and dialling want a microphone; an emergency call, or one passed on to us, goes on without.
      const track = voiceTrack() ?? (made instanceof MediaSession ? made.silence() : null)
      return track === null
        ? Promise.reject(new Error('no microphone'))
        : Promise.resolve(new MediaStream([track]))
    }
    return new MediaSession(session.userAgent.getLogger('sip.media'), voice, {
      iceGatheringTimeout: gatherWithinMs,
      peerConnectionConfiguration: {
        // Always ours, even when empty: the library's own default asks a public server where the adviser is.
        iceServers: iceServers.map(asRtcIceServer),
        // Not max-bundle: there is one stream, and Chromium would refuse the offers of gateways that do not say BUNDLE.
        bundlePolicy: 'balanced',
        rtcpMuxPolicy: 'require',
      },
    })
  }
}

function asRtcIceServer({ urls, username, credential }: IceServer): RTCIceServer {
  return {
    urls,
    ...(username === undefined ? {} : { username }),
    ...(credential === undefined ? {} : { credential }),
  }
}
