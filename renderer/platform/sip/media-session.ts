import {
  type BodyAndContentType,
  type Session,
  type SessionDescriptionHandler,
  type SessionDescriptionHandlerModifier,
  Web,
} from 'sip.js'
import type { IceServer } from '#shared/contract/rest.ts'
import type { Clock } from '#shared/kernel/clock.ts'
import { gathered, ufragOf, type WantedCandidate, wantedCandidate, withoutCandidates } from './gathering.ts'
import { preferNewest } from './newest-path.ts'
import { audioProblem, isHolding, preferredCodecs } from './sdp-policy.ts'

export interface MediaSessionOptions {
  readonly iceServers: readonly IceServer[]
  /** A track of the adviser's voice for one call alone, stopped with it; null when no microphone is live. */
  voiceTrack(): MediaStreamTrack | null
}

interface Gathering {
  readonly clock: Clock
  readonly wanted: WantedCandidate
}

/** An answer that is made while the call rings. */
interface AnswerAhead {
  readonly offer: string
  /** Of the far end. */
  readonly candidates: readonly RTCIceCandidateInit[]
  /** False when it could not be made. */
  readonly isMade: Promise<boolean>
}

/**
 * One call's RTCPeerConnection under the library's control. Beyond the library's own: only audio, a description
 * without a usable codec fails, a re-INVITE that was refused is rolled back, and a description waits for no more
 * candidates than it needs.
 */
export class MediaSession extends Web.SessionDescriptionHandler {
  /** Called once a description could not be used, before the library ends the call with the wrong code. */
  onUnusable: (() => void) | undefined
  #rollback: Promise<void> | null = null
  #silence: AudioContext | null = null
  /** An offer of ours is being made and has not been sent: `overtaken` once the far end's came before it. */
  #offering: 'no' | 'yes' | 'overtaken' = 'no'
  /** Settles with the offer being made, whatever becomes of it. */
  #offerMade: Promise<void> = Promise.resolve()
  readonly #gathering: Gathering
  /** Of the last description that candidates were gathered for; null before the first. */
  #ufrag: string | null = null
  #isGathering = false
  /** Of the far end: each beginning of ICE has another fragment. */
  #remote = { ufrag: '', generation: -1 }
  #ahead: AnswerAhead | null = null
  #keptBack: readonly RTCIceCandidateInit[] = []
  #isSpeaking = true

  constructor(gathering: Gathering, ...library: ConstructorParameters<typeof Web.SessionDescriptionHandler>) {
    super(...library)
    this.#gathering = gathering
  }

  override async setDescription(
    sdp: string,
    options?: Web.SessionDescriptionHandlerOptions,
    modifiers?: SessionDescriptionHandlerModifier[],
  ): Promise<void> {
    try {
      const problem = audioProblem(sdp)
      if (problem !== null) throw new Error(problem)
      await this.#makeWay()
      if (await this.#isAnsweredAhead(sdp)) return
      await super.setDescription(this.#withGeneration(sdp), options, modifiers)
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
    if (this.#ahead !== null) return this.#giveAnswer(options)
    if (this.peerConnection?.signalingState === 'have-remote-offer') {
      return super.getDescription(options, modifiers)
    }
    const making = this.#makeOffer(options, modifiers)
    this.#offerMade = making.then(
      () => {},
      () => {},
    )
    return making
  }

  async #makeOffer(
    options?: Web.SessionDescriptionHandlerOptions,
    modifiers?: SessionDescriptionHandlerModifier[],
  ): Promise<BodyAndContentType> {
    this.#offering = 'yes'
    try {
      const description = await super.getDescription(options, modifiers)
      if (this.#wasOvertaken()) throw new Error('the far end offered first')
      return description
    } finally {
      this.#offering = 'no'
    }
  }

  /**
   * Makes the answer to a call that rings, so that answering has little left to do. The far end hears nothing of it: the
   * voice is silenced, and without the far end's candidates ICE has nobody to speak to, and without ICE there is no DTLS.
   */
  prepare(offer: string): void {
    const { sdp, candidates } = withoutCandidates(this.#withGeneration(offer))
    const isMade = this.#answerAhead(sdp).then(
      () => true,
      () => false,
    )
    this.#ahead = { offer, candidates, isMade }
  }

  async #answerAhead(sdp: string): Promise<void> {
    if (audioProblem(sdp) !== null) throw new Error('unusable')
    await this.getLocalMediaStream()
    await this.setRemoteSessionDescription({ type: 'offer', sdp })
    this.#refuseAllButAudio()
    await this.updateDirection()
    await this.setLocalSessionDescription(await this.createLocalOfferOrAnswer())
    await this.waitForIceGatheringComplete()
  }

  async #isAnsweredAhead(offer: string): Promise<boolean> {
    const ahead = this.#ahead
    if (ahead === null) return false
    if (ahead.offer === offer && (await ahead.isMade)) return true
    this.#ahead = null
    this.#letVoiceThrough()
    await this.rollbackDescription()
    return false
  }

  async #giveAnswer(options?: Web.SessionDescriptionHandlerOptions): Promise<BodyAndContentType> {
    this.#keptBack = this.#ahead?.candidates ?? []
    this.#ahead = null
    await this.getLocalMediaStream(options)
    this.#letVoiceThrough()
    const { sdp } = await this.getLocalSessionDescription()
    return { body: sdp, contentType: 'application/sdp' }
  }

  /** To be called once the answer is on its way: the far end is now looked for where its offer said. */
  begin(): void {
    const candidates = this.#keptBack
    this.#keptBack = []
    for (const each of candidates) this.peerConnection?.addIceCandidate(each).catch(() => {})
  }

  protected override async setLocalMediaStream(stream: MediaStream): Promise<void> {
    await super.setLocalMediaStream(stream)
    this.#letVoiceThrough()
  }

  #withGeneration(sdp: string): string {
    const ufrag = ufragOf(sdp)
    if (ufrag !== this.#remote.ufrag) this.#remote = { ufrag, generation: this.#remote.generation + 1 }
    return preferNewest(sdp, this.#remote.generation)
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
      // Taken back while it is being applied, it would be applied after all.
      await this.#offerMade
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

  /** Candidates found now go into a description that is still to be sent. */
  get isGathering(): boolean {
    return this.#isGathering
  }

  get heldByFarEnd(): boolean {
    const sdp = this.peerConnection?.remoteDescription?.sdp
    return sdp !== undefined && isHolding(sdp)
  }

  /** Lets the voice through or sends silence instead. */
  set speaking(on: boolean) {
    this.#isSpeaking = on
    this.#letVoiceThrough()
  }

  /** Never while the call still rings. */
  #letVoiceThrough(): void {
    const track = this.#audio?.sender.track
    if (track) track.enabled = this.#mayBeHeard
  }

  get #mayBeHeard(): boolean {
    return this.#isSpeaking && this.#ahead === null
  }

  /** The adviser's voice has been given to this call. */
  get hasVoice(): boolean {
    return Boolean(this.#audio?.sender.track)
  }

  async replaceVoice(track: MediaStreamTrack): Promise<void> {
    const sender = this.#audio?.sender
    if (sender === undefined) {
      track.stop()
      return
    }
    const old = sender.track
    track.enabled = this.#mayBeHeard
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
    const connection = this.peerConnection
    super.close()
    if (connection !== undefined) dropHandlers(connection)
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

  /** The library waits for the last candidate, and for none at all when it answers the far end's restart of ICE. */
  protected override waitForIceGatheringComplete(): Promise<void> {
    const connection = this.peerConnection
    if (connection === undefined) return Promise.reject(new Error('the call is over'))
    const before = this.#ufrag
    this.#ufrag = ufragOf(connection.localDescription?.sdp ?? '')
    this.#isGathering = true
    const isRestart = before !== null && before !== this.#ufrag
    return gathered(connection, { ...this.#gathering, isRestart }).finally(() => {
      this.#isGathering = false
    })
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

/** The media of every call. */
export interface MediaSessions {
  /** For the library: what was prepared for a call, or else a new one. */
  make(session: Session): SessionDescriptionHandler
  /** For a call that the library will ask for media for later. Whoever prepares it closes it. */
  prepare(session: Session): MediaSession
}

export function createMediaSessions(clock: Clock, options: () => MediaSessionOptions): MediaSessions {
  const prepared = new WeakMap<Session, MediaSession>()

  function make(session: Session): MediaSession {
    const { iceServers, voiceTrack } = options()
    const voice: Web.MediaStreamFactory = (_constraints, made) => {
      // Answering and dialling want a microphone; an emergency call, or one passed on to us, goes on without.
      const track = voiceTrack() ?? (made instanceof MediaSession ? made.silence() : null)
      return track === null
        ? Promise.reject(new Error('no microphone'))
        : Promise.resolve(new MediaStream([track]))
    }
    const gathering = { clock, wanted: wantedCandidate(iceServers) }
    return new MediaSession(gathering, session.userAgent.getLogger('sip.media'), voice, {
      peerConnectionConfiguration: {
        // Always ours, even when empty: the library's own default asks a public server where the adviser is.
        iceServers: iceServers.map(asRtcIceServer),
        // Not max-bundle: there is one stream, and Chromium would refuse the offers of gateways that do not say BUNDLE.
        bundlePolicy: 'balanced',
        rtcpMuxPolicy: 'require',
      },
    })
  }

  return {
    make(session) {
      const found = prepared.get(session)
      prepared.delete(session)
      return found ?? make(session)
    },
    prepare(session) {
      const made = make(session)
      prepared.set(session, made)
      return made
    },
  }
}

function asRtcIceServer({ urls, username, credential }: IceServer): RTCIceServer {
  return {
    urls,
    ...(username === undefined ? {} : { username }),
    ...(credential === undefined ? {} : { credential }),
  }
}

/** Chromium may keep a closed connection for ever; what its handlers refer to, the whole call, need not stay with it. */
function dropHandlers(connection: RTCPeerConnection): void {
  connection.onconnectionstatechange = null
  connection.ondatachannel = null
  connection.onicecandidate = null
  connection.onicecandidateerror = null
  connection.oniceconnectionstatechange = null
  connection.onicegatheringstatechange = null
  connection.onnegotiationneeded = null
  connection.onsignalingstatechange = null
  connection.ontrack = null
}
