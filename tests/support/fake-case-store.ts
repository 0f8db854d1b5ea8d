import {
  type CacheContents,
  type CacheMeta,
  type CaseStore,
  emptyMeta,
  type KeptAnswers,
  noAnswers,
  type ScriptDocument,
  scriptKey,
} from '#shared/cases/case-store.ts'
import type { OutboxEntry } from '#shared/cases/outbox.ts'
import type { Draft } from '#shared/contract/draft.ts'
import type { Change } from '#shared/contract/rest.ts'
import { appError } from '#shared/kernel/app-error.ts'
import { err, ok, type Result } from '#shared/kernel/result.ts'
import { PlainRecords } from './plain-records.ts'

interface State {
  readonly records: PlainRecords
  readonly documents: Map<string, ScriptDocument>
  readonly outbox: Map<string, OutboxEntry>
  readonly drafts: Map<string, Draft>
  meta: CacheMeta | null
  answers: KeptAnswers
}

type Write = (state: State) => void

const emptyState = (): State => ({
  records: new PlainRecords(),
  documents: new Map(),
  outbox: new Map(),
  drafts: new Map(),
  meta: null,
  answers: noAnswers,
})

/**
 * A disk that outlives the stores on it. Writes are a log: a power cut keeps all up to the last strict one and, of
 * the relaxed ones after it, only the first few.
 */
export class FakeDisk {
  #writes: Write[] = []
  #durable = 0
  /** Raised when the database is deleted: stores opened before are of no use any more. */
  generation = 0
  /** Every write fails, as on a full disk. */
  full = false
  /** Writes that came to nothing. */
  refusals = 0

  write(durability: 'strict' | 'relaxed', write: Write): void {
    this.#writes.push(write)
    if (durability === 'strict') this.#durable = this.#writes.length
  }

  read(): State {
    const state = emptyState()
    for (const write of this.#writes) write(state)
    return state
  }

  /** `share` of the writes that are not durable yet survive. */
  powerCut(share: number): void {
    const relaxed = this.#writes.length - this.#durable
    this.#writes.length = this.#durable + Math.floor(relaxed * share)
    this.#durable = this.#writes.length
  }

  wipe(): void {
    this.#writes = []
    this.#durable = 0
    this.generation += 1
  }
}

const copy = <T>(value: T): T => structuredClone(value)

function copyRecords(from: PlainRecords): PlainRecords {
  const records = new PlainRecords()
  records.apply(copy(from.asChanges()))
  return records
}

/** CaseStore in memory, with the same promises as the real one and a disk that can fail. */
export class FakeCaseStore implements CaseStore {
  readonly #disk: FakeDisk
  /** What this store shows: what lies on the disk, and what could not be written yet. */
  #records = new PlainRecords()
  #unwritten: readonly Write[] = []
  #generation: number | null = null
  #closed = false

  constructor(disk: FakeDisk) {
    this.#disk = disk
  }

  get records(): PlainRecords {
    return this.#records
  }

  async open(): Promise<Result<CacheContents>> {
    if (this.#closed) return err(appError('cases/not-open', 'never'))
    const state = this.#disk.read()
    this.#generation = this.#disk.generation
    this.#records = copyRecords(state.records)
    this.#unwritten = []
    const isEmpty = state.meta === null && state.outbox.size + state.drafts.size === 0
    return ok(
      copy({
        scripts: [...state.records.scripts.values()],
        callbacks: [...state.records.callbacks.values()],
        documents: [...state.documents.values()],
        outbox: [...state.outbox.values()],
        drafts: [...state.drafts.values()],
        meta: state.meta ?? emptyMeta,
        answers: state.answers,
        how: isEmpty ? ('created' as const) : ('opened' as const),
      }),
    )
  }

  save(entries: readonly OutboxEntry[]): Promise<Result<null>> {
    return this.changeOutbox(entries, [])
  }

  async changeOutbox(put: readonly OutboxEntry[], removeIds: readonly string[]): Promise<Result<null>> {
    const kept = copy(put)
    return this.#write('strict', (state) => {
      for (const id of removeIds) state.outbox.delete(id)
      for (const entry of kept) state.outbox.set(entry.operation.id, entry)
    })
  }

  async putDraft(draft: Draft): Promise<Result<null>> {
    const kept = copy(draft)
    return this.#write('strict', (state) => state.drafts.set(kept.contactId, kept))
  }

  async deleteDraft(contactId: string): Promise<Result<null>> {
    return this.#write('strict', (state) => state.drafts.delete(contactId))
  }

  async applyChanges(changes: readonly Change[], meta: CacheMeta): Promise<Result<readonly string[]>> {
    const kept = copy(changes)
    const apply = (records: PlainRecords): ReadonlySet<string> => {
      const touched = records.apply(kept)
      return meta.rereading ? touched : new Set([...touched, ...records.endReading()])
    }
    const written = this.#writeFeed((state) => {
      apply(state.records)
      state.meta = meta
    })
    if (!written.ok && written.error.code !== 'cases/store-failed') return written
    const touched = apply(this.#records)
    return written.ok ? ok([...touched]) : written
  }

  async startReading(meta: CacheMeta): Promise<Result<null>> {
    this.#records.startReading()
    return this.#writeFeed((state) => {
      state.records.startReading()
      state.meta = meta
    })
  }

  /** What could not be written goes with the next that can. */
  #writeFeed(write: Write): Result<null> {
    const all = [...this.#unwritten, write]
    const written = this.#write('relaxed', (state) => {
      for (const each of all) each(state)
    })
    this.#unwritten = written.ok ? [] : all
    return written
  }

  async putMeta(meta: CacheMeta): Promise<Result<null>> {
    return this.#writeFeed((state) => {
      state.meta = meta
    })
  }

  async putDocument(document: ScriptDocument): Promise<Result<null>> {
    const kept = copy(document)
    return this.#write('relaxed', (state) =>
      state.documents.set(scriptKey(kept.scriptId, kept.version), kept),
    )
  }

  async putAnswers(answers: KeptAnswers): Promise<Result<null>> {
    const kept = copy(answers)
    return this.#write('relaxed', (state) => {
      state.answers = kept
    })
  }

  async forgetRecords(): Promise<Result<null>> {
    this.#records.clear()
    this.#unwritten = []
    return this.#write('relaxed', (state) => {
      state.records.clear()
      state.documents.clear()
      state.answers = noAnswers
      state.meta = { ...emptyMeta, me: state.meta?.me ?? null }
    })
  }

  async evict(notChangedSince: number): Promise<Result<null>> {
    this.#records.evict(notChangedSince)
    return this.#write('relaxed', (state) => state.records.evict(notChangedSince))
  }

  async room(): Promise<{ usedBytes: number; freeBytes: number }> {
    return { usedBytes: 0, freeBytes: this.#disk.full ? 0 : 1e9 }
  }

  async wipe(): Promise<void> {
    this.#disk.wipe()
    await this.close()
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#records = new PlainRecords()
  }

  #write(durability: 'strict' | 'relaxed', write: Write): Result<null> {
    if (this.#closed) return err(appError('cases/not-open', 'never'))
    if (this.#generation !== this.#disk.generation) return err(appError('cases/store-lost', 'now'))
    this.#disk.refusals += this.#disk.full ? 1 : 0
    if (this.#disk.full) return err(appError('cases/store-failed', 'now', 'QuotaExceededError'))
    this.#disk.write(durability, write)
    return ok(null)
  }
}
