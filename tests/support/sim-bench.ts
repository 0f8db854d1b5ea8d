import { expect } from 'vitest'
import { HostLink } from '#renderer/records/host-link.ts'
import { RecordsService } from '#renderer/records/records-service.ts'
import type { CouncilApi, EventStreamNews } from '#shared/cases/council-api.ts'
import type { JournalEntry } from '#shared/contract/journal.ts'
import type { OpenRequest, RecordsHost, RecordsNews } from '#shared/contract/records.ts'
import type { Change, ChangesPage, Operation, OperationResult } from '#shared/contract/rest.ts'
import { appError } from '#shared/kernel/app-error.ts'
import { err, ok, type Result } from '#shared/kernel/result.ts'
import { FakeCaseStore, FakeDisk } from './fake-case-store.ts'
import { FakeFileDisk, FakeFileStore } from './fake-file-store.ts'
import { SimClock, SimRandom } from './sim-clock.ts'
import { anAdviser, at } from './sim-records.ts'

export const unreachable = (): Result<never> =>
  err(appError('cases/council-unreachable', 'later', 'no-answer'))
export const openRequest: OpenRequest = {
  adviserId: 'a1',
  councilUrl: 'https://desk.example.org',
  mode: 'live',
}
const agentState = { state: { name: 'ready', since: at(0) }, pending: null } as const

/** One desk with a council made of answers, a disk and a journal that outlive its workers. */
export class Bench {
  readonly clock = new SimClock()
  readonly disk = new FakeDisk()
  readonly files = new FakeFileDisk()
  readonly news: RecordsNews[] = []
  journal: JournalEntry[] = []
  hasHost = true
  /** The journal lets go of nothing. */
  journalIsStuck = false
  pages: readonly ChangesPage[] = []
  sent: (readonly string[])[] = []
  readPages = 0
  tellStream: (news: EventStreamNews) => void = () => {}
  service: RecordsService
  api: CouncilApi = {
    me: async () => ok(anAdviser('a1')),
    agentState: async () => ok(agentState),
    requestAgentState: async () => ok(agentState),
    changes: async () => {
      const page = this.pages[Math.min(this.readPages, this.pages.length - 1)]
      this.readPages += 1
      return ok(page ?? { changes: [], cursor: 'end', more: false })
    },
    sendOperations: async (operations) => {
      this.sent.push(operations.map((operation) => operation.id))
      return ok(operations.map((operation) => this.answerTo(operation)))
    },
    script: async () => unreachable(),
    callStatus: async () => unreachable(),
    setRecordingPaused: async () => unreachable(),
    callHistory: async () => unreachable(),
    directory: async () => unreachable(),
    signposts: async () => unreachable(),
    scriptUse: async () => unreachable(),
    handOver: async () => unreachable(),
    alert: async () => unreachable(),
    acknowledgeAlert: async () => unreachable(),
    queueWhisper: async () => unreachable(),
    search: async () => unreachable(),
    duplicates: async () => unreachable(),
    mergePreview: async () => unreachable(),
    sendViews: async () => unreachable(),
    beginUpload: async () => unreachable(),
    uploadedBytes: async () => unreachable(),
    uploadChunk: async () => unreachable(),
    endUpload: async () => unreachable(),
    attachment: async () => unreachable(),
    probe: async () => unreachable(),
    events: (listener) => {
      this.tellStream = listener
      return () => {}
    },
  }
  answerTo: (operation: Operation) => OperationResult = ({ id }) => ({ id, outcome: 'applied' })

  constructor() {
    this.service = this.#worker()
  }

  #worker(): RecordsService {
    const host = new HostLink(this.clock)
    const service = new RecordsService({
      host,
      openStore: async () => new FakeCaseStore(this.disk),
      openFiles: async () => new FakeFileStore(this.files),
      connectCouncil: () => ({
        me: () => this.api.me(),
        agentState: () => this.api.agentState(),
        requestAgentState: (request) => this.api.requestAgentState(request),
        changes: (cursor, limit) => this.api.changes(cursor, limit),
        sendOperations: (operations) => this.api.sendOperations(operations),
        script: (scriptId, version) => this.api.script(scriptId, version),
        callStatus: (callId) => this.api.callStatus(callId),
        setRecordingPaused: (callId, paused) => this.api.setRecordingPaused(callId, paused),
        callHistory: () => this.api.callHistory(),
        directory: (heldEtag) => this.api.directory(heldEtag),
        signposts: (heldEtag) => this.api.signposts(heldEtag),
        scriptUse: () => this.api.scriptUse(),
        handOver: (contactId) => this.api.handOver(contactId),
        alert: (alertId) => this.api.alert(alertId),
        acknowledgeAlert: (alertId) => this.api.acknowledgeAlert(alertId),
        queueWhisper: (queueId) => this.api.queueWhisper(queueId),
        search: (text) => this.api.search(text),
        duplicates: (request) => this.api.duplicates(request),
        mergePreview: (keptId, goneId) => this.api.mergePreview(keptId, goneId),
        sendViews: (views) => this.api.sendViews(views),
        beginUpload: (file) => this.api.beginUpload(file),
        uploadedBytes: (uploadId) => this.api.uploadedBytes(uploadId),
        uploadChunk: (uploadId, offset, bytes) => this.api.uploadChunk(uploadId, offset, bytes),
        endUpload: (uploadId) => this.api.endUpload(uploadId),
        attachment: (attachmentId) => this.api.attachment(attachmentId),
        probe: () => this.api.probe(),
        events: (listener) => this.api.events(listener),
      }),
      publish: (news) => this.news.push(news),
      clock: this.clock,
      random: new SimRandom(1),
      breathe: () => Promise.resolve(),
    })
    void service.provideHost(this.#host())
    return service
  }

  #host(): RecordsHost {
    const answered = <T>(run: () => T): Promise<Result<T>> =>
      this.hasHost ? Promise.resolve(ok(run())) : new Promise(() => {})
    return {
      token: () => answered(() => 'token'),
      dataKey: () => answered(() => new Uint8Array(32)),
      journalAppend: (entries) =>
        answered(() => {
          this.journal.push(...entries)
          return null
        }),
      journalRead: () => answered(() => [...this.journal]),
      journalSettle: async (ids) => {
        if (this.journalIsStuck) return err(appError('journal/write-failed', 'now'))
        return answered(() => {
          this.journal = this.journal.filter((entry) => !ids.includes(entry.operation.id))
          return null
        })
      },
      wiped: () =>
        answered(() => {
          this.journal = []
          return null
        }),
      log: async () => {},
    }
  }

  async newHost(): Promise<void> {
    this.hasHost = true
    await this.service.provideHost(this.#host())
    await this.clock.run(0)
  }

  /** Everything is killed and started again. */
  async restart(): Promise<void> {
    this.service = this.#worker()
    await this.open()
  }

  async open(): Promise<void> {
    const opening = this.service.open(openRequest)
    await this.clock.run(0)
    expect(await opening).toEqual(ok(null))
    await this.clock.run(0)
  }

  /** From now on nothing answers. */
  cut(): void {
    this.api = {
      ...this.api,
      me: async () => unreachable(),
      changes: async () => unreachable(),
      sendOperations: async (operations) => {
        this.sent.push(operations.map((operation) => operation.id))
        return unreachable()
      },
    }
  }

  serve(...changes: readonly Change[]): void {
    this.pages = [{ changes: [...changes], cursor: 'end', more: false }]
  }

  async state() {
    return (await this.service.syncReport()).state
  }
}

export async function openBench(prepare: (bench: Bench) => void = () => {}): Promise<Bench> {
  const bench = new Bench()
  prepare(bench)
  await bench.open()
  return bench
}
