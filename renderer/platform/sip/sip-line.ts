import { Invitation, type Inviter, SessionState } from 'sip.js'
import { type CallsErrorCode, callsError } from '#shared/calls/errors.ts'
import { endReasonOf, holds, isLive, isUp, type LineEvent, nextLine } from '#shared/calls/line.ts'
import type { PhoneChange } from '#shared/calls/phone.ts'
import { afterReinvite, type ReinviteOutcome } from '#shared/calls/recovery.ts'
import { newSoundWatch, nextSound, type SoundWatch } from '#shared/calls/sound.ts'
import type { EndReason, Line } from '#shared/contract/phone.ts'
import type { Clock } from '#shared/kernel/clock.ts'
import type { Log } from '#shared/kernel/log.ts'
import type { Random } from '#shared/kernel/random.ts'
import { err, ok, type Result } from '#shared/kernel/result.ts'
import type { Playback } from '../media/remote-audio.ts'
import { sampleRtp } from '../media/rtp-sampler.ts'
import type { CheckingTransport } from './checking-transport.ts'
import { createLineRecovery } from './line-recovery.ts'
import { MediaSession } from './media-session.ts'
import type { PhoneMedia } from './phone-media.ts'
import { bye, isLocal, type Reinvite, reinvite } from './session-requests.ts'

export interface LineDeps {
  readonly transport: CheckingTransport
  readonly media: PhoneMedia
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  onChange(change: PhoneChange): void
  /** Keeps a request that must still be sent when the connection is back. */
  owe(send: () => void): void
}

type Done = Promise<Result<null>>

/** One call: the library's session on one side, `nextLine` on the other. */
export interface SipLine {
  line(): Line
  answer(): Done
  dial(): Done
  reject(): Done
  hangUp(): Done
  hold(): Done
  resume(): Done
  setMuted(muted: boolean): Done
  sendDigits(digits: string): Done
  /** Silences both directions at once, before the far end has agreed to anything. */
  park(on: boolean): void
  connectionLost(): void
  connectionRestored(): void
  /** Reads the sound statistics; to be called again and again while the line is live. */
  sample(): Promise<void>
}

const ackWithinMs = 8_000
/** A far end that thinks longer about being held is waited for while the adviser goes on. */
const holdAnswerMs = 4_000
/** A ringing call may have been cancelled while the connection was away: after this long it is not believed. */
const ringsOnForMs = 5_000

export function createSipLine(session: Invitation | Inviter, initial: Line, deps: LineDeps): SipLine {
  const { clock, random, log, transport, media } = deps
  const ownsCallId = !(session instanceof Invitation)
  let line = initial
  let watch: SoundWatch = newSoundWatch(initial.times.invitedAt)
  let mediaSession: MediaSession | null = null
  let playback: Playback | null = null
  let parked = false
  let heldHere = false
  let negotiating = false
  let cause: { reason: EndReason; status?: number } | null = null
  let stopListening: () => void = () => {}
  /** Ends what takes too long: ringing that may be over, an ACK that does not come. */
  let patience: () => void = () => {}

  const recovery = createLineRecovery({
    clock,
    random,
    ownsCallId,
    reinvite: (iceRestart) => negotiate({ hold: heldHere, iceRestart }),
    started: () => dispatch({ name: 'recovery-started' }),
    recovered: () => dispatch({ name: 'signalling-recovered' }),
    gone: (status) => end('connection-lost', status),
    heard: () => line.sound.inbound === 'flowing' && isUp(line),
  })

  function dispatch(event: LineEvent, change: PhoneChange = 'state'): void {
    const next = nextLine(line, event)
    if (next === line) return
    if (next.state.name !== line.state.name || next.signalling !== line.signalling) {
      log.info('phone.line', {
        line: line.id,
        from: line.state.name,
        to: next.state.name,
        signalling: next.signalling,
        ...(next.state.name === 'ended' ? { reason: next.state.reason, status: next.state.status } : {}),
      })
    }
    line = next
    deps.onChange(change)
  }

  /* ── What the far end does ────────────────────────────────────────────────────────────────────────────────── */

  session.delegate = {
    onAck: () => answered(),
    onBye: (request) => {
      cause ??= { reason: 'hung-up-there' }
      void request.accept()
    },
    onCancel: (cancel) => {
      const elsewhere = /cause\s*=\s*200\b/.test(cancel.request.getHeader('reason') ?? '')
      cause ??= { reason: elsewhere ? 'answered-elsewhere' : 'cancelled' }
    },
    // Left to themselves these are answered with 408 once a delegate exists.
    onInfo: (info) => void info.accept(),
    onNotify: (notification) => void notification.accept(),
    // Only the adviser decides where a call goes.
    onRefer: (referral) => void referral.reject({ statusCode: 603 }),
    onSessionDescriptionHandler: (made) => {
      if (made instanceof MediaSession) adopt(made)
    },
  }

  session.stateChange.addListener((state) => {
    if (state === SessionState.Established && !(session instanceof Invitation)) answered()
    // The library tells the status of a refusal only after this.
    if (state === SessionState.Terminated) queueMicrotask(() => ended())
  })

  function adopt(made: MediaSession): void {
    mediaSession = made
    made.onUnusable = () => {
      if (!isUp(line)) cause ??= { reason: 'media-failed', status: 488 }
      // The library would say 480, and the caller's side would offer the same again.
      if (session instanceof Invitation && session.state === SessionState.Establishing) {
        void session.reject({ statusCode: 488 })
      }
    }
    made.peerConnectionDelegate = {
      ontrack: () => {
        playback ??= media.play(made.remoteMediaStream)
        applyVoice()
      },
      onsignalingstatechange: () => {
        if (made.peerConnection?.signalingState === 'stable') refreshHolds()
      },
      onconnectionstatechange: () => recovery.mediaPath(made.peerConnection?.connectionState ?? 'closed'),
    }
  }

  function answered(): void {
    patience()
    dispatch({ name: 'answered', at: clock.now() })
    refreshHolds()
    applyVoice()
  }

  function ended(): void {
    if (!isLive(line)) return
    const { reason, status } = cause ?? defaultCause()
    finish(reason, status)
  }

  function defaultCause(): { reason: EndReason; status?: number } {
    if (line.state.name === 'ringing') return { reason: 'no-answer' }
    return { reason: line.state.name === 'answering' ? 'connection-lost' : 'media-failed' }
  }

  function finish(reason: EndReason, status?: number): void {
    recovery.stop()
    stopListening()
    patience()
    playback?.stop()
    mediaSession?.close()
    dispatch({ name: 'ended', at: clock.now(), reason, ...(status === undefined ? {} : { status }) })
  }

  /* ── What we do ───────────────────────────────────────────────────────────────────────────────────────────── */

  /** Ends the call from this side, whatever state it is in, and at once as far as the adviser is concerned. */
  function end(reason: EndReason, status?: number): void {
    if (!isLive(line)) return
    cause = { reason, ...(status === undefined ? {} : { status }) }
    finish(reason, status)
    if (session.state === SessionState.Established) bye(session, deps.owe)
    else if (session instanceof Invitation)
      session.reject({ statusCode: rejectStatus(reason) }).catch(() => {})
    else session.cancel().catch(() => {})
  }

  async function negotiate(wanted: Reinvite): Promise<ReinviteOutcome> {
    if (negotiating) return { name: 'unanswered' }
    negotiating = true
    const outcome = await reinvite(session, wanted, transport, clock)
    negotiating = false
    return outcome
  }

  /** Tries again after glare, when both ends renegotiated at once (RFC 3261 §14.1). */
  async function negotiateThroughGlare(wanted: Reinvite): Promise<ReinviteOutcome> {
    for (let attempt = 1; ; attempt += 1) {
      const outcome = await negotiate(wanted)
      const glare = outcome.name === 'rejected' && outcome.status === 491
      if (!glare || attempt === 3 || !isLive(line)) return outcome
      const step = afterReinvite(outcome, {
        attempt,
        withIceRestart: false,
        ownsCallId,
        jitter: random.next(),
      })
      await new Promise<void>((resolve) => clock.after(step.name === 'retry' ? step.afterMs : 0, resolve))
    }
  }

  async function changeHold(hold: boolean): Done {
    if (line.signalling !== 'up' || !transport.isConnected()) return refuse('calls/signalling-lost', 'now')
    if (heldHere === hold) return ok(null)
    if (negotiating) return notNow()
    // The adviser's words stop at once; the far end's consent may take a moment.
    heldHere = hold
    applyVoice()
    const settled = negotiateThroughGlare({ hold, iceRestart: false }).then((outcome) =>
      holdSettled(hold, outcome),
    )
    const begun = new Promise<Result<null>>((resolve) => clock.after(holdAnswerMs, () => resolve(ok(null))))
    return Promise.race([settled, begun])
  }

  function holdSettled(hold: boolean, outcome: ReinviteOutcome): Result<null> {
    if (outcome.name === 'accepted' || !isLive(line)) {
      refreshHolds()
      return ok(null)
    }
    heldHere = !hold
    applyVoice()
    return refuse(
      'calls/far-end-refused',
      'now',
      outcome.name === 'rejected' ? String(outcome.status) : 'no answer',
    )
  }

  function refreshHolds(): void {
    if (!isUp(line)) return
    const byResident = mediaSession?.heldByFarEnd ?? false
    // Ours counts once it is agreed; `changeHold` calls again when it is.
    const byAdviser = negotiating ? holds(line).byAdviser : heldHere
    dispatch({ name: 'holds-changed', byAdviser, byResident, at: clock.now() })
  }

  function applyVoice(): void {
    if (mediaSession !== null) mediaSession.speaking = !line.muted && !heldHere && !parked
    playback?.silence(parked || heldHere)
  }

  function refuse(code: CallsErrorCode, retry: 'never' | 'now', detail?: string): Result<null> {
    return err(callsError(code, retry, detail))
  }
  const notNow = () => Promise.resolve(refuse('calls/not-possible-now', 'never', line.state.name))

  stopListening = media.onVoiceChanged(() => {
    const track = media.voiceTrack()
    if (track !== null) mediaSession?.replaceVoice(track).then(applyVoice, () => track.stop())
  })

  return {
    line: () => line,

    async answer() {
      if (!(session instanceof Invitation) || line.state.name !== 'ringing') return notNow()
      if (!transport.isConnected()) return refuse('calls/signalling-lost', 'now')
      const at = clock.now()
      watch = newSoundWatch(at)
      dispatch({ name: 'answering-started', at })
      patience = clock.after(ackWithinMs, () => {
        if (line.state.name === 'answering') end('connection-lost')
      })
      try {
        await session.accept()
        return ok(null)
      } catch {
        return isLive(line) ? refuse('calls/phone-failed', 'never', 'accept') : notNow()
      }
    },

    async dial() {
      if (session instanceof Invitation) return notNow()
      try {
        await session.invite({
          requestDelegate: {
            onProgress: ({ message }) => {
              const progress =
                message.statusCode === 180 ? 'ringing' : message.body ? 'early-media' : 'trying'
              dispatch({ name: 'progressed', progress, at: clock.now() })
            },
            onReject: ({ message }) => {
              const status = message.statusCode ?? 500
              cause ??= isLocal(message)
                ? { reason: message.statusCode === 408 ? 'no-answer' : 'connection-lost' }
                : { reason: endReasonOf(status), status }
            },
            onRedirect: ({ message }) => {
              cause ??= { reason: 'refused', status: message.statusCode ?? 300 }
            },
          },
        })
        return ok(null)
      } catch {
        end('media-failed')
        return refuse('calls/phone-failed', 'now', 'invite')
      }
    },

    async reject() {
      if (line.state.name !== 'ringing') return notNow()
      end('rejected-here')
      return ok(null)
    },

    async hangUp() {
      if (!isLive(line)) return notNow()
      end(line.state.name === 'ringing' ? 'rejected-here' : 'hung-up-here')
      return ok(null)
    },

    hold: () => (isUp(line) ? changeHold(true) : notNow()),
    resume: () => (isUp(line) ? changeHold(false) : notNow()),

    async setMuted(muted) {
      if (!isLive(line)) return notNow()
      dispatch({ name: 'mute-changed', muted })
      applyVoice()
      return ok(null)
    },

    async sendDigits(digits) {
      if (line.state.name !== 'active') return notNow()
      const sent = mediaSession?.sendDtmf(digits, { duration: 100, interToneGap: 70 }) ?? false
      return sent ? ok(null) : refuse('calls/digits-not-supported', 'never')
    },

    park(on) {
      parked = on
      applyVoice()
    },

    connectionLost() {
      if (!isLive(line)) return
      dispatch({ name: 'signalling-lost' })
      if (isUp(line)) recovery.connectionLost()
      else if (line.state.name === 'ringing') {
        patience()
        patience = clock.after(ringsOnForMs, () => end('connection-lost'))
      }
    },

    connectionRestored() {
      if (!isLive(line) || line.signalling === 'up') return
      if (isUp(line)) return recovery.connectionRestored()
      if (line.state.name === 'ringing') patience()
      dispatch({ name: 'signalling-recovered' })
    },

    async sample() {
      const connection = mediaSession?.peerConnection
      if (!isUp(line) || mediaSession === null || connection === undefined) return
      const sampled = await sampleRtp(connection, clock.now())
      if (!isUp(line) || sampled === null) return
      const { sending, receiving } = mediaSession.agreed
      const held = holds(line).byAdviser
      const words = line.sound
      watch = nextSound(watch, sampled, {
        sending: sending && !held,
        receiving: receiving && !held,
        muted: line.muted,
      })
      const said = watch.sound.inbound !== words.inbound || watch.sound.outbound !== words.outbound
      const twoWay = watch.twoWayAt !== line.times.twoWayAt
      dispatch({ name: 'sound-sampled', watch }, said || twoWay ? 'state' : 'sound')
    },
  }
}

function rejectStatus(reason: EndReason): number {
  // RFC 3261 §21.4.24: 486 moves the call on to someone else; 480 says that this end cannot just now.
  return reason === 'rejected-here' ? 486 : 480
}
