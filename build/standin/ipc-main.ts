import { EventEmitter } from 'node:events'
import type { PageMessage, Reply } from './bridge.ts'
import { notImplemented } from './named.ts'
import type { WebContents } from './web-contents.ts'

type Handler = (event: unknown, ...args: unknown[]) => unknown

/** Electron's `ipcMain`. */
export class IpcMain extends EventEmitter {
  readonly #handlers = new Map<string, Handler>()

  handle(channel: string, handler: Handler): void {
    if (this.#handlers.has(channel)) {
      throw new Error(`Attempted to register a second handler for '${channel}'`)
    }
    this.#handlers.set(channel, handler)
  }

  handleOnce(channel: string, handler: Handler): void {
    this.handle(channel, (event, ...args) => {
      this.removeHandler(channel)
      return handler(event, ...args)
    })
  }

  removeHandler(channel: string): void {
    this.#handlers.delete(channel)
  }

  /** A page's message, of the two kinds that are for the app. */
  async receive(
    contents: WebContents,
    message: Extract<PageMessage, { kind: 'send' | 'invoke' }>,
    reply: Reply,
  ): Promise<void> {
    const event = eventFrom(contents)
    const { channel, args } = message
    if (message.kind === 'send') {
      contents.emit('ipc-message', event, channel, ...args)
      this.emit(channel, event, ...args)
      return
    }
    const handler = this.#handlers.get(channel)
    const prefix = `Error invoking remote method '${channel}': `
    if (!handler) {
      reply({ error: `${prefix}Error: No handler registered for '${channel}'` })
      return
    }
    try {
      reply({ value: await handler(event, ...args) })
    } catch (error) {
      console.error(`Error occurred in handler for '${channel}':`, error)
      reply({ error: `${prefix}${String(error)}` })
    }
  }
}

function eventFrom(contents: WebContents): Record<string, unknown> {
  const { mainFrame } = contents
  return {
    type: 'frame',
    sender: contents,
    senderFrame: mainFrame,
    frameId: mainFrame.routingId,
    processId: mainFrame.processId,
    ports: [],
    defaultPrevented: false,
    preventDefault() {},
    reply: (channel: string, ...args: unknown[]) => contents.send(channel, ...args),
    get returnValue(): unknown {
      return undefined
    },
    set returnValue(_value: unknown) {
      throw notImplemented('ipcRenderer.sendSync')
    },
  }
}
