import type { CaseStore } from '#shared/cases/case-store.ts'
import type { CouncilApi } from '#shared/cases/council-api.ts'
import type { CasesErrorCode } from '#shared/cases/errors.ts'
import { needsAttention, pendingIds } from '#shared/cases/outbox.ts'
import { closedSync } from '#shared/cases/sync-rules.ts'
import { unsentOperations } from '#shared/cases/unsent.ts'
import type { Draft } from '#shared/contract/draft.ts'
import type {
  OpenRequest,
  RecordsApi,
  RecordsHost,
  RecordsNews,
  ScriptView,
  SyncReport,
} from '#shared/contract/records.ts'
import type {
  AgentStateAnswer,
  AgentStateRequest,
  Alert,
  Callback,
  CallStatus,
  HandOver,
  Operation,
  ScriptEntry,
} from '#shared/contract/rest.ts'
import { appError } from '#shared/kernel/app-error.ts'
import type { Clock } from '#shared/kernel/clock.ts'
import type { Random } from '#shared/kernel/random.ts'
import { err, ok, type Result } from '#shared/kernel/result.ts'
import { BeyondRecords } from './beyond.ts'
import { CaseCache } from './case-cache.ts'
import * as findViews from './find-views.ts'
import type { HostLink } from './host-link.ts'
import { KeptAnswersService, newestOrKnown } from './kept-answers.ts'
import * as residentViews from './resident-views.ts'
import { ScriptsService } from './scripts-service.ts'
import { SyncLoop } from './sync-loop.ts'
import * as views from './views.ts'

export interface RecordsServiceParts {
  readonly host: HostLink
  readonly openStore: (request: OpenRequest, dataKey: Uint8Array) => Promise<CaseStore>
  readonly connectCouncil: (councilUrl: string) => CouncilApi
  readonly publish: (news: RecordsNews) => void
  readonly clock: Clock
  readonly random: Random
}

/** One adviser's open cache with what works on it. */
interface Opened {
  readonly request: OpenRequest
  readonly store: CaseStore
  readonly api: CouncilApi
  readonly cache: CaseCache
  readonly loop: SyncLoop
  readonly answers: KeptAnswersService
  readonly scripts: ScriptsService
  readonly beyond: BeyondRecords
}

const notOpen = () => err(appError('cases/not-open' satisfies CasesErrorCode, 'later'))

const sameRequest = (a: OpenRequest, b: OpenRequest): boolean =>
  a.adviserId === b.adviserId && a.mode === b.mode && a.councilUrl === b.councilUrl

/** The records worker behind its message ports: everything but the ports, so that tests run it whole. */
export class RecordsService implements RecordsApi {
  readonly #parts: RecordsServiceParts
  #opened: Opened | null = null
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
    const { host, clock, random, publish } = this.#parts
    const dataKey = await host.dataKey()
    if (!dataKey.ok) {
      const detail = dataKey.error.detail ?? dataKey.error.code
      return err(appError('cases/key-unavailable' satisfies CasesErrorCode, 'now', detail))
    }
    const store = await this.#parts.openStore(request, dataKey.value)
    const api = this.#parts.connectCouncil(request.councilUrl)
    const cache: CaseCache = new CaseCache({
      store,
      journal: host.journal,
      clock,
      log: host.log,
      onOutbox: () => loop.outboxChanged(),
      onChanged: (ids) => publish({ type: 'changed', ids }),
      onRecordsLost: () => loop.recordsLost(),
    })
    const answers = new KeptAnswersService({ api, cache, clock })
    const loop = new SyncLoop({
      api,
      cache,
      adviserId: request.adviserId,
      clock,
      random,
      log: host.log,
      onSync: () => {
        publish({ type: 'sync', report: this.#report() })
        if (loop.sync.state.name === 'up-to-date') answers.prefetch()
      },
      onMe: (me, asAt) => publish({ type: 'me', me, asAt }),
      onAgentState: (answer, asAt) => publish({ type: 'agent', answer, asAt }),
      onCall: (status) => publish({ type: 'call', status }),
      onAlert: (alert) => publish({ type: 'alert', alert }),
      onWipe: () => this.#wipe(),
    })
    const opened = await cache.open()
    if (!opened.ok) {
      await store.close()
      return opened
    }
    const scripts = new ScriptsService({ api, cache, clock })
    this.#opened = { request, store, api, cache, loop, answers, scripts, beyond: new BeyondRecords() }
    await loop.start()
    return ok(null)
  }

  async #shut(end: (store: CaseStore) => Promise<void>): Promise<void> {
    const opened = this.#opened
    if (!opened) return
    this.#opened = null
    opened.loop.stop()
    await end(opened.store)
    this.#parts.publish({ type: 'closed' })
  }

  #wipe(): void {
    this.#parts.host.log.info('cases/wiped')
    this.#changing = this.#changing.then(() => this.#shut((store) => store.wipe())).catch(() => {})
  }

  /** What is open once the opening or closing on its way is done. */
  async #current(): Promise<Opened | null> {
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
      outbox: cache.outbox,
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

  async #askMe({ api, cache, request }: Opened): ReturnType<RecordsApi['me']> {
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

  async findBeyond(_text: string): ReturnType<RecordsApi['findBeyond']> {
    return err(appError('cases/council-unreachable' satisfies CasesErrorCode, 'later', 'no search yet'))
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

  async discard(operationId: string): Promise<void> {
    await (await this.#current())?.cache.discard(operationId)
  }
}
