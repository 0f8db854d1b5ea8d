import { Dexie } from 'dexie'
import { createCacheCipher } from '#renderer/platform/db/cache-cipher.ts'
import { caseDatabaseName } from '#renderer/platform/db/case-database.ts'
import { DexieCaseStore } from '#renderer/platform/db/dexie-case-store.ts'
import { DexieFileStore } from '#renderer/platform/db/dexie-file-store.ts'
import { browserPace } from '#renderer/platform/db/pace.ts'
import type { FileStore, WaitingFile } from '#shared/cases/file-store.ts'

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

/** Version 1 had its records one by one, version 2 its summaries in the directories of chunks. */
const olderTables: Readonly<Record<number, readonly string[]>> = {
  1: ['records'],
  2: ['pages', 'chunks', 'segments', 'log', 'small'],
}

/** As an older desk kept it; records are of a kind that nobody can read any more. */
async function makeOlder(version: number, name: string, keyByte: number): Promise<void> {
  const tables = olderTables[version] ?? []
  const cipher = await createCacheCipher(new Uint8Array(32).fill(keyByte))
  const old = new Dexie(name)
  const kept = ['outbox', 'drafts', 'documents', 'meta']
  old.version(version).stores(Object.fromEntries([...tables, ...kept].map((table) => [table, ''])))
  const contents: Readonly<Record<string, readonly [string | number, unknown]>> = {
    ...Object.fromEntries(tables.map((table) => [table, [1, { records: [{ id: 'old-case' }] }] as const])),
    outbox: ['old-operation', { sequence: 1, operation: { id: 'old-operation' } }],
    drafts: ['old-draft', { contactId: 'old-contact' }],
    documents: ['old-document', { scriptId: 'old-script', version: 1, document: {}, fetchedAt: 1 }],
    meta: [
      'cache',
      {
        cursor: '9',
        asAt: 9,
        me: { me: {}, asAt: 5 },
        rereading: false,
        ...(version > 1 ? { epoch: 4 } : {}),
      },
    ],
  }
  for (const [table, [key, value]] of Object.entries(contents)) {
    await old.table(table).put(await cipher.seal(`${table}/${key}`, value), key)
  }
  old.close()
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
  makeOlder,
  /** Lets the newest store begin what it has to do in idle time. */
  idle: (): void => stores.at(-1)?.idle?.(),
  /** How often the newest store could not read a record. */
  damaged: (): number => stores.at(-1)?.damaged ?? 0,
}

const fileStores: FileStore[] = []

const files = (number: number): FileStore => {
  const found = fileStores[number]
  if (!found) throw new Error(`no files ${number}`)
  return found
}

const waitingFiles = {
  create: async (name: string, keyByte: number): Promise<number> => {
    fileStores.push(await DexieFileStore.create(name, new Uint8Array(32).fill(keyByte)))
    return fileStores.length - 1
  },
  open: (number: number) => files(number).open(),
  /** The text again and again, to the size of the file. */
  add: (number: number, file: WaitingFile, text: string) => {
    const word = new TextEncoder().encode(text)
    const bytes = Uint8Array.from({ length: file.sizeBytes }, (_, index) => word[index % word.length] ?? 0)
    return files(number).add(file, bytes)
  },
  put: (number: number, file: WaitingFile) => files(number).put(file),
  /** Length and SHA-256 of a part, in hex. */
  part: async (number: number, fileId: string, index: number) => {
    const part = await files(number).part(fileId, index)
    if (!part.ok || !part.value) return null
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', part.value))
    const sha256 = [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('')
    return { length: part.value.length, sha256 }
  },
  remove: (number: number, fileId: string) => files(number).remove(fileId),
  close: (number: number) => files(number).close(),
}

export type CaseStores = typeof caseStores
export type WaitingFiles = typeof waitingFiles

Object.assign(globalThis, { caseStores, waitingFiles })
