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
import type { CasesErrorCode } from '#shared/cases/errors.ts'
import type { Journal } from '#shared/cases/journal.ts'
import {
  aboutIds,
  addEntries,
  applyResults,
  confirmAnswered,
  newEntries,
  type Outbox,
  type OutboxEntry,
  removeEntry,
} from '#shared/cases/outbox.ts'
import type { RecordReader } from '#shared/cases/record-reader.ts'
import { recover, toJournalEntry } from '#shared/cases/recovery.ts'
import { redactDecision, redactDraft, redactOperation } from '#shared/cases/redaction.ts'
import { type Draft, draftOfToday } from '#shared/contract/draft.ts'
import type { DecisionDraft } from '#shared/contract/records.ts'
import {
  type ChangesPage,
  type Me,
  type Operation,
  type OperationResult,
  operation as operationSchema,
} from '#shared/contract/rest.ts'
import { versions } from '#shared/contract/versions.ts'
import { appError } from '#shared/kernel/app-error.ts'
import type { Clock } from '#shared/kernel/clock.ts'
import type { Log } from '#shared/kernel/log.ts'
import { err, ok, type Result } from '#shared/kernel/result.ts'
import { Settling } from './settling.ts'
import { idsNamedBy, SmallRecords } from './small-records.ts'

export interface CaseCacheParts {
  readonly store: CaseStore
  readonly journal: Journal
  readonly clock: Clock
  readonly log: Log
  /** The outbox changed: counts, states or both. */
  readonly onOutbox: () => void
  /** What a page may be showing of these ids changed. */
  readonly onChanged: (ids: readonly string[]) => void
  /** Confirmed records are gone or cannot be read: the feed has to be read from its beginning. */
  readonly onRecordsLost: () => void
}

const dayMs = 86_400_000
/** Until the backend has said how long a cache may go unconfirmed. */
const defaultLeaseDays = 7

/**
 * What the worker knows: unsent work, drafts and what is small in memory, with two copies on the disk, the store and
 * the journal (unsent operations); confirmed records in the store alone. Memory is never behind the disk. When the
 * store goes away it is filled from memory again, and confirmed records are fetched again.
 */
export class CaseCache {
  readonly #parts: CaseCacheParts
  readonly small = new SmallRecords()
  readonly documents = new Map<string, ScriptDocument>()
  #outbox: Outbox = []
  readonly #drafts = new Map<string, Draft>()
  #meta: CacheMeta = emptyMeta
  #answers: KeptAnswers = noAnswers
  /** Operation ids that one of the two copies has not confirmed yet. */
  readonly #unstored = new Set<string>()
  readonly #unjournalled = new Set<string>()
  readonly #settling: Settling
  /** The database is not what memory holds: nothing is written into it until it has been made again. */
  #isLost = false
  #rebuilding: Promise<Result<null>> | null = null
  #losses = 0

  constructor(parts: CaseCacheParts) {
    this.#parts = parts
    this.#settling = new Settling(parts.journal, (ids) => {
      // What was let go and has come back meanwhile is in the journal no more.
      for (const { operation, state } of this.#outbox) {
        if (state.name === 'pending' && ids.has(operation.id)) this.#unjournalled.add(operation.id)
      }
    })
  }

  /** Confirmed residents, cases, timeline and contacts. */
  get records(): RecordReader {
    return this.#parts.store.records
  }

  /** How often confirmed records were lost: a page of the feed that was asked for before follows nothing. */
  get losses(): number {
    return this.#losses
  }

  get outbox(): Outbox {
    return this.#outbox
  }

  get meta(): CacheMeta {
    return this.#meta
  }

  get answers(): KeptAnswers {
    return this.#answers
  }

  /** Reads the store, then puts back what only the journal still has. Sync may start afterwards. */
  async open(): Promise<Result<null>> {
    const { store, log } = this.#parts
    const opened = await store.open()
    if (!opened.ok) return opened
    const contents = opened.value
    this.#take(contents)
    await this.#endLease()
    const isOlder = this.#meta.cursor !== null && this.#meta.contract !== versions.rest
    if (this.#meta.rereading || isOlder) await this.readAgain()
    if (contents.how === 'rebuilt') log.error('cases/store-lost' satisfies CasesErrorCode, { at: 'open' })
    const records = await this.records.count()
    log.info('cases/opened', { how: contents.how, records, unsent: this.#outbox.length })
    await this.reconcile()
    return ok(null)
  }

  /** A cache that the backend has not confirmed for too long is not shown any more. */
  async #endLease(): Promise<void> {
    const { clock, log } = this.#parts
    const { asAt, me } = this.#meta
    const leaseMs = (me?.me.cacheLeaseDays ?? defaultLeaseDays) * dayMs
    if (asAt === null || clock.now() - asAt <= leaseMs) return
    log.info('cases/lease-expired')
    await this.#forgetRecords()
  }

  #take(contents: CacheContents): void {
    this.small.load(contents.scripts, contents.callbacks)
    this.#meta = contents.meta
    this.#answers = contents.answers
    this.#outbox = addEntries([], contents.outbox)
    for (const draft of contents.drafts) this.#drafts.set(draft.contactId, draftOfToday(draft))
    for (const document of contents.documents) {
      this.documents.set(scriptKey(document.scriptId, document.version), document)
    }
  }

  /** Makes journal and outbox agree. Runs at open and whenever a new host may have brought the journal back. */
  async reconcile(): Promise<void> {
    const { journal, log } = this.#parts
    const read = await journal.read()
    if (!read.ok) return
    const recovery = recover(this.#outbox, read.value)
    this.#outbox = recovery.outbox
    if (recovery.putBack.length > 0) {
      log.info('cases/put-back', { operations: recovery.putBack.length })
      for (const entry of recovery.putBack) this.#unstored.add(entry.operation.id)
      await this.#store(recovery.putBack)
      this.#outboxChanged(recovery.putBack)
    }
    if (recovery.rejournal.length > 0) {
      const appended = await journal.append(recovery.rejournal)
      if (appended.ok) for (const entry of recovery.rejournal) this.#unjournalled.delete(entry.operation.id)
    }
    for (const id of recovery.settle) this.#settling.add(id)
    await this.#settling.run()
  }

  /** Answers ok only when the operations are in the store and in the journal. What fails is kept and sent anyway. */
  async save(operations: readonly Operation[]): Promise<Result<{ savedAt: number }>> {
    const { clock, journal, log } = this.#parts
    const checked = operations.map((operation) => operationSchema.safeParse(operation))
    const wrong = checked.find((each) => !each.success)
    if (operations.length === 0 || wrong) {
      const issue = wrong?.error?.issues[0]
      const detail = issue ? `${issue.code} ${issue.path.join('.')}` : 'no operations'
      log.error('cases/invalid-operation' satisfies CasesErrorCode, { detail })
      return err(appError('cases/invalid-operation' satisfies CasesErrorCode, 'never', detail))
    }
    const redacted = checked.flatMap((each) => (each.success ? [redactOperation(each.data)] : []))
    const savedAt = clock.now()
    const fresh = newEntries(this.#outbox, redacted, savedAt)
    for (const { operation } of fresh) {
      this.#unstored.add(operation.id)
      this.#unjournalled.add(operation.id)
    }
    this.#outbox = addEntries(this.#outbox, fresh)
    this.#outboxChanged(fresh)

    const ids = new Set(operations.map((operation) => operation.id))
    // Saved again after it was let go of: the journal keeps it after all.
    await this.#settling.keep(new Set(fresh.map(({ operation }) => operation.id)))
    const mine = this.#outbox.filter((entry) => ids.has(entry.operation.id))
    // Whatever an earlier save could not write goes along.
    const stored = await this.#store(this.#outbox.filter((entry) => this.#unstored.has(entry.operation.id)))
    const toJournal = mine.filter((entry) => this.#unjournalled.has(entry.operation.id))
    const appended = await journal.append(toJournal.map(toJournalEntry))
    if (appended.ok) this.#journalled(toJournal)
    if (!stored.ok) return stored
    if (!appended.ok) {
      const detail = appended.error.detail ?? appended.error.code
      log.error('cases/journal-unavailable' satisfies CasesErrorCode, { detail })
      return err(appError('cases/journal-unavailable' satisfies CasesErrorCode, 'now', detail))
    }
    return ok({ savedAt })
  }

  #journalled(entries: readonly OutboxEntry[]): void {
    for (const { operation } of entries) this.#unjournalled.delete(operation.id)
    // An operation may have been sent and taken before its journal entry was written.
    const alive = new Map(this.#outbox.map((entry) => [entry.operation.id, entry.state.name]))
    for (const { operation } of entries) {
      const state = alive.get(operation.id)
      if (state === undefined || state === 'applied') this.#settling.add(operation.id)
    }
    void this.#settling.run()
  }

  async #store(entries: readonly OutboxEntry[]): Promise<Result<null>> {
    if (entries.length === 0) return ok(null)
    const stored = await this.#stored(() => this.#parts.store.save(entries))
    if (stored.ok) for (const { operation } of entries) this.#unstored.delete(operation.id)
    return stored
  }

  /** The service's answers, one for each operation; kept before the journal lets go of anything. */
  async applyResults(results: readonly OperationResult[]): Promise<readonly OutboxEntry[]> {
    const { outbox, changed } = applyResults(this.#outbox, results)
    this.#outbox = outbox
    this.#outboxChanged(changed)
    await this.#stored(() => this.#parts.store.changeOutbox(changed, []))
    for (const entry of changed) if (entry.state.name === 'applied') this.#settling.add(entry.operation.id)
    void this.#settling.run()
    return changed
  }

  /**
   * Has the feed read from its beginning. The records of before stay to be seen until its end, because a desk that
   * suddenly knows nobody is worse than one that is a little old.
   */
  async readAgain(): Promise<void> {
    this.#meta = { ...this.#meta, cursor: null, rereading: true }
    this.small.startReading()
    await this.#stored(() => this.#parts.store.startReading(this.#meta))
  }

  /** `losses` is as it was when the page was asked for. False when the records that the page follows were lost since. */
  async applyPage(page: ChangesPage, losses: number): Promise<boolean> {
    const { store, clock, log } = this.#parts
    const meta = (): CacheMeta => ({
      me: this.#meta.me,
      cursor: page.cursor,
      asAt: page.more ? this.#meta.asAt : clock.now(),
      rereading: page.more && this.#meta.rereading,
      contract: versions.rest,
    })
    const follows = () => this.#losses === losses
    const written = await this.#stored(
      async (): Promise<Result<readonly string[]>> =>
        follows() ? store.applyChanges(page.changes, meta()) : ok([]),
    )
    if (!follows()) return false
    if (!written.ok) log.error(written.error.code, { at: 'page', detail: written.error.detail })
    this.#meta = meta()
    const small = this.small.apply(page)
    const ids = new Set([...small, ...(written.ok ? written.value : idsNamedBy(page.changes))])
    if (ids.size > 0) this.#parts.onChanged([...ids])
    return true
  }

  /** The feed was read to its end since `answered` had their answers: their overlays are not needed any more. */
  async confirm(answered: ReadonlySet<string>): Promise<void> {
    if (answered.size === 0) return
    const { outbox, changed, removed } = confirmAnswered(this.#outbox, answered)
    this.#outbox = outbox
    const removedIds = removed.map((entry) => entry.operation.id)
    await this.#stored(() => this.#parts.store.changeOutbox(changed, removedIds))
    this.#outboxChanged([...changed, ...removed])
  }

  async putDecision(operationId: string, decision: DecisionDraft): Promise<void> {
    const kept = redactDecision(decision)
    const isIt = ({ operation }: OutboxEntry) => operation.id === operationId
    this.#outbox = this.#outbox.map((entry) => (isIt(entry) ? { ...entry, decision: kept } : entry))
    // As it is by then: what was let go of meanwhile does not come back.
    await this.#stored(() => this.#parts.store.changeOutbox(this.#outbox.filter(isIt), []))
  }

  /** Lets go of an operation for good. */
  async discard(operationId: string): Promise<void> {
    const gone = this.#outbox.filter((entry) => entry.operation.id === operationId)
    if (gone.length === 0) return
    this.#outbox = removeEntry(this.#outbox, operationId)
    await this.#stored(() => this.#parts.store.changeOutbox([], [operationId]))
    if (!this.#outbox.some(({ operation }) => operation.id === operationId)) this.#settling.add(operationId)
    void this.#settling.run()
    this.#outboxChanged(gone)
  }

  async #forgetRecords(): Promise<void> {
    this.small.load([], [])
    this.documents.clear()
    this.#answers = noAnswers
    this.#meta = { ...emptyMeta, me: this.#meta.me }
    await this.#stored(() => this.#parts.store.forgetRecords())
  }

  async putMe(me: Me): Promise<void> {
    this.#meta = { ...this.#meta, me: { me, asAt: this.#parts.clock.now() } }
    await this.#stored(() => this.#parts.store.putMeta(this.#meta))
  }

  /** The service is there and has nothing new. Kept in memory; the next page writes it. */
  stillCurrent(): void {
    this.#meta = { ...this.#meta, asAt: this.#parts.clock.now() }
  }

  async putDocument(document: ScriptDocument): Promise<void> {
    this.documents.set(scriptKey(document.scriptId, document.version), document)
    await this.#stored(() => this.#parts.store.putDocument(document))
  }

  /** Replaces what is named. */
  async putAnswers(answers: Partial<KeptAnswers>): Promise<void> {
    this.#answers = { ...this.#answers, ...answers }
    await this.#stored(() => this.#parts.store.putAnswers(this.#answers))
  }

  drafts(): readonly Draft[] {
    return [...this.#drafts.values()].sort((a, b) => b.updatedAt - a.updatedAt)
  }

  draft(contactId: string): Draft | null {
    return this.#drafts.get(contactId) ?? null
  }

  async putDraft(draft: Draft): Promise<void> {
    const kept = redactDraft(draft)
    this.#drafts.set(kept.contactId, kept)
    await this.#stored(() => this.#parts.store.putDraft(kept))
  }

  async deleteDraft(contactId: string): Promise<void> {
    this.#drafts.delete(contactId)
    await this.#stored(() => this.#parts.store.deleteDraft(contactId))
  }

  #outboxChanged(entries: readonly OutboxEntry[]): void {
    if (entries.length === 0) return
    this.#parts.onOutbox()
    this.#parts.onChanged([...new Set(entries.flatMap((entry) => aboutIds(entry.operation)))])
  }

  /**
   * Runs a write; when the database is gone it is made again, as often as that takes, and written: all but confirmed
   * records, which are fetched again, from memory.
   */
  async #stored<T>(write: () => Promise<Result<T>>): Promise<Result<T>> {
    if (!this.#isLost) {
      const first = await write()
      if (first.ok || first.error.code !== ('cases/store-lost' satisfies CasesErrorCode)) return first
      this.#isLost = true
    }
    this.#rebuilding ??= this.#rebuild().finally(() => {
      this.#rebuilding = null
    })
    const rebuilt = await this.#rebuilding
    return rebuilt.ok ? write() : rebuilt
  }

  async #rebuild(): Promise<Result<null>> {
    const { store, log, onRecordsLost } = this.#parts
    log.error('cases/store-lost' satisfies CasesErrorCode, { at: 'write' })
    const opened = await store.open()
    if (!opened.ok) return opened
    this.#losses += 1
    this.#meta = { ...emptyMeta, me: this.#meta.me }
    const steps: readonly (() => Promise<Result<unknown>>)[] = [
      () => store.changeOutbox(this.#outbox, []),
      ...[...this.#drafts.values()].map((draft) => () => store.putDraft(draft)),
      () => store.applyChanges(this.small.asChanges(), this.#meta),
      ...[...this.documents.values()].map((document) => () => store.putDocument(document)),
      () => store.putAnswers(this.#answers),
    ]
    for (const step of steps) {
      const done = await step()
      if (!done.ok) return done
    }
    this.#isLost = false
    onRecordsLost()
    return ok(null)
  }
}
