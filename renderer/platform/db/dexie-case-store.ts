import { Dexie, type Table } from 'dexie'
import {
  type CacheContents,
  type CacheMeta,
  type CaseStore,
  type KeptAnswers,
  noAnswers,
  type ScriptDocument,
} from '#shared/cases/case-store.ts'
import type { CasesErrorCode } from '#shared/cases/errors.ts'
import type { OutboxEntry } from '#shared/cases/outbox.ts'
import type { RecordReader } from '#shared/cases/record-reader.ts'
import type { Draft } from '#shared/contract/draft.ts'
import type { Change } from '#shared/contract/rest.ts'
import { appError } from '#shared/kernel/app-error.ts'
import { err, ok, type Result } from '#shared/kernel/result.ts'
import { type CacheCipher, createCacheCipher, UnsealError } from './cache-cipher.ts'
import { type Connections, connect, disconnect } from './case-database.ts'
import { dexieRecordDisk } from './dexie-record-disk.ts'
import { browserPace, type Pace } from './pace.ts'
import type { Sealed } from './record-disk.ts'
import { createRecordParts, type RecordParts } from './record-parts.ts'

/** Beside the cache's own facts, so that a page of the feed does not write them again. */
const answersKey = 'kept-answers'

/** Error names that mean the database itself is gone or is not ours any more. */
const lostNames = new Set(['DatabaseClosedError', 'InvalidStateError', 'NotFoundError', 'VersionError'])

function storeError(error: unknown): Result<never> {
  const name = error instanceof Error ? error.name : typeof error
  const code: CasesErrorCode = lostNames.has(name) ? 'cases/store-lost' : 'cases/store-failed'
  return err(appError(code, 'now', name))
}

export interface StoreOptions {
  /** A record that is on the disk could not be read: the feed has to be read again from its beginning. */
  readonly onDamaged?: () => void
  readonly pace?: Pace
}

/** Calls one after the other. */
class Turns {
  #last: Promise<unknown> = Promise.resolve()

  take<T>(run: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(run)
    this.#last = turn.catch(() => {})
    return turn
  }

  async ended(): Promise<void> {
    await this.#last
  }
}

/**
 * The cache in IndexedDB through Dexie, all of it sealed. Unsent work and confirmed records share nothing but the
 * database: each has its turns, so that a save does not wait for the feed. Sealing awaits, and an await ends an
 * IndexedDB transaction, so everything is sealed first.
 */
export class DexieCaseStore implements CaseStore {
  readonly #name: string
  readonly #records: RecordParts
  readonly #work = new Turns()
  readonly #feed = new Turns()
  #cipher: CacheCipher | null
  #connections: Connections | null = null

  private constructor(
    name: string,
    cipher: CacheCipher,
    { onDamaged = () => {}, pace = browserPace }: StoreOptions,
  ) {
    this.#name = name
    this.#cipher = cipher
    this.#records = createRecordParts({
      disk: dexieRecordDisk(() => this.#connected().relaxed, pace),
      cipher,
      pace,
      inTurn: (run) => this.#feed.take(run),
      onDamaged,
    })
  }

  static async create(
    name: string,
    dataKey: Uint8Array<ArrayBuffer>,
    options: StoreOptions = {},
  ): Promise<DexieCaseStore> {
    return new DexieCaseStore(name, await createCacheCipher(dataKey), options)
  }

  get records(): RecordReader {
    return this.#records.lookups
  }

  open(): Promise<Result<CacheContents>> {
    return this.#inTurn(this.#feed, async (cipher) => {
      await this.#work.ended()
      if (this.#connections) disconnect(this.#connections)
      this.#connections = null
      const connections = await connect(this.#name)
      this.#connections = connections
      return this.#read(connections, cipher)
    })
  }

  save(entries: readonly OutboxEntry[]): Promise<Result<null>> {
    return this.changeOutbox(entries, [])
  }

  changeOutbox(put: readonly OutboxEntry[], removeIds: readonly string[]): Promise<Result<null>> {
    return this.#inTurn(this.#work, async (cipher) => {
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
    return this.#inTurn(this.#work, async (cipher) => {
      const { strict } = this.#connected()
      const key = await cipher.opaque(`draft:${draft.contactId}`)
      const value = await cipher.seal(`drafts/${key}`, draft)
      await strict.drafts.put(value, key)
      return null
    })
  }

  deleteDraft(contactId: string): Promise<Result<null>> {
    return this.#inTurn(this.#work, async (cipher) => {
      const { strict } = this.#connected()
      await strict.drafts.delete(await cipher.opaque(`draft:${contactId}`))
      return null
    })
  }

  applyChanges(changes: readonly Change[], meta: CacheMeta): Promise<Result<readonly string[]>> {
    return this.#inTurn(this.#feed, async () => {
      try {
        return await this.#records.store.apply(changes, meta)
      } finally {
        this.#records.compaction.wake()
      }
    })
  }

  startReading(meta: CacheMeta): Promise<Result<null>> {
    return this.#inTurn(this.#feed, async () => {
      await this.#records.store.startReading(meta)
      return null
    })
  }

  putMeta(meta: CacheMeta): Promise<Result<null>> {
    return this.#inTurn(this.#feed, async () => {
      await this.#records.store.putMeta(meta)
      return null
    })
  }

  putDocument(document: ScriptDocument): Promise<Result<null>> {
    return this.#inTurn(this.#feed, async (cipher) => {
      const { relaxed } = this.#connected()
      const key = await cipher.opaque(`document:${document.scriptId}@${document.version}`)
      const value = await cipher.seal(`documents/${key}`, document)
      await relaxed.documents.put(value, key)
      return null
    })
  }

  putAnswers(answers: KeptAnswers): Promise<Result<null>> {
    return this.#inTurn(this.#feed, async (cipher) => {
      const { relaxed } = this.#connected()
      const sealed = await cipher.seal(`meta/${answersKey}`, answers)
      await relaxed.meta.put(sealed, answersKey)
      return null
    })
  }

  forgetRecords(): Promise<Result<null>> {
    return this.#inTurn(this.#feed, async () => {
      await this.#records.store.forget()
      this.#records.forget()
      return null
    })
  }

  async evict(notChangedSince: number): Promise<Result<null>> {
    if (!this.#cipher) return err(appError('cases/not-open' satisfies CasesErrorCode, 'never'))
    try {
      await this.#records.evict(notChangedSince)
      return ok(null)
    } catch (error) {
      return storeError(error)
    }
  }

  async room(): Promise<{ readonly usedBytes: number; readonly freeBytes: number }> {
    const { usage = 0, quota = 0 } = await navigator.storage.estimate()
    return { usedBytes: usage, freeBytes: Math.max(0, quota - usage) }
  }

  async wipe(): Promise<void> {
    await this.#end()
    await Dexie.delete(this.#name)
  }

  async close(): Promise<void> {
    await this.#inTurn(this.#feed, async () => {
      await this.#records.store.write()
      return null
    })
    await this.#end()
  }

  async #end(): Promise<void> {
    await this.#records.compaction.stop()
    this.#cipher = null
    await Promise.all([this.#feed.ended(), this.#work.ended()])
    if (this.#connections) disconnect(this.#connections)
    this.#connections = null
    this.#records.store.reset()
    this.#records.forget()
  }

  /** Runs a call in its turn and turns what IndexedDB throws into errors. */
  #inTurn<T>(turns: Turns, run: (cipher: CacheCipher) => Promise<T>): Promise<Result<T>> {
    return turns.take(async (): Promise<Result<T>> => {
      if (!this.#cipher) return err(appError('cases/not-open' satisfies CasesErrorCode, 'never'))
      try {
        return ok(await run(this.#cipher))
      } catch (error) {
        return storeError(error)
      }
    })
  }

  #connected(): Connections {
    if (!this.#connections) throw new DOMException('not connected', 'InvalidStateError')
    return this.#connections
  }

  async #read({ strict, relaxed }: Connections, cipher: CacheCipher): Promise<CacheContents> {
    const [records, documents, answers, outbox, drafts] = await Promise.all([
      this.#openRecords(),
      unsealAll<ScriptDocument, string>(relaxed.documents, 'documents', cipher),
      readAnswers(relaxed.meta, cipher),
      unsealAll<OutboxEntry, string>(strict.outbox, 'outbox', cipher),
      unsealAll<Draft, string>(strict.drafts, 'drafts', cipher),
    ])
    // A hole cannot be told from a record that never was, so all of it is fetched again.
    const isLost = records === null || documents.broken.length > 0 || answers === null
    if (isLost) {
      await dexieRecordDisk(() => relaxed).clear(null)
      this.#records.store.reset()
      this.#records.forget()
    }
    // A transaction with nothing in it takes as long as one that writes.
    if (outbox.broken.length > 0) await strict.outbox.bulkDelete(outbox.broken)
    if (drafts.broken.length > 0) await strict.drafts.bulkDelete(drafts.broken)
    const isWorkLost = outbox.broken.length + drafts.broken.length > 0
    const isEmpty = records?.isEmpty === true && outbox.values.length + drafts.values.length === 0
    const isRebuilt = isLost || isWorkLost || records.isOlder
    return {
      scripts: this.#records.small.scripts(),
      callbacks: this.#records.small.callbacks(),
      documents: isLost ? [] : documents.values,
      outbox: outbox.values,
      drafts: drafts.values,
      meta: this.#records.store.meta,
      // An older desk kept fewer.
      answers: isLost ? noAnswers : { ...noAnswers, ...answers },
      how: isRebuilt ? 'rebuilt' : isEmpty ? 'created' : 'opened',
    }
  }

  /** Null when something of it cannot be unsealed. */
  async #openRecords(): Promise<{ readonly isEmpty: boolean; readonly isOlder: boolean } | null> {
    try {
      this.#records.forget()
      const opened = await this.#records.store.open()
      // Whoever wants one of them before that has it read, and hears of what fails.
      this.#records.summaries.readAhead().catch(() => {})
      return opened
    } catch (error) {
      if (error instanceof UnsealError || error instanceof RangeError || error instanceof TypeError)
        return null
      throw error
    }
  }
}

async function readAnswers(
  meta: Table<Sealed, string, Sealed>,
  cipher: CacheCipher,
): Promise<Partial<KeptAnswers> | null> {
  const sealed = await meta.get(answersKey)
  if (!sealed) return {}
  try {
    return (await cipher.unseal(`meta/${answersKey}`, sealed)) as Partial<KeptAnswers>
  } catch {
    return null
  }
}

async function unsealAll<T, K extends string | number>(
  table: Table<Sealed, K, Sealed>,
  place: string,
  cipher: CacheCipher,
): Promise<{ values: readonly T[]; broken: K[] }> {
  const [keys, rows] = await table.db.transaction('r', table, () =>
    Promise.all([table.toCollection().primaryKeys(), table.toArray()]),
  )
  const broken: K[] = []
  const values = await Promise.all(
    keys.map(async (key, index) => {
      try {
        const sealed = rows[index]
        if (!(sealed instanceof Uint8Array)) throw new TypeError('not a sealed value')
        return [(await cipher.unseal(`${place}/${key}`, sealed)) as T]
      } catch {
        broken.push(key)
        return []
      }
    }),
  )
  return { values: values.flat(), broken }
}
