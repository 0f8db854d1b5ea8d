import { caseDatabaseName, DexieCaseStore } from '#renderer/platform/db/dexie-case-store.ts'

/*
 * Runs in the browser: keeps stores by number for tests that call them from Node. Everything that crosses is JSON.
 */

const stores: DexieCaseStore[] = []

const caseStores = {
  name: caseDatabaseName,
  create: async (name: string, keyByte: number): Promise<number> => {
    stores.push(await DexieCaseStore.create(name, new Uint8Array(32).fill(keyByte)))
    return stores.length - 1
  },
  call: async (store: number, method: string, args: readonly unknown[]): Promise<unknown> => {
    const found = stores[store]
    if (!found) throw new Error(`no store ${store}`)
    const [name = '', part] = method.split('.').reverse()
    const target = part === undefined ? found : found.records
    const run: unknown = Reflect.get(target, name)
    if (typeof run !== 'function') throw new Error(`no method ${method}`)
    return await run.apply(target, args)
  },
}

export type CaseStores = typeof caseStores

Object.assign(globalThis, { caseStores })
