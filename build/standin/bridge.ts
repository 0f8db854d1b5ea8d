import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { BindingCalled, CdpSession } from './cdp.ts'
import { createCodec } from './page/codec.ts'
import { runIsolatedWorld } from './page/isolated-world.ts'
import { runMainWorld } from './page/main-world.ts'
import { createWorldPort } from './page/world-port.ts'

const codec = createCodec()

// Names nobody can guess, so that a page can neither listen in on the bridge nor speak on it.
const secret = randomBytes(12).toString('hex')
const NAMES = {
  world: `preload-${secret}`,
  send: `send-${secret}`,
  receive: `receive-${secret}`,
  toMain: `to-main-${secret}`,
  toIsolated: `to-isolated-${secret}`,
}

/** What a page sends to the main process. */
export type PageMessage =
  | { kind: 'hello'; url: string }
  | { kind: 'send'; channel: string; args: unknown[] }
  | { kind: 'invoke'; id: number; channel: string; args: unknown[] }
  | { kind: 'ask'; id: number; permission: string; mediaTypes: string[] }
  | { kind: 'resized' }
  | { kind: 'preload-failed'; message: string }

/** How to answer a message that waits for one. */
export type Reply = (answer: { value: unknown } | { error: string }) => void

// Only real documents have a bridge: not the blank page a window starts with, and not frames inside pages.
const IN_DOCUMENT = `globalThis.top === globalThis.self && location.protocol !== 'about:'`

function mainWorldSource(): string {
  return `if (${IN_DOCUMENT}) (() => {
    const port = (${createWorldPort})(window, '${NAMES.toIsolated}', '${NAMES.toMain}');
    (${runMainWorld})(window, port)
  })()`
}

function isolatedWorldSource(preloadPath: string | undefined, argv: string[]): string {
  const { platform, versions } = process
  const config = {
    send: NAMES.send,
    receive: NAMES.receive,
    preloadPath: preloadPath ?? '',
    process: { platform, argv, versions: { ...versions } },
  }
  const preload = preloadPath
    ? `function (require, module, exports, process, __filename, __dirname) {${readFileSync(preloadPath, 'utf8')}\n}`
    : 'undefined'
  return `if (${IN_DOCUMENT}) (() => {
    const port = (${createWorldPort})(window, '${NAMES.toMain}', '${NAMES.toIsolated}');
    const codec = (${createCodec})();
    (${runIsolatedWorld})(globalThis, port, codec, ${JSON.stringify(config)}, ${preload})
  })()`
}

/** The main process's end of one page's bridge. */
export class PageBridge {
  readonly #session: CdpSession
  readonly #receive: (message: PageMessage, reply: Reply) => void
  #context: number | undefined

  constructor(session: CdpSession, receive: (message: PageMessage, reply: Reply) => void) {
    this.#session = session
    this.#receive = receive
    session.on('Runtime.bindingCalled', (call) => this.#called(call))
    session.on('Runtime.executionContextDestroyed', ({ executionContextId }) => {
      if (executionContextId === this.#context) this.#context = undefined
    })
    session.on('Runtime.executionContextsCleared', () => {
      this.#context = undefined
    })
  }

  /** The commands are on their way, in order, when this returns. */
  install(preloadPath: string | undefined, argv: string[]): Promise<unknown>[] {
    const session = this.#session
    return [
      session.send('Runtime.addBinding', { name: NAMES.send, executionContextName: NAMES.world }),
      // The page's own world first: the preload's exposeInMainWorld calls it at once.
      session.send('Page.addScriptToEvaluateOnNewDocument', { source: mainWorldSource() }),
      session.send('Page.addScriptToEvaluateOnNewDocument', {
        source: isolatedWorldSource(preloadPath, argv),
        worldName: NAMES.world,
      }),
    ]
  }

  /** Dropped when no document is loaded, as Electron does. */
  post(channel: string, args: unknown[]): void {
    this.#deliver({ kind: 'message', channel, args: codec.encode(args) })
  }

  #called({ name, payload, executionContextId }: BindingCalled): void {
    if (name !== NAMES.send) return
    const message = JSON.parse(payload) as PageMessage
    if (message.kind === 'hello') this.#context = executionContextId
    if (executionContextId !== this.#context) return
    if (message.kind === 'send' || message.kind === 'invoke') {
      message.args = codec.decode(message.args) as unknown[]
    }
    this.#receive(message, (answer) => {
      // The document that asked may be gone; the next one must not get its answer.
      if (executionContextId !== this.#context || !('id' in message)) return
      this.#deliver({ kind: 'answer', id: message.id, ...encodeAnswer(answer) })
    })
  }

  #deliver(message: Record<string, unknown>): void {
    if (this.#context === undefined) return
    this.#session.send('Runtime.callFunctionOn', {
      executionContextId: this.#context,
      functionDeclaration: `function (text) { globalThis['${NAMES.receive}'](text) }`,
      arguments: [{ value: JSON.stringify(message) }],
    })
  }
}

function encodeAnswer(answer: { value: unknown } | { error: string }): Record<string, unknown> {
  if ('error' in answer) return answer
  try {
    return { args: codec.encode(answer.value) }
  } catch (error) {
    return { error: String(error) }
  }
}
