import { setTimeout as delay } from 'node:timers/promises'
import {
  type Info,
  type Invitation,
  Inviter,
  type Referral,
  Registerer,
  type Session,
  type SessionDescriptionHandler,
  SessionState,
  SIPExtension,
  URI,
  UserAgent,
} from 'sip.js'
import type { Log } from '#shared/kernel/log.ts'
import { createProgressReport, type ReferTarget, referTargetOf } from './referral.ts'
import { createResidentMedia, type ResidentMedia } from './resident-media.ts'
import { isLiteOffer } from './resident-sdp.ts'

/* A resident's telephone: sip.js on the switchboard's trunk, sound by resident-media.ts. */

export interface ResidentPhone {
  /** Connects and, when the resident has a number, registers it so that advisers can ring it. */
  start(): Promise<void>
  /** `user` is a queue, its dialled number, or anybody's. */
  call(user: string, listener: CallListener, extraHeaders?: readonly string[]): ResidentCall
  /** Hangs everything up and disconnects. */
  stop(): Promise<void>
}

export interface ResidentCall {
  readonly callId: string
  /** One frame of speech, or null for silence. */
  send(frame: Buffer | null): void
  /** Cancels, rejects or sends BYE, whatever the call's state asks for. */
  hangUp(): Promise<void>
  /** Re-INVITE from the resident's side. */
  hold(held: boolean): Promise<void>
  /** Asks the other end to call `user` instead (REFER), and hangs up once it has. */
  sendOn(user: string): Promise<void>
}

export interface CallListener {
  onQueued?(): void
  onRinging?(): void
  /** `by` is the user part of who answered a call of our own, when the switchboard's side says. */
  onAnswered?(by: string | null): void
  /** Sound can pass. */
  onConnected?(): void
  /** 20 ms of the adviser's sound, µ-law. */
  onFrame?(frame: Buffer): void
  onHeldByAdviser?(held: boolean): void
  onDigit?(digit: string): void
  /**
   * The other end passes this one on (REFER), and `next` is on its way. Answers how to listen to it; without an answer
   * it is declined. This call stays until the other end hangs up.
   */
  onReferred?(next: ResidentCall): CallListener | null
  /** Somebody else takes the other end's place (Replaces); this call ends once `next` is answered. */
  onReplaced?(next: ResidentCall): CallListener | null
  /** Once, last. `status` is the final response of a call that was never answered. */
  onEnded?(status?: number): void
}

export interface ResidentPhoneOptions {
  readonly trunkUrl: string
  readonly domain: string
  /** E.164; null withholds it. */
  readonly number: string | null
  readonly displayName?: string
  readonly log: Log
  isCut(): boolean
  /** Users who register, though they have no number. */
  readonly user?: string
  /** Who is passed on to this telephone is declined. */
  readonly declinesTransfers?: boolean
  /** Offers no telephone events: digits of the other end come as INFO. */
  readonly digitsByInfo?: boolean
  /** An adviser rings; answers how to listen, or null to be busy. */
  onCalled?(call: ResidentCall, accept: () => Promise<void>, who: Called): CallListener | null
}

export interface Called {
  /** User parts of the addresses. */
  readonly caller: string
  readonly called: string
}

type Call = Inviter | Invitation

const connectTimeoutSeconds = 5
/** A switchboard that is gone answers nothing. */
const unregisterWithinMs = 1_000

export function createResidentPhone(options: ResidentPhoneOptions): ResidentPhone {
  const { trunkUrl, domain, number, displayName = '', log, isCut, onCalled } = options
  const user = options.user ?? number
  const media = new Map<Session, ResidentMedia>()
  const listeners = new Map<Session, CallListener>()
  const calls = new Set<Call>()
  const uri = new URI('sip', user ?? 'anonymous', user === null ? 'anonymous.invalid' : domain)

  const agent = new UserAgent({
    uri,
    displayName,
    transportOptions: { server: trunkUrl, connectionTimeout: connectTimeoutSeconds, traceSip: false },
    sessionDescriptionHandlerFactory: (session) => openMedia(session),
    logBuiltinEnabled: false,
    logConfiguration: false,
    userAgentString: 'Practice resident',
    // Practice ends with its process; a dying resident must not hold it up.
    gracefulShutdown: false,
    sipExtensionReplaces: SIPExtension.Supported,
    delegate: { onInvite: called },
  })
  // An ACK is worked on in promises; a re-INVITE read from the same packet would find it unfinished and get 500.
  const deliver = agent.transport.onMessage
  agent.transport.onMessage = (message) => void setImmediate(() => deliver?.(message))
  const registerer = user === null ? null : new Registerer(agent, { expires: 3600 })

  /** Which end leaves the checks to the other is known with the first description. */
  function openMedia(session: Session): SessionDescriptionHandler {
    const open = (isLite: boolean): ResidentMedia => {
      const made = createResidentMedia({
        isLite,
        hearsEvents: options.digitsByInfo !== true,
        isCut,
        onConnected: () => listeners.get(session)?.onConnected?.(),
        onFrame: (frame) => listeners.get(session)?.onFrame?.(frame),
        onHeldByAdviser: (held) => listeners.get(session)?.onHeldByAdviser?.(held),
        onDigit: (digit) => listeners.get(session)?.onDigit?.(digit),
      })
      media.set(session, made)
      return made
    }
    let offered: string | null = null
    return {
      close: () => media.get(session)?.close(),
      hasDescription: (contentType) => contentType === 'application/sdp',
      sendDtmf: () => false,
      async getDescription() {
        const made = media.get(session) ?? open(offered === null || !isLiteOffer(offered))
        const body = await (offered === null ? made.createOffer() : made.createAnswer(offered))
        offered = null
        return { body, contentType: 'application/sdp' }
      },
      async setDescription(sdp) {
        const made = media.get(session)
        if (made?.awaitsAnswer === true) await made.acceptAnswer(sdp)
        else offered = sdp
      },
    }
  }

  function follow(session: Call, listener: CallListener): ResidentCall {
    listeners.set(session, listener)
    calls.add(session)
    session.delegate = {
      onRefer: (referral) => referred(session, referral),
      onInfo: (info) => hearInfo(session, info),
    }
    session.stateChange.addListener((state) => {
      if (state === SessionState.Established)
        listener.onAnswered?.(session.assertedIdentity?.uri.user ?? null)
      if (state !== SessionState.Terminated) return
      listeners.delete(session)
      calls.delete(session)
      media.get(session)?.close()
      media.delete(session)
      listener.onEnded?.()
    })
    return {
      callId: session.request.callId,
      send: (frame) => media.get(session)?.send(frame),
      hangUp: () => hangUp(session),
      async hold(held) {
        media.get(session)?.hold(held)
        await session.invite()
      },
      async sendOn(to) {
        await session.refer(new URI('sip', to, domain), {
          onNotify(notification) {
            notification.accept().catch(() => {})
            if (/^SIP\/2\.0 2\d\d/.test(notification.request.body)) hangUp(session).catch(() => {})
          },
        })
      },
    }
  }

  /** Digits of telephones that do not send them as sound (RFC 2976 in the way it is used). */
  function hearInfo(session: Call, info: Info): void {
    info.accept().catch(() => {})
    const [, digit] = /^\s*Signal\s*=\s*([0-9*#A-D])/im.exec(info.request.body) ?? []
    if (digit !== undefined) listeners.get(session)?.onDigit?.(digit)
  }

  /** Calls whom the other end names, and keeps it informed (RFC 3515). */
  function referred(session: Call, referral: Referral): void {
    const target = referTargetOf(referral.request, domain)
    const asked = listeners.get(session)?.onReferred
    if (target === null || asked === undefined) {
      referral.reject({ statusCode: target === null ? 400 : 603 }).catch(() => {})
      return
    }
    referral.accept().catch(() => {})
    const report = createProgressReport(session, referral.request.cseq)
    const inviter = new Inviter(agent, target.uri, { extraHeaders: headersOf(session, target) })
    const next = relayed(
      (listener) =>
        place(inviter, {
          ...listener,
          onQueued() {
            // A queue has taken the resident: waiting there is no reason for the other end to wait too.
            report.final(200, 'OK')
            listener.onQueued?.()
          },
          onRinging() {
            report.progress(180, 'Ringing')
            listener.onRinging?.()
          },
          onAnswered(by) {
            report.final(200, 'OK')
            listener.onAnswered?.(by)
          },
          onEnded(status) {
            // We gave up ourselves because nobody answered.
            if (status === 487) report.final(408, 'Request Timeout')
            else report.final(status ?? 503, status === undefined ? 'Service Unavailable' : 'Refused')
            listener.onEnded?.(status)
          },
        }),
      asked,
    )
    if (next.listener === null) next.call.hangUp().catch(() => {})
  }

  function headersOf(session: Call, { replaces, referredBy, userToUser }: ReferTarget): string[] {
    return [
      `In-Reply-To: ${session.request.callId}`,
      ...(replaces === null ? [] : [`Replaces: ${replaces}`]),
      ...(referredBy === null ? [] : [`Referred-By: ${referredBy}`]),
      ...userToUser.map((value) => `User-to-User: ${value}`),
      ...privacy,
    ]
  }

  const privacy = user === null ? ['Privacy: id'] : []

  async function hangUp(session: Call): Promise<void> {
    switch (session.state) {
      case SessionState.Initial:
      case SessionState.Establishing:
        if (session instanceof Inviter) await session.cancel()
        else await session.reject()
        return
      case SessionState.Established:
        await session.bye()
        return
      default:
    }
  }

  function called(invitation: Invitation): void {
    const { replacee, request } = invitation
    const isPassedOn = replacee !== undefined || request.hasHeader('referred-by')
    if (options.declinesTransfers === true && isPassedOn) {
      invitation.reject({ statusCode: 603 }).catch(() => {})
      return
    }
    const extraHeaders =
      options.user === undefined
        ? []
        : [`P-Asserted-Identity: "${displayName}" <sip:${options.user}@${domain}>`]
    const accept = (): Promise<void> => invitation.accept({ extraHeaders })
    const who = { caller: invitation.remoteIdentity.uri.user ?? '', called: request.to.uri.user ?? '' }
    const { listener } = relayed(
      (each) => follow(invitation, each),
      (call) =>
        replacee === undefined
          ? (onCalled?.(call, accept, who) ?? null)
          : (listeners.get(replacee)?.onReplaced?.(call) ?? null),
    )
    // sip.js has said 180 Ringing by itself.
    if (listener === null) invitation.reject({ statusCode: 486 }).catch(() => {})
    // Nobody hears it ring: the talk goes on with someone else.
    else if (replacee !== undefined) accept().catch(() => {})
  }

  function place(inviter: Inviter, listener: CallListener): ResidentCall {
    let status: number | undefined
    // sip.js ends the session before it hands out the response that ended it.
    const ended = (): void => queueMicrotask(() => listener.onEnded?.(status))
    const call = follow(inviter, { ...listener, onEnded: ended })
    inviter
      .invite({
        requestDelegate: {
          onProgress: ({ message }) => {
            if (message.statusCode === 182) listener.onQueued?.()
            if (message.statusCode === 180) listener.onRinging?.()
          },
          onReject: ({ message }) => {
            status = message.statusCode
          },
        },
      })
      .catch((error: unknown) => {
        log.error('residents/call-failed', { kind: error instanceof Error ? error.name : 'unknown' })
      })
    return call
  }

  return {
    async start() {
      await agent.start()
      await registerer?.register()
    },

    call(called, listener, extraHeaders = []) {
      const headers = [...extraHeaders, ...privacy]
      return place(new Inviter(agent, new URI('sip', called, domain), { extraHeaders: headers }), listener)
    },

    async stop() {
      await Promise.allSettled([...calls].map(hangUp))
      // Otherwise the library would register again in an hour, and keep the process up until then.
      await Promise.race([registerer?.dispose(), delay(unregisterWithinMs, undefined, { ref: false })])
      await agent.stop()
      for (const each of media.values()) each.close()
    },
  }
}

/** For a call whose listener is found only once the call is there. */
function relayed(
  begin: (listener: CallListener) => ResidentCall,
  listen: (call: ResidentCall) => CallListener | null,
): { call: ResidentCall; listener: CallListener | null } {
  let listener: CallListener | null = null
  const call = begin({
    onQueued: () => listener?.onQueued?.(),
    onRinging: () => listener?.onRinging?.(),
    onAnswered: (by) => listener?.onAnswered?.(by),
    onConnected: () => listener?.onConnected?.(),
    onFrame: (frame) => listener?.onFrame?.(frame),
    onHeldByAdviser: (held) => listener?.onHeldByAdviser?.(held),
    onDigit: (digit) => listener?.onDigit?.(digit),
    onReferred: (next) => listener?.onReferred?.(next) ?? null,
    onReplaced: (next) => listener?.onReplaced?.(next) ?? null,
    onEnded: (status) => listener?.onEnded?.(status),
  })
  listener = listen(call)
  return { call, listener }
}
