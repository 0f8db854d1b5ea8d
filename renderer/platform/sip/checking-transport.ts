import { EmitterImpl, type Transport, TransportState } from 'sip.js'
import type { Clock } from '#shared/kernel/clock.ts'
import type { Log } from '#shared/kernel/log.ts'
import { inspect, refusalOf, type SentRequest, sentRequest, withTelUris } from './message-checks.ts'
import { callIdOf, type PassedMessage, passedMessage, readHead, tagOf } from './message-text.ts'
import { createSpareSocket, type SpareSocket } from './spare-socket.ts'

export interface CheckingTransportOptions {
  /** WebSocket addresses in order of preference (RFC 7118); the next one is tried after a failure. */
  readonly servers: readonly string[]
  readonly clock: Clock
  readonly log: Log
}

/** Why a connection ended that we did not close: the socket went, or nothing was heard over it. */
export class ConnectionLost extends Error {
  readonly reason: 'no-connection' | 'no-answer'

  constructor(reason: 'no-connection' | 'no-answer') {
    super(reason)
    this.reason = reason
  }
}

/** Sees every message on its way between the checks and the library. */
export interface MessageLayer {
  /** What the library may have in its place; null when the message was dealt with. */
  received(text: string): string | null
  /** What is sent in its place; null when nothing is. */
  sending(text: string): string | null
}

interface Unanswered extends SentRequest {
  readonly isReinvite: boolean
  readonly sentAt: number
}

const connectWithinMs = 5_000
/**
 * A far end that has heard our re-INVITE sends none of its own before it has answered (RFC 3261 §14.1). Theirs can cross
 * ours only within one round trip; one that comes later than this means that ours was lost.
 */
const staleInviteMs = 500

/**
 * SIP over WebSocket for the library, with three duties its own transport does not have: messages are checked before
 * the parser sees them; nothing thrown while handling one escapes; and when the connection is lost every request
 * under way is failed at once (RFC 3261 §17.1.4), so that no dialog stays blocked for the 32 s of a transaction.
 *
 *   Disconnected ──connect──▶ Connecting ──open──▶ Connected
 *        ▲                        │                    │
 *        └── closed, 5 s passed, lose, disconnect ◀────┘
 */
export class CheckingTransport implements Transport {
  onConnect: (() => void) | undefined
  onDisconnect: ((error?: Error) => void) | undefined
  onMessage: ((message: string) => void) | undefined
  readonly stateChange = new EmitterImpl<TransportState>()
  /** When anything last arrived, milliseconds since 1970: proof that the connection lives. */
  heardAt = 0
  /** In the order in which they see what arrives. */
  layers: readonly MessageLayer[] = []
  /** Told of each message that came in or went out. */
  onPassed: ((message: PassedMessage) => void) | undefined

  #state = TransportState.Disconnected
  #server = 0
  #socket: WebSocket | null = null
  #connecting: { promise: Promise<void>; settle: (error?: Error) => void } | null = null
  readonly #options: CheckingTransportOptions
  readonly #unanswered = new Map<string, Unanswered>()
  readonly #spare: SpareSocket

  constructor(_logger: unknown, options: CheckingTransportOptions) {
    this.#options = options
    this.#spare = createSpareSocket(options.clock)
  }

  get state(): TransportState {
    return this.#state
  }

  get protocol(): string {
    return this.#address.startsWith('wss:') ? 'WSS' : 'WS'
  }

  isConnected(): boolean {
    return this.#state === TransportState.Connected
  }

  connect(): Promise<void> {
    if (this.isConnected()) return Promise.resolve()
    if (this.#connecting !== null) return this.#connecting.promise
    this.#enter(TransportState.Connecting)
    const timeout = this.#options.clock.after(connectWithinMs, () => this.lose('no-answer'))
    let settle: (error?: Error) => void = () => {}
    const promise = new Promise<void>((resolve, reject) => {
      settle = (error) => {
        timeout()
        this.#connecting = null
        if (error === undefined) resolve()
        else reject(error)
      }
    })
    this.#connecting = { promise, settle }
    this.#open()
    return promise
  }

  /**
   * Opens a second connection beside the one there is, which may be dead without anyone having said so; true once it is
   * open. `connect` goes on with it when the first is given up; `closeBeside` gives it up instead.
   */
  openBeside(): Promise<boolean> {
    return this.#spare.open(this.#address)
  }

  closeBeside(): void {
    this.#spare.close()
  }

  disconnect(): Promise<void> {
    this.#spare.close()
    this.#close(undefined)
    return Promise.resolve()
  }

  dispose(): Promise<void> {
    return this.disconnect()
  }

  /** Gives the connection up although the socket may still look open. */
  lose(reason: 'no-connection' | 'no-answer'): void {
    this.#close(new ConnectionLost(reason))
  }

  send(message: string): Promise<void> {
    let text: string | null = message
    for (const layer of this.layers.toReversed()) text = text === null ? null : layer.sending(text)
    return text === null ? Promise.resolve() : this.sendAsIs(text)
  }

  /** Past the layers: for what they send themselves. */
  sendAsIs(message: string): Promise<void> {
    if (!this.isConnected() || this.#socket === null) {
      // The ACK of a failure made here: reporting that as failed too would fail the same request twice.
      return message.startsWith('ACK ') ? Promise.resolve() : Promise.reject(new Error('not connected'))
    }
    try {
      this.#socket.send(withTelUris(message))
    } catch (error) {
      return Promise.reject(error instanceof Error ? error : new Error('send failed'))
    }
    this.onPassed?.(passedMessage(message, 'sent'))
    const request = sentRequest(message)
    if (request !== null) {
      const isReinvite = request.method === 'INVITE' && /^To:[^\r\n]*;tag=/im.test(message)
      this.#unanswered.set(request.transaction, {
        ...request,
        isReinvite,
        sentAt: this.#options.clock.now(),
      })
    }
    return Promise.resolve()
  }

  /** Fails the INVITE of a call that got no final answer, so that another can be sent in its dialog. */
  abandonInvite(callId: string): void {
    this.#fail((request) => request.method === 'INVITE' && request.callId === callId)
  }

  get #address(): string {
    const { servers } = this.#options
    return servers[this.#server % servers.length] ?? ''
  }

  #open(): void {
    let socket = this.#spare.take()
    this.#spare.close()
    const isOpen = socket !== null
    try {
      socket ??= new WebSocket(this.#address, 'sip')
    } catch {
      // Not before `connect` has returned: the library does not expect a state change within it.
      queueMicrotask(() => this.lose('no-connection'))
      return
    }
    socket.binaryType = 'arraybuffer'
    this.#socket = socket
    const ours = (handle: () => void) => () => {
      if (this.#socket === socket) handle()
    }
    socket.onopen = ours(() => this.#opened())
    socket.onclose = ours(() => this.lose('no-connection'))
    socket.onmessage = (event: MessageEvent<unknown>) => ours(() => this.#received(event.data))()
    if (isOpen) queueMicrotask(ours(() => this.#opened()))
  }

  #opened(): void {
    this.heardAt = this.#options.clock.now()
    this.#enter(TransportState.Connected)
    this.#connecting?.settle()
    this.#guarded('connect', () => this.onConnect?.())
  }

  #close(error: ConnectionLost | undefined): void {
    if (this.#state === TransportState.Disconnected) return
    const was = this.#state
    const socket = this.#socket
    this.#socket = null
    if (error !== undefined) this.#server += 1
    // A frozen peer never finishes the closing handshake: nobody waits for it.
    socket?.close(1000)
    this.#enter(TransportState.Disconnected)
    this.#connecting?.settle(error ?? new Error('disconnected'))
    if (was === TransportState.Connected) this.#guarded('disconnect', () => this.onDisconnect?.(error))
    this.#fail(() => true)
  }

  #fail(which: (request: Unanswered) => boolean): void {
    for (const request of [...this.#unanswered.values()].filter(which)) {
      this.#unanswered.delete(request.transaction)
      this.#guarded('failure', () => this.onMessage?.(request.failure))
    }
  }

  #received(data: unknown): void {
    this.heardAt = this.#options.clock.now()
    const text = typeof data === 'string' ? data : decode(data)
    const seen = inspect(text)
    if (seen.name !== 'blank' && seen.name !== 'dropped') this.onPassed?.(passedMessage(text, 'received'))
    switch (seen.name) {
      case 'blank':
        return
      case 'dropped':
        this.#options.log.info('sip.message-dropped', { why: seen.why, characters: text.length })
        return
      case 'refused':
        this.#options.log.info('sip.message-refused', { why: seen.why, status: seen.status })
        this.sendAsIs(seen.reply).catch(() => {})
        return
      case 'response':
        if (seen.status >= 200) this.#unanswered.delete(seen.transaction)
        this.#guarded('response', () => this.#deliver(seen.text))
        return
      case 'request':
        if (seen.method === 'INVITE') this.#makeWayFor(seen.text)
        if (!this.#guarded(seen.method, () => this.#deliver(seen.text)) && seen.method !== 'ACK') {
          this.sendAsIs(refusalOf(seen.text)).catch(() => {})
        }
        return
    }
  }

  /**
   * After an outage both ends renegotiate. One whose own re-INVITE was lost on the way would refuse the other's with 491
   * (RFC 3261 §14.2) until it gives up, and the call would stay dumb for as long: what is that old is given up now.
   */
  #makeWayFor(invite: string): void {
    const head = readHead(invite)
    if (head === null || tagOf(head, 'to') === '') return
    const callId = callIdOf(head)
    const staleSince = this.#options.clock.now() - staleInviteMs
    this.#fail((request) => request.isReinvite && request.callId === callId && request.sentAt < staleSince)
  }

  #deliver(message: string): void {
    let text: string | null = message
    for (const layer of this.layers) text = text === null ? null : layer.received(text)
    if (text !== null) this.onMessage?.(text)
  }

  /** Gives the library a message that no one sent. */
  deliverAsIs(text: string): void {
    this.#guarded('own', () => this.onMessage?.(text))
  }

  /** A message that trips the library must not reach the socket's event handler, nor end another call. */
  #guarded(what: string, run: () => void): boolean {
    try {
      run()
      return true
    } catch (error) {
      this.#options.log.error('sip.message-not-handled', {
        what,
        kind: error instanceof Error ? error.name : typeof error,
      })
      return false
    }
  }

  #enter(state: TransportState): void {
    this.#state = state
    this.stateChange.emit(state)
  }
}

const decoder = new TextDecoder()

function decode(data: unknown): string {
  return data instanceof ArrayBuffer ? decoder.decode(data) : ''
}
