import { UserAgent } from 'sip.js'
import { callsError } from '#shared/calls/errors.ts'
import { isLive, isUp } from '#shared/calls/line.ts'
import type { LineCommand, Phone, PhoneChange, PhoneEvent, PhoneState } from '#shared/calls/phone.ts'
import type { IceServer, SipAccount } from '#shared/contract/rest.ts'
import { assertNever } from '#shared/kernel/assert-never.ts'
import type { Clock } from '#shared/kernel/clock.ts'
import type { Log } from '#shared/kernel/log.ts'
import type { Random } from '#shared/kernel/random.ts'
import { err, ok, type Result } from '#shared/kernel/result.ts'
import { createAbandonedInvites } from './abandoned-invites.ts'
import { createAutoAnswer } from './auto-answer.ts'
import { CheckingTransport } from './checking-transport.ts'
import { createConferences } from './conferences.ts'
import { createConnection } from './connection.ts'
import { createIncomingCalls } from './incoming-calls.ts'
import type { SipLine } from './line.ts'
import { createLiveLines } from './live-lines.ts'
import { createMediaSessions } from './media-session.ts'
import type { PassedMessage } from './message-text.ts'
import { createOutgoingCalls, uriOf } from './outgoing-call.ts'
import type { PhoneMedia } from './phone-media.ts'
import { redactedLog } from './redacted-log.ts'
import { createSessionTimers } from './session-timer.ts'
import type { LineDeps } from './sip-line.ts'
import { createSubscriptions } from './subscriptions.ts'
import { createTransfers } from './transfers.ts'
import { createUpdates } from './update.ts'

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
  /** The shortest session interval to accept from a far end, in seconds (RFC 4028); 90 unless told otherwise. */
  readonly shortestSessionS?: number
}

export interface SipPhone extends Phone {
  /** Finds out at once whether the connection still works: the machine woke up, or the network changed. */
  check(): void
  /** How long the switchboard took for its last answer, in milliseconds; null when it has given none just now. */
  roundTripMs(): number | null
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

/** The telephone on sip.js. Throws when the account's address is no SIP URI, which the contract rules out. */
export function createSipPhone(options: SipPhoneOptions): SipPhone {
  const { account, media, clock, random, log } = options
  const listeners = new Set<(change: PhoneChange) => void>()
  const owed = new Set<{ send: () => void; until: number }>()
  let iceServers = options.iceServers
  let snapshot: PhoneState | null = null
  const mediaSessions = createMediaSessions(clock, () => ({ iceServers, voiceTrack: media.voiceTrack }))

  const agent = new UserAgent({
    uri: uriOf(account.uri),
    authorizationUsername: account.authorizationUsername,
    authorizationPassword: account.password,
    displayName: account.displayName,
    instanceId: options.instanceId,
    userAgentString: 'Adviser Desktop',
    noAnswerTimeout: 180,
    // What is refused at once must not be heard ringing first.
    sendInitialProvisionalResponse: false,
    // Said here and done here (replaced-dialog.ts): the library throws on values it cannot read.
    sipExtensionExtraSupported: ['replaces'],
    logBuiltinEnabled: false,
    logConfiguration: false,
    logLevel: 'warn',
    logConnector: redactedLog(log),
    transportConstructor: CheckingTransport,
    transportOptions: { servers: account.servers, clock, log },
    sessionDescriptionHandlerFactory: mediaSessions.make,
    delegate: { onInvite: (invitation) => incoming.invited(invitation) },
  })
  const transport = agent.transport
  if (!(transport instanceof CheckingTransport)) throw new Error('the transport is not ours')
  const timers = createSessionTimers({
    clock,
    log,
    connected: () => transport.isConnected(),
    answer: (text) => void transport.sendAsIs(text).catch(() => {}),
    ...(options.shortestSessionS === undefined ? {} : { shortestS: options.shortestSessionS }),
  })
  const updates = createUpdates({
    agent,
    answer: (text) => void transport.send(text).catch(() => {}),
    deliver: (text) => transport.deliverAsIs(text),
  })
  const abandoned = createAbandonedInvites({
    clock,
    send: (text) => void transport.sendAsIs(text).catch(() => {}),
  })
  transport.layers = [timers, updates, abandoned]
  transport.onPassed = recordMessage

  const connection = createConnection({
    agent,
    transport,
    clock,
    random,
    log,
    callIsUp: () => lines.all().some((line) => isUp(line.line())),
    onChange({ name }) {
      if (name === 'registered') subscriptions.registered()
      else if (name === 'off') subscriptions.stop()
      changed('state')
    },
    onUp() {
      for (const debt of owed) {
        owed.delete(debt)
        if (debt.until > clock.now()) debt.send()
      }
      for (const line of lines.all()) line.connectionRestored()
    },
    onDown() {
      for (const line of lines.all()) line.connectionLost()
      subscriptions.stop()
    },
  })

  const deps: LineDeps = {
    transport,
    timers,
    media,
    prepareMedia: mediaSessions.prepare,
    clock,
    random,
    log,
    onChange: changed,
    record: (event) => options.record?.(event),
    owe,
    abandon: (callId) => owe(() => abandoned.takeBack(callId)),
  }

  function owe(send: () => void): void {
    owed.add({ send, until: clock.now() + owedForMs })
  }

  const lines = createLiveLines(clock, () => connection.suspect())
  const outgoing = createOutgoingCalls({
    agent,
    connection,
    lines,
    deps,
    mostLiveLines,
    added: () => changed('state'),
  })
  const subscriptions = createSubscriptions({ agent, clock, changed: () => changed('state') })
  const conferences = createConferences(lines, media, random)
  const transfers = createTransfers(lines, outgoing, clock)
  const autoAnswer = createAutoAnswer({
    lines,
    clock,
    hasVoice: outgoing.hasVoice,
    answer: (line) => void answer(line),
  })
  const incoming = createIncomingCalls({
    lines,
    deps,
    autoAnswer,
    mostLiveLines,
    added: () => changed('state'),
  })

  function recordMessage(message: PassedMessage): void {
    const { what, callId } = message
    const lineId =
      lines
        .all()
        .find((each) => each.line().callId === callId)
        ?.line().id ?? null
    options.record?.({ at: clock.now(), source: 'sip', what, facts: {}, callId, lineId })
  }

  function changed(change: PhoneChange): void {
    snapshot = null
    lines.follow()
    if (change === 'state') {
      conferences.follow()
      autoAnswer.follow()
      transfers.follow()
    }
    for (const listener of listeners) {
      try {
        listener(change)
      } catch (error) {
        log.error('phone.listener-failed', { kind: error instanceof Error ? error.name : typeof error })
      }
    }
  }

  /* ── Commands ─────────────────────────────────────────────────────────────────────────────────────────────── */

  async function onLine(
    lineId: string,
    act: (line: SipLine) => Promise<Result<null>>,
  ): Promise<Result<null>> {
    const line = lines.find(lineId)
    if (line === undefined) return err(callsError('calls/no-such-line', 'never'))
    return act(line)
  }

  async function answer(line: SipLine): Promise<Result<null>> {
    if (line.line().state.name === 'ringing' && !outgoing.hasVoice()) {
      return err(callsError('calls/no-microphone', 'now'))
    }
    lines.speakOnlyOn([line])
    return line.answer()
  }

  /** Whoever is joined with the line comes back with it. */
  async function resume(line: SipLine): Promise<Result<null>> {
    const together = conferences.with(line)
    lines.speakOnlyOn(together)
    const resumed = await Promise.all(together.map((each) => each.resume()))
    return resumed.find((each) => !each.ok) ?? ok(null)
  }

  async function setMuted(line: SipLine, muted: boolean): Promise<Result<null>> {
    const done = await Promise.all(conferences.with(line).map((each) => each.setMuted(muted)))
    return done.find((each) => !each.ok) ?? ok(null)
  }

  async function dismiss(line: SipLine): Promise<Result<null>> {
    if (isLive(line.line())) return err(callsError('calls/not-possible-now', 'never', line.line().state.name))
    lines.forget(line)
    changed('state')
    return ok(null)
  }

  async function carryOut(command: LineCommand): Promise<Result<null>> {
    switch (command.name) {
      case 'register':
        connection.register()
        return ok(null)
      case 'setAutoAnswer':
        autoAnswer.set(command.on)
        changed('state')
        return ok(null)
      case 'watchPresence':
        subscriptions.watch(command.users)
        return ok(null)
      case 'dial':
        return outgoing.dial(command.target, command.contactId, command.beside)
      case 'merge':
        return conferences.merge(command.lineIds)
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
        return onLine(command.lineId, (line) => setMuted(line, command.muted))
      case 'sendDigits':
        return onLine(command.lineId, (line) => line.sendDigits(command.digits))
      case 'transfer':
        return onLine(command.lineId, (line) => transfers.transfer(line, command.target, command.contactId))
      case 'consult':
        return onLine(command.lineId, (line) => transfers.consult(line, command.target))
      case 'completeTransfer':
        return onLine(command.lineId, (line) => transfers.complete(line, command.contactId))
      case 'dismissTransfer':
        return onLine(command.lineId, (line) => line.dismissTransfer())
      case 'split':
        return onLine(command.lineId, conferences.split)
      case 'acceptReferral':
        return onLine(command.lineId, transfers.acceptReferral)
      case 'declineReferral':
        return onLine(command.lineId, (line) => line.declineReferral())
      case 'dismissLine':
        return onLine(command.lineId, dismiss)
      default:
        return assertNever(command)
    }
  }

  return {
    snapshot() {
      snapshot ??= {
        registration: connection.state(),
        lines: lines.all().map((line) => line.line()),
        presence: subscriptions.presence(),
        voicemail: subscriptions.voicemail(),
        autoAnswer: autoAnswer.on(),
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
    roundTripMs: connection.roundTripMs,
    setIceServers(servers) {
      iceServers = servers
    },
    setAutoAnswer(on) {
      autoAnswer.set(on)
      changed('state')
    },
    refuseDirectCalls: incoming.refuseDirect,
    unregister: (reason) => connection.unregister(reason),
    close() {
      if (lines.live().length > 0) throw new Error('a call is live')
      lines.stop()
      connection.close()
    },
  }
}
