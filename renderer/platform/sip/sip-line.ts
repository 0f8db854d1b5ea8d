import { Invitation, type Inviter, SessionState } from 'sip.js'
import { type CallsErrorCode, callsError } from '#shared/calls/errors.ts'
import { endReasonOf, holds, isLive, isUp, type LineEvent, nextLine } from '#shared/calls/line.ts'
import type { PhoneChange, PhoneEvent } from '#shared/calls/phone.ts'
import type { EndReason, Line } from '#shared/contract/phone.ts'
import type { Clock } from '#shared/kernel/clock.ts'
import type { Log } from '#shared/kernel/log.ts'
import type { Random } from '#shared/kernel/random.ts'
import { err, ok, type Result } from '#shared/kernel/result.ts'
import type { CheckingTransport } from './checking-transport.ts'
import type { SipLine } from './line.ts'
import { createLineDigits } from './line-digits.ts'
import { createLineHolds } from './line-holds.ts'
import { createLineMedia } from './line-media.ts'
import { createLineRecovery } from './line-recovery.ts'
import { createLineReferral } from './line-referral.ts'
import { createLineTransfer } from './line-transfer.ts'
import { MediaSession, type MediaSessions } from './media-session.ts'
import type { PhoneMedia } from './phone-media.ts'
import { bye, isLocal } from './session-requests.ts'
import type { SessionTimers } from './session-timer.ts'
import { refreshSession } from './update.ts'

export interface LineDeps {
  readonly transport: CheckingTransport
  readonly timers: SessionTimers
  readonly media: PhoneMedia
  readonly prepareMedia: MediaSessions['prepare']
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  onChange(change: PhoneChange): void
  record(event: PhoneEvent): void
  /** Keeps a request that must still be sent when the connection is back. */
  owe(send: () => void): void
  /** Takes back, when the connection is there again, a call that was being dialled when it was lost. */
  abandon(callId: string): void
}

const ackWithinMs = 8_000
/** A ringing call may have been cancelled while the connection was away: after this long it is not believed. */
const ringsOnForMs = 5_000
/** Packets come every 20 to 60 ms. */
const justNowMs = 200

export function createSipLine(session: Invitation | Inviter, initial: Line, deps: LineDeps): SipLine {
  const { clock, random, log, transport } = deps
  const ownsCallId = !(session instanceof Invitation)
  let line = initial
  let cause: { reason: EndReason; status?: number } | null = null
  let farewell: EndReason = 'hung-up-there'
  /** Ends what takes too long: ringing that may be over, an ACK that does not come. */
  let patience: () => void = () => {}

  const media = createLineMedia({
    media: deps.media,
    clock,
    rules: () => ({ muted: line.muted, held: held.wanted() }),
  })
  const held = createLineHolds({
    session,
    transport,
    clock,
    random,
    ownsCallId,
    live: () => isLive(line),
    reachable: () => line.signalling === 'up' && transport.isConnected(),
    changed() {
      media.apply()
      refreshHolds()
    },
  })
  const recovery = createLineRecovery({
    clock,
    random,
    ownsCallId,
    reinvite: (iceRestart) => held.renegotiate(iceRestart),
    started: () => dispatch({ name: 'recovery-started' }),
    recovered: () => dispatch({ name: 'signalling-recovered' }),
    gone: (status) => end('connection-lost', status),
    heard: () => line.sound.inbound === 'flowing' && isUp(line),
    async hearsNow() {
      await sample()
      return clock.now() - media.receivedAt() < justNowMs
    },
  })
  const digits = createLineDigits(session, media.session, clock)
  const transfer = createLineTransfer({
    session,
    clock,
    transfer: () => line.transfer,
    dispatch,
    done: () => end('transferred'),
  })
  const referral = createLineReferral({
    session,
    clock,
    line: () => line,
    asked: (to) => dispatch({ name: 'referral-asked', to, at: clock.now() }),
    settled: () => dispatch({ name: 'referral-settled' }),
  })
  const unfollow = deps.timers.follow(initial.callId, {
    refresh: (method) => refreshSession(session, method, () => held.renegotiate(false)),
    expire: () => end('connection-lost', 408),
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

  function recordIce(what: string): void {
    deps.record({ at: clock.now(), source: 'ice', what, facts: {}, callId: line.callId, lineId: line.id })
  }

  /* ── What the far end does ────────────────────────────────────────────────────────────────────────────────── */

  session.delegate = {
    onAck: () => answered(),
    onBye: (request) => {
      cause ??= { reason: farewell }
      void request.accept()
    },
    onCancel: (cancel) => {
      const elsewhere = /cause\s*=\s*200\b/.test(cancel.request.getHeader('reason') ?? '')
      cause ??= { reason: elsewhere ? 'answered-elsewhere' : 'cancelled' }
    },
    // Left to themselves these are answered with 408 once a delegate exists.
    onInfo: (info) => void info.accept(),
    onNotify: (notification) => {
      void notification.accept()
      transfer.heard(notification)
    },
    onRefer: referral.asked,
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
    media.adopt(made)
    made.onUnusable = () => {
      if (!isUp(line)) cause ??= { reason: 'media-failed', status: 488 }
      // The library would say 480, and the caller's side would offer the same again.
      if (session instanceof Invitation && session.state === SessionState.Establishing) {
        void session.reject({ statusCode: 488 })
      }
    }
    made.peerConnectionDelegate = {
      ontrack: media.play,
      onsignalingstatechange: () => {
        if (made.peerConnection?.signalingState === 'stable') refreshHolds()
      },
      onicecandidate: ({ candidate }) => {
        if (candidate?.protocol === 'udp' && !made.isGathering) recovery.candidateFound()
      },
      oniceconnectionstatechange: () =>
        recordIce(`ice ${made.peerConnection?.iceConnectionState ?? 'closed'}`),
      onconnectionstatechange: () => {
        const state = made.peerConnection?.connectionState ?? 'closed'
        recordIce(`media path ${state}`)
        recovery.mediaPath(state)
      },
    }
  }

  function answered(): void {
    patience()
    dispatch({ name: 'answered', at: clock.now() })
    refreshHolds()
    media.apply()
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
    unfollow()
    transfer.stop()
    referral.decline()
    patience()
    media.stop()
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

  function refreshHolds(): void {
    if (!isUp(line)) return
    const byResident = media.session()?.heldByFarEnd ?? false
    media.apply()
    dispatch({ name: 'holds-changed', byAdviser: held.agreed(), byResident, at: clock.now() })
  }

  async function sample(): Promise<void> {
    if (!isUp(line)) return
    const sampled = await media.sample(holds(line).byAdviser)
    if (sampled === null || !isUp(line)) return
    const { sound: watch, quality } = sampled
    const { inbound, outbound } = line.sound
    const said = watch.sound.inbound !== inbound || watch.sound.outbound !== outbound
    const twoWay = watch.twoWayAt !== line.times.twoWayAt
    dispatch({ name: 'sound-sampled', watch }, said || twoWay ? 'state' : 'sound')
    if (quality === null || quality === line.quality) return
    const alerted = String(quality.alerts) !== String(line.quality?.alerts ?? [])
    dispatch({ name: 'quality-sampled', quality }, alerted ? 'state' : 'sound')
  }

  function refuse(code: CallsErrorCode, retry: 'never' | 'now', detail?: string): Result<null> {
    return err(callsError(code, retry, detail))
  }
  const notNow = () => Promise.resolve(refuse('calls/not-possible-now', 'never', line.state.name))

  return {
    line: () => line,

    prepare() {
      if (!(session instanceof Invitation) || line.state.name !== 'ringing') return
      const { body } = session.request
      if (body === '') return
      const made = deps.prepareMedia(session)
      adopt(made)
      made.prepare(body)
    },

    async answer() {
      if (!(session instanceof Invitation) || line.state.name !== 'ringing') return notNow()
      if (!transport.isConnected()) return refuse('calls/signalling-lost', 'now')
      const at = clock.now()
      media.watchFrom(at)
      dispatch({ name: 'answering-started', at })
      media.play()
      patience = clock.after(ackWithinMs, () => {
        if (line.state.name === 'answering') end('connection-lost')
      })
      try {
        await session.accept()
        media.session()?.begin()
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
              if (isLocal(message) && status !== 408) deps.abandon(line.callId)
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
        end(transport.isConnected() ? 'media-failed' : 'connection-lost')
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

    hold: () => (isUp(line) ? held.change(true) : notNow()),
    resume: () => (isUp(line) ? held.change(false) : notNow()),

    async setMuted(muted) {
      if (!isLive(line)) return notNow()
      dispatch({ name: 'mute-changed', muted })
      media.apply()
      return ok(null)
    },

    sendDigits: (wanted) => (line.state.name === 'active' ? digits.send(wanted) : notNow()),

    refer: (to, target) => (isUp(line) ? transfer.refer(to, target) : notNow()),

    async dismissTransfer() {
      dispatch({ name: 'transfer-dismissed' })
      return ok(null)
    },

    acceptReferral: () => referral.accept(),

    async declineReferral() {
      return referral.decline() ? ok(null) : notNow()
    },

    dialog() {
      const { dialog } = session
      if (dialog === undefined || session.state !== SessionState.Established) return null
      const { callId, localTag, remoteTag, remoteTarget } = dialog
      return { callId, localTag, remoteTag, remoteTarget: remoteTarget.toString() }
    },

    expectTransferred(on) {
      farewell = on ? 'transferred' : 'hung-up-there'
      if (!on) dispatch({ name: 'end-corrected', reason: farewell })
    },
    endTransferred: () => end('transferred'),

    setAutoAnswerAt: (at) => dispatch({ name: 'auto-answer-changed', at }),

    remoteVoice: () => media.session()?.remoteVoice ?? null,

    async join(conference) {
      dispatch({ name: 'conference-changed', conferenceId: conference?.id ?? null })
      if (isLive(line)) await media.join(conference?.voice ?? null)
    },

    park: media.park,

    connectionLost() {
      if (!isLive(line)) return
      dispatch({ name: 'signalling-lost' })
      transfer.connectionLost()
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

    sample,
  }
}

function rejectStatus(reason: EndReason): number {
  // RFC 3261 §21.4.24: 486 moves the call on to someone else; 480 says that this end cannot just now.
  return reason === 'rejected-here' ? 486 : 480
}
