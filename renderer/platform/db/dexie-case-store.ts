import { Dexie, type Table } from 'dexie'
import {
  type CacheContents,
  type CacheMeta,
  type CaseStore,
  emptyMeta,
  type KeptAnswers,
  noAnswers,
  type ScriptDocument,
} from '#shared/cases/case-store.ts'
import type { CasesErrorCode } from '#shared/cases/errors.ts'
import type { OutboxEntry } from '#shared/cases/outbox.ts'
import type { Draft } from '#shared/contract/draft.ts'
import type { OpenRequest } from '#shared/contract/records.ts'
import type { Change } from '#shared/contract/rest.ts'
import { versions } from '#shared/contract/versions.ts'
import { appError } from '#shared/kernel/app-error.ts'
import { err, ok, type Result } from '#shared/kernel/result.ts'
import { type CacheCipher, createCacheCipher } from './cache-cipher.ts'
import { MemoryRecords } from './memory-records.ts'
import { type Page, PageLayout } from './page-layout.ts'

type Sealed = Uint8Array<ArrayBuffer>

/** Keys lie outside the values: a value is nothing but a sealed byte array. */
class CaseDatabase extends Dexie {
  declare readonly records: Table<Sealed, number, Sealed>
  declare readonly outbox: Table<Sealed, string, Sealed>
  declare readonly drafts: Table<Sealed, string, Sealed>
  declare readonly documents: Table<Sealed, string, Sealed>
  declare readonly meta: Table<Sealed, string, Sealed>

  constructor(name: string, durability: 'strict' | 'relaxed') {
    super(name, { autoOpen: false, chromeTransactionDurability: durability })
    this.version(versions.database).stores({ records: '', outbox: '', drafts: '', documents: '', meta: '' })
  }
}

/** Two connections to one database, because Dexie sets the durability of transactions for a connection. */
interface Connections {
  /** Outbox and drafts: on the disk before anyone is told so. */
  readonly strict: CaseDatabase
  /** What can be fetched again. */
  readonly relaxed: CaseDatabase
}

const metaKey = 'cache'
/** Beside the cache's own facts, so that a page of the feed does not write them again. */
const answersKey = 'kept-answers'

/**
 * Names the database so that practice and live, two councils and two advisers of one desk can never meet. Practice is
 * one council wherever it listens. The name does not tell who uses the desk.
 */
export async function caseDatabaseName(request: OpenRequest): Promise<string> {
  const { mode, councilUrl, adviserId } = request
  const council = mode === 'practice' ? mode : councilUrl.replace(/\/+$/, '')
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(`${council}\n${adviserId}`))
  const hash = [...new Uint8Array(digest, 0, 8)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return `cases-${mode}-${hash}`
}

/** Error names that mean the database itself is gone or is not ours any more. */
const lostNames = new Set(['DatabaseClosedError', 'InvalidStateError', 'NotFoundError', 'VersionError'])

function storeError(error: unknown): Result<never> {
  const name = error instanceof Error ? error.name : typeof error
  const code: CasesErrorCode = lostNames.has(name) ? 'cases/store-lost' : 'cases/store-failed'
  return err(appError(code, 'now', name))
}

/**
 * The cache in IndexedDB through Dexie. Records lie packed in sealed pages and are all read at open; look-ups are
 * made in memory by whoever holds the store. Sealing awaits, and an await ends an IndexedDB transaction, so
 * everything is sealed first; one queue keeps calls in order meanwhile.
 */
export class DexieCaseStore implements CaseStore {
  readonly #name: string
  #cipher: CacheCipher | null
  readonly #layout = new PageLayout()
  readonly records = new MemoryRecords()
  /** Pages changed in memory and not yet on the disk; not empty only after a failed write. */
  readonly #dirty = new Set<number>()
  #connections: Connections | null = null
  #queue: Promise<unknown> = Promise.resolve()

  private constructor(name: string, cipher: CacheCipher) {
    this.#name = name
    this.#cipher = cipher
  }

  static async create(name: string, dataKey: Uint8Array<ArrayBuffer>): Promise<DexieCaseStore> {
    return new DexieCaseStore(name, await createCacheCipher(dataKey))
  }

  open(): Promise<Result<CacheContents>> {
    return this.#inTurn(async (cipher) => {
      this.#disconnect()
      const connections = await this.#connect()
      const contents = await this.#read(connections, cipher)
      this.#connections = connections
      return contents
    })
  }

  save(entries: readonly OutboxEntry[]): Promise<Result<null>> {
    return this.changeOutbox(entries, [])
  }

  changeOutbox(put: readonly OutboxEntry[], removeIds: readonly string[]): Promise<Result<null>> {
    return this.#inTurn(async (cipher) => {
      const { strict } = this.#connected()
      const keys = put.map((entry) => entry.operation.id)
      const values = await Promise.all(put.map((entry) => cipher.seal(`outbox/${entry.operation.id}`, entry)))
      await strict.transaction('rw', strict.outbox, async () => {
        await strict.outbox.bulkDelete([...removeIds])
        await strict.outbox.bulkPut(values, keys)
      })
      return null
    })
  }

  putDraft(draft: Draft): Promise<Result<null>> {
    return this.#inTurn(async (cipher) => {
      const { strict } = this.#connected()
      const key = await cipher.opaque(`draft:${draft.contactId}`)
      const value = await cipher.seal(`drafts/${key}`, draft)
      await strict.drafts.put(value, key)
      return null
    })
  }

  deleteDraft(contactId: string): Promise<Result<null>> {
    return this.#inTurn(async (cipher) => {
      const { strict } = this.#connected()
      await strict.drafts.delete(await cipher.opaque(`draft:${contactId}`))
      return null
    })
  }

  startReading(meta: CacheMeta): Promise<Result<null>> {
    this.records.startReading()
    return this.putMeta(meta)
  }

  async evict(): Promise<Result<null>> {
    return ok(null)
  }

  async room(): Promise<{ usedBytes: number; freeBytes: number }> {
    const { usage = 0, quota = 0 } = await navigator.storage.estimate()
    return { usedBytes: usage, freeBytes: quota - usage }
  }

  applyChanges(told: readonly Change[], meta: CacheMeta): Promise<Result<readonly string[]>> {
    return this.#inTurn(async (cipher) => {
      const { relaxed } = this.#connected()
      const changes = meta.rereading ? told : [...told, ...this.records.untold(told)]
      const touched = [...this.records.apply(changes)]
      for (const number of this.#layout.apply(changes)) this.#dirty.add(number)
      const numbers = [...this.#dirty]
      const pages = numbers.map((number) => this.#layout.page(number))
      const empty = numbers.filter((_, index) => pages[index] === null)
      const filled = numbers.filter((_, index) => pages[index] !== null)
      const values = await Promise.all(
        filled.map((number) => cipher.seal(`records/${number}`, this.#layout.page(number))),
      )
      const sealedMeta = await cipher.seal(`meta/${metaKey}`, meta)
      await relaxed.transaction('rw', relaxed.records, relaxed.meta, async () => {
        await relaxed.records.bulkDelete(empty)
        await relaxed.records.bulkPut(values, filled)
        await relaxed.meta.put(sealedMeta, metaKey)
      })
      this.#dirty.clear()
      return touched
    })
  }

  putMeta(meta: CacheMeta): Promise<Result<null>> {
    return this.#inTurn(async (cipher) => {
      const { relaxed } = this.#connected()
      const sealed = await cipher.seal(`meta/${metaKey}`, meta)
      await relaxed.meta.put(sealed, metaKey)
      return null
    })
  }

  putDocument(document: ScriptDocument): Promise<Result<null>> {
    return this.#inTurn(async (cipher) => {
      const { relaxed } = this.#connected()
      const key = await cipher.opaque(`document:${document.scriptId}@${document.version}`)
      const value = await cipher.seal(`documents/${key}`, document)
      await relaxed.documents.put(value, key)
      return null
    })
  }

  putAnswers(answers: KeptAnswers): Promise<Result<null>> {
    return this.#inTurn(async (cipher) => {
      const { relaxed } = this.#connected()
      const sealed = await cipher.seal(`meta/${answersKey}`, answers)
      await relaxed.meta.put(sealed, answersKey)
      return null
    })
  }

  forgetRecords(): Promise<Result<null>> {
    return this.#inTurn(async (cipher) => {
      const { relaxed } = this.#connected()
      const before = await relaxed.meta.get(metaKey)
      const meta = before ? ((await cipher.unseal(`meta/${metaKey}`, before)) as CacheMeta) : emptyMeta
      const sealed = await cipher.seal(`meta/${metaKey}`, { ...emptyMeta, me: meta.me })
      await relaxed.transaction('rw', relaxed.records, relaxed.documents, relaxed.meta, async () => {
        await relaxed.records.clear()
        await relaxed.documents.clear()
        await relaxed.meta.put(sealed, metaKey)
        await relaxed.meta.delete(answersKey)
      })
      this.#layout.clear()
      this.records.clear()
      this.#dirty.clear()
      return null
    })
  }

  async wipe(): Promise<void> {
    await this.#queue
    this.#disconnect()
    this.#cipher = null
    this.#layout.clear()
    await Dexie.delete(this.#name)
  }

  async close(): Promise<void> {
    await this.#queue
    this.#disconnect()
    this.#cipher = null
    this.#layout.clear()
  }

  /** Runs calls one after the other and turns what IndexedDB throws into errors. */
  #inTurn<T>(run: (cipher: CacheCipher) => Promise<T>): Promise<Result<T>> {
    const turn = this.#queue.then(async (): Promise<Result<T>> => {
      if (!this.#cipher) return err(appError('cases/not-open' satisfies CasesErrorCode, 'never'))
      try {
        return ok(await run(this.#cipher))
      } catch (error) {
        return storeError(error)
      }
    })
    this.#queue = turn
    return turn
  }

  #connected(): Connections {
    if (!this.#connections) throw new DOMException('not connected', 'InvalidStateError')
    return this.#connections
  }

  #disconnect(): void {
    this.#connections?.strict.close()
    this.#connections?.relaxed.close()
    this.#connections = null
  }

  /** A database of a newer version of this program is not ours to read: it is made again, as after a loss. */
  async #connect(): Promise<Connections> {
    const connections = {
      strict: new CaseDatabase(this.#name, 'strict'),
      relaxed: new CaseDatabase(this.#name, 'relaxed'),
    }
    try {
      await connections.strict.open()
      await connections.relaxed.open()
      if (connections.strict.backendDB().version === versions.database * 10) return connections
    } catch (error) {
      if (error instanceof Error && error.name === 'QuotaExceededError') throw error
    }
    connections.strict.close()
    connections.relaxed.close()
    await Dexie.delete(this.#name)
    await connections.strict.open()
    await connections.relaxed.open()
    return connections
  }

  async #read({ strict, relaxed }: Connections, cipher: CacheCipher): Promise<CacheContents> {
    const [pages, documents, meta, outbox, drafts] = await Promise.all([
      unsealAll<Page, number>(relaxed.records, 'records', cipher),
      unsealAll<ScriptDocument, string>(relaxed.documents, 'documents', cipher),
      unsealAll<CacheMeta | KeptAnswers, string>(relaxed.meta, 'meta', cipher),
      unsealAll<OutboxEntry, string>(strict.outbox, 'outbox', cipher),
      unsealAll<Draft, string>(strict.drafts, 'drafts', cipher),
    ])
    this.#layout.clear()
    this.#dirty.clear()
    // A hole in the pages cannot be told from a record that never was, so all of them are fetched again.
    const cacheMeta = meta.values.find(({ key }) => key === metaKey)?.value as CacheMeta | undefined
    const answers = meta.values.find(({ key }) => key === answersKey)?.value as
      | Partial<KeptAnswers>
      | undefined
    const cursorLost = pages.values.length > 0 && cacheMeta === undefined
    const cacheLost = cursorLost || pages.broken.length + documents.broken.length + meta.broken.length > 0
    if (cacheLost) {
      await relaxed.transaction('rw', relaxed.records, relaxed.documents, relaxed.meta, async () => {
        await Promise.all([relaxed.records.clear(), relaxed.documents.clear(), relaxed.meta.clear()])
      })
    } else for (const { key, value, size } of pages.values) this.#layout.load(key, value, size)
    await strict.outbox.bulkDelete(outbox.broken)
    await strict.drafts.bulkDelete(drafts.broken)
    this.records.clear()
    this.records.apply(this.#layout.asChanges())
    const workLost = outbox.broken.length + drafts.broken.length > 0
    const empty = pages.values.length + meta.values.length + outbox.values.length + drafts.values.length === 0
    return {
      scripts: [...this.records.scripts.values()],
      callbacks: [...this.records.callbacks.values()],
      documents: cacheLost ? [] : documents.values.map(({ value }) => value),
      outbox: outbox.values.map(({ value }) => value),
      drafts: drafts.values.map(({ value }) => value),
      meta: cacheLost ? emptyMeta : (cacheMeta ?? emptyMeta),
      // An older desk kept fewer.
      answers: cacheLost ? noAnswers : { ...noAnswers, ...answers },
      how: cacheLost || workLost ? 'rebuilt' : empty ? 'created' : 'opened',
    }
  }
}

async function unsealAll<T, K extends string | number>(
  table: Table<Sealed, K, Sealed>,
  place: string,
  cipher: CacheCipher,
): Promise<{ values: readonly { key: K; value: T; size: number }[]; broken: K[] }> {
  const [keys, rows] = await table.db.transaction('r', table, () =>
    Promise.all([table.toCollection().primaryKeys(), table.toArray()]),
  )
  const broken: K[] = []
  const values = await Promise.all(
    keys.map(async (key, index) => {
      try {
        const sealed = rows[index]
        if (!(sealed instanceof Uint8Array)) throw new TypeError('not a sealed value')
        return [{ key, value: (await cipher.unseal(`${place}/${key}`, sealed)) as T, size: sealed.length }]
      } catch {
        broken.push(key)
        return []
      }
    }),
  )
  return { values: values.flat(), broken }
}
