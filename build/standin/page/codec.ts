export interface Codec {
  /** A JSON-able form of whatever structured clone would carry; throws Electron's own message for the rest. */
  encode: (value: unknown) => unknown[]
  decode: (nodes: unknown) => unknown
}

/**
 * Structured clone over JSON, for IPC between the pages and the main process. The value becomes a flat table of
 * nodes that name each other by index, so shared and circular references survive.
 *
 * Self-contained: it also runs in the page, where it arrives as source text.
 */
export function createCodec(): Codec {
  const kindOf = (value: object) => Object.prototype.toString.call(value).slice(8, -1)

  const toBase64 = (bytes: Uint8Array) => {
    let binary = ''
    for (let at = 0; at < bytes.length; at += 0x8000) {
      binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000))
    }
    return btoa(binary)
  }
  const fromBase64 = (text: string) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0))

  const describePrimitive = (value: unknown): unknown[] => {
    if (value === undefined) return ['undefined']
    if (typeof value === 'bigint') return ['bigint', String(value)]
    if (typeof value === 'number' && (!Number.isFinite(value) || Object.is(value, -0))) {
      return ['number', Object.is(value, -0) ? '-0' : String(value)]
    }
    if (typeof value === 'function' || typeof value === 'symbol') {
      throw new Error('An object could not be cloned.')
    }
    return ['plain', value]
  }

  const describeObject = (value: object, visit: (inner: unknown) => number): unknown[] => {
    if (Array.isArray(value)) return ['array', value.map(visit)]
    if (ArrayBuffer.isView(value)) {
      const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
      return ['view', kindOf(value), toBase64(bytes)]
    }
    const kind = kindOf(value)
    if (kind === 'Date') return ['date', Number(value)]
    if (kind === 'RegExp') return ['regexp', (value as RegExp).source, (value as RegExp).flags]
    if (kind === 'Map') return ['map', [...(value as Map<unknown, unknown>)].flat().map(visit)]
    if (kind === 'Set') return ['set', [...(value as Set<unknown>)].map(visit)]
    if (kind === 'ArrayBuffer') return ['buffer', toBase64(new Uint8Array(value as ArrayBuffer))]
    if (kind === 'Error') {
      const { name, message, stack } = value as Error
      return ['error', name, message, stack]
    }
    if (kind !== 'Object') throw new Error('An object could not be cloned.')
    return ['object', Object.entries(value).map(([key, inner]) => [key, visit(inner)])]
  }

  const encode = (root: unknown) => {
    const nodes: unknown[] = []
    const seen = new Map<object, number>()
    const visit = (value: unknown): number => {
      const isObject = typeof value === 'object' && value !== null
      const known = isObject ? seen.get(value) : undefined
      if (known !== undefined) return known
      const at = nodes.push(undefined) - 1
      if (isObject) seen.set(value, at)
      nodes[at] = isObject ? describeObject(value, visit) : describePrimitive(value)
      return at
    }
    visit(root)
    return nodes
  }

  const decode = (nodes: unknown) => {
    const table = nodes as [string, ...unknown[]][]
    const made = new Map<number, unknown>()
    const keep = <T>(at: number, value: T): T => {
      made.set(at, value)
      return value
    }
    const makeView = (name: string, bytes: Uint8Array) => {
      if (name === 'Uint8Array') return bytes
      const type = (globalThis as unknown as Record<string, new (buffer: ArrayBufferLike) => unknown>)[name]
      return type ? new type(bytes.buffer) : bytes
    }
    const makeError = (name: string, message: string, stack: string) => {
      const types: Record<string, ErrorConstructor> = { RangeError, ReferenceError, SyntaxError, TypeError }
      const error = new (types[name] ?? Error)(message)
      if (error.name !== name) error.name = name
      error.stack = stack
      return error
    }
    const build = (at: number): unknown => {
      if (made.has(at)) return made.get(at)
      const [kind, first, second, third] = table[at] ?? ['undefined']
      const indexes = first as number[]
      switch (kind) {
        case 'plain':
          return first
        case 'bigint':
          return BigInt(first as string)
        case 'number':
          return Number(first)
        case 'date':
          return keep(at, new Date(first as number))
        case 'regexp':
          return keep(at, new RegExp(first as string, second as string))
        case 'buffer':
          return keep(at, fromBase64(first as string).buffer)
        case 'view':
          return keep(at, makeView(first as string, fromBase64(second as string)))
        case 'error':
          return keep(at, makeError(first as string, second as string, third as string))
        case 'array': {
          const array = keep<unknown[]>(at, [])
          for (const index of indexes) array.push(build(index))
          return array
        }
        case 'set': {
          const set = keep(at, new Set())
          for (const index of indexes) set.add(build(index))
          return set
        }
        case 'map': {
          const map = keep(at, new Map())
          for (let i = 0; i < indexes.length; i += 2)
            map.set(build(indexes[i] ?? 0), build(indexes[i + 1] ?? 0))
          return map
        }
        case 'object': {
          const object = keep<Record<string, unknown>>(at, {})
          for (const [key, index] of first as [string, number][]) object[key] = build(index)
          return object
        }
        default:
          return undefined
      }
    }
    return build(0)
  }

  return { encode, decode }
}
