import { caseDatabaseName } from '#renderer/platform/db/case-database.ts'
import { DexieCaseStore } from '#renderer/platform/db/dexie-case-store.ts'
import { browserPace } from '#renderer/platform/db/pace.ts'

/*
 * Runs in the browser: keeps stores by number for tests that call them from Node. Everything that crosses is JSON.
 */

interface Kept {
  readonly store: DexieCaseStore
  /** How often a record could not be read. */
  damaged: number
  /** What the store wants to do when things are quiet; here that is when the test says so. */
  idle: (() => void) | null
}

const stores: Kept[] = []

const kept = (number: number): Kept => {
  const found = stores[number]
  if (!found) throw new Error(`no store ${number}`)
  return found
}

const caseStores = {
  name: caseDatabaseName,
  create: async (name: string, keyByte: number): Promise<number> => {
    const each: { damaged: number; idle: (() => void) | null } = { damaged: 0, idle: null }
    const store = await DexieCaseStore.create(name, new Uint8Array(32).fill(keyByte), {
      onDamaged: () => {
        each.damaged += 1
      },
      pace: {
        breathe: browserPace.breathe,
        whenIdle: (run) => {
          each.idle = run
          return () => {}
        },
      },
    })
    stores.push(Object.assign(each, { store }))
    return stores.length - 1
  },
  call: async (number: number, method: string, args: readonly unknown[]): Promise<unknown> => {
    const { store } = kept(number)
    const [name = '', part] = method.split('.').reverse()
    const target = part === undefined ? store : store.records
    const run: unknown = Reflect.get(target, name)
    if (typeof run !== 'function') throw new Error(`no method ${method}`)
    return await run.apply(target, args)
  },
  /** Lets the newest store begin what it has to do in idle time. */
  idle: (): void => stores.at(-1)?.idle?.(),
  /** How often the newest store could not read a record. */
  damaged: (): number => stores.at(-1)?.damaged ?? 0,
}

export type CaseStores = typeof caseStores

Object.assign(globalThis, { caseStores })
