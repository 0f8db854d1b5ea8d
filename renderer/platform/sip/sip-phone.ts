import { type Invitation, Inviter, type URI, UserAgent } from 'sip.js'
import { callsError } from '#shared/calls/errors.ts'
import { isLive, isUp, newLine } from '#shared/calls/line.ts'
import type { LineCommand, Phone, PhoneChange, PhoneEvent, PhoneState } from '#shared/calls/phone.ts'
import type { DialTarget, Line, PhoneCommand } from '#shared/contract/phone.ts'
import type { IceServer, SipAccount } from '#shared/contract/rest.ts'
import type { Cancel, Clock } from '#shared/kernel/clock.ts'
import type { Log } from '#shared/kernel/log.ts'
import type { Random } from '#shared/kernel/random.ts'
import { err, ok, type Result } from '#shared/kernel/result.ts'
import { CheckingTransport } from './checking-transport.ts'
import { createConnection } from './connection.ts'
import { callFacts, refusalOf } from './incoming-call.ts'
import { mediaSessionFactory } from './media-session.ts'
import type { PhoneMedia } from './phone-media.ts'
import { redactedLog } from './redacted-log.ts'
import { createSipLine, type LineDeps, type SipLine } from './sip-line.ts'

export interface SipPhoneOptions {
  readonly account: SipAccount
  readonly iceServers: readonly IceServer[]
  /** Names this desk to the registrar over restarts, so that a new registration replaces the old (RFC 5626). */
  readonly instanceId: string
  readonly media: PhoneMedia
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  /** For the flight recorder: each SIP message, and each change of media path, line and connection. */
  record?(event: PhoneEvent): void
}

export interface SipPhone extends Phone {
  /** Finds out at once whether the connection still works: the machine woke up, or the network changed. */
  check(): void
  /** For calls from now on. */
  setIceServers(servers: readonly IceServer[]): void
  /** Whether calls that ask for it are answered by themselves, after a warning; the command of that name does the same. */
  setAutoAnswer(on: boolean): void
  /** Whether calls that no queue offered are told busy at once. Calls of a queue ring regardless. */
  refuseDirectCalls(on: boolean): void
  /** Takes no more calls. Calls that are up stay up. */
  unregister(reason: 'signed-out' | 'unregistered'): Promise<void>
  /** Ends everything. Throws when a call is live: hanging up is the adviser's to decide. */
  close(): void
}

const mostLiveLines = 4
const owedForMs = 120_000
const closeLookForMs = 5_000
const closeLookEveryMs = 50
const lookEveryMs = 500

/** The telephone on sip.js. Throws when the account's address is no SIP URI, which the contract rules out. */
export function createSipPhone(options: SipPhoneOptions): SipPhone {
  const { account, media, clock, random, log } = options
  const listeners = new Set<(change: PhoneChange) => void>()
  const owed = new Set<{ send: () => void; until: number }>()
  let iceServers = options.iceServers
  let lines: SipLine[] = []
  let snapshot: PhoneState | null = null
  let looking: Cancel | null = null
  let autoAnswerOn = false
  let directCallsRefused = false

  const agent = new UserAgent({
    uri: uriOf(account.uri),
    authorizationUsername: account.authorizationUsername,
    authorizationPassword: account.password,
    displayName: account.displayName,
    instanceId: options.instanceId,
    userAgentString: 'Adviser Desktop',
    noAnswerTimeout: 180,
    logBuiltinEnabled: false,
    logConfiguration: false,
    logLevel: 'warn',
    logConnector: redactedLog(log),
    transportConstructor: CheckingTransport,
    transportOptions: { servers: account.servers, clock, log },
    sessionDescriptionHandlerFactory: mediaSessionFactory(() => ({
      iceServers: iceServers.map(asRtcIceServer),
      voiceTrack: media.voiceTrack,
    })),
    delegate: { onInvite },
  })
  const transport = agent.transport
  if (!(transport instanceof CheckingTransport)) throw new Error('the transport is not ours')

  const connection = createConnection({
    agent,
    transport,
    clock,
    random,
    log,
    onChange: () => changed('state'),
    onUp() {
      for (const debt of owed) {
        owed.delete(debt)
        if (debt.until > clock.now()) debt.send()
      }
      for (const line of lines) line.connectionRestored()
    },
    onDown() {
      for (const line of lines) line.connectionLost()
    },
  })

  const deps: LineDeps = {
    transport,
    media,
    clock,
    random,
    log,
    onChange: changed,
    owe: (send) => owed.add({ send, until: clock.now() + owedForMs }),
  }

  function changed(change: PhoneChange): void {
    snapshot = null
    unparkLoneLine()
    if (looking === null && lines.some((line) => isUp(line.line()))) look()
    for (const listener of listeners) {
      try {
        listener(change)
      } catch (error) {
        log.error('phone.listener-failed', { kind: error instanceof Error ? error.name : typeof error })
      }
    }
  }

  /** Reads the sound of every call, closely while one is young and has no sound in both directions yet. */
  function look(): void {
    const up = lines.filter((line) => isUp(line.line()))
    if (up.length === 0) {
      looking = null
      return
    }
    looking = clock.after(up.some(isYoung) ? closeLookEveryMs : lookEveryMs, () => {
      Promise.allSettled(up.map((line) => line.sample())).then(look)
    })
  }

  function isYoung(line: SipLine): boolean {
    const { answeredAt, twoWayAt } = line.line().times
    return twoWayAt === null && answeredAt !== null && clock.now() - answeredAt < closeLookForMs
  }

  /* ── Lines ────────────────────────────────────────────────────────────────────────────────────────────────── */

  function onInvite(invitation: Invitation): void {
    const noQueue = invitation.request.getHeader('x-queue-id') === undefined
    const busy = liveLines().length >= mostLiveLines || (directCallsRefused && noQueue)
    const refusal = busy ? { statusCode: 486 } : refusalOf(invitation)
    if (refusal !== null) {
      log.info('phone.call-refused', { status: refusal.statusCode })
      invitation.reject(refusal).catch(() => {})
      return
    }
    add(
      createSipLine(
        invitation,
        {
          ...beginLine(invitation, 'inbound', { name: 'ringing', since: clock.now() }),
          ...callFacts(invitation),
        },
        deps,
      ),
    )
  }

  function beginLine(
    session: Invitation | Inviter,
    direction: Line['direction'],
    state: Line['state'],
  ): Line {
    return newLine({
      id: random.uuid(),
      contactId: random.uuid(),
      callId: session.request.callId,
      direction,
      state,
      remote: { withheld: true },
      at: clock.now(),
    })
  }

  function add(line: SipLine): void {
    lines = [...lines, line]
    changed('state')
  }

  const liveLines = () => lines.filter((line) => isLive(line.line()))

  /** Only one call is spoken on: the others are silenced at once and held as soon as their far ends agree. */
  function speakOnlyOn(chosen: SipLine): void {
    for (const line of liveLines()) {
      line.park(line !== chosen)
      if (line !== chosen && line.line().state.name === 'active') void line.hold()
    }
  }

  /** The one left over is not silenced any more once the other call is gone; a held one stays held. */
  function unparkLoneLine(): void {
    const [lone, ...others] = liveLines()
    if (lone !== undefined && others.length === 0) lone.park(false)
  }

  async function dial({ target: wanted, contactId }: DialCommand): Promise<Result<null>> {
    if (connection.state().name !== 'registered') return err(callsError('calls/not-registered', 'now'))
    if (liveLines().length > 0) return err(callsError('calls/line-in-use', 'now'))
    if (!hasVoice()) return err(callsError('calls/no-microphone', 'now'))
    const target = targetUri(wanted)
    const inviter = new Inviter(agent, target, { earlyMedia: true })
    const line = createSipLine(
      inviter,
      {
        ...beginLine(inviter, 'outbound', { name: 'dialling', since: clock.now(), progress: 'trying' }),
        remote: remoteOf(wanted),
        ...(contactId === undefined ? {} : { contactId }),
      },
      deps,
    )
    add(line)
    return line.dial()
  }

  function targetUri(target: DialTarget): URI {
    if (target.kind === 'sip') return uriOf(target.uri)
    const uri = uriOf(account.uri)
    uri.user = target.kind === 'internal' ? target.user : target.number
    return uri
  }

  function hasVoice(): boolean {
    const track = media.voiceTrack()
    track?.stop()
    return track !== null
  }

  async function onLine(
    lineId: string,
    act: (line: SipLine) => Promise<Result<null>>,
  ): Promise<Result<null>> {
    const line = lines.find((each) => each.line().id === lineId)
    if (line === undefined) return err(callsError('calls/no-such-line', 'never'))
    return act(line)
  }

  async function answer(line: SipLine): Promise<Result<null>> {
    if (line.line().state.name === 'ringing' && !hasVoice()) {
      return err(callsError('calls/no-microphone', 'now'))
    }
    speakOnlyOn(line)
    return line.answer()
  }

  async function resume(line: SipLine): Promise<Result<null>> {
    speakOnlyOn(line)
    return line.resume()
  }

  async function dismiss(line: SipLine): Promise<Result<null>> {
    if (isLive(line.line())) return err(callsError('calls/not-possible-now', 'never', line.line().state.name))
    lines = lines.filter((each) => each !== line)
    changed('state')
    return ok(null)
  }

  function setAutoAnswer(on: boolean): void {
    autoAnswerOn = on
    changed('state')
  }

  function carryOut(command: LineCommand): Promise<Result<null>> {
    switch (command.name) {
      case 'register':
        connection.register()
        return Promise.resolve(ok(null))
      case 'dial':
        return dial(command)
      case 'answer':
        return onLine(command.lineId, answer)
      case 'reject':
        return onLine(command.lineId, (line) => line.reject())
      case 'hangUp':
        return onLine(command.lineId, (line) => line.hangUp())
      case 'hold':
        return onLine(command.lineId, (line) => line.hold())
      case 'resume':
        return onLine(command.lineId, resume)
      case 'setMuted':
        return onLine(command.lineId, (line) => line.setMuted(command.muted))
      case 'sendDigits':
        return onLine(command.lineId, (line) => line.sendDigits(command.digits))
      case 'dismissLine':
        return onLine(command.lineId, dismiss)
      default:
        return Promise.resolve(err(callsError('calls/not-possible-now', 'never', command.name)))
    }
  }

  return {
    snapshot() {
      snapshot ??= {
        registration: connection.state(),
        lines: lines.map((line) => line.line()),
        presence: {},
        voicemail: null,
        autoAnswer: autoAnswerOn,
      }
      return snapshot
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async execute(command) {
      try {
        return await carryOut(command)
      } catch (error) {
        const kind = error instanceof Error ? error.name : typeof error
        log.error('phone.command-failed', { command: command.name, kind })
        return err(callsError('calls/phone-failed', 'now', kind))
      }
    },
    check: () => connection.check(),
    setIceServers(servers) {
      iceServers = servers
    },
    setAutoAnswer,
    refuseDirectCalls(on) {
      directCallsRefused = on
    },
    unregister: (reason) => connection.unregister(reason),
    close() {
      if (liveLines().length > 0) throw new Error('a call is live')
      looking?.()
      connection.close()
    },
  }
}

type DialCommand = Extract<PhoneCommand, { name: 'dial' }>

function remoteOf(target: DialTarget): Line['remote'] {
  switch (target.kind) {
    case 'number':
      return { number: target.number, withheld: false }
    case 'internal':
      return { displayName: target.name ?? target.user, withheld: false }
    case 'emergency':
    case 'short-code':
      return { displayName: target.number, withheld: false }
    case 'sip':
      return { displayName: target.uri.slice(target.uri.indexOf(':') + 1), withheld: false }
  }
}

function uriOf(text: string): URI {
  const uri = UserAgent.makeURI(text)
  if (uri === undefined) throw new Error('the account is no SIP URI')
  return uri
}

function asRtcIceServer(server: IceServer): RTCIceServer {
  return {
    urls: server.urls,
    ...(server.username === undefined ? {} : { username: server.username }),
    ...(server.credential === undefined ? {} : { credential: server.credential }),
  }
}
