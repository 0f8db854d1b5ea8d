/** Typed by hand: this folder compiles without the DOM, which the rest of build/ must not see either. */
export interface PageWindow {
  dispatchEvent: (event: Event) => boolean
  addEventListener: (type: string, listener: (event: CustomEvent<unknown>) => void) => void
}

type AnyFunction = (...args: unknown[]) => unknown

export interface WorldPort {
  /** Makes a function callable from the other world under a fixed name. */
  provide: (name: string, run: AnyFunction) => void
  /** Calls a function the other world provided, and returns or throws what it does, at once. */
  call: (name: string, ...args: unknown[]) => unknown
}

/**
 * One end of the bridge between a page's own world and the preload's isolated world, made the same on both sides.
 * Both worlds wrap one window, and a CustomEvent's detail crosses between them by structured clone while
 * dispatchEvent runs: calls are therefore synchronous, as through Electron's contextBridge. Functions cross as
 * numbers, promises as numbers settled later.
 *
 * Self-contained: it runs in the page, where it arrives as source text.
 */
export function createWorldPort(page: PageWindow, outgoing: string, incoming: string): WorldPort {
  const TAG = '__crossed'
  const functions = new Map<string | number, AnyFunction>()
  const numbers = new Map<AnyFunction, number>()
  const promises = new Map<number, { resolve: (value: unknown) => void; reject: (error: unknown) => void }>()
  const replies = new Map<number, { value?: unknown; error?: unknown }>()
  let last = 0

  const next = () => {
    last += 1
    return last
  }
  const post = (message: unknown) => {
    // An event silently delivers null for what cannot be cloned; this throws instead.
    page.dispatchEvent(new CustomEvent(outgoing, { detail: structuredClone(message) }))
  }

  const pack = (value: unknown, seen = new Map<object, unknown>()): unknown => {
    if (typeof value === 'function') {
      const run = value as AnyFunction
      const number = numbers.get(run) ?? next()
      numbers.set(run, number)
      functions.set(number, run)
      return { [TAG]: 'function', number }
    }
    if (typeof value !== 'object' || value === null) return value
    if (value instanceof Promise) {
      const number = next()
      value.then(
        (result) => post({ kind: 'settle', number, value: pack(result) }),
        (error) => post({ kind: 'settle', number, error: pack(error) }),
      )
      return { [TAG]: 'promise', number }
    }
    if (value instanceof Error) return { [TAG]: 'error', name: value.name, message: value.message }
    const known = seen.get(value)
    if (known) return known
    if (Array.isArray(value)) {
      const copy: unknown[] = []
      seen.set(value, copy)
      for (const inner of value) copy.push(pack(inner, seen))
      return copy
    }
    if (Object.prototype.toString.call(value) !== '[object Object]') return value
    const copy: Record<string, unknown> = {}
    seen.set(value, copy)
    for (const [key, inner] of Object.entries(value)) copy[key] = pack(inner, seen)
    return copy
  }

  const unpackTagged = (tagged: Record<string, unknown>): unknown => {
    const number = tagged.number as number
    if (tagged[TAG] === 'function') return (...args: unknown[]) => callThere(number, args)
    if (tagged[TAG] === 'promise') {
      return new Promise((resolve, reject) => promises.set(number, { resolve, reject }))
    }
    const error = new Error(tagged.message as string)
    if (tagged.name !== 'Error') error.name = tagged.name as string
    return error
  }

  const unpack = (value: unknown, seen = new Set<object>()): unknown => {
    if (typeof value !== 'object' || value === null || seen.has(value)) return value
    if (Array.isArray(value)) {
      seen.add(value)
      for (const [at, inner] of value.entries()) value[at] = unpack(inner, seen)
      return value
    }
    if (Object.prototype.toString.call(value) !== '[object Object]') return value
    const object = value as Record<string, unknown>
    if (object[TAG]) return unpackTagged(object)
    seen.add(object)
    for (const [key, inner] of Object.entries(object)) object[key] = unpack(inner, seen)
    return object
  }

  const callThere = (target: string | number, args: unknown[]) => {
    const number = next()
    post({ kind: 'call', number, target, args: pack(args) })
    const reply = replies.get(number)
    replies.delete(number)
    if (!reply) throw new Error('stand-in: the other world did not answer')
    if ('error' in reply) throw unpack(reply.error)
    return unpack(reply.value)
  }

  const answer = (message: { number: number; target: string | number; args: unknown[] }) => {
    try {
      const run = functions.get(message.target)
      if (!run) throw new Error(`stand-in: nothing answers to ${message.target}`)
      const value = run(...(unpack(message.args) as unknown[]))
      post({ kind: 'reply', number: message.number, value: pack(value) })
    } catch (error) {
      post({ kind: 'reply', number: message.number, error: pack(error) })
    }
  }

  page.addEventListener(incoming, (event) => {
    const message = event.detail as { kind: string; number: number; value?: unknown; error?: unknown }
    if (message.kind === 'call') {
      answer(message as unknown as { number: number; target: string | number; args: unknown[] })
    } else if (message.kind === 'reply') {
      replies.set(message.number, message)
    } else {
      const promise = promises.get(message.number)
      promises.delete(message.number)
      if ('error' in message) promise?.reject(unpack(message.error))
      else promise?.resolve(unpack(message.value))
    }
  })

  return {
    provide: (name, run) => functions.set(name, run),
    call: (name, ...args) => callThere(name, args),
  }
}
