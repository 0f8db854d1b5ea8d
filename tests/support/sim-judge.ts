import { isDeepStrictEqual } from 'node:util'
import { subjectOf } from '#shared/cases/outbox.ts'
import type { Operation } from '#shared/contract/rest.ts'
import type { FakeCouncil } from './fake-council.ts'
import { type SimRandom, settle } from './sim-clock.ts'
import type { SimDesk } from './sim-desk.ts'
import { mayBeRefused, subjectInOrder } from './sim-rules.ts'

/** As it is after a journey as JSON. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value ?? null))
const same = (a: unknown, b: unknown): boolean => isDeepStrictEqual(plain(a), plain(b))

/** Whether the one makes the case that the other is written in. */
const makes = (maker: Operation, needy: Operation): boolean =>
  maker.kind === 'case.create' && needy.kind === 'timeline.append' && needy.entry.caseId === maker.caseId

/** What must be true of desks and council, whatever happened to them. */
export class SimJudge {
  readonly problems: string[] = []
  conflicts = 0
  refusals = 0
  blocked = 0
  filesRefused = 0
  readonly #council: FakeCouncil
  readonly #desks: readonly SimDesk[]
  readonly #random: SimRandom

  constructor(council: FakeCouncil, desks: readonly SimDesk[], random: SimRandom) {
    this.#council = council
    this.#desks = desks
    this.#random = random
  }

  /** At any moment: what was Saved is to be seen at the desk that saved it. */
  async observe(): Promise<void> {
    for (const desk of this.#desks) await this.#observe(desk)
  }

  async #observe(desk: SimDesk): Promise<void> {
    const notes = [...desk.acknowledged.values()].filter(
      (each): each is Extract<Operation, { kind: 'timeline.append' }> =>
        each.kind === 'timeline.append' && each.entry.caseId !== null && !desk.discarded.has(each.id),
    )
    // With other queues than before the feed is read anew, and cases are told before what belongs to them.
    if (!desk.isCurrent || desk.hasOtherQueues || notes.length === 0) return
    const { caseId } = this.#random.pick(notes).entry
    // Of other queues' cases it is told nothing once the council has them.
    if (!this.#council.isInScope(desk.adviserId, caseId ?? '')) return
    const view = await this.#soon(desk.service.caseView(caseId ?? ''))
    if (!view) return
    for (const { id, entry } of notes) {
      if (entry.caseId !== caseId || desk.discarded.has(id)) continue
      if (!view.timeline.some(({ text }) => text === entry.text)) {
        this.problems.push(`${desk.adviserId} does not see its note "${entry.text}"`)
      }
    }
  }

  /** At any moment: half-typed words are as they were at the last keystroke that was kept, or later. */
  async observeTyping(): Promise<void> {
    const desk = this.#random.pick(this.#desks)
    if (!desk.isOpen) return
    for (const [contactId, { kept }] of [...desk.typing]) {
      const draft = await this.#soon(desk.service.draft(contactId))
      if (draft === undefined) return
      const shown = draft?.typed.note?.length ?? 0
      if (shown < Math.min(kept, desk.typing.get(contactId)?.kept ?? 0)) {
        this.problems.push(`${desk.adviserId} shows ${shown} of ${kept} typed letters`)
      }
    }
  }

  /** Undefined when the desk is busy and does not answer at once. */
  async #soon<T>(answer: Promise<T>): Promise<T | undefined> {
    return Promise.race([answer, settle().then(() => undefined)])
  }

  /** Once all is quiet. */
  async judge(): Promise<void> {
    const council = this.#council
    const effects = new Map<string, number>()
    for (const id of council.effects) effects.set(id, (effects.get(id) ?? 0) + 1)
    for (const [id, times] of effects) if (times > 1) this.problems.push(`${id} took effect ${times} times`)
    for (const id of council.violations) this.problems.push(`${id} was sent with different contents`)
    const texts = new Map<string, number>()
    for (const { text } of council.timeline.values()) texts.set(text, (texts.get(text) ?? 0) + 1)
    for (const [text, times] of texts) if (times > 1) this.problems.push(`"${text}" is there ${times} times`)
    for (const desk of this.#desks) await this.#judgeDesk(desk)
  }

  async #judgeDesk(desk: SimDesk): Promise<void> {
    const problem = (words: string) => this.problems.push(`${desk.adviserId} ${words}`)
    const report = await desk.service.syncReport()
    if (report.state.name !== 'up-to-date') problem(`ends as ${JSON.stringify(report.state)}`)
    const unsent = await desk.service.unsent()
    const standing = new Map(unsent.map((each) => [each.operation.id, each]))
    for (const each of unsent) {
      const { operation, standing: stands } = each
      if (stands.name === 'waiting') problem(`leaves ${operation.kind} waiting for nothing`)
      else if (stands.name === 'blocked') {
        this.blocked += 1
        if (!standing.has(stands.byOperationId)) problem(`has ${operation.kind} blocked by nothing`)
      } else if (stands.name === 'conflict') this.conflicts += 1
      else {
        this.refusals += 1
        const code = stands.problem.code ?? ''
        if (!mayBeRefused(operation, code, this.#council, desk.letGo)) {
          problem(`had ${operation.kind} refused for nothing: ${code}`)
        }
        const maker = unsent.find((other) => makes(other.operation, operation))
        if (
          maker &&
          unsent.indexOf(maker) < unsent.indexOf(each) &&
          !desk.letGo.has(subjectOf(maker.operation))
        ) {
          problem(`sent ${operation.kind} although what it needs was not made`)
        }
      }
    }
    for (const operation of desk.acknowledged.values()) {
      if (desk.discarded.has(operation.id)) continue
      const kept = standing.get(operation.id)
      if (kept) {
        if (!same(kept.operation, operation)) problem(`keeps another ${operation.kind} than was saved`)
      } else if (this.#council.resultOf(operation.id)?.outcome !== 'applied') {
        const result = this.#council.resultOf(operation.id)
        problem(`lost ${operation.kind} ${operation.id}: ${result?.outcome ?? 'never sent'}`)
      }
    }
    this.#judgeOrder(desk, problem)
    for (const { operation } of desk.journal.entries()) {
      if (!standing.has(operation.id)) problem(`left ${operation.kind} ${operation.id} in the journal`)
    }
    await this.#judgeFiles(desk, problem)
    await this.#judgeViews(desk, new Set(report.pendingIds), problem)
  }

  /** Files that were kept here are at the council once and whole, or wait or are refused for a reason that is seen. */
  async #judgeFiles(desk: SimDesk, problem: (words: string) => void): Promise<void> {
    const council = this.#council
    const { made, kept, takenBack, gone } = desk.attached
    for (const [name, { caseId, bytes }] of made) {
      const there = council.uploads.kept.filter((each) => each.name === name)
      const view = (await desk.service.attachments(caseId)).find((each) => each.name === name)
      if (there.length > 1) problem(`attached ${name} ${there.length} times`)
      if (there.length > 0 && gone.has(name)) problem(`attached ${name}, which was taken back`)
      for (const each of there) {
        if (each.caseId !== caseId || !same([...each.bytes], [...bytes])) problem(`attached another ${name}`)
      }
      if (there.length === 0 && view?.state.name === 'sent') problem(`says that ${name} is sent`)
      if (there.length > 0 || !kept.has(name) || takenBack.has(name)) continue
      if (!view) problem(`lost ${name}`)
      else if (view.state.name === 'refused') {
        this.filesRefused += 1
        const isOutOfReach = !council.cases.has(caseId) || council.cases.get(caseId)?.queueId !== null
        const isFor = isOutOfReach || desk.letGo.has(`case:${caseId}`)
        // Of a refusal whose body was cut only the status is known.
        if (!['upload/case-unknown', '403'].includes(view.state.why) || !isFor) {
          problem(`had ${name} refused for nothing: ${view.state.why}`)
        }
      } else if (council.cases.has(caseId)) problem(`leaves ${name} ${view.state.name}`)
    }
  }

  /**
   * What was saved first of the same record took effect first. One that was let go while it was on its way cannot be
   * called back: it may still arrive, after what was saved later.
   */
  #judgeOrder(desk: SimDesk, problem: (words: string) => void): void {
    const position = new Map(desk.attempted.map((id, index) => [id, index]))
    const once = new Set(desk.attempted.filter((id, index) => desk.attempted.indexOf(id) === index))
    for (const [index, id] of desk.attempted.entries()) if (position.get(id) !== index) once.delete(id)
    const newest = new Map<string, number>()
    for (const id of this.#council.effects) {
      const operation = desk.acknowledged.get(id)
      const saved = position.get(id)
      const subject = operation ? subjectInOrder(operation) : null
      if (subject === null || saved === undefined || !once.has(id) || desk.discarded.has(id)) continue
      if ((newest.get(subject) ?? -1) > saved) problem(`changed ${subject} out of order`)
      newest.set(subject, saved)
    }
  }

  /** Every desk shows what the council has and the adviser may see, and nothing else. */
  async #judgeViews(
    desk: SimDesk,
    waiting: ReadonlySet<string>,
    problem: (words: string) => void,
  ): Promise<void> {
    const council = this.#council
    const compare = (what: string, shown: unknown, wanted: unknown) => {
      if (!same(shown, wanted)) {
        problem(`shows another ${what}: ${JSON.stringify(shown)} instead of ${JSON.stringify(wanted)}`)
      }
    }
    for (const [caseId, record] of council.cases) {
      if (waiting.has(caseId)) continue
      const view = await desk.service.caseView(caseId)
      if (!council.isInScope(desk.adviserId, caseId)) {
        if (view) problem(`still shows ${caseId}, which is not of its queues`)
        continue
      }
      compare(caseId, view?.record, record)
      if (view?.pending) problem(`says that ${caseId} is pending`)
      const entries = [...council.timeline.values()].filter((entry) => entry.caseId === caseId)
      const ids = (list: readonly { readonly id: string }[]) => list.map(({ id }) => id).sort()
      const shown = (view?.timeline ?? []).filter(({ id }) => !waiting.has(id))
      compare(`timeline of ${caseId}`, ids(shown), ids(entries.filter(({ id }) => !waiting.has(id))))
    }
    const parts = (await desk.service.unsent()).some(({ operation }) => operation.kind === 'resident.unmerge')
    for (const residentId of parts ? [] : council.residents.records.keys()) {
      // A record that was merged is shown as the one that goes on.
      const { id, merges } = council.residents.follow(residentId)
      const isOpen = [residentId, ...merges.map(({ keptId }) => keptId)].some((each) => waiting.has(each))
      if (id === null || isOpen) continue
      const view = await desk.service.residentView(residentId)
      compare(residentId, view?.resident, council.residents.records.get(id))
    }
    for (const [contactId, record] of council.contacts) {
      if (waiting.has(contactId)) continue
      if (record.caseId !== null && !council.isInScope(desk.adviserId, record.caseId)) continue
      compare(contactId, await desk.service.contact(contactId), record)
    }
    const due = await desk.service.callbacksDue()
    for (const record of council.callbacks.values()) {
      if (waiting.has(record.id)) continue
      const shown = due.find(({ id }) => id === record.id)
      compare(record.id, shown, record.status === 'due' ? record : undefined)
    }
  }
}
