import { scriptKey } from '#shared/cases/case-store.ts'
import type { CouncilApi, EventStreamNews } from '#shared/cases/council-api.ts'
import type { CasesErrorCode } from '#shared/cases/errors.ts'
import { answeredIds, countOutbox, nextBatch, type Outbox } from '#shared/cases/outbox.ts'
import {
  backOffMs,
  clockAheadMs,
  closedSync,
  nextSync,
  type Sync,
  type SyncEvent,
  standingOfDesk,
} from '#shared/cases/sync-rules.ts'
import type { Attempts } from '#shared/cases/unsent.ts'
import type { AgentStateAnswer, Alert, CallStatus, Me } from '#shared/contract/rest.ts'
import { versions } from '#shared/contract/versions.ts'
import { type AppError, appError } from '#shared/kernel/app-error.ts'
import type { Cancel, Clock } from '#shared/kernel/clock.ts'
import type { Log } from '#shared/kernel/log.ts'
import type { Random } from '#shared/kernel/random.ts'
import { err, ok, type Result } from '#shared/kernel/result.ts'
import type { CaseCache } from './case-cache.ts'
import { EventStream } from './event-stream.ts'
import { reasonOf } from './reason-of.ts'

const operationsPerPush = 50
const changesPerPage = 1_000
/** While the event stream says all is well, `as at` is renewed this often. */
const renewAsAtMs = 60_000
/** The profile is read again this often, for a clock or queues that were changed meanwhile. */
const renewMeMs = 15 * 60_000

export interface SyncLoopParts {
  readonly api: CouncilApi
  readonly cache: CaseCache
  /** Whose work it is: nothing is sent in another adviser's name. */
  readonly adviserId: string
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  readonly onSync: () => void
  readonly onMe: (me: Me, asAt: number) => void
  readonly onAgentState: (answer: AgentStateAnswer, asAt: number) => void
  readonly onCall: (status: CallStatus) => void
  readonly onAlert: (alert: Alert) => void
  /** The event stream is open, after a time in which anything may have been told. */
  readonly onListening: () => void
  /** The council orders this desk to forget everything. */
  readonly onWipe: () => void
}

/** Answers to a cursor after which only reading from the beginning helps. */
const cursorIsUseless: ReadonlySet<string> = new Set<CasesErrorCode>([
  'cases/cursor-unknown',
  'cases/request-invalid',
])

type Step = 'me' | 'push' | 'pull' | 'scripts'

/**
 * Keeps cache and service in step, one request at a time: who the adviser is, then unsent work, then the feed to its
 * end, then scripts. A failure puts the whole loop to rest, because all requests go to the same service.
 */
export class SyncLoop {
  readonly #parts: SyncLoopParts
  #sync: Sync = closedSync
  readonly #attempts = new Map<string, Attempts>()
  #running = false
  #wake: () => void = () => {}
  #stopRest: Cancel | null = null
  #wantMe = true
  /** The service has said whose work it takes. */
  #isIdentified = false
  #wantPull = true
  #wantScripts = false
  /** In the middle of reading the feed to its end. */
  #isReading = false
  /** How many operations still go one by one, after the service could not read a batch as a whole. */
  #singly = 0
  /** Scripts the service refused to give; asked for again after the next reading of the feed. */
  readonly #scriptsRefused = new Set<string>()
  readonly #events: EventStream
  /** By the profile last read: what it says of this desk's clock and version, and when that was. */
  #standing: ReturnType<typeof standingOfDesk> = {}
  #meReadAt: number | null = null

  constructor(parts: SyncLoopParts) {
    this.#parts = parts
    const { api, clock, random } = parts
    this.#events = new EventStream({
      api,
      clock,
      random,
      onNews: (news) => this.#onStream(news),
      // The feed tells whether the service is there; the stream is opened again at its end.
      onMayReopen: () => this.#readFeed(),
    })
  }

  /** By operation id, of those that went out and have no answer. */
  get attempts(): ReadonlyMap<string, Attempts> {
    return this.#attempts
  }

  /** What is to be said of this desk's clock and version. */
  get standing(): ReturnType<typeof standingOfDesk> {
    return this.#standing
  }

  get sync(): Sync {
    return this.#sync
  }

  async start(): Promise<void> {
    const { cache, clock } = this.#parts
    const records = await cache.records.count()
    this.#running = true
    this.#tell({ type: 'opened', at: clock.now(), asAt: cache.meta.asAt, records })
    this.outboxChanged()
    void this.#run()
  }

  /** Ends the loop; a request on its way is left to end by itself and its answer is not used. */
  stop(): void {
    this.#running = false
    this.#stopRest?.()
    this.#stopRest = null
    this.#events.close()
    this.#tell({ type: 'closed' })
    this.#wake()
  }

  /** Something was saved or discarded, or an answer came. */
  outboxChanged(): void {
    const { cache, clock } = this.#parts
    this.#tell({ type: 'outboxChanged', at: clock.now(), counts: countOutbox(cache.outbox) })
    this.#wake()
  }

  /** Confirmed records are gone: the reading on its way is of no use, and the next begins where the cursor says. */
  recordsLost(): void {
    if (!this.#running) return
    this.#tell({ type: 'opened', at: this.#parts.clock.now(), asAt: null, records: 0 })
    this.#wantPull = true
    this.outboxChanged()
  }

  /** Tries at once, whatever the back-off says: a person asked, or the network came back. */
  now(): void {
    this.#wantPull = true
    // After sleep or on another network clock and queues may be others than before.
    this.#wantMe = true
    this.#endRest()
  }

  async #run(): Promise<void> {
    while (this.#running) {
      const step = this.#nextStep()
      if (step === null) {
        await new Promise<void>((resolve) => {
          this.#wake = resolve
        })
        continue
      }
      const done = await this.#take(step)
      if (this.#running && !done.ok) this.#rest(done.error)
    }
  }

  #nextStep(): Step | null {
    if (this.#stopRest) return null
    // Whose service this is must be known before anything is sent; to ask that again can wait.
    if (!this.#isIdentified) return 'me'
    if (nextBatch(this.#parts.cache.outbox, 1).length > 0) return 'push'
    if (this.#wantMe) return 'me'
    if (this.#wantPull || this.#isReading) return 'pull'
    return this.#wantScripts ? 'scripts' : null
  }

  #take(step: Step): Promise<Result<null>> {
    switch (step) {
      case 'me':
        return this.#readMe()
      case 'push':
        return this.#push()
      case 'pull':
        return this.#pull()
      case 'scripts':
        return this.#fetchScripts()
    }
  }

  async #readMe(): Promise<Result<null>> {
    const { api, cache, clock, adviserId, onMe } = this.#parts
    const sentAt = clock.now()
    const answer = await api.me()
    if (!this.#running) return ok(null)
    this.#meReadAt = clock.now()
    if (answer.ok && answer.value.adviser.id !== adviserId) {
      return err(appError('cases/sign-in-needed' satisfies CasesErrorCode, 'now', 'another adviser'))
    }
    // A profile the desk cannot read must not stand in the way of sending work.
    if (!answer.ok && answer.error.code !== ('cases/malformed-answer' satisfies CasesErrorCode)) return answer
    this.#wantMe = false
    this.#isIdentified = true
    if (answer.ok) {
      const { serverTime, contractVersion } = answer.value
      const aheadMs = clockAheadMs(sentAt, this.#meReadAt, serverTime)
      this.#standing = standingOfDesk(aheadMs, contractVersion, versions.rest)
      await cache.putMe(answer.value)
      onMe(answer.value, clock.now())
    }
    return ok(null)
  }

  async #push(): Promise<Result<null>> {
    const { api, cache, log } = this.#parts
    const batch = nextBatch(cache.outbox, this.#singly > 0 ? 1 : operationsPerPush)
    const answer = await api.sendOperations(batch.map((entry) => entry.operation))
    if (!this.#running) return ok(null)
    if (this.#singly > 0) this.#singly -= 1
    this.#noteTries(batch, answer)
    if (!answer.ok) {
      if (answer.error.code !== ('cases/request-invalid' satisfies CasesErrorCode)) return answer
      const [only] = batch
      if (batch.length === 1 && only) {
        const title = answer.error.detail ?? answer.error.code
        const refusal = { type: 'about:blank', title, status: 400, code: answer.error.code }
        await cache.applyResults([{ id: only.operation.id, outcome: 'refused', problem: refusal }])
      } else this.#singly = batch.length
      return ok(null)
    }
    const before = cache.outbox
    const changed = await cache.applyResults(answer.value)
    log.debug('cases/pushed', { sent: batch.length, answered: changed.length })
    const known = new Set(answer.value.map((result) => result.id))
    if (cache.outbox === before || !batch.some((entry) => known.has(entry.operation.id))) {
      return err(appError('cases/malformed-answer' satisfies CasesErrorCode, 'later', 'no result'))
    }
    this.#wantPull = true
    return ok(null)
  }

  #noteTries(batch: Outbox, answer: Result<unknown>): void {
    const at = this.#parts.clock.now()
    for (const { operation } of batch) {
      const tries = (this.#attempts.get(operation.id)?.tries ?? 0) + 1
      if (answer.ok) this.#attempts.delete(operation.id)
      else this.#attempts.set(operation.id, { tries, lastFailure: { at, reason: reasonOf(answer.error) } })
    }
  }

  async #pull(): Promise<Result<null>> {
    const { api, cache, clock } = this.#parts
    if (!this.#isReading) this.#wantPull = false
    this.#isReading = true
    // A last page asked for after an operation was answered shows what the service made of it.
    const answered = answeredIds(cache.outbox)
    const { losses } = cache
    const page = await api.changes(cache.meta.cursor, changesPerPage)
    if (!this.#running) return ok(null)
    if (!page.ok) {
      this.#isReading = false
      this.#wantPull = true
      if (cache.meta.cursor === null || !cursorIsUseless.has(page.error.code)) return page
      // Perhaps because the adviser takes other queues now.
      this.#wantMe = true
      await cache.readAgain()
      return ok(null)
    }
    const follows = await cache.applyPage(page.value, losses)
    if (!this.#running) return ok(null)
    if (!follows) {
      this.#isReading = false
      this.#wantPull = true
      return ok(null)
    }
    if (page.value.more) {
      this.#tell({ type: 'loaded', at: clock.now(), records: await cache.records.count() })
      return ok(null)
    }
    this.#isReading = false
    await cache.confirm(answered)
    if (!this.#running) return ok(null)
    this.#wantScripts = true
    this.#scriptsRefused.clear()
    this.#tell({ type: 'confirmed', at: clock.now() })
    this.#events.open()
    return ok(null)
  }

  /** Every newest script lies on the desk before it is needed, so that a call can be guided with no network. */
  async #fetchScripts(): Promise<Result<null>> {
    const { api, cache, clock } = this.#parts
    const missing = [...cache.small.scripts.values()].find((entry) => {
      const key = scriptKey(entry.id, entry.version)
      return !entry.withdrawn && !cache.documents.has(key) && !this.#scriptsRefused.has(key)
    })
    if (!missing) {
      this.#wantScripts = false
      return ok(null)
    }
    const answer = await api.script(missing.id, missing.version)
    if (!this.#running) return ok(null)
    if (answer.ok) {
      const { id: scriptId, version } = missing
      await cache.putDocument({ scriptId, version, document: answer.value, fetchedAt: clock.now() })
      return ok(null)
    }
    if (answer.error.retry === 'later' && reasonOf(answer.error) !== 'council-error') return answer
    this.#scriptsRefused.add(scriptKey(missing.id, missing.version))
    return ok(null)
  }

  #rest(error: AppError): void {
    const { clock, random, log } = this.#parts
    const reason = reasonOf(error)
    const retryInMs = backOffMs(this.#sync.failures, random.next(), error.retryAfterMs)
    log.info('cases/behind', { reason, code: error.code, detail: error.detail, retryInMs })
    this.#events.close()
    this.#stopRest = clock.after(retryInMs, () => this.#endRest())
    this.#tell({ type: 'failed', at: clock.now(), reason, retryInMs })
  }

  #endRest(): void {
    this.#stopRest?.()
    this.#stopRest = null
    this.#readFeed()
  }

  #onStream(news: Exclude<EventStreamNews, { type: 'closed' }>): void {
    if (!this.#running) return
    const { clock, onAgentState, onAlert, onCall, onListening, onWipe } = this.#parts
    switch (news.type) {
      case 'opened':
        // What changed between the last page and now was not announced to anyone.
        this.#readFeed()
        void this.readAgentState()
        onListening()
        return
      case 'alive':
        this.#renewAsAt()
        return
      case 'event':
        if (news.event.kind === 'state') onAgentState(news.event.answer, clock.now())
        else if (news.event.kind === 'call') onCall(news.event.status)
        else if (news.event.kind === 'alert') onAlert(news.event.alert)
        else if (news.event.kind === 'wipe') onWipe()
        else this.#readFeed()
    }
  }

  #readFeed(): void {
    this.#wantPull = true
    this.#wake()
  }

  async readAgentState(): Promise<Result<AgentStateAnswer>> {
    const { api, clock, onAgentState } = this.#parts
    const answer = await api.agentState()
    if (answer.ok && this.#running) onAgentState(answer.value, clock.now())
    return answer
  }

  #renewAsAt(): void {
    const { cache, clock } = this.#parts
    const quiet = !this.#wantPull && !this.#isReading && this.#sync.state.name === 'up-to-date'
    const isOld = (at: number | null, ms: number) => Math.abs(clock.now() - (at ?? 0)) >= ms
    // A clock that was set back makes what is known look newer than it is.
    if (!quiet || !isOld(cache.meta.asAt, renewAsAtMs)) return
    if (isOld(this.#meReadAt, renewMeMs)) {
      this.#wantMe = true
      this.#wake()
    }
    cache.stillCurrent()
    this.#tell({ type: 'confirmed', at: clock.now() })
  }

  #tell(event: SyncEvent): void {
    const before = this.#sync
    this.#sync = nextSync(before, event)
    if (this.#sync !== before) this.#parts.onSync()
  }
}
