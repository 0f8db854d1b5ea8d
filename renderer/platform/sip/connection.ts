import { Registerer, RegistererState, type UserAgent } from 'sip.js'
import { nextRegistration, notRegistered, type RegistrationEvent } from '#shared/calls/registration.ts'
import type { Registration } from '#shared/contract/phone.ts'
import type { Cancel, Clock } from '#shared/kernel/clock.ts'
import type { Log } from '#shared/kernel/log.ts'
import type { Random } from '#shared/kernel/random.ts'
import { type CheckingTransport, ConnectionLost } from './checking-transport.ts'
import { createKeepAlive } from './keep-alive.ts'
import { createReopening } from './reopening.ts'

export interface ConnectionOptions {
  readonly agent: UserAgent
  readonly transport: CheckingTransport
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  /** Whether people are speaking: then an outage is looked for, and mended, with less patience. */
  callIsUp(): boolean
  /** The registration changed. */
  onChange(registration: Registration): void
  /** A new connection is open and the registrar has answered over it, be it yes or no. */
  onUp(): void
  /** The connection is gone. */
  onDown(): void
}

/** Keeps the connection to the switchboard and the registration, by `nextRegistration`. */
export interface Connection {
  state(): Registration
  register(): void
  /** Takes the registration back; the connection stays open for the calls that are up. */
  unregister(reason: 'signed-out' | 'unregistered'): Promise<void>
  /** Finds out at once whether the connection still works: the network changed, or the machine woke up. */
  check(): void
  /** The same with less patience: sound has stopped, which mostly means that both have. */
  suspect(): void
  /** How long the switchboard took for its last answer, in milliseconds; null when it has given none just now. */
  roundTripMs(): number | null
  close(): void
}

const answerWithinMs = 5_000
const unregisterWithinMs = 2_000
const checkWithinMs = 2_000
const suspectWithinMs = 1_000
/** A connection begun longer ago than this was begun on the network as it was before it changed. */
const freshAttemptMs = 150
/** A switchboard has mostly answered before this, or within three of its usual round trips; then nothing is opened. */
const besideAfterMs = { atLeast: 150, atMost: 500 }
/** TCP sends a lost packet again after 200 ms and a round trip: one connection is not left for another before that. */
const besideGraceMs = 400
const besideAgainMs = 250

export function createConnection(options: ConnectionOptions): Connection {
  const { agent, transport, clock, random, log } = options
  const keepAlive = createKeepAlive(agent, transport, clock, options.callIsUp)
  let state: Registration = notRegistered
  let registerer = newRegisterer()
  let waiting: Cancel = () => {}
  /** Grows with each try, so that a late answer of an earlier one means nothing. */
  let attempt = 0
  /** The lines have not been told yet that this connection is open. */
  let fresh = false
  let beside: Cancel = () => {}
  let besideAttempt = 0

  const reopening = createReopening({
    transport,
    clock,
    random,
    wanted: () => state.name === 'off' && options.callIsUp(),
    opened() {
      keepAlive.start()
      options.onUp()
    },
  })

  // Here and not in the library's reconnection: it would neither register nor recover a call.
  const onDisconnect = (error?: Error) => {
    beside()
    besideAttempt += 1
    keepAlive.stop()
    fresh = false
    options.onDown()
    if (error === undefined) return
    if (state.name === 'off') reopening.begin()
    else dispatch(lost(error))
  }
  agent.delegate = { ...agent.delegate, onDisconnect }

  function dispatch(event: RegistrationEvent): void {
    const next = nextRegistration(state, event)
    if (next === state) return
    const was = state
    state = next
    attempt += 1
    waiting()
    log.info('phone.registration', { from: was.name, to: next.name, because: event.name, ...facts(next) })
    options.onChange(next)
    if (next.name === 'waiting') {
      waiting = clock.after(Math.max(0, next.nextTryAt - clock.now()), () =>
        dispatch({ name: 'wait-ended', at: clock.now() }),
      )
    } else if (next.name === 'connecting') {
      void connectAndRegister(attempt)
    }
  }

  async function connectAndRegister(mine: number): Promise<void> {
    const wasConnected = transport.isConnected()
    const cancelHurry = hurry(mine)
    try {
      await (agent.state === 'Stopped' ? agent.start() : transport.connect())
    } catch (error) {
      if (mine === attempt) dispatch(lost(error))
      return
    } finally {
      cancelHurry()
    }
    if (mine !== attempt) return
    if (!wasConnected) {
      fresh = true
      keepAlive.start()
    }
    const cancelPatience = clock.after(answerWithinMs, () => {
      if (mine === attempt) transport.lose('no-answer')
    })
    const answer = await sendRegister()
    cancelPatience()
    if (mine !== attempt || answer === 'nobody') return
    dispatch(answer)
    if (!fresh || !transport.isConnected()) return
    fresh = false
    // How far away it is should be known before somebody wants to work.
    keepAlive.check(answerWithinMs)
    options.onUp()
  }

  /**
   * A first packet into a dead path is sent again after 1, 3 and 7 s: with a call up a new attempt comes before that.
   * Each has longer, for networks that are merely slow.
   */
  function hurry(mine: number): Cancel {
    if (!options.callIsUp()) return () => {}
    const tries = state.name === 'connecting' ? state.attempt : 0
    return clock.after(2_000 + 500 * tries, () => {
      if (mine === attempt && !transport.isConnected()) transport.lose('no-answer')
    })
  }

  /** Resolves with the registrar's final answer; never for one that the library swallows. */
  function sendRegister(): Promise<RegistrationEvent | 'nobody'> {
    return new Promise((resolve) => {
      const requestDelegate = {
        onAccept: () => resolve({ name: 'accepted', at: clock.now() }),
        onReject: (response: { message: Answer }) => resolve(rejected(response.message)),
        onRedirect: (response: { message: Answer }) => resolve(rejected(response.message)),
      }
      registerer.register({ requestDelegate }).catch(() => {
        // The library waits for an answer that will never come; a new Registerer does not.
        registerer = newRegisterer()
        registerer.register({ requestDelegate }).catch(() => resolve('nobody'))
      })
    })
  }

  function rejected(message: Answer): RegistrationEvent {
    const retryAfterS = Number.parseInt(message.getHeader('retry-after') ?? '', 10)
    return {
      name: 'rejected',
      at: clock.now(),
      status: message.statusCode ?? 500,
      jitter: random.next(),
      ...(retryAfterS > 0 ? { retryAfterMs: retryAfterS * 1000 } : {}),
    }
  }

  function lost(error: unknown): RegistrationEvent {
    const reason = error instanceof ConnectionLost ? error.reason : 'no-connection'
    return { name: 'lost', at: clock.now(), reason, jitter: random.next(), callIsUp: options.callIsUp() }
  }

  function newRegisterer(): Registerer {
    const made = new Registerer(agent, {
      regId: 1,
      expires: 600,
      refreshFrequency: 85,
      logConfiguration: false,
    })
    made.stateChange.addListener((now) => {
      // A refresh was refused or the registration ran out: find out why by asking again.
      if (made !== registerer || now !== RegistererState.Unregistered || state.name !== 'registered') return
      dispatch({ name: 'rejected', at: clock.now(), status: 500, jitter: random.next() })
    })
    return made
  }

  /**
   * When the machine's address changes, its open connections die in silence, and a new one is up at once. So a second one
   * is tried beside one that is in doubt: whichever answers first is gone on with.
   */
  function tryBeside(afterMs: number): void {
    beside()
    beside = clock.after(afterMs, () => {
      if (keepAlive.silentForMs() !== null) void openBeside()
    })
  }

  async function openBeside(): Promise<void> {
    besideAttempt += 1
    const mine = besideAttempt
    const isOpen = await transport.openBeside()
    if (mine !== besideAttempt) return
    // There may be no way to anywhere yet.
    if (!isOpen) return tryBeside(besideAgainMs)
    const silentMs = keepAlive.silentForMs() ?? besideGraceMs
    beside = clock.after(Math.max(0, besideGraceMs - silentMs), () => {
      if (keepAlive.silentForMs() === null) transport.closeBeside()
      else moveOver()
    })
  }

  function doubt(answerWithinMs: number, besideAfter: number): void {
    if (!transport.isConnected()) return
    keepAlive.check(answerWithinMs)
    tryBeside(besideAfter)
  }

  /** There is a switchboard at the other end of the new connection: nobody waits before using it. */
  function moveOver(): void {
    log.info('phone.connection-moved', { silentForMs: keepAlive.silentForMs() ?? 0 })
    transport.lose('no-answer')
    // Nobody who signed out is registered again: then `reopening` goes on with it, for the calls that are up.
    if (state.name !== 'off') dispatch({ name: 'asked', at: clock.now() })
  }

  return {
    state: () => state,
    register: () => dispatch({ name: 'asked', at: clock.now() }),
    async unregister(reason) {
      const wasRegistered = state.name === 'registered'
      dispatch({ name: 'unregistered', reason })
      if (!wasRegistered || !transport.isConnected()) return
      await new Promise<void>((resolve) => {
        const cancel = clock.after(unregisterWithinMs, resolve)
        const done = () => {
          cancel()
          resolve()
        }
        registerer.unregister({ requestDelegate: { onAccept: done, onReject: done } }).catch(done)
      })
    },
    check() {
      const at = clock.now()
      if (state.name === 'connecting' && !transport.isConnected() && at - state.since > freshAttemptMs) {
        attempt += 1
        transport.lose('no-connection')
        dispatch(lost(new ConnectionLost('no-connection')))
      }
      if (state.name === 'waiting') dispatch({ name: 'asked', at, anew: true })
      else doubt(checkWithinMs, 0)
    },
    suspect() {
      const usualMs = 3 * (keepAlive.roundTripMs() ?? 0)
      doubt(suspectWithinMs, Math.min(besideAfterMs.atMost, Math.max(besideAfterMs.atLeast, usualMs)))
    },
    roundTripMs: keepAlive.roundTripMs,
    close() {
      attempt += 1
      waiting()
      reopening.stop()
      beside()
      keepAlive.stop()
      void transport.disconnect()
      agent.userAgentCore.dispose()
    },
  }
}

interface Answer {
  readonly statusCode?: number | undefined
  getHeader(name: string): string | undefined
}

function facts(state: Registration): Record<string, string | number> {
  if (state.name === 'waiting') return { reason: state.reason, attempt: state.attempt }
  return state.name === 'refused' ? { status: state.status } : {}
}
