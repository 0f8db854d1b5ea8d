import { HostLink } from '#renderer/records/host-link.ts'
import { RecordsService } from '#renderer/records/records-service.ts'
import type { CaseStore } from '#shared/cases/case-store.ts'
import type { JournalEntry } from '#shared/contract/journal.ts'
import type { RecordsHost } from '#shared/contract/records.ts'
import type { Operation } from '#shared/contract/rest.ts'
import type { Clock } from '#shared/kernel/clock.ts'
import { err, ok, type Result } from '#shared/kernel/result.ts'
import { FakeCaseStore, FakeDisk } from './fake-case-store.ts'
import type { FakeCouncil } from './fake-council.ts'
import type { SimClock, SimRandom } from './sim-clock.ts'
import { SimWire } from './sim-wire.ts'

interface Process {
  alive: boolean
}

const never = <T>(): Promise<T> => new Promise(() => {})

/** A worker from its start to its end or death. */
interface Worker {
  readonly process: Process
  readonly service: RecordsService
}

/**
 * One adviser's desk: a worker that can be killed between any two steps, the disk and the journal that outlive it, a
 * page that offers the host, and the wire to the council.
 */
export class SimDesk {
  readonly adviserId: string
  readonly wire: SimWire
  readonly disk = new FakeDisk()
  journal: JournalEntry[] = []
  /** Ids of operations in the order the adviser saved them, whatever became of them. */
  readonly attempted: string[] = []
  /** Operations that were answered as Saved. */
  readonly acknowledged = new Map<string, Operation>()
  readonly discarded = new Set<string>()
  readonly #clock: SimClock
  readonly #random: SimRandom
  #worker: Worker
  #host: Process = { alive: true }
  /** Since the last start, or since the desk said that it lost its records, the feed was read to its end. */
  isCurrent = false

  constructor(adviserId: string, council: FakeCouncil, clock: SimClock, random: SimRandom) {
    this.adviserId = adviserId
    this.#clock = clock
    this.#random = random
    this.wire = new SimWire(council, adviserId, clock, random)
    this.#worker = this.#start()
  }

  get service(): RecordsService {
    return this.#worker.service
  }

  /** Power cut or SIGKILL of everything; the desk starts again at once. */
  crash(isPowerCut: boolean): void {
    this.#worker.process.alive = false
    this.#host.alive = false
    if (isPowerCut) this.disk.powerCut(this.#random.next())
    this.#host = { alive: true }
    this.#worker = this.#start()
  }

  /** The page with the host is gone; another comes later. */
  loseHost(): void {
    this.#host.alive = false
  }

  async newHost(): Promise<void> {
    this.#host.alive = false
    this.#host = { alive: true }
    await this.service.provideHost(this.#hostOf(this.#host))
  }

  /** The database is deleted under the worker's feet. */
  wipe(): void {
    this.disk.wipe()
  }

  async save(operations: readonly Operation[]): Promise<void> {
    this.attempted.push(...operations.map((operation) => operation.id))
    const saved = await this.service.save(operations)
    if (!saved.ok) return
    for (const operation of operations) this.acknowledged.set(operation.id, operation)
  }

  async discard(operationId: string): Promise<void> {
    this.discarded.add(operationId)
    await this.service.discard(operationId)
  }

  #start(): Worker {
    this.isCurrent = false
    const process: Process = { alive: true }
    const clock: Clock = {
      now: () => this.#clock.now(),
      after: (delayMs, run) => this.#clock.after(delayMs, () => process.alive && run()),
    }
    const service = new RecordsService({
      host: new HostLink(clock),
      openStore: async () => this.#storeOf(process),
      connectCouncil: () => this.wire.api(() => process.alive),
      publish: (news) => {
        if (!process.alive || news.type !== 'sync') return
        const { name } = news.report.state
        if (name === 'up-to-date') this.isCurrent = true
        else if (name === 'loading') this.isCurrent = false
      },
      clock,
      random: this.#random,
    })
    const worker = { process, service }
    void service.provideHost(this.#hostOf(this.#host))
    void this.#open(worker)
    return worker
  }

  /** As the pages do: opening that failed is tried again. */
  async #open({ process, service }: Worker): Promise<void> {
    const request = {
      adviserId: this.adviserId,
      councilUrl: 'https://desk.example.org',
      mode: 'live',
    } as const
    while (process.alive && !(await service.open(request)).ok) await this.#clock.delay(1_000)
  }

  /** A step of a process: takes a moment, and the process may die before it, in it or before it hears of it. */
  async #step<T>(process: Process, run: () => Promise<T>): Promise<T> {
    await this.#clock.delay(this.#random.below(20))
    if (!process.alive) return never()
    const answer = await run()
    await this.#clock.delay(this.#random.below(20))
    return process.alive ? answer : never()
  }

  #storeOf(process: Process): CaseStore {
    const store = new FakeCaseStore(this.disk)
    let last: Promise<unknown> = Promise.resolve()
    const inTurn = <T>(run: () => Promise<T>): Promise<T> => {
      const turn = last.then(() => this.#step(process, run))
      last = turn
      return turn
    }
    return {
      get records() {
        return store.records
      },
      open: () => inTurn(() => store.open()),
      save: (entries) => inTurn(() => store.save(entries)),
      changeOutbox: (put, removeIds) => inTurn(() => store.changeOutbox(put, removeIds)),
      putDraft: (draft) => inTurn(() => store.putDraft(draft)),
      deleteDraft: (contactId) => inTurn(() => store.deleteDraft(contactId)),
      applyChanges: (changes, meta) => inTurn(() => store.applyChanges(changes, meta)),
      startReading: (meta) => inTurn(() => store.startReading(meta)),
      putMeta: (meta) => inTurn(() => store.putMeta(meta)),
      putDocument: (document) => inTurn(() => store.putDocument(document)),
      putAnswers: (answers) => inTurn(() => store.putAnswers(answers)),
      forgetRecords: () => inTurn(() => store.forgetRecords()),
      evict: (notChangedSince) => inTurn(() => store.evict(notChangedSince)),
      room: () => store.room(),
      wipe: () => inTurn(() => store.wipe()),
      close: () => inTurn(() => store.close()),
    }
  }

  #hostOf(process: Process): RecordsHost {
    const step = <T>(run: () => Result<T>): Promise<Result<T>> => this.#step(process, async () => run())
    return {
      token: () => step(() => ok('practice')),
      dataKey: () => step(() => ok(new Uint8Array(32))),
      journalAppend: (entries) =>
        step(() => {
          const known = new Set(this.journal.map((entry) => entry.operation.id))
          this.journal.push(...structuredClone(entries.filter((entry) => !known.has(entry.operation.id))))
          return ok(null)
        }),
      journalRead: () => step(() => ok(structuredClone(this.journal))),
      journalSettle: (ids) =>
        step(() => {
          if (ids.length === 0) return err({ code: 'journal/empty', retry: 'never' })
          this.journal = this.journal.filter((entry) => !ids.includes(entry.operation.id))
          return ok(null)
        }),
      log: async () => {},
    }
  }
}
