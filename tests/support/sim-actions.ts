import { filePartBytes } from '#shared/cases/file-store.ts'
import type { CaseStatus, Operation, Resident } from '#shared/contract/rest.ts'
import { refusedWords } from './fake-council.ts'
import type { SimRandom } from './sim-clock.ts'
import type { SimDesk } from './sim-desk.ts'
import { aCase, aResident, createOf } from './sim-records.ts'
import { poisonWords } from './sim-service.ts'

const statuses: readonly CaseStatus[] = ['open', 'in-progress', 'waiting-for-resident', 'resolved', 'closed']
const queues = ['waste', 'housing', null] as const

type Of<K extends Operation['kind']> = Extract<Operation, { kind: K }>

/** What the council has before the shift begins. */
export const firstResidents = ['r1', 'r2', 'r3'].map((id) => aResident(id))
export const firstCases = [
  aCase('shared-1', { residentId: 'r1' }),
  aCase('shared-2', { residentId: 'r2', queueId: 'housing' }),
  aCase('shared-3', { residentId: 'r2', queueId: null }),
]

/** What advisers do at their desks in a shift. */
export class SimActions {
  readonly #random: SimRandom
  #names = 0
  readonly #ownCases = new Map<SimDesk, string[]>()
  readonly #residentIds: string[] = firstResidents.map(({ id }) => id)
  readonly #desks: readonly SimDesk[]

  constructor(random: SimRandom, desks: readonly SimDesk[]) {
    this.#random = random
    this.#desks = desks
  }

  /** By name, for the log of a schedule; what comes twice is done more often. */
  ofDesk(desk: SimDesk): readonly (readonly [string, () => void])[] {
    return [
      ['save a call', () => void this.#saveCall(desk)],
      ['save a call', () => void this.#saveCall(desk)],
      ['add a note', () => this.#addNote(desk)],
      ['add a note', () => this.#addNote(desk)],
      ['change a case', () => void this.#changeCase(desk)],
      ['change a case', () => void this.#changeCase(desk)],
      ['change a case', () => void this.#changeCase(desk)],
      ['change it at once', () => void this.#changeAtOnce(desk)],
      ['change it at once', () => void this.#changeAtOnce(desk)],
      ['promise a call', () => void this.#promiseCall(desk)],
      ['promise a call', () => void this.#promiseCall(desk)],
      ['change a resident', () => void this.#changeResident(desk)],
      ['change a resident', () => void this.#changeResident(desk)],
      ['warn', () => void this.#warn(desk)],
      ['merge', () => void this.#merge(desk)],
      ['merge', () => void this.#merge(desk)],
      ['part', () => void this.#part(desk)],
      ['type', () => void this.#type(desk)],
      ['type', () => void this.#type(desk)],
      ['attach a file', () => void desk.attach(this.#caseOf(desk), this.#fileSize())],
      ['take a file back', () => void desk.takeBack(this.#caseOf(desk))],
      ['decide', () => void this.decide(desk)],
      ['let go', () => void this.#letGo(desk)],
      ['save again', () => this.#saveAgain(desk)],
    ]
  }

  #caseOf(desk: SimDesk): string {
    const own = this.#ownCases.get(desk) ?? []
    return this.#random.pick(['shared-1', 'shared-3', ...own.slice(-2)])
  }

  /** Mostly of one part. */
  #fileSize(): number {
    const random = this.#random
    return 1 + random.below(random.chance(0.2) ? 2 * filePartBytes : 1_000)
  }

  #base(desk: SimDesk): { readonly id: string; readonly at: string } {
    return { id: this.#random.uuid(), at: new Date(desk.now()).toISOString() }
  }

  #name(what: string): string {
    this.#names += 1
    return `${what} ${this.#names}`
  }

  #note(desk: SimDesk, entry: Partial<Of<'timeline.append'>['entry']>): Operation {
    const base = this.#base(desk)
    const spoilt = this.#random.chance(0.03) ? ` ${poisonWords}` : ''
    const text = `${this.#name('words')};${spoilt}`
    const whose = { caseId: null, residentId: null, contactId: null, ...entry }
    return {
      ...base,
      kind: 'timeline.append',
      entryId: this.#random.uuid(),
      entry: { ...whose, at: base.at, kind: 'note', text },
    }
  }

  /** A case and its contact, sometimes of somebody whom the council did not know. */
  async #saveCall(desk: SimDesk): Promise<void> {
    const random = this.#random
    const known = await this.#resident(desk)
    const caseId = random.uuid()
    const contactId = random.uuid()
    this.#ownCases.set(desk, [...(this.#ownCases.get(desk) ?? []), caseId])
    const isNew = known === null || random.chance(0.2)
    const residentId = known === null || isNew ? random.uuid() : known.id
    const { id: _id, version: _version, updatedAt: _at, ...record } = aResident(residentId)
    const caller: Operation = { ...this.#base(desk), kind: 'resident.create', residentId, record }
    if (isNew) this.#residentIds.push(residentId)
    const subject = random.chance(0.1) ? refusedWords : 'Missed bin'
    const over = { residentId, subject, queueId: random.pick(queues) }
    const create: Operation = { ...createOf(0, caseId, over), ...this.#base(desk) }
    const contact = (fields: Of<'contact.save'>['fields']): Operation => ({
      ...this.#base(desk),
      kind: 'contact.save',
      contactId,
      fields: { startedAt: this.#base(desk).at, channel: 'telephone', direction: 'inbound', ...fields },
    })
    const operations = [
      contact({}),
      ...(isNew ? [caller] : []),
      create,
      this.#note(desk, { caseId, residentId, contactId }),
      contact({ caseId, residentId, disposition: 'report' }),
    ]
    void desk.save(operations)
    // The same work lies open in the other window, and is saved there too.
    if (random.chance(0.2)) void desk.save(operations, 1)
  }

  #addNote(desk: SimDesk): void {
    const own = this.#ownCases.get(desk) ?? []
    const caseId = this.#random.pick([null, 'shared-1', 'shared-2', ...own])
    void desk.save([this.#note(desk, { caseId })], this.#random.chance(0.5) ? 0 : 1)
  }

  /** A new promise, or another word on one that this desk shows. */
  async #promiseCall(desk: SimDesk): Promise<void> {
    const random = this.#random
    const due = await desk.service.callbacksDue()
    const known = due.length > 0 && random.chance(0.5) ? random.pick(due) : undefined
    const caseId = random.pick([null, 'shared-1', ...(this.#ownCases.get(desk) ?? []).slice(-1)])
    const { id, at } = this.#base(desk)
    const fields = known
      ? random.pick([{ reason: this.#name('reason') }, { status: 'done', closedAt: at } as const])
      : { number: '+441632960142', dueFrom: at, dueBy: at, caseId }
    await desk.save([{ kind: 'callback.save', id, at, callbackId: known?.id ?? random.uuid(), fields }])
  }

  async #changeCase(desk: SimDesk): Promise<void> {
    const random = this.#random
    const own = this.#ownCases.get(desk) ?? []
    const caseId = random.pick(['shared-1', 'shared-2', 'shared-3', ...own.slice(-2)])
    const view = await desk.service.caseView(caseId)
    const resident = await this.#resident(desk)
    if (!view) return
    const change = random.pick<() => Of<'case.change'>['change']>([
      () => ({ status: random.pick(statuses) }),
      () => ({ fields: { [random.pick(['bin', 'where'])]: this.#name('value') } }),
      () => ({ fields: { [random.pick(['bin', 'where'])]: this.#name('value') } }),
      () => ({ assignedTo: random.pick([null, ...this.#desks.map(({ adviserId }) => adviserId)]) }),
      () => ({ residentId: resident?.id ?? null }),
    ])()
    const { version: baseVersion } = view.record
    await desk.save([{ ...this.#base(desk), kind: 'case.change', caseId, baseVersion, change }])
  }

  /** Two desks have the same case open and write into the same field. */
  async #changeAtOnce(desk: SimDesk): Promise<void> {
    const caseId = 'shared-3'
    const other = this.#random.pick(this.#desks)
    const both = await Promise.all([desk, other].map((each) => each.service.caseView(caseId)))
    for (const [index, each] of [desk, other].entries()) {
      const view = both[index]
      if (!view) continue
      const { version: baseVersion } = view.record
      const change = { fields: { where: this.#name('value') } }
      void each.save([{ ...this.#base(each), kind: 'case.change', caseId, baseVersion, change }])
    }
  }

  async #resident(desk: SimDesk): Promise<Resident | null> {
    const view = await desk.service.residentView(this.#random.pick(this.#residentIds))
    return view?.resident ?? null
  }

  async #changeResident(desk: SimDesk): Promise<void> {
    const random = this.#random
    const known = await this.#resident(desk)
    if (!known || known.mergedInto !== undefined) return
    const change = random.pick<() => Of<'resident.change'>['change']>([
      () => ({ givenName: this.#name('Name') }),
      () => ({ email: random.chance(0.3) ? null : `${this.#name('mail').replace(' ', '')}@example.org` }),
      () => ({ phones: [`+44163296${String(random.below(1_000)).padStart(4, '0')}`] }),
    ])()
    const { id: residentId, version: baseVersion } = known
    await desk.save([{ ...this.#base(desk), kind: 'resident.change', residentId, baseVersion, change }])
  }

  async #warn(desk: SimDesk): Promise<void> {
    const random = this.#random
    const known = await this.#resident(desk)
    if (!known) return
    const warning = known.warnings?.[0]
    const base = { ...this.#base(desk), residentId: known.id }
    if (warning && random.chance(0.5)) {
      const reason = 'No longer so.'
      return desk.save([{ ...base, kind: 'warning.remove', warningId: warning.id, reason }])
    }
    const id = warning && random.chance(0.5) ? warning.id : random.uuid()
    const said = { kind: 'two-person-visit', reason: this.#name('dog'), owner: 'Housing' }
    const whole = { id, ...said, reviewBy: '2026-09-01', expiresAt: null }
    return desk.save([{ ...base, kind: 'warning.save', warning: whole }])
  }

  async #merge(desk: SimDesk): Promise<void> {
    const random = this.#random
    const [kept, gone] = [await this.#resident(desk), await this.#resident(desk)]
    if (!kept || !gone || kept.id === gone.id) return
    const take = random.pick([[], ['phones'], ['givenName', 'email']] as const)
    await desk.save([
      {
        ...this.#base(desk),
        kind: 'resident.merge',
        mergeId: random.uuid(),
        keptId: kept.id,
        goneId: gone.id,
        baseVersions: { kept: kept.version, gone: gone.version },
        take: [...take],
      },
    ])
  }

  async #part(desk: SimDesk): Promise<void> {
    const known = await this.#resident(desk)
    const merge = known?.mergedFrom?.at(-1)
    if (merge) await desk.save([{ ...this.#base(desk), kind: 'resident.unmerge', mergeId: merge.mergeId }])
  }

  async #type(desk: SimDesk): Promise<void> {
    const contactId = this.#random.pick(['k1', 'k2'])
    await Promise.all(Array.from({ length: 1 + this.#random.below(4) }, () => desk.type(contactId)))
  }

  /** What clashes or was refused is let go, perhaps taken back at once, or something else is put in its place. */
  async decide(desk: SimDesk): Promise<void> {
    const random = this.#random
    const { needsAttention } = await desk.service.syncReport()
    if (needsAttention.length === 0) return
    const { operation, why } = random.pick(needsAttention)
    // It is being decided on in the other window.
    if (desk.discarded.has(operation.id)) return
    if (why.name === 'conflict' && operation.kind === 'case.change' && random.chance(0.5)) {
      const view = await desk.service.caseView(operation.caseId)
      if (!view) return
      const again = { ...operation, ...this.#base(desk), baseVersion: view.record.version }
      return desk.replace(operation, [again])
    }
    if (why.name === 'refused' && operation.kind === 'case.create' && random.chance(0.5)) {
      const record = { ...operation.record, subject: 'Missed bin' }
      return desk.replace(operation, [{ ...operation, ...this.#base(desk), record }])
    }
    await desk.discard(operation)
    if (random.chance(0.3)) await desk.save([operation])
  }

  /** Something that is on its way is let go, and mostly taken back. */
  async #letGo(desk: SimDesk): Promise<void> {
    const unsent = await desk.service.unsent()
    if (unsent.length === 0) return
    const { operation } = this.#random.pick(unsent)
    await desk.discard(operation)
    if (this.#random.chance(0.7)) await desk.save([operation])
  }

  /** A save that came to nothing is tried again as it is. */
  #saveAgain(desk: SimDesk): void {
    const failed = desk.failed.shift()
    if (failed) void desk.save(failed)
  }
}
