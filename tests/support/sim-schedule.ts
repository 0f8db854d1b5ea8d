import { FakeCouncil } from './fake-council.ts'
import { firstCases, firstResidents, SimActions } from './sim-actions.ts'
import { SimClock, SimRandom } from './sim-clock.ts'
import { SimDesk } from './sim-desk.ts'
import { SimJudge } from './sim-judge.ts'
import { aResident } from './sim-records.ts'
import { noFaults, type WireFaults } from './sim-wire.ts'

export interface ScheduleOutcome {
  /** Broken promises, in words; empty when all held. */
  readonly problems: readonly string[]
  /** How often something happened, faults by their names among it. */
  readonly counts: Readonly<Record<string, number>>
}

const actionsPerSchedule = 40
const quietMs = 30 * 60_000
/** A desk that asks more often than this, on average, is hammering the council. */
const mostRequestsAMinute = 60
const hourMs = 3_600_000

/** One random shift of two to four desks, then quiet; the same seed plays the same shift. */
export async function runSchedule(
  seed: number,
  tell: (line: string) => void = () => {},
): Promise<ScheduleOutcome> {
  const shift = new Shift(seed, tell)
  await shift.play()
  for (const problem of shift.judge.problems) tell(`PROBLEM ${problem}`)
  return { problems: shift.judge.problems, counts: shift.countAll() }
}

/** What happens in a shift, and what must be true of it. */
class Shift {
  readonly judge: SimJudge
  readonly #random: SimRandom
  readonly #clock = new SimClock()
  readonly #council: FakeCouncil
  readonly #desks: readonly SimDesk[]
  readonly #actions: SimActions
  readonly #tell: (line: string) => void
  readonly #counts = new Map<string, number>()
  readonly #losesDatabase: boolean

  constructor(seed: number, tell: (line: string) => void) {
    const random = new SimRandom(seed)
    const clock = this.#clock
    this.#random = random
    this.#tell = tell
    const council = new FakeCouncil(() => clock.now())
    this.#council = council
    council.publish({ residents: firstResidents, cases: firstCases })
    const advisers = ['a1', 'a2', 'a3', 'a4'].slice(0, 2 + random.below(3))
    for (const adviserId of advisers) council.setQueues(adviserId, this.#someQueues())
    this.#desks = advisers.map((adviserId) => {
      const desk = new SimDesk(adviserId, council, clock, random, (fault) => this.#count(fault))
      if (random.chance(0.3)) desk.skewMs = random.below(2 * hourMs) - hourMs
      return desk
    })
    this.#actions = new SimActions(random, this.#desks)
    this.judge = new SimJudge(council, this.#desks, random)
    this.#losesDatabase = random.chance(0.5)
  }

  async play(): Promise<void> {
    const random = this.#random
    const startedAt = this.#clock.now()
    for (let action = 0; action < actionsPerSchedule; action++) {
      await this.#clock.run(random.chance(0.5) ? random.below(200) : random.below(20_000))
      this.#act()
      await this.judge.observe()
      await this.judge.observeTyping()
    }
    await this.#quieten()
    await this.#settle('did not settle within half an hour of quiet')
    await this.judge.judge()
    await this.#decideAll()
    const minutes = (this.#clock.now() - startedAt) / 60_000
    if (this.#council.requests / this.#desks.length / minutes > mostRequestsAMinute) {
      this.judge.problems.push(`${this.#council.requests} requests in ${Math.round(minutes)} minutes`)
    }
  }

  countAll(): Record<string, number> {
    const { conflicts, refusals, blocked } = this.judge
    const saved = this.#desks.reduce((sum, desk) => sum + desk.acknowledged.size, 0)
    const { requests } = this.#council
    const files = {
      'files sent': this.#council.uploads.kept.length,
      'files refused': this.judge.filesRefused,
    }
    return { saved, requests, conflicts, refusals, blocked, ...files, ...Object.fromEntries(this.#counts) }
  }

  #count(what: string): void {
    this.#counts.set(what, (this.#counts.get(what) ?? 0) + 1)
  }

  #act(): void {
    const random = this.#random
    const desk = random.pick(this.#desks)
    const isWork = random.chance(0.6)
    const [name, run] = random.pick(isWork ? this.#actions.ofDesk(desk) : this.#faults(desk))
    this.#tell(`${this.#clock.now() % 86_400_000} ${desk.adviserId} ${name}`)
    this.#count(name)
    run()
  }

  #faults(desk: SimDesk): readonly (readonly [string, () => void])[] {
    return [
      ['crash', () => desk.crash(false)],
      ['power cut', () => desk.crash(true)],
      ['crash at a step', () => desk.crashInSteps(this.#random.below(12))],
      ['crash at a step', () => desk.crashInSteps(this.#random.below(12))],
      ['lose a copy', () => this.#loseCopy(desk)],
      ['lose a copy and crash', () => this.#loseCopyAndCrash(desk)],
      ['close a window', () => this.#closeWindow(desk)],
      ['close a window and lose a copy', () => this.#closeAndLose(desk)],
      ['the other window', () => void desk.newHost()],
      ['cut the network', () => this.#cut(desk)],
      ['captive portal', () => this.#captive(desk)],
      ['bad wire', () => this.#badWire(desk)],
      ['bad wire', () => this.#badWire(desk)],
      ['token expires', () => desk.wire.service.expireToken()],
      ['session ends', () => this.#endSession(desk)],
      ['fill the disk', () => this.#fillDisk(desk)],
      ['clock jumps', () => this.#jump(desk)],
      ['sleep', () => desk.sleep(this.#random.below(120_000))],
      ['queues change', () => this.#changeQueues(desk)],
      ['forget cursors', () => this.#council.forgetCursors()],
      ['sync now', () => void desk.service.syncNow()],
    ]
  }

  #changeQueues(desk: SimDesk): void {
    desk.hasOtherQueues = true
    this.#council.setQueues(desk.adviserId, this.#someQueues())
  }

  #someQueues(): readonly string[] {
    return this.#random.pick([['waste'], ['housing'], ['housing', 'waste'], []])
  }

  /** One of the two copies of unsent work, always the same one in a schedule: nothing survives the loss of both. */
  #loseCopy(desk: SimDesk): void {
    if (this.#losesDatabase) desk.wipe()
    else desk.journal.truncate(this.#random.chance(0.3) ? 0 : this.#random.next())
  }

  #loseCopyAndCrash(desk: SimDesk): void {
    this.#loseCopy(desk)
    desk.crash(false)
  }

  #closeWindow(desk: SimDesk): void {
    desk.closeWindow()
    this.#clock.after(this.#random.below(20_000), () => void desk.newHost())
  }

  /** What was Saved while there was no journal to write into has to have waited for it. */
  #closeAndLose(desk: SimDesk): void {
    desk.closeWindow()
    this.#clock.after(this.#random.below(40_000), () => this.#loseCopyAndCrash(desk))
  }

  #cut(desk: SimDesk): void {
    desk.wire.setCut(true)
    this.#clock.after(this.#random.below(120_000), () => desk.wire.setCut(false))
  }

  #captive(desk: SimDesk): void {
    desk.wire.setCaptive(true)
    this.#clock.after(this.#random.below(60_000), () => desk.wire.setCaptive(false))
  }

  #badWire(desk: SimDesk): void {
    const share = () => (this.#random.chance(0.4) ? this.#random.next() * 0.4 : 0)
    const faults: WireFaults = {
      lostRequest: share(),
      lateRequest: share(),
      lostAnswer: share(),
      duplicated: share(),
      serverError: share(),
      failsMidway: share(),
      cutBody: share(),
      malformed: share(),
      tokenExpired: share(),
      streamClosed: share(),
    }
    desk.wire.faults = faults
  }

  #endSession(desk: SimDesk): void {
    desk.isSignedOut = true
    desk.wire.service.expireToken()
    this.#clock.after(this.#random.below(60_000), () => {
      desk.isSignedOut = false
    })
  }

  #fillDisk(desk: SimDesk): void {
    desk.disk.full = true
    desk.files.full = true
    this.#clock.after(this.#random.below(30_000), () => {
      desk.disk.full = false
      desk.files.full = false
    })
  }

  /** Set by hand or by a time server, to and fro; seldom by days. */
  #jump(desk: SimDesk): void {
    const random = this.#random
    desk.skewMs += random.pick([1, -1]) * random.below(random.chance(0.1) ? 20 * 24 * hourMs : 2 * hourMs)
  }

  /** The end of all faults: what is not right soon after never will be. */
  async #quieten(): Promise<void> {
    // What was said to end later, such as a cut, ends first.
    await this.#clock.run(130_000)
    for (const desk of this.#desks) {
      desk.wire.setCut(false)
      desk.wire.setCaptive(false)
      desk.wire.faults = noFaults
      desk.isSignedOut = false
      desk.disk.full = false
      desk.files.full = false
      desk.crashInSteps(Number.POSITIVE_INFINITY)
      await desk.newHost()
    }
    this.#council.publish({ residents: [aResident('r0', { version: 2 })] })
  }

  async #settle(otherwise: string): Promise<void> {
    const settled = await this.#clock.run(quietMs, () => this.#desks.every((desk) => desk.isUpToDate))
    if (!settled) this.judge.problems.push(otherwise)
    // What a stream that fell silent did not tell is found out in this time.
    await this.#clock.run(3 * 60_000)
  }

  /** Nothing is blocked for ever: once the advisers have decided on all that they see, nothing is left. */
  async #decideAll(): Promise<void> {
    let decisions = 0
    for (const desk of this.#desks) {
      for (let round = 0; round < 50; round++) {
        const { needsAttention } = await desk.service.syncReport()
        if (needsAttention.length === 0) break
        decisions += needsAttention.length
        for (const { operation } of needsAttention) await this.#finish(desk.discard(operation))
        await this.#clock.run(5_000)
      }
      const unsent = await desk.service.unsent()
      if (unsent.length > 0) this.judge.problems.push(`${desk.adviserId} keeps ${unsent.length} for ever`)
    }
    if (decisions === 0) return
    await this.#settle('did not settle after all decisions')
    await this.judge.judge()
  }

  /** Lets time pass until a desk has done what it was asked for. */
  async #finish(work: Promise<unknown>): Promise<void> {
    let isDone = false
    void work.then(() => {
      isDone = true
    })
    await this.#clock.run(60_000, () => isDone)
  }
}
