import type { WorldPort } from './world-port.ts'

/** What a page's own script world offers, as far as this script touches it. */
export interface MainWorld {
  location: { href: string }
  [name: string]: unknown
}

type Method = (this: unknown, ...args: unknown[]) => unknown

/**
 * Runs in the page's own world before its scripts: shows what the preload exposes, and has the app's permission
 * handlers asked before Chromium decides, so that the answer (and the error) the page sees is Chromium's own.
 *
 * Self-contained: it arrives in the page as source text.
 */
export function runMainWorld(world: MainWorld, port: WorldPort): void {
  const freezeDeep = (value: unknown): unknown => {
    if ((typeof value === 'object' && value !== null) || typeof value === 'function') {
      if (Object.isFrozen(value) || ArrayBuffer.isView(value)) return value
      Object.freeze(value)
      for (const inner of Object.values(value)) freezeDeep(inner)
    }
    return value
  }

  port.provide('expose', (key, api) => {
    const name = key as string
    if (Object.hasOwn(world, name)) {
      throw new Error(`Cannot bind an API on top of an existing property on the window object`)
    }
    Object.defineProperty(world, name, { value: freezeDeep(api), enumerable: true })
  })

  const askFirst = (
    type: string,
    method: string,
    permissionOf: (args: unknown[]) => [permission: string, mediaTypes?: string[]],
    isStatic = false,
  ) => {
    const owner = world[type] as { prototype: object } | undefined
    const holder = (isStatic ? owner : owner?.prototype) as Record<string, Method> | undefined
    const original = holder?.[method]
    if (!holder || !original) return
    // Written as a method so that its name and arity look like the original's.
    const replacement = {
      async [method](this: unknown, ...args: unknown[]) {
        const [permission, mediaTypes] = permissionOf(args)
        await port.call('ask', permission, mediaTypes ?? [])
        return original.apply(this, args)
      },
    }[method] as Method
    Object.defineProperty(holder, method, { value: replacement, writable: true, configurable: true })
  }

  askFirst('MediaDevices', 'getUserMedia', ([constraints]) => {
    const wanted = (constraints ?? {}) as { audio?: unknown; video?: unknown }
    return ['media', [...(wanted.video ? ['video'] : []), ...(wanted.audio ? ['audio'] : [])]]
  })
  askFirst('MediaDevices', 'getDisplayMedia', () => ['display-capture'])
  askFirst('MediaDevices', 'selectAudioOutput', () => ['speaker-selection'])
  askFirst('Clipboard', 'read', () => ['clipboard-read'])
  askFirst('Clipboard', 'readText', () => ['clipboard-read'])
  askFirst('Clipboard', 'write', () => ['clipboard-sanitized-write'])
  askFirst('Clipboard', 'writeText', () => ['clipboard-sanitized-write'])
  askFirst('StorageManager', 'persist', () => ['persistent-storage'])
  askFirst('WakeLock', 'request', () => ['screen-wake-lock'])
  askFirst('Notification', 'requestPermission', () => ['notifications'], true)
}
