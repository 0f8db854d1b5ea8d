/** The one way this runtime says that something of Electron's is missing from it. */
export function notImplemented(name: string): Error {
  return new Error(`stand-in: ${name} is not implemented`)
}

// Asked of any object by Node, the inspector, promises and test runners: not a use of Electron's API.
const ASKED_OF_EVERYTHING = new Set([
  'then',
  'toJSON',
  'toString',
  'valueOf',
  'constructor',
  'inspect',
  'domain',
  'length',
  'asymmetricMatch',
  'nodeType',
  '$$typeof',
  'default',
  'prototype',
])

function refusal(path: string, property: string | symbol): undefined {
  if (typeof property === 'symbol' || property.startsWith('_') || ASKED_OF_EVERYTHING.has(property)) return
  throw notImplemented(`${path}.${property}`)
}

/** The given object; touching a property it lacks throws by name. */
export function onlyThese<T extends object>(path: string, api: T): T {
  return new Proxy(api, {
    get(target, property) {
      if (Reflect.has(target, property)) return Reflect.get(target, property)
      return refusal(path, property)
    },
  })
}

/**
 * Makes missing methods of a class's instances throw by name. The refusal sits at the end of the prototype
 * chain, so instances stay ordinary objects: identity, private fields and event emitting are untouched.
 */
export function refuseTheRest(path: string, type: { prototype: object }): void {
  const parent = Object.getPrototypeOf(type.prototype) as object
  const end = new Proxy(parent, {
    get(target, property, receiver) {
      if (Reflect.has(target, property)) return Reflect.get(target, property, receiver)
      return refusal(path, property)
    },
  })
  Object.setPrototypeOf(type.prototype, end)
}
