import type { CaseStore } from '#shared/cases/case-store.ts'
import type { CouncilApi } from '#shared/cases/council-api.ts'
import type { CasesErrorCode } from '#shared/cases/errors.ts'
import type { FileStore } from '#shared/cases/file-store.ts'
import type { OpenRequest, RecordsNews } from '#shared/contract/records.ts'
import { appError } from '#shared/kernel/app-error.ts'
import type { Clock } from '#shared/kernel/clock.ts'
import type { Log } from '#shared/kernel/log.ts'
import type { Random } from '#shared/kernel/random.ts'
import { err, ok, type Result } from '#shared/kernel/result.ts'
import { AlertBoard } from './alert-board.ts'
import { Attachments } from './attachments.ts'
import { BeyondRecords } from './beyond.ts'
import { CaseCache } from './case-cache.ts'
import type { HostLink } from './host-link.ts'
import { Housekeeping } from './housekeeping.ts'
import { KeptAnswersService } from './kept-answers.ts'
import { ScriptsService } from './scripts-service.ts'
import { SyncLoop } from './sync-loop.ts'
import { ViewedQueue } from './viewed-queue.ts'
import { WorkSearch } from './work-search.ts'

export interface RecordsServiceParts {
  readonly host: HostLink
  readonly openStore: (request: OpenRequest, dataKey: Uint8Array, onDamaged: () => void) => Promise<CaseStore>
  readonly openFiles: (request: OpenRequest, dataKey: Uint8Array) => Promise<FileStore>
  readonly connectCouncil: (councilUrl: string) => CouncilApi
  readonly publish: (news: RecordsNews) => void
  readonly clock: Clock
  readonly random: Random
  /** Resolves after everything else that is ready to run has had its turn. */
  readonly breathe: () => Promise<void>
}

/** One adviser's open cache with what works on it. */
export interface OpenRecords {
  readonly request: OpenRequest
  readonly store: CaseStore
  readonly files: FileStore
  readonly api: CouncilApi
  readonly cache: CaseCache
  readonly loop: SyncLoop
  readonly answers: KeptAnswersService
  readonly alerts: AlertBoard
  readonly scripts: ScriptsService
  readonly beyond: BeyondRecords
  readonly work: WorkSearch
  readonly attachments: Attachments
  readonly viewed: ViewedQueue
}

export interface RecordsEvents {
  readonly onSync: () => void
  readonly onWipe: () => void
}

/** Opens an adviser's cache and wires what works on it to each other; the loop is not started yet. */
export async function openRecords(
  parts: RecordsServiceParts,
  request: OpenRequest,
  { onSync, onWipe }: RecordsEvents,
): Promise<Result<OpenRecords>> {
  const { host, clock, random, publish } = parts
  const { log } = host
  const dataKey = await host.dataKey()
  if (!dataKey.ok) {
    const detail = dataKey.error.detail ?? dataKey.error.code
    return err(appError('cases/key-unavailable' satisfies CasesErrorCode, 'now', detail))
  }
  const files = await parts.openFiles(request, dataKey.value.slice())
  const store = await parts.openStore(request, dataKey.value, () => void readAgain())
  const work = new WorkSearch()
  const api = parts.connectCouncil(request.councilUrl)
  const cache: CaseCache = new CaseCache({
    store,
    journal: host.journal,
    clock,
    log,
    onOutbox: () => {
      loop.outboxChanged()
      attachments.look()
    },
    onChanged: (ids) => {
      work.forget()
      publish({ type: 'changed', ids })
    },
    onRecordsLost: () => loop.recordsLost(),
  })
  const alerts = new AlertBoard(api, (alert) => publish({ type: 'alert', alert }))
  const answers = new KeptAnswersService({ api, cache, clock })
  const loop: SyncLoop = new SyncLoop({
    api,
    cache,
    adviserId: request.adviserId,
    clock,
    random,
    log,
    onSync: () => {
      onSync()
      if (loop.sync.state.name !== 'up-to-date') return
      answers.prefetch()
      void viewed.send()
      attachments.now()
      void housekeeping.tidy()
    },
    onMe: (me, asAt) => publish({ type: 'me', me, asAt }),
    onAgentState: (answer, asAt) => publish({ type: 'agent', answer, asAt }),
    onCall: (status) => publish({ type: 'call', status }),
    onAlert: (alert) => alerts.heard(alert),
    onListening: () => void alerts.askAgain(),
    onWipe,
  })
  const viewed = new ViewedQueue({ api, cache, clock, random })
  const attachments: Attachments = new Attachments({
    api,
    files,
    clock,
    random,
    log,
    outbox: () => cache.outbox,
    hasCase: async (caseId) => (await cache.records.caseRecord(caseId)) !== null,
    onChanged: (caseIds) => publish({ type: 'attachments', caseIds }),
  })
  const housekeeping = new Housekeeping({
    store,
    clock,
    log,
    retentionDays: () => cache.meta.me?.me.cacheRetentionDays,
    councilNow: async () => {
      const answer = await api.me()
      return answer.ok ? Date.parse(answer.value.serverTime) : null
    },
  })
  const scripts = new ScriptsService({ api, cache, clock })

  /** A page of records that cannot be read is a hole that only the service can fill. */
  async function readAgain(): Promise<void> {
    log.error('cases/store-lost' satisfies CasesErrorCode, { at: 'read' })
    await cache.readAgain()
    loop.now()
  }

  const opened = await cache.open()
  if (!opened.ok) {
    await store.close()
    return opened
  }
  const beyond = new BeyondRecords()
  return ok({
    request,
    store,
    files,
    api,
    cache,
    loop,
    answers,
    alerts,
    scripts,
    beyond,
    work,
    attachments,
    viewed,
  })
}

/** Files that cannot be read keep nobody from the records. */
export async function openFiles({ attachments }: OpenRecords, log: Log): Promise<void> {
  const opened = await attachments.open()
  if (!opened.ok) log.error(opened.error.code, { at: 'files', detail: opened.error.detail })
}
