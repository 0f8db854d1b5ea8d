import {
  type Invitation,
  Inviter,
  Registerer,
  type Session,
  type SessionDescriptionHandler,
  SessionState,
  URI,
  UserAgent,
} from 'sip.js'
import type { Log } from '#shared/kernel/log.ts'
import { createResidentMedia, type ResidentMedia } from './resident-media.ts'

/* A resident's telephone: sip.js on the switchboard's trunk, sound by resident-media.ts. */

export interface ResidentPhone {
  /** Connects and, when the resident has a number, registers it so that advisers can ring it. */
  start(): Promise<void>
  /** `user` is a queue, its dialled number, or anybody's. */
  call(user: string, listener: CallListener): ResidentCall
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
}

export interface CallListener {
  onQueued?(): void
  onRinging?(): void
  onAnswered?(): void
  /** Sound can pass. */
  onConnected?(): void
  /** 20 ms of the adviser's sound, µ-law. */
  onFrame?(frame: Buffer): void
  onHeldByAdviser?(held: boolean): void
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
  /** An adviser rings; answers how to listen, or null to be busy. */
  onCalled?(call: ResidentCall, accept: () => Promise<void>): CallListener | null
}

const connectTimeoutSeconds = 5

export function createResidentPhone(options: ResidentPhoneOptions): ResidentPhone {
  const { trunkUrl, domain, number, displayName = '', log, isCut, onCalled } = options
  const media = new Map<Session, ResidentMedia>()
  const listeners = new Map<Session, CallListener>()
  const uri = new URI('sip', number ?? 'anonymous', number === null ? 'anonymous.invalid' : domain)

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
    delegate: { onInvite: called },
  })
  // An ACK is worked on in promises; a re-INVITE read from the same packet would find it unfinished and get 500.
  const deliver = agent.transport.onMessage
  agent.transport.onMessage = (message) => void setImmediate(() => deliver?.(message))
  const registerer = number === null ? null : new Registerer(agent, { expires: 3600 })

  function openMedia(session: Session): SessionDescriptionHandler {
    const made = createResidentMedia({
      isCut,
      onConnected: () => listeners.get(session)?.onConnected?.(),
      onFrame: (frame) => listeners.get(session)?.onFrame?.(frame),
      onHeldByAdviser: (held) => listeners.get(session)?.onHeldByAdviser?.(held),
    })
    media.set(session, made)
    let offered: string | null = null
    return {
      close: () => made.close(),
      hasDescription: (contentType) => contentType === 'application/sdp',
      sendDtmf: () => false,
      async getDescription() {
        const body = await (offered === null ? made.createOffer() : made.createAnswer(offered))
        offered = null
        return { body, contentType: 'application/sdp' }
      },
      async setDescription(sdp) {
        if (made.awaitsAnswer) await made.acceptAnswer(sdp)
        else offered = sdp
      },
    }
  }

  function follow(session: Session, listener: CallListener): ResidentCall {
    listeners.set(session, listener)
    const callId = session.id
    session.stateChange.addListener((state) => {
      if (state === SessionState.Established) listener.onAnswered?.()
      if (state !== SessionState.Terminated) return
      listeners.delete(session)
      media.get(session)?.close()
      media.delete(session)
      listener.onEnded?.()
    })
    return {
      callId,
      send: (frame) => media.get(session)?.send(frame),
      hangUp: () => hangUp(session),
      async hold(held) {
        media.get(session)?.hold(held)
        await session.invite()
      },
    }
  }

  async function hangUp(session: Session): Promise<void> {
    switch (session.state) {
      case SessionState.Initial:
      case SessionState.Establishing:
        if (session instanceof Inviter) await session.cancel()
        else await (session as Invitation).reject()
        return
      case SessionState.Established:
        await session.bye()
        return
      default:
    }
  }

  function called(invitation: Invitation): void {
    let listener: CallListener | null = null
    const call = follow(invitation, {
      onAnswered: () => listener?.onAnswered?.(),
      onConnected: () => listener?.onConnected?.(),
      onFrame: (frame) => listener?.onFrame?.(frame),
      onHeldByAdviser: (held) => listener?.onHeldByAdviser?.(held),
      onEnded: (status) => listener?.onEnded?.(status),
    })
    listener = onCalled?.(call, () => invitation.accept()) ?? null
    if (listener === null) invitation.reject({ statusCode: 486 }).catch(() => {})
    else invitation.progress().catch(() => {})
  }

  return {
    async start() {
      await agent.start()
      await registerer?.register()
    },

    call(user, listener) {
      const inviter = new Inviter(agent, new URI('sip', user, domain), {
        extraHeaders: number === null ? ['Privacy: id'] : [],
      })
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
    },

    async stop() {
      await Promise.allSettled([...listeners.keys()].map(hangUp))
      await agent.stop()
      for (const each of media.values()) each.close()
    },
  }
}
