import type { CaseStatus, Operation } from '#shared/contract/rest.ts'
import { FakeCouncil, refusedWords } from './fake-council.ts'
import { SimClock, SimRandom } from './sim-clock.ts'
import { SimDesk } from './sim-desk.ts'
import { aCase, aResident, createOf, putCase, putResident } from './sim-records.ts'
import { mayBeRefused, subjects } from './sim-rules.ts'
import { noFaults, poisonWords, type WireFaults } from './sim-wire.ts'

export interface ScheduleOutcome {
  /** Broken promises, in words; empty when all held. */
  readonly problems: readonly string[]
  readonly saved: number
  readonly requests: number
  readonly crashes: number
  readonly conflicts: number
  readonly refusals: number
}

const actionsPerSchedule = 40
const statuses: readonly CaseStatus[] = ['open', 'in-progress', 'waiting-for-resident', 'resolved', 'closed']
const quietMs = 30 * 60_000
/** A desk that asks more often than this, on average, is hammering the council. */
const mostRequestsAMinute = 60

/** One random shift of two desks, then quiet; the same seed plays the same shift. */
export async function runSchedule(
  seed: number,
  tell: (line: string) => void = () => {},
): Promise<ScheduleOutcome> {
  const random = new SimRandom(seed)
  const clock = new SimClock()
  const council = new FakeCouncil()
  council.publish([
    putResident(aResident('r1')),
    ...['shared-1', 'shared-2', 'shared-3'].map((id) => putCase(aCase(id, { residentId: 'r1' }))),
  ])
  const desks = ['a1', 'a2'].map((adviserId) => new SimDesk(adviserId, council, clock, random))
  const shift = new Shift(random, clock, council, desks, tell)
  const startedAt = clock.now()
  for (let action = 0; action < actionsPerSchedule; action++) {
    await clock.run(random.chance(0.5) ? random.below(200) : random.below(20_000))
    shift.act()
    await shift.observe()
  }
  await shift.quieten()
  const settled = await clock.run(quietMs, () => shift.isSettled())
  if (!settled) shift.problems.push('did not settle within half an hour of quiet')
  await clock.run(2 * 60_000)
  await shift.judge()
  const minutes = (clock.now() - startedAt) / 60_000
  if (council.requests / desks.length / minutes > mostRequestsAMinute) {
    shift.problems.push(`${council.requests} requests in ${Math.round(minutes)} minutes`)
  }
  for (const problem of shift.problems) tell(`PROBLEM ${problem}`)
  return {
    problems: shift.problems,
    saved: desks.reduce((sum, desk) => sum + desk.acknowledged.size, 0),
    requests: council.requests,
    crashes: shift.crashes,
    conflicts: shift.conflicts,
    refusals: shift.refusals,
  }
}

/** What happens in a shift, and what must be true of it. */
class Shift {
  readonly #random: SimRandom
  readonly #clock: SimClock
  readonly #council: FakeCouncil
  readonly #desks: readonly SimDesk[]
  readonly #tell: (line: string) => void
  readonly problems: string[] = []
  crashes = 0
  conflicts = 0
  refusals = 0
  #names = 0
  readonly #losesDatabase: boolean
  readonly #ownCases = new Map<SimDesk, string[]>()

  constructor(
    random: SimRandom,
    clock: SimClock,
    council: FakeCouncil,
    desks: readonly SimDesk[],
    tell: (line: string) => void,
  ) {
    this.#random = random
    this.#clock = clock
    this.#council = council
    this.#desks = desks
    this.#tell = tell
    this.#losesDatabase = random.chance(0.5)
  }

  act(): void {
    const random = this.#random
    const desk = random.pick(this.#desks)
    const [name, run] = random.pick<[string, () => void]>([
      ['save a call', () => this.#saveCall(desk)],
      ['save a call', () => this.#saveCall(desk)],
      ['add a note', () => this.#addNote(desk)],
      ['add a note', () => this.#addNote(desk)],
      ['change a case', () => void this.#changeCase(desk)],
      ['change a case', () => void this.#changeCase(desk)],
      ['change a case', () => void this.#changeCase(desk)],
      ['promise a call', () => void this.#promiseCall(desk)],
      ['promise a call', () => void this.#promiseCall(desk)],
      ['decide', () => void this.#decide(desk)],
      ['crash', () => this.#crash(desk, false)],
      ['power cut', () => this.#crash(desk, true)],
      ['lose a copy', () => this.#loseCopy(desk)],
      ['lose a copy and crash', () => this.#loseCopyAndCrash(desk)],
      ['lose the host', () => this.#loseHost(desk)],
      ['cut the network', () => this.#cut(desk)],
      ['bad wire', () => this.#badWire(desk)],
      ['fill the disk', () => this.#fillDisk(desk)],
      ['forget cursors', () => this.#council.forgetCursors()],
      ['sync now', () => void desk.service.syncNow()],
    ])
    this.#tell(`${this.#clock.now() % 86_400_000} ${desk.adviserId} ${name}`)
    run()
  }

  #uuid(): string {
    return this.#random.uuid()
  }

  #now(): string {
    return new Date(this.#clock.now()).toISOString()
  }

  #name(what: string): string {
    this.#names += 1
    return `${what} ${this.#names}`
  }

  #note(caseId: string | null, contactId: string | null): Operation {
    const text = this.#name('words')
    const spoilt = this.#random.chance(0.03) ? ` ${poisonWords}` : ''
    return {
      kind: 'timeline.append',
      id: this.#uuid(),
      at: this.#now(),
      entryId: this.#uuid(),
      entry: {
        caseId,
        residentId: null,
        contactId,
        at: this.#now(),
        kind: 'note',
        text: `${text};${spoilt}`,
      },
    }
  }

  #saveCall(desk: SimDesk): void {
    const caseId = this.#uuid()
    const contactId = this.#uuid()
    this.#ownCases.set(desk, [...(this.#ownCases.get(desk) ?? []), caseId])
    const subject = this.#random.chance(0.1) ? refusedWords : 'Missed bin'
    const create = {
      ...createOf(0, caseId, { residentId: 'r1', subject }),
      id: this.#uuid(),
      at: this.#now(),
    }
    const contact = (caseKnown: boolean): Operation => ({
      kind: 'contact.save',
      id: this.#uuid(),
      at: this.#now(),
      contactId,
      fields: { startedAt: this.#now(), ...(caseKnown ? { caseId, disposition: 'report' } : {}) },
    })
    void desk.save([contact(false), create, this.#note(caseId, contactId), contact(true)])
  }

  #addNote(desk: SimDesk): void {
    const own = this.#ownCases.get(desk) ?? []
    const caseId = this.#random.pick([null, 'shared-1', 'shared-2', ...own])
    void desk.save([this.#note(caseId, null)])
  }

  /** A new promise, or another word on one that this desk shows. */
  async #promiseCall(desk: SimDesk): Promise<void> {
    const random = this.#random
    const due = await desk.service.callbacksDue()
    const known = due.length > 0 && random.chance(0.5) ? random.pick(due) : undefined
    const caseId = random.pick([null, 'shared-1', ...(this.#ownCases.get(desk) ?? []).slice(-1)])
    const fields = known
      ? random.pick([{ reason: this.#name('reason') }, { status: 'done', closedAt: this.#now() } as const])
      : { number: '+441632960142', dueFrom: this.#now(), dueBy: this.#now(), caseId }
    const callbackId = known?.id ?? this.#uuid()
    await desk.save([{ kind: 'callback.save', id: this.#uuid(), at: this.#now(), callbackId, fields }])
  }

  async #changeCase(desk: SimDesk): Promise<void> {
    const random = this.#random
    const own = this.#ownCases.get(desk) ?? []
    const caseId = random.pick(['shared-1', 'shared-2', 'shared-3', ...own.slice(-2)])
    const view = await desk.service.caseView(caseId)
    if (!view) return
    const change = random.chance(0.5)
      ? { status: random.pick(statuses) }
      : { fields: { [random.pick(['bin', 'where'])]: this.#name('value') } }
    const { version: baseVersion } = view.record
    await desk.save([{ kind: 'case.change', id: this.#uuid(), at: this.#now(), caseId, baseVersion, change }])
  }

  /** Keeps theirs: the adviser lets go of a change that clashes or was refused. */
  async #decide(desk: SimDesk): Promise<void> {
    const { needsAttention } = await desk.service.syncReport()
    const first = needsAttention[0]
    if (first) await desk.discard(first.operation.id)
  }

  #crash(desk: SimDesk, isPowerCut: boolean): void {
    this.crashes += 1
    desk.crash(isPowerCut)
  }

  /** One of the two copies of unsent work, always the same one in a schedule: nothing survives the loss of both. */
  #loseCopy(desk: SimDesk): void {
    if (this.#losesDatabase) desk.wipe()
    else desk.journal = []
  }

  #loseCopyAndCrash(desk: SimDesk): void {
    this.#loseCopy(desk)
    this.#crash(desk, false)
  }

  #loseHost(desk: SimDesk): void {
    desk.loseHost()
    this.#clock.after(this.#random.below(20_000), () => void desk.newHost())
  }

  #cut(desk: SimDesk): void {
    desk.wire.setCut(true)
    this.#clock.after(this.#random.below(120_000), () => desk.wire.setCut(false))
  }

  #badWire(desk: SimDesk): void {
    const share = () => (this.#random.chance(0.5) ? this.#random.next() * 0.4 : 0)
    const faults: WireFaults = {
      lostRequest: share(),
      lostAnswer: share(),
      duplicated: share(),
      serverError: share(),
      malformed: share(),
      signedOut: share() / 2,
      streamClosed: share(),
    }
    desk.wire.faults = faults
  }

  #fillDisk(desk: SimDesk): void {
    desk.disk.full = true
    this.#clock.after(this.#random.below(30_000), () => {
      desk.disk.full = false
    })
  }

  /** The end of all faults: what is not right soon after never will be. */
  async quieten(): Promise<void> {
    // What was said to end later, such as a cut, ends first.
    await this.#clock.run(130_000)
    for (const desk of this.#desks) {
      desk.wire.setCut(false)
      desk.wire.faults = noFaults
      desk.disk.full = false
      await desk.newHost()
    }
    this.#council.publish([putResident(aResident('r1', { version: 2 }))])
  }

  isSettled(): boolean {
    return this.#desks.every((desk) => desk.isCurrent)
  }

  /** Whatever was Saved is to be seen at the desk that saved it, at any moment. */
  async observe(): Promise<void> {
    for (const desk of this.#desks) {
      if (!desk.isCurrent) continue
      for (const operation of desk.acknowledged.values()) {
        if (operation.kind !== 'timeline.append' || desk.discarded.has(operation.id)) continue
        const { caseId, text } = operation.entry
        if (caseId === null || !desk.isCurrent) continue
        const view = await Promise.race([
          desk.service.caseView(caseId),
          this.#clock.delay(0).then(() => null),
        ])
        if (view && !view.timeline.some((entry) => entry.text === text)) {
          this.problems.push(`${desk.adviserId} does not see its note "${text}"`)
        }
      }
    }
  }

  async judge(): Promise<void> {
    const council = this.#council
    const effects = new Map<string, number>()
    for (const id of council.effects) effects.set(id, (effects.get(id) ?? 0) + 1)
    for (const [id, times] of effects) if (times > 1) this.problems.push(`${id} took effect ${times} times`)
    for (const id of council.violations) this.problems.push(`${id} was sent with different contents`)
    for (const desk of this.#desks) await this.#judgeDesk(desk)
  }

  /** What was saved first of the same record took effect first. */
  #judgeOrder(desk: SimDesk, problem: (words: string) => void): void {
    const position = new Map(desk.attempted.map((id, index) => [id, index]))
    const newest = new Map<string, number>()
    for (const id of this.#council.effects) {
      const operation = desk.acknowledged.get(id)
      const saved = position.get(id)
      if (!operation || saved === undefined || operation.kind === 'timeline.append') continue
      const subject = subjects(operation).join()
      if ((newest.get(subject) ?? -1) > saved) problem(`changed ${subject} out of order`)
      newest.set(subject, saved)
    }
  }

  async #judgeDesk(desk: SimDesk): Promise<void> {
    const problem = (words: string) => this.problems.push(`${desk.adviserId} ${words}`)
    const council = this.#council
    const report = await desk.service.syncReport()
    if (report.state.name !== 'up-to-date') problem(`ends as ${report.state.name}`)
    const attention = new Map(report.needsAttention.map((each) => [each.operation.id, each]))
    for (const each of attention.values()) {
      if (each.why.name === 'conflict') this.conflicts += 1
      else {
        this.refusals += 1
        if (!mayBeRefused(each.operation, council)) {
          problem(`had ${each.operation.kind} refused for nothing: ${each.why.problem.code}`)
        }
      }
    }
    const waiting = new Set(report.pendingIds)
    for (const operation of desk.acknowledged.values()) {
      if (desk.discarded.has(operation.id) || attention.has(operation.id)) continue
      const result = council.resultOf(operation.id)
      const applied = result?.outcome === 'applied'
      // Behind a refused operation on the same record it waits, and its ids say so.
      const waits = attention.size > 0 && subjects(operation).some((id) => waiting.has(id))
      if (!applied && !waits)
        problem(`lost ${operation.kind} ${operation.id}: ${result?.outcome ?? 'never sent'}`)
    }
    this.#judgeOrder(desk, problem)
    const unsettled = desk.journal.filter((entry) => {
      const { operation } = entry
      return !attention.has(operation.id) && !subjects(operation).some((id) => waiting.has(id))
    })
    for (const { operation } of unsettled) problem(`left ${operation.kind} ${operation.id} in the journal`)
    for (const [caseId, record] of council.cases) {
      const view = await desk.service.caseView(caseId)
      if (waiting.has(caseId)) continue
      if (JSON.stringify(view?.record) !== JSON.stringify(record))
        problem(
          `shows another ${caseId}: ${JSON.stringify(view?.record)} instead of ${JSON.stringify(record)}`,
        )
      if (view?.pending) problem(`says that ${caseId} is pending`)
    }
    const due = await desk.service.callbacksDue()
    for (const record of council.callbacks.values()) {
      if (waiting.has(record.id)) continue
      const shown = due.find(({ id }) => id === record.id)
      const wanted = record.status === 'due' ? record : undefined
      if (JSON.stringify(shown) !== JSON.stringify(wanted)) {
        problem(`shows another ${record.id}: ${JSON.stringify(shown)} instead of ${JSON.stringify(wanted)}`)
      }
    }
  }
}
