import type { Codec } from './codec.ts'
import type { PageWindow, WorldPort } from './world-port.ts'

type Listener = (event: unknown, ...args: unknown[]) => void
type Settle = { resolve: (value: unknown) => void; reject: (error: Error) => void }

export interface IsolatedWorld extends PageWindow {
  location: { href: string }
  [name: string]: unknown
}

export interface PreloadConfig {
  /** Names of the function Chromium adds for talking out, and of ours that the main process calls. */
  readonly send: string
  readonly receive: string
  readonly preloadPath: string
  readonly process: { platform: string; argv: string[]; versions: Record<string, string | undefined> }
}

export type PreloadScript = (
  require: (name: string) => unknown,
  module: { exports: unknown },
  exports: unknown,
  process: unknown,
  filename: string,
  dirname: string,
) => void

/**
 * Runs in the isolated world before the page's scripts: gives the app's preload the `electron` module a sandboxed
 * preload has (contextBridge, ipcRenderer) and carries its messages to and from the main process.
 *
 * Self-contained: it arrives in the page as source text.
 */
export function runIsolatedWorld(
  world: IsolatedWorld,
  port: WorldPort,
  codec: Codec,
  config: PreloadConfig,
  preload: PreloadScript | undefined,
): void {
  const sendText = world[config.send] as (payload: string) => void
  const listeners = new Map<string, Listener[]>()
  const waiting = new Map<number, Settle>()
  let lastId = 0

  const send = (message: Record<string, unknown>) => sendText(JSON.stringify(message))
  const sendAndWait = (message: Record<string, unknown>) => {
    lastId += 1
    const id = lastId
    const settled = new Promise((resolve, reject) => waiting.set(id, { resolve, reject }))
    send({ ...message, id })
    return settled
  }

  port.provide('ask', (permission, mediaTypes) => sendAndWait({ kind: 'ask', permission, mediaTypes }))

  const receive = (text: string) => {
    const message = JSON.parse(text) as {
      kind: string
      id: number
      channel: string
      args: unknown
      error?: string
    }
    if (message.kind === 'message') {
      const args = codec.decode(message.args) as unknown[]
      const event = { sender: ipcRenderer, ports: [], defaultPrevented: false }
      for (const listener of [...(listeners.get(message.channel) ?? [])]) listener(event, ...args)
      return
    }
    const settle = waiting.get(message.id)
    waiting.delete(message.id)
    if (message.error === undefined) settle?.resolve(codec.decode(message.args))
    else settle?.reject(new Error(message.error))
  }
  Object.defineProperty(world, config.receive, { value: receive })

  const refuse = (path: string, known: Record<string, unknown>) =>
    new Proxy(known, {
      get(target, property) {
        if (typeof property === 'symbol' || property in target || property === 'then') {
          return Reflect.get(target, property)
        }
        throw new Error(`stand-in: ${path}.${property} is not implemented in preloads`)
      },
    })

  const on = (channel: string, listener: Listener) => {
    listeners.set(channel, [...(listeners.get(channel) ?? []), listener])
    return ipcRenderer
  }
  const off = (channel: string, listener: Listener) => {
    const kept = listeners.get(channel)?.filter((known) => known !== listener)
    listeners.set(channel, kept ?? [])
    return ipcRenderer
  }
  const once = (channel: string, listener: Listener) => {
    const first: Listener = (event, ...args) => {
      off(channel, first)
      listener(event, ...args)
    }
    return on(channel, first)
  }
  const removeAllListeners = (channel: string) => {
    listeners.delete(channel)
    return ipcRenderer
  }
  const ipcRenderer: Record<string, unknown> = refuse('ipcRenderer', {
    on,
    off,
    once,
    addListener: on,
    removeListener: off,
    removeAllListeners,
    send: (channel: string, ...args: unknown[]) => send({ kind: 'send', channel, args: codec.encode(args) }),
    invoke: async (channel: string, ...args: unknown[]) =>
      sendAndWait({ kind: 'invoke', channel, args: codec.encode(args) }),
  })
  const contextBridge = refuse('contextBridge', {
    exposeInMainWorld: (key: string, api: unknown) => {
      port.call('expose', key, api)
    },
  })
  const electron = refuse('electron', { contextBridge, ipcRenderer })

  send({ kind: 'hello', url: world.location.href })
  world.addEventListener('resize', () => send({ kind: 'resized' }))
  if (!preload) return

  const require = (name: string) => {
    if (name === 'electron' || name === 'electron/renderer') return electron
    throw new Error(`module not found: ${name}`)
  }
  const process = {
    ...config.process,
    type: 'renderer',
    sandboxed: true,
    contextIsolated: true,
    isMainFrame: true,
    env: {},
  }
  const module = { exports: {} }
  const folder = config.preloadPath.replace(/[\\/][^\\/]*$/, '')
  try {
    preload(require, module, module.exports, process, config.preloadPath, folder)
  } catch (error) {
    send({ kind: 'preload-failed', message: String(error) })
    throw error
  }
}
