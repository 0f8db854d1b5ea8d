import { HostLink } from '#renderer/records/host-link.ts'
import { RecordsService } from '#renderer/records/records-service.ts'
import { subjectOf } from '#shared/cases/outbox.ts'
import type { RecordsHost } from '#shared/contract/records.ts'
import type { Operation } from '#shared/contract/rest.ts'
import { appError } from '#shared/kernel/app-error.ts'
import type { Clock } from '#shared/kernel/clock.ts'
import { err, ok, type Result } from '#shared/kernel/result.ts'
import { FakeCaseStore, FakeDisk } from './fake-case-store.ts'
import type { FakeCouncil } from './fake-council.ts'
import { FakeFileDisk, FakeFileStore } from './fake-file-store.ts'
import type { SimClock, SimRandom } from './sim-clock.ts'
import { SimFiles } from './sim-files.ts'
import { SimJournal } from './sim-journal.ts'
import { aDraft } from './sim-records.ts'
import { steppedCaseStore, steppedFileStore } from './sim-stores.ts'
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

/** What may be said of the half-typed words of a contact. */
interface Typing {
  /** Keystrokes made. */
  typed: number
  /** Keystrokes that are on the disk for sure. */
  kept: number
}

/**
 * One adviser's desk: a worker that can be killed between any two steps, the disk and the journal that outlive it, two
 * windows that save and offer the host, a clock of its own that may be wrong, and the wire to the council.
 */
export class SimDesk {
  readonly adviserId: string
  readonly wire: SimWire
  readonly disk = new FakeDisk()
  readonly files = new FakeFileDisk()
  readonly journal = new SimJournal()
  /** Ids of operations in the order the adviser saved them, whatever became of them. */
  readonly attempted: string[] = []
  /** Operations that were answered as Saved. */
  readonly acknowledged = new Map<string, Operation>()
  /** Saves that came to nothing, to be tried again as they are. */
  readonly failed: (readonly Operation[])[] = []
  readonly discarded = new Set<string>()
  readonly attached = new SimFiles()
  #discards = 0
  /** Records of which something was let go, or not said to be Saved: what needs them may have come without them. */
  readonly letGo = new Set<string>()
  readonly typing = new Map<string, Typing>()
  /** The adviser's session has ended: no token until somebody signs in again. */
  isSignedOut = false
  /** The adviser's queues were changed in the shift. */
  hasOtherQueues = false
  /** Added to the true time. */
  skewMs = 0
  #asleepUntil = 0
  readonly #clock: SimClock
  readonly #random: SimRandom
  readonly #met: (fault: string) => void
  #worker: Worker
  /** The window whose host the worker has, and the other one. */
  #windows: readonly [Process, Process] = [{ alive: true }, { alive: true }]
  /** Everything is killed in this many steps from now. */
  #crashIn: number | null = null
  /** A desk whose records are not open shows none, and says so. */
  isOpen = false
  /** Since the last start, or since the desk said that it lost its records, the feed was read to its end. */
  isCurrent = false
  /** The last word of the desk was that all is sent and read. */
  isUpToDate = false

  constructor(
    adviserId: string,
    council: FakeCouncil,
    clock: SimClock,
    random: SimRandom,
    met: (fault: string) => void,
  ) {
    this.adviserId = adviserId
    this.#clock = clock
    this.#random = random
    this.#met = met
    this.wire = new SimWire(council, adviserId, clock, random, met)
    this.#worker = this.#start()
  }

  get service(): RecordsService {
    return this.#worker.service
  }

  /** The time on this desk's clock. */
  now(): number {
    return this.#clock.now() + this.skewMs
  }

  /** Power cut or SIGKILL of everything; the desk starts again at once. */
  crash(isPowerCut: boolean): void {
    this.#crashIn = null
    this.#worker.process.alive = false
    for (const window of this.#windows) window.alive = false
    if (isPowerCut) this.disk.powerCut(this.#random.next())
    this.#windows = [{ alive: true }, { alive: true }]
    this.#worker = this.#start()
  }

  /** Everything is killed at the await that comes this many steps from now, in the middle of it or at one of its ends. */
  crashInSteps(steps: number): void {
    this.#crashIn = steps
  }

  sleep(forMs: number): void {
    this.#asleepUntil = this.#clock.now() + forMs
    this.#clock.after(forMs, () => void this.service.syncNow())
  }

  /** The window with the host is closed; the worker finds out when it asks it something. */
  closeWindow(): void {
    this.#windows[0].alive = false
  }

  /** The other window offers itself as the host, and a new one is opened beside it. */
  async newHost(): Promise<void> {
    const [, host] = this.#windows
    this.#windows = [host, { alive: true }]
    await this.service.provideHost(this.#hostOf(host))
  }

  /** The database is deleted under the worker's feet; half-typed words have no second copy. */
  wipe(): void {
    this.disk.wipe()
    for (const typing of this.typing.values()) typing.kept = 0
  }

  async save(operations: readonly Operation[], window: 0 | 1 = 0): Promise<void> {
    const asker = this.#windows[window]
    const { process } = this.#worker
    this.attempted.push(...operations.map((operation) => operation.id))
    const discards = this.#discards
    const saved = await this.service.save(operations)
    // A window that was closed meanwhile tells nobody.
    const isTold = asker.alive && process.alive
    if (!isTold || !saved.ok) for (const operation of operations) this.letGo.add(subjectOf(operation))
    if (!isTold) return
    if (!saved.ok) this.failed.push(operations)
    // What was let go in the middle of being saved may be either.
    else if (discards === this.#discards) this.#acknowledge(operations)
  }

  #acknowledge(operations: readonly Operation[]): void {
    for (const operation of operations) {
      this.acknowledged.set(operation.id, operation)
      this.discarded.delete(operation.id)
    }
  }

  async discard(operation: Operation): Promise<void> {
    this.#discards += 1
    this.discarded.add(operation.id)
    this.letGo.add(subjectOf(operation))
    await this.service.discard(operation.id)
  }

  async replace(operation: Operation, operations: readonly Operation[]): Promise<void> {
    const { process } = this.#worker
    this.attempted.push(...operations.map((operation) => operation.id))
    this.#discards += 1
    // When all is killed meanwhile nobody knows whether it is gone.
    this.discarded.add(operation.id)
    this.letGo.add(subjectOf(operation))
    const discards = this.#discards
    const replaced = await this.service.replace(operation.id, operations)
    if (!process.alive) return
    // It stays when nothing could be put in its place.
    if (!replaced.ok) this.discarded.delete(operation.id)
    // What was let go in the middle of being saved may be either.
    else if (discards === this.#discards) this.#acknowledge(operations)
  }

  /** One more keystroke into the half-typed words of a contact. */
  async type(contactId: string): Promise<void> {
    const typing = this.typing.get(contactId) ?? { typed: 0, kept: 0 }
    this.typing.set(contactId, typing)
    typing.typed += 1
    const mine = typing.typed
    const { process } = this.#worker
    const refused = this.disk.refusals
    const { generation } = this.disk
    await this.service.putDraft(aDraft(contactId, { typed: { note: 'x'.repeat(mine) } }))
    // A worker that has not opened keeps nothing, and says so to the next who asks.
    const shown = await this.service.draft(contactId)
    const isKept =
      shown !== null && process.alive && refused === this.disk.refusals && generation === this.disk.generation
    if (isKept) typing.kept = Math.max(typing.kept, mine)
  }

  /** Adds a file to a case; what was answered as kept is to arrive. */
  async attach(caseId: string, sizeBytes: number): Promise<void> {
    const { process, service } = this.#worker
    const file = this.attached.make(this.adviserId, caseId, sizeBytes)
    const added = await service.addAttachment(caseId, file)
    if (process.alive && added.ok) this.attached.kept.set(file.name, caseId)
  }

  /** Takes back one of the files that are not sent. */
  async takeBack(caseId: string): Promise<void> {
    const waiting = (await this.service.attachments(caseId)).filter(({ state }) => state.name !== 'sent')
    if (waiting.length === 0) return
    const { id, name } = this.#random.pick(waiting)
    const { process, service } = this.#worker
    this.attached.takenBack.add(name)
    await service.cancelAttachment(id)
    if (process.alive) this.attached.gone.add(name)
  }

  #start(): Worker {
    this.isOpen = false
    this.isCurrent = false
    this.isUpToDate = false
    const process: Process = { alive: true }
    const clock = this.#clockOf(process)
    const host = new HostLink(clock)
    const step = <T>(run: () => Promise<T>): Promise<T> => this.#step(process, run)
    const service = new RecordsService({
      host,
      openStore: async () => steppedCaseStore(new FakeCaseStore(this.disk), step),
      openFiles: async () => steppedFileStore(new FakeFileStore(this.files), step),
      connectCouncil: () =>
        this.wire.api(
          clock,
          async (force) => tokenFor(await host.token(force)),
          () => process.alive,
        ),
      publish: (news) => {
        if (!process.alive || news.type !== 'sync') return
        const { name } = news.report.state
        this.isUpToDate = name === 'up-to-date'
        if (name === 'up-to-date') this.isCurrent = true
        else if (name === 'loading') this.isCurrent = false
      },
      clock,
      random: this.#random,
      breathe: () => Promise.resolve(),
    })
    const worker = { process, service }
    void service.provideHost(this.#hostOf(this.#windows[0]))
    void this.#open(worker)
    return worker
  }

  /** A machine that sleeps runs nothing; what was due meanwhile runs when it wakes. */
  #clockOf(process: Process): Clock {
    const run = (due: () => void): void => {
      const sleepMs = this.#asleepUntil - this.#clock.now()
      if (sleepMs > 0) this.#clock.after(sleepMs, () => run(due))
      else if (process.alive) due()
    }
    return {
      now: () => this.now(),
      after: (delayMs, due) => {
        let isOn = true
        const cancel = this.#clock.after(delayMs, () => run(() => isOn && due()))
        return () => {
          isOn = false
          cancel()
        }
      },
    }
  }

  /** As the pages do: opening that failed is tried again. */
  async #open({ process, service }: Worker): Promise<void> {
    const request = {
      adviserId: this.adviserId,
      councilUrl: 'https://desk.example.org',
      mode: 'live',
    } as const
    while (process.alive && !(await service.open(request)).ok) await this.#clock.delay(1_000)
    if (process.alive) this.isOpen = true
  }

  /**
   * A step of a process: takes a moment, and the process may die before it, in it or before it hears of it. `torn` is
   * what remains of a step in whose middle it dies.
   */
  async #step<T>(
    process: Process,
    run: () => Promise<T>,
    torn: (share: number) => void = () => {},
  ): Promise<T> {
    const at = this.#crashPoint()
    await this.#clock.delay(this.#random.below(20))
    if (!process.alive) return never()
    if (at === 'before') this.#die('crashBefore')
    if (at === 'within') {
      torn(this.#random.next())
      this.#die('crashWithin')
    }
    if (!process.alive) return never()
    const answer = await run()
    if (at === 'after') this.#die('crashAfter')
    await this.#clock.delay(this.#random.below(20))
    return process.alive ? answer : never()
  }

  #crashPoint(): 'before' | 'within' | 'after' | null {
    if (this.#crashIn === null) return null
    this.#crashIn -= 1
    return this.#crashIn < 0 ? this.#random.pick(['before', 'within', 'after'] as const) : null
  }

  #die(how: string): void {
    this.#met(how)
    this.crash(this.#random.chance(0.5))
  }

  #hostOf(window: Process): RecordsHost {
    const step = <T>(run: () => Result<T>, torn: (share: number) => void = () => {}): Promise<Result<T>> =>
      this.#step(window, async () => run(), torn)
    const { journal } = this
    return {
      token: (force) => step(() => this.#token(force)),
      dataKey: () => step(() => ok(new Uint8Array(32))),
      journalAppend: (entries) =>
        step(
          () => {
            journal.append(entries)
            return ok(null)
          },
          (share) => journal.append(entries, share),
        ),
      journalRead: () => step(() => ok(journal.entries())),
      wiped: async () => ok(null),
      journalSettle: (ids) =>
        step(
          () => {
            if (ids.length === 0) return err({ code: 'journal/empty', retry: 'never' })
            journal.settle(ids)
            return ok(null)
          },
          (share) => journal.settle(ids, share),
        ),
      log: async () => {},
    }
  }

  /** The main process renews the token over the same network. */
  #token(force: boolean): Result<string> {
    if (this.isSignedOut) return err(appError('session/ended', 'never'))
    const { wire } = this
    if (force && (wire.cut || wire.isCaptive)) return err(appError('session/unreachable', 'later'))
    if (force || this.#tokenHeld === null) this.#tokenHeld = wire.service.token
    return ok(this.#tokenHeld)
  }

  #tokenHeld: string | null = null
}

/** As the worker reads what the main process says of tokens. */
function tokenFor(token: Result<string>): Result<string> {
  if (token.ok) return token
  return token.error.retry === 'never'
    ? err(appError('cases/sign-in-needed', 'now', token.error.code))
    : err(appError('cases/council-unreachable', 'later', token.error.code))
}
