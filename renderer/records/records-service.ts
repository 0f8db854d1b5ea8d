import type { CaseStore } from '#shared/cases/case-store.ts'
import type { CasesErrorCode } from '#shared/cases/errors.ts'
import type { FileStore } from '#shared/cases/file-store.ts'
import { needsAttention, pendingIds } from '#shared/cases/outbox.ts'
import { closedSync } from '#shared/cases/sync-rules.ts'
import { unsentOperations } from '#shared/cases/unsent.ts'
import type { Draft } from '#shared/contract/draft.ts'
import type {
  OpenRequest,
  RecordsApi,
  RecordsHost,
  ScriptView,
  SyncReport,
} from '#shared/contract/records.ts'
import type {
  AgentStateAnswer,
  AgentStateRequest,
  Alert,
  Callback,
  CallStatus,
  DuplicatesRequest,
  HandOver,
  Operation,
  ScriptEntry,
} from '#shared/contract/rest.ts'
import { appError } from '#shared/kernel/app-error.ts'
import { err, ok, type Result } from '#shared/kernel/result.ts'
import * as findViews from './find-views.ts'
import { newestOrKnown } from './kept-answers.ts'
import { type OpenRecords, openFiles, openRecords, type RecordsServiceParts } from './open-records.ts'
import * as residentViews from './resident-views.ts'
import * as views from './views.ts'

const notOpen = () => err(appError('cases/not-open' satisfies CasesErrorCode, 'later'))

const sameRequest = (a: OpenRequest, b: OpenRequest): boolean =>
  a.adviserId === b.adviserId && a.mode === b.mode && a.councilUrl === b.councilUrl

/** The records worker behind its message ports: everything but the ports, so that tests run it whole. */
export class RecordsService implements RecordsApi {
  readonly #parts: RecordsServiceParts
  #opened: OpenRecords | null = null
  /** Opening and closing, one after the other. */
  #changing: Promise<unknown> = Promise.resolve()

  constructor(parts: RecordsServiceParts) {
    this.#parts = parts
  }

  async provideHost(host: RecordsHost): Promise<void> {
    this.#parts.host.provide(host)
    // Work saved while there was no host is not in the journal yet.
    void this.#opened?.cache.reconcile()
  }

  open(request: OpenRequest): Promise<Result<null>> {
    const opening = this.#changing.then(async (): Promise<Result<null>> => {
      if (this.#opened && sameRequest(this.#opened.request, request)) return ok(null)
      await this.#shut((store) => store.close())
      return this.#start(request)
    })
    this.#changing = opening.catch(() => {})
    return opening
  }

  close(): Promise<void> {
    const closing = this.#changing.then(() => this.#shut((store) => store.close()))
    this.#changing = closing.catch(() => {})
    return closing
  }

  async #start(request: OpenRequest): Promise<Result<null>> {
    const { publish } = this.#parts
    const opened = await openRecords(this.#parts, request, {
      onSync: () => publish({ type: 'sync', report: this.#report() }),
      onWipe: () => this.#wipe(),
    })
    if (!opened.ok) return opened
    this.#opened = opened.value
    await opened.value.loop.start()
    await openFiles(opened.value, this.#parts.host.log)
    return ok(null)
  }

  async #shut(end: (store: CaseStore | FileStore) => Promise<void>): Promise<void> {
    const opened = this.#opened
    if (!opened) return
    this.#opened = null
    opened.loop.stop()
    opened.attachments.close()
    await end(opened.files)
    await end(opened.store)
    this.#parts.publish({ type: 'closed' })
  }

  #wipe(): void {
    this.#parts.host.log.info('cases/wiped')
    const { host } = this.#parts
    this.#changing = this.#changing
      .then(() => this.#shut((store) => store.wipe()))
      .then(() => host.wiped())
      .catch(() => {})
  }

  /** What is open once the opening or closing on its way is done. */
  async #current(): Promise<OpenRecords | null> {
    await this.#changing
    return this.#opened
  }

  async #views(): Promise<views.ViewSource | null> {
    const opened = await this.#current()
    if (!opened) return null
    const { cache } = opened
    return {
      records: cache.records,
      beyond: opened.beyond,
      callbacks: cache.small.callbacks,
      outbox: residentViews.withoutRefusedMerges(cache.outbox),
      work: opened.work,
      asAt: cache.meta.asAt,
      adviserName: cache.meta.me?.me.adviser.name ?? null,
    }
  }

  /** A backend that is slow to answer does not keep anyone waiting whose profile is known. */
  async me(): ReturnType<RecordsApi['me']> {
    const opened = await this.#current()
    if (!opened) return notOpen()
    return newestOrKnown(this.#askMe(opened), () => opened.cache.meta.me, this.#parts.clock)
  }

  async #askMe({ api, cache, request }: OpenRecords): ReturnType<RecordsApi['me']> {
    const answer = await api.me()
    if (!answer.ok) return answer
    if (answer.value.adviser.id !== request.adviserId) {
      return err(appError('cases/sign-in-needed' satisfies CasesErrorCode, 'now', 'another adviser'))
    }
    const asAt = this.#parts.clock.now()
    await cache.putMe(answer.value)
    this.#parts.publish({ type: 'me', me: answer.value, asAt })
    return ok({ me: answer.value, asAt })
  }

  async requestAgentState(request: AgentStateRequest): Promise<Result<AgentStateAnswer>> {
    const opened = await this.#current()
    if (!opened) return notOpen()
    const answer = await opened.api.requestAgentState(request)
    if (answer.ok) this.#parts.publish({ type: 'agent', answer: answer.value, asAt: this.#parts.clock.now() })
    return answer
  }

  async readAgentState(): Promise<Result<AgentStateAnswer>> {
    const opened = await this.#current()
    return opened ? opened.loop.readAgentState() : notOpen()
  }

  async readCallStatus(callId: string): Promise<Result<CallStatus>> {
    const opened = await this.#current()
    return opened ? opened.api.callStatus(callId) : notOpen()
  }

  async pauseRecording(callId: string, paused: boolean): Promise<Result<CallStatus>> {
    const opened = await this.#current()
    if (!opened) return notOpen()
    const answer = await opened.api.setRecordingPaused(callId, paused)
    if (answer.ok) this.#parts.publish({ type: 'call', status: answer.value })
    return answer
  }

  async probe(): ReturnType<RecordsApi['probe']> {
    const opened = await this.#current()
    return opened ? opened.api.probe() : notOpen()
  }

  async queueWhisper(queueId: string): Promise<ArrayBuffer | null> {
    return (await this.#current())?.answers.whisper(queueId) ?? null
  }

  async directory(): ReturnType<RecordsApi['directory']> {
    const opened = await this.#current()
    return opened ? opened.answers.directory() : notOpen()
  }

  async callHistory(): ReturnType<RecordsApi['callHistory']> {
    const opened = await this.#current()
    return opened ? opened.answers.callHistory() : notOpen()
  }

  async callbacksDue(): Promise<readonly Callback[]> {
    const opened = await this.#current()
    const source = await this.#views()
    if (!opened || !source) return []
    const queueIds = opened.cache.meta.me?.me.queues.map(({ id }) => id) ?? []
    return views.callbacksDue(source, opened.request.adviserId, queueIds)
  }

  async candidatesForNumber(number: string): ReturnType<RecordsApi['candidatesForNumber']> {
    const source = await this.#views()
    return source ? findViews.candidatesForNumber(source, number) : []
  }

  async findResidents(text: string): ReturnType<RecordsApi['findResidents']> {
    const source = await this.#views()
    return source ? findViews.findResidents(source, text) : []
  }

  async find(text: string): ReturnType<RecordsApi['find']> {
    const source = await this.#views()
    return source ? findViews.find(source, text) : { hits: [], total: 0 }
  }

  async findNext(text: string, letters: string): ReturnType<RecordsApi['findNext']> {
    const source = await this.#views()
    return source ? findViews.findNext(source, text, letters, this.#parts.breathe) : new Map()
  }

  async findBeyond(text: string): ReturnType<RecordsApi['findBeyond']> {
    const opened = await this.#current()
    const source = await this.#views()
    if (!opened || !source) return notOpen()
    const answer = await opened.api.search(text)
    if (!answer.ok) return answer
    opened.beyond.keep(answer.value, this.#parts.clock.now())
    return ok(await findViews.foundBeyond(source, answer.value))
  }

  async residentView(residentId: string): ReturnType<RecordsApi['residentView']> {
    const source = await this.#views()
    return source && residentViews.residentView(source, residentId)
  }

  async caseView(caseId: string): ReturnType<RecordsApi['caseView']> {
    const source = await this.#views()
    return source && views.caseView(source, caseId)
  }

  async contact(contactId: string): ReturnType<RecordsApi['contact']> {
    const source = await this.#views()
    return source && views.contactView(source, contactId)
  }

  async contactTimeline(contactId: string): ReturnType<RecordsApi['contactTimeline']> {
    const source = await this.#views()
    return source ? views.contactTimeline(source, contactId) : []
  }

  async script(scriptId: string, version?: number): Promise<Result<ScriptView>> {
    const opened = await this.#current()
    return opened ? opened.scripts.script(scriptId, version) : notOpen()
  }

  async scripts(): Promise<readonly ScriptEntry[]> {
    return (await this.#current())?.scripts.list() ?? []
  }

  async scriptUse(): ReturnType<RecordsApi['scriptUse']> {
    const opened = await this.#current()
    const source = await this.#views()
    return opened && source ? opened.answers.scriptUse(source) : { asAt: null, counts: [] }
  }

  async signposts(): ReturnType<RecordsApi['signposts']> {
    return (await this.#current())?.answers.signposts() ?? { asAt: null, services: [] }
  }

  async handOver(contactId: string): Promise<Result<HandOver>> {
    const opened = await this.#current()
    return opened ? opened.api.handOver(contactId) : notOpen()
  }

  async alert(alertId: string): Promise<Result<Alert>> {
    const opened = await this.#current()
    return opened ? opened.api.alert(alertId) : notOpen()
  }

  async alertsHeard(): Promise<readonly Alert[]> {
    return (await this.#current())?.alerts.heardSoFar() ?? []
  }

  async acknowledgeAlert(alertId: string): Promise<Result<Alert>> {
    const opened = await this.#current()
    return opened ? opened.alerts.acknowledge(alertId) : notOpen()
  }

  async save(operations: readonly Operation[]): ReturnType<RecordsApi['save']> {
    const opened = await this.#current()
    return opened ? opened.cache.save(operations) : notOpen()
  }

  async putDraft(draft: Draft): Promise<void> {
    await (await this.#current())?.cache.putDraft(draft)
  }

  async draft(contactId: string): Promise<Draft | null> {
    return (await this.#current())?.cache.draft(contactId) ?? null
  }

  async drafts(): Promise<readonly Draft[]> {
    return (await this.#current())?.cache.drafts() ?? []
  }

  async deleteDraft(contactId: string): Promise<void> {
    await (await this.#current())?.cache.deleteDraft(contactId)
  }

  async syncReport(): Promise<SyncReport> {
    await this.#changing
    return this.#report()
  }

  #report(): SyncReport {
    const outbox = this.#opened?.cache.outbox ?? []
    return {
      state: (this.#opened?.loop.sync ?? closedSync).state,
      needsAttention: needsAttention(outbox),
      pendingIds: pendingIds(outbox),
      ...this.#opened?.loop.standing,
    }
  }

  async syncNow(): Promise<void> {
    await this.#changing
    this.networkChanged()
  }

  async unsent(): ReturnType<RecordsApi['unsent']> {
    const opened = await this.#current()
    return opened ? unsentOperations(opened.cache.outbox, opened.loop.attempts) : []
  }

  async putDecision(...[operationId, decision]: Parameters<RecordsApi['putDecision']>): Promise<void> {
    await (await this.#current())?.cache.putDecision(operationId, decision)
  }

  async replace(operationId: string, operations: readonly Operation[]): ReturnType<RecordsApi['replace']> {
    const opened = await this.#current()
    if (!opened) return notOpen()
    const saved =
      operations.length === 0 ? ok({ savedAt: this.#parts.clock.now() }) : await opened.cache.save(operations)
    if (saved.ok) await opened.cache.discard(operationId)
    return saved
  }

  /** The network came back, or someone asked to try at once. */
  networkChanged(): void {
    this.#opened?.loop.now()
  }

  async addAttachment(
    caseId: string,
    { name, type, bytes }: { readonly name: string; readonly type: string; readonly bytes: ArrayBuffer },
  ): ReturnType<RecordsApi['addAttachment']> {
    const opened = await this.#current()
    if (!opened) return notOpen()
    const { clock, random } = this.#parts
    const file = { id: random.uuid(), caseId, name, type, sizeBytes: bytes.byteLength, addedAt: clock.now() }
    return opened.attachments.add(file, new Uint8Array(bytes))
  }

  async attachments(caseId: string): ReturnType<RecordsApi['attachments']> {
    return (await this.#current())?.attachments.ofCase(caseId) ?? []
  }

  async cancelAttachment(id: string): Promise<void> {
    await (await this.#current())?.attachments.cancel(id)
  }

  async retryAttachment(id: string): Promise<void> {
    await (await this.#current())?.attachments.retry(id)
  }

  async attachmentFile(id: string): ReturnType<RecordsApi['attachmentFile']> {
    const opened = await this.#current()
    return opened ? opened.api.attachment(id) : notOpen()
  }

  async viewed(view: Parameters<RecordsApi['viewed']>[0]): Promise<void> {
    await (await this.#current())?.viewed.viewed(view)
  }

  async duplicates(request: DuplicatesRequest): ReturnType<RecordsApi['duplicates']> {
    const opened = await this.#current()
    return opened ? opened.api.duplicates(request) : notOpen()
  }

  async mergePreview(keptId: string, goneId: string): ReturnType<RecordsApi['mergePreview']> {
    const opened = await this.#current()
    return opened ? opened.api.mergePreview(keptId, goneId) : notOpen()
  }

  async discard(operationId: string): Promise<void> {
    await (await this.#current())?.cache.discard(operationId)
  }
}
