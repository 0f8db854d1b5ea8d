import {
  type Callback,
  type CallStatus,
  type CaseRecord,
  type Change,
  type ChangesPage,
  type Contact,
  callback,
  contact,
  type Directory,
  type FieldValue,
  type Me,
  type Operation,
  type OperationResult,
  type Resident,
  type TimelineEntry,
} from '#shared/contract/rest.ts'
import { FakeResidents } from './fake-residents.ts'
import { type FieldHistory, mergeByField, type RecordKind, Refused } from './fake-rules.ts'
import { FakeUploads } from './fake-uploads.ts'
import { anAdviser, at } from './sim-records.ts'

/** A subject with these words is refused, whatever else is right about the operation. */
export const refusedWords = 'not allowed'

/** A record in the feed, once, at its latest change. */
interface FeedRow {
  readonly sequence: number
  readonly kind: RecordKind
  readonly id: string
  readonly caseId: string | null
  /** Tells only this adviser. */
  readonly onlyFor: string | null
  readonly deleted: boolean
}

/**
 * A council in memory with the rules of the REST contract: operations once by their id and in order, fields merged one
 * by one, residents merged and parted, a feed for each adviser with each record once at its latest change.
 */
export class FakeCouncil {
  readonly cases = new Map<string, CaseRecord>()
  readonly contacts = new Map<string, Contact>()
  readonly callbacks = new Map<string, Callback>()
  readonly timeline = new Map<string, TimelineEntry>()
  readonly residents: FakeResidents
  readonly uploads = new FakeUploads(this)
  readonly #history = new Map<string, FieldHistory>()
  readonly #results = new Map<string, { content: string; result: OperationResult }>()
  /** In commit order. */
  readonly #feed = new Map<string, FeedRow>()
  readonly #queues = new Map<string, readonly string[]>()
  #sequence = 0
  #feedEpoch = 1
  #references = 0
  readonly #listeners = new Set<() => void>()
  readonly #now: () => number
  /** Ids of operations in the order they took effect: each should be here once. */
  readonly effects: string[] = []
  /** What a desk must never do: send something else under an id that was used. */
  readonly violations: string[] = []
  requests = 0

  constructor(now: () => number = () => Date.parse(at(0))) {
    this.#now = now
    this.residents = new FakeResidents(this, () => this.now())
  }

  now(): string {
    return new Date(this.#now()).toISOString()
  }

  /** Queues that an adviser takes; a cursor of before names another feed. */
  setQueues(adviserId: string, queueIds: readonly string[]): void {
    this.#queues.set(adviserId, queueIds)
  }

  queuesOf(adviserId: string): readonly string[] {
    return this.#queues.get(adviserId) ?? []
  }

  me(adviserId: string): Me {
    const queues = this.queuesOf(adviserId).map((id) => ({ id, name: id, scriptId: id }))
    return { ...anAdviser(adviserId), serverTime: this.now(), queues }
  }

  /** Calls back after every commit. */
  onChanged(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Puts records there without an operation. */
  publish(records: {
    readonly residents?: readonly Resident[]
    readonly cases?: readonly CaseRecord[]
  }): void {
    for (const record of records.residents ?? []) {
      this.residents.records.set(record.id, record)
      this.commit('resident', record.id)
    }
    for (const record of records.cases ?? []) {
      this.cases.set(record.id, record)
      this.commit('case', record.id, record.id)
    }
  }

  /** From now on no cursor given before is known. */
  forgetCursors(): void {
    this.#feedEpoch += 1
  }

  isInScope(adviserId: string, caseId: string): boolean {
    const record = this.cases.get(caseId)
    if (!record) return true
    const { queueId, assignedTo } = record
    return queueId === null || assignedTo === adviserId || this.queuesOf(adviserId).includes(queueId)
  }

  /** Null when the cursor is not of this adviser's feed. */
  changes(adviserId: string, cursor: string | null, limit: number): ChangesPage | null {
    const feed = `${this.#feedEpoch} ${this.queuesOf(adviserId).join('+')}`
    const [of, after] = cursor === null ? [feed, 0] : [cursor.split(':')[0], Number(cursor.split(':')[1])]
    if (of !== feed) return null
    const told = [...this.#feed.values()].filter(
      ({ sequence, onlyFor, deleted, caseId }) =>
        sequence > after &&
        (onlyFor === null || onlyFor === adviserId) &&
        // What was taken back once is not forgotten by who has it again, by other queues.
        (caseId === null || this.isInScope(adviserId, caseId) !== deleted),
    )
    const page = told.slice(0, limit)
    const more = told.length > page.length
    const last = more ? (page.at(-1)?.sequence ?? after) : this.#sequence
    return { changes: page.map((row) => this.#changeOf(row)), cursor: `${feed}:${last}`, more }
  }

  #changeOf({ kind, id, deleted }: FeedRow): Change {
    const record = deleted ? undefined : this.recordsOf(kind).get(id)
    return record ? ({ kind, id, record } as unknown as Change) : { kind, id, deleted: true }
  }

  recordsOf(kind: RecordKind): Map<string, { readonly id: string }> {
    const records = {
      resident: this.residents.records,
      case: this.cases,
      contact: this.contacts,
      callback: this.callbacks,
      timeline: this.timeline,
    }
    return records[kind] as Map<string, { readonly id: string }>
  }

  callStatus(callId: string): CallStatus {
    return { callId, recording: { name: 'none' }, supervisor: 'none' }
  }

  directory(): Directory {
    return { asAt: at(0), entries: [] }
  }

  /** Applies one operation, or repeats the answer that it had. */
  apply(adviserId: string, operation: Operation): OperationResult {
    const content = JSON.stringify([adviserId, operation])
    const known = this.#results.get(operation.id)
    if (known) {
      if (known.content === content) return known.result
      this.violations.push(operation.id)
      return refusalOf(operation, 'operation/reused-id')
    }
    const result = this.#applyNew(adviserId, operation)
    this.#results.set(operation.id, { content, result })
    if (result.outcome !== 'refused') this.effects.push(operation.id)
    return result
  }

  #applyNew(adviserId: string, operation: Operation): OperationResult {
    try {
      return this.#run(adviserId, operation)
    } catch (error) {
      if (error instanceof Refused) return refusalOf(operation, error.code)
      throw error
    }
  }

  /** The answer an operation had; undefined when it never arrived. */
  resultOf(operationId: string): OperationResult | undefined {
    return this.#results.get(operationId)?.result
  }

  #run(adviserId: string, operation: Operation): OperationResult {
    switch (operation.kind) {
      case 'case.create':
        return this.#create(operation)
      case 'case.change':
        return this.#change(adviserId, operation)
      case 'contact.save':
        return this.#saveContact(operation)
      case 'timeline.append':
        return this.#append(adviserId, operation)
      case 'callback.save':
        return this.#saveCallback(operation)
      case 'contact.hand-over':
      case 'alert.raise':
      case 'script.report':
        return applied(operation)
      default:
        return this.residents.apply(adviserId, operation)
    }
  }

  #create(operation: Extract<Operation, { kind: 'case.create' }>): OperationResult {
    if (operation.record.subject.includes(refusedWords)) throw new Refused('case/not-allowed')
    const named = this.residents.follow(operation.record.residentId)
    if (this.cases.has(operation.caseId)) throw new Refused('case/exists')
    this.#references += 1
    const record: CaseRecord = {
      ...operation.record,
      residentId: named.id,
      id: operation.caseId,
      version: 1,
      updatedAt: this.now(),
      reference: `WST-2026-${this.#references}`,
    }
    this.cases.set(record.id, record)
    this.residents.noteMoved('case', record.id, named)
    this.commit('case', record.id, record.id)
    return applied(operation)
  }

  #change(adviserId: string, operation: Extract<Operation, { kind: 'case.change' }>): OperationResult {
    const { caseId, baseVersion, change } = operation
    const named = this.residents.follow(change.residentId)
    const before = this.cases.get(caseId)
    if (!before) throw new Refused('case/unknown')
    if (baseVersion > before.version) throw new Refused('case/unknown-version')
    const { fields = {}, ...top } = change.residentId ? { ...change, residentId: named.id } : change
    const history = this.historyOf('case', caseId)
    const merged = mergeByField<FieldValue>({
      wanted: [
        ...(Object.entries(top) as [string, FieldValue][]),
        ...Object.entries(fields).map(([name, value]): [string, FieldValue] => [`fields.${name}`, value]),
      ],
      now: (field) => valueOfField(before, field),
      baseVersion,
      by: adviserId,
      history,
    })
    const outcome: OperationResult =
      merged.conflicts.length > 0
        ? { id: operation.id, outcome: 'conflict', fields: [...merged.conflicts] }
        : applied(operation)
    if (merged.set.size === 0) return outcome
    const record: CaseRecord = { ...before, version: before.version + 1, updatedAt: this.now() }
    const changed: CaseRecord = { ...record, fields: { ...before.fields } }
    for (const [field, value] of merged.set) {
      history.set(field, { version: record.version, by: adviserId, at: this.now() })
      const name = inFields(field)
      if (name === null) Object.assign(changed, { [field]: value })
      else changed.fields[name] = value
    }
    this.cases.set(caseId, changed)
    if (merged.set.has('residentId')) this.residents.noteMoved('case', caseId, named, true)
    this.commit('case', caseId, caseId)
    if (before.assignedTo !== changed.assignedTo) this.#reassigned(before, changed)
    return outcome
  }

  /** Who lost the case by its assignment is told to forget it, who got it is told all of it. */
  #reassigned(before: CaseRecord, after: CaseRecord): void {
    const parts: [RecordKind, string][] = [
      ['case', after.id],
      ...[...this.timeline.values()].flatMap(({ id, caseId }): [RecordKind, string][] =>
        caseId === after.id ? [['timeline', id]] : [],
      ),
      ...[...this.contacts.values()].flatMap(({ id, caseId }): [RecordKind, string][] =>
        caseId === after.id ? [['contact', id]] : [],
      ),
    ]
    const { queueId } = after
    for (const adviserId of [before.assignedTo, after.assignedTo]) {
      if (adviserId === null || queueId === null || this.queuesOf(adviserId).includes(queueId)) continue
      const deleted = adviserId === before.assignedTo
      for (const [kind, id] of parts) this.commit(kind, id, after.id, { onlyFor: adviserId, deleted })
    }
  }

  #append(adviserId: string, operation: Extract<Operation, { kind: 'timeline.append' }>): OperationResult {
    const { entryId, entry } = operation
    const named = this.residents.follow(entry.residentId)
    this.#requireCase(entry.caseId)
    if (this.timeline.has(entryId)) throw new Refused('timeline/exists')
    const by = this.me(adviserId).adviser.name
    this.timeline.set(entryId, { ...entry, residentId: named.id, id: entryId, by })
    this.residents.noteMoved('timeline', entryId, named)
    this.commit('timeline', entryId, entry.caseId)
    return applied(operation)
  }

  #saveContact(operation: Extract<Operation, { kind: 'contact.save' }>): OperationResult {
    const { contactId, fields } = operation
    const named = this.residents.follow(fields.residentId)
    this.#requireCase(fields.caseId)
    const before = this.contacts.get(contactId)
    const complete = contact.safeParse({
      queueId: null,
      endedAt: null,
      residentId: null,
      caseId: null,
      disposition: null,
      identity: null,
      script: null,
      callId: null,
      ...before,
      ...fields,
      ...(fields.residentId ? { residentId: named.id } : {}),
      id: contactId,
      version: (before?.version ?? 0) + 1,
      updatedAt: this.now(),
    })
    if (!complete.success) throw new Refused('contact/incomplete')
    const record = complete.data
    this.contacts.set(contactId, record)
    this.residents.noteMoved('contact', contactId, named, before?.residentId !== record.residentId)
    this.commit('contact', contactId, record.caseId)
    return applied(operation)
  }

  #saveCallback(operation: Extract<Operation, { kind: 'callback.save' }>): OperationResult {
    const { callbackId, fields } = operation
    const named = this.residents.follow(fields.residentId)
    this.#requireCase(fields.caseId)
    const before = this.callbacks.get(callbackId)
    const complete = callback.safeParse({
      name: '',
      reason: '',
      residentId: null,
      caseId: null,
      contactId: null,
      assignedTo: null,
      queueId: null,
      status: 'due',
      closedAt: null,
      ...before,
      ...fields,
      ...(fields.residentId ? { residentId: named.id } : {}),
      id: callbackId,
      version: (before?.version ?? 0) + 1,
      updatedAt: this.now(),
    })
    if (!complete.success) throw new Refused('callback/incomplete')
    const record = complete.data
    this.callbacks.set(callbackId, record)
    this.residents.noteMoved('callback', callbackId, named, before?.residentId !== record.residentId)
    this.commit('callback', callbackId)
    return applied(operation)
  }

  #requireCase(caseId: string | null | undefined): void {
    if (caseId && !this.cases.has(caseId)) throw new Refused('case/unknown')
  }

  historyOf(kind: 'case' | 'resident', id: string): FieldHistory {
    const key = `${kind}:${id}`
    const history = this.#history.get(key) ?? new Map()
    this.#history.set(key, history)
    return history
  }

  commit(
    kind: RecordKind,
    id: string,
    caseId: string | null = null,
    { onlyFor = null, deleted = false }: { onlyFor?: string | null; deleted?: boolean } = {},
  ): void {
    this.#sequence += 1
    const key = `${kind}:${id}:${onlyFor ?? ''}`
    this.#feed.delete(key)
    this.#feed.set(key, { sequence: this.#sequence, kind, id, caseId, onlyFor, deleted })
    for (const listener of [...this.#listeners]) listener()
  }
}

const applied = ({ id }: Operation): OperationResult => ({ id, outcome: 'applied' })

const refusalOf = ({ id }: Operation, code: string): OperationResult => ({
  id,
  outcome: 'refused',
  problem: { type: 'about:blank', title: code, status: 409, code },
})

const inFields = (field: string): string | null => field.match(/^fields\.(.*)$/)?.[1] ?? null

function valueOfField(record: CaseRecord, field: string): FieldValue {
  const name = inFields(field)
  const value: unknown = name === null ? Reflect.get(record, field) : record.fields[name]
  return (value ?? null) as FieldValue
}
