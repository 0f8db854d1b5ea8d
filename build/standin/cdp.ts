import { EventEmitter } from 'node:events'
import type { Readable, Writable } from 'node:stream'
import type { CDPSession } from '@playwright/test'

declare const typed: CDPSession
export type RequestPaused = Parameters<Parameters<typeof typed.addListener<'Fetch.requestPaused'>>[1]>[0]
export type AttachedToTarget = Parameters<
  Parameters<typeof typed.addListener<'Target.attachedToTarget'>>[1]
>[0]
export type BindingCalled = Parameters<Parameters<typeof typed.addListener<'Runtime.bindingCalled'>>[1]>[0]

interface Answer {
  resolve: (result: unknown) => void
  reject: (error: Error) => void
}

interface Message {
  id?: number
  sessionId?: string
  method?: string
  params?: unknown
  result?: unknown
  error?: { message: string }
}

/** The commands and events of one target (or of the browser itself), typed as Playwright types them. */
export interface CdpSession {
  readonly id: string | undefined
  send: CDPSession['send']
  on: CDPSession['addListener']
  once: CDPSession['once']
}

class Session implements CdpSession {
  readonly id: string | undefined
  readonly events = new EventEmitter()
  readonly send: CDPSession['send']
  readonly on: CDPSession['addListener']
  readonly once: CDPSession['once']

  constructor(id: string | undefined, transmit: (method: string, params: unknown) => Promise<unknown>) {
    this.id = id
    this.events.setMaxListeners(0)
    this.send = ((method: string, params: unknown) => transmit(method, params)) as CDPSession['send']
    this.on = this.events.on.bind(this.events) as unknown as CDPSession['addListener']
    this.once = this.events.once.bind(this.events) as unknown as CDPSession['once']
  }
}

const ENDED = new Error('the browser has ended')

/**
 * Chromium's DevTools protocol over a pair of pipes: JSON messages, each ended by a zero byte.
 * Commands sent without awaiting in between reach Chromium in that order.
 */
export class CdpConnection {
  readonly browser: CdpSession
  readonly closed: Promise<void>
  readonly #output: Writable
  readonly #sessions = new Map<string | undefined, Session>()
  readonly #answers = new Map<number, Answer>()
  #lastId = 0
  #open = true

  constructor(output: Writable, input: Readable) {
    this.#output = output
    this.browser = this.#sessionOf(undefined)
    // A write after Chromium died must not take the main process down: `closed` tells about it.
    output.on('error', () => {})
    input.on('error', () => {})
    this.closed = new Promise((resolve) => input.once('close', resolve)).then(() => this.#end())
    this.#read(input)
  }

  session(id: string): CdpSession {
    return this.#sessionOf(id)
  }

  #sessionOf(id: string | undefined): Session {
    const known = this.#sessions.get(id)
    if (known) return known
    const session = new Session(id, (method, params) => this.#transmit(id, method, params))
    this.#sessions.set(id, session)
    return session
  }

  #transmit(sessionId: string | undefined, method: string, params: unknown): Promise<unknown> {
    this.#lastId += 1
    const id = this.#lastId
    const answer = new Promise((resolve, reject) => {
      const fail = (error: Error) => reject(new Error(`${method}: ${error.message}`))
      if (this.#open) this.#answers.set(id, { resolve, reject: fail })
      else fail(ENDED)
    })
    // Callers that only care about the order do not await; that must not count as an unhandled rejection.
    answer.catch(() => {})
    if (this.#open) this.#output.write(`${JSON.stringify({ id, method, params: params ?? {}, sessionId })}\0`)
    return answer
  }

  #read(input: Readable): void {
    let parts: Buffer[] = []
    input.on('data', (chunk: Buffer) => {
      let from = 0
      for (let end = chunk.indexOf(0); end !== -1; end = chunk.indexOf(0, from)) {
        parts.push(chunk.subarray(from, end))
        this.#receive(JSON.parse(Buffer.concat(parts).toString()) as Message)
        parts = []
        from = end + 1
      }
      if (from < chunk.length) parts.push(chunk.subarray(from))
    })
  }

  #receive(message: Message): void {
    if (message.id !== undefined) {
      const answer = this.#answers.get(message.id)
      this.#answers.delete(message.id)
      if (message.error) answer?.reject(new Error(message.error.message))
      else answer?.resolve(message.result)
      return
    }
    if (message.method) this.#sessionOf(message.sessionId).events.emit(message.method, message.params)
  }

  #end(): void {
    this.#open = false
    for (const answer of this.#answers.values()) answer.reject(ENDED)
    this.#answers.clear()
  }
}
