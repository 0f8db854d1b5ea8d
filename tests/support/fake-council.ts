import type { TaggedDirectory } from '#shared/cases/council-api.ts'
import type {
  Callback,
  CallStatus,
  CaseRecord,
  Change,
  ChangesPage,
  ConflictField,
  Contact,
  FieldValue,
  Me,
  Operation,
  OperationResult,
  ScriptEntry,
} from '#shared/contract/rest.ts'
import { callback } from '#shared/contract/rest.ts'
import { anAdviser, at } from './sim-records.ts'

interface FieldChange {
  readonly version: number
  readonly by: string
  readonly at: string
}

/** A subject with these words is refused, whatever else is right about the operation. */
export const refusedWords = 'not allowed'

/**
 * A council in memory with the rules of the REST contract: operations once by their id and in order, fields merged one
 * by one, a feed with each record once at its latest change.
 */
export class FakeCouncil {
  readonly cases = new Map<string, CaseRecord>()
  readonly contacts = new Map<string, Contact>()
  readonly callbacks = new Map<string, Callback>()
  readonly #history = new Map<string, Map<string, FieldChange>>()
  readonly #results = new Map<string, { content: string; result: OperationResult }>()
  /** Latest change of each record, in commit order. */
  readonly #feed = new Map<string, Change>()
  readonly #sequences = new Map<string, number>()
  #sequence = 0
  #feedEpoch = 1
  #references = 0
  readonly #listeners = new Set<() => void>()
  /** Ids of operations in the order they took effect: each should be here once. */
  readonly effects: string[] = []
  /** What a desk must never do: send something else under an id that was used. */
  readonly violations: string[] = []
  requests = 0

  me(adviserId: string): Me {
    return anAdviser(adviserId)
  }

  get newestSequence(): number {
    return this.#sequence
  }

  /** Calls back after every commit. */
  onChanged(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Puts records there without an operation. */
  publish(changes: readonly Change[]): void {
    for (const change of changes) {
      if (change.kind === 'case' && 'record' in change) this.cases.set(change.id, change.record)
      if (change.kind === 'case' && 'deleted' in change) this.cases.delete(change.id)
      this.#commit(change)
    }
  }

  /** From now on no cursor given before is known. */
  forgetCursors(): void {
    this.#feedEpoch += 1
  }

  /** Null when the cursor is not of this feed. */
  changes(cursor: string | null, limit: number): ChangesPage | null {
    const [epoch, after] = (cursor ?? `${this.#feedEpoch}:0`).split(':').map(Number)
    if (epoch !== this.#feedEpoch) return null
    const rest = [...this.#feed].filter(([key]) => (this.#sequences.get(key) ?? 0) > (after ?? 0))
    const page = rest.slice(0, limit)
    const last = page.reduce((newest, [key]) => Math.max(newest, this.#sequences.get(key) ?? 0), after ?? 0)
    return {
      changes: structuredClone(page.map(([, change]) => change)),
      cursor: `${this.#feedEpoch}:${last}`,
      more: rest.length > page.length,
    }
  }

  callStatus(callId: string): CallStatus {
    return { callId, recording: { name: 'none' }, supervisor: 'none' }
  }

  directory(heldEtag: string | null): TaggedDirectory | null {
    return heldEtag === 'one' ? null : { directory: { asAt: at(0), entries: [] }, etag: 'one' }
  }

  script(entry: ScriptEntry): unknown {
    return { id: entry.id, version: entry.version }
  }

  /** Applies one operation, or repeats the answer that it had. */
  apply(adviserId: string, operation: Operation): OperationResult {
    const content = JSON.stringify(operation)
    const known = this.#results.get(operation.id)
    if (known) {
      if (known.content !== content) this.violations.push(operation.id)
      return known.result
    }
    const result = this.#applyNew(adviserId, structuredClone(operation))
    this.#results.set(operation.id, { content, result })
    if (result.outcome !== 'refused') this.effects.push(operation.id)
    return result
  }

  /** The answer an operation had; undefined when it never arrived. */
  resultOf(operationId: string): OperationResult | undefined {
    return this.#results.get(operationId)?.result
  }

  timelineTexts(): readonly string[] {
    return [...this.#feed.values()].flatMap((change) =>
      change.kind === 'timeline' && 'record' in change ? [change.record.text] : [],
    )
  }

  #applyNew(adviserId: string, operation: Operation): OperationResult {
    switch (operation.kind) {
      case 'case.create':
        return this.#create(operation)
      case 'case.change':
        return this.#change(adviserId, operation)
      case 'contact.save':
        return this.#saveContact(operation)
      case 'timeline.append': {
        const { caseId } = operation.entry
        if (caseId !== null && !this.cases.has(caseId)) return refused(operation, 'case/unknown')
        if (this.#feed.has(`timeline:${operation.entryId}`)) return refused(operation, 'timeline/exists')
        const record = { ...operation.entry, id: operation.entryId, by: this.me(adviserId).adviser.name }
        this.#commit({ kind: 'timeline', id: record.id, record })
        return { id: operation.id, outcome: 'applied' }
      }
      case 'callback.save':
        return this.#saveCallback(operation)
      case 'contact.hand-over':
      case 'alert.raise':
      case 'script.report':
      // Residents are told and never changed here.
      case 'resident.create':
      case 'resident.change':
      case 'resident.merge':
      case 'resident.unmerge':
      case 'warning.save':
      case 'warning.remove':
        return { id: operation.id, outcome: 'applied' }
    }
  }

  #create(operation: Extract<Operation, { kind: 'case.create' }>): OperationResult {
    if (operation.record.subject.includes(refusedWords)) return refused(operation, 'case/not-allowed')
    if (this.cases.has(operation.caseId)) return refused(operation, 'case/exists')
    this.#references += 1
    const record: CaseRecord = {
      ...operation.record,
      id: operation.caseId,
      version: 1,
      updatedAt: operation.at,
      reference: `WST-2026-${this.#references}`,
    }
    this.cases.set(record.id, record)
    this.#commit({ kind: 'case', id: record.id, record })
    return { id: operation.id, outcome: 'applied' }
  }

  #change(adviserId: string, operation: Extract<Operation, { kind: 'case.change' }>): OperationResult {
    const before = this.cases.get(operation.caseId)
    if (!before) return refused(operation, 'case/unknown')
    if (operation.baseVersion > before.version) return refused(operation, 'case/unknown-version')
    const history = this.#history.get(before.id) ?? new Map<string, FieldChange>()
    this.#history.set(before.id, history)
    const by = this.me(adviserId).adviser.name
    const version = before.version + 1
    const conflicts: ConflictField[] = []
    const record: CaseRecord = { ...before, version, updatedAt: operation.at, fields: { ...before.fields } }
    let changed = false
    const merge = (field: string, mine: FieldValue | undefined, set: (value: FieldValue) => void) => {
      if (mine === undefined) return
      const theirs = valueOfField(before, field)
      if (JSON.stringify(mine) === JSON.stringify(theirs)) return
      const last = history.get(field)
      if (last && last.version > operation.baseVersion && last.by !== by) {
        conflicts.push({ field, mine, theirs, by: last.by, at: last.at })
        return
      }
      set(mine)
      history.set(field, { version, by, at: operation.at })
      changed = true
    }
    const { fields, ...top } = operation.change
    for (const [name, value] of Object.entries(top)) {
      merge(name, value, (mine) => Object.assign(record, { [name]: mine }))
    }
    for (const [name, value] of Object.entries(fields ?? {})) {
      merge(`fields.${name}`, value, (mine) => {
        record.fields[name] = mine
      })
    }
    if (changed) {
      this.cases.set(record.id, record)
      this.#commit({ kind: 'case', id: record.id, record })
    }
    return conflicts.length > 0
      ? { id: operation.id, outcome: 'conflict', fields: conflicts }
      : { id: operation.id, outcome: 'applied' }
  }

  #saveContact(operation: Extract<Operation, { kind: 'contact.save' }>): OperationResult {
    const { caseId } = operation.fields
    if (caseId && !this.cases.has(caseId)) return refused(operation, 'case/unknown')
    const before = this.contacts.get(operation.contactId)
    const record: Contact = {
      channel: 'telephone',
      direction: 'inbound',
      queueId: null,
      startedAt: operation.at,
      endedAt: null,
      residentId: null,
      caseId: null,
      disposition: null,
      identity: null,
      script: null,
      callId: null,
      ...before,
      ...(operation.fields as Partial<Contact>),
      id: operation.contactId,
      version: (before?.version ?? 0) + 1,
      updatedAt: operation.at,
    }
    this.contacts.set(record.id, record)
    this.#commit({ kind: 'contact', id: record.id, record })
    return { id: operation.id, outcome: 'applied' }
  }

  #saveCallback(operation: Extract<Operation, { kind: 'callback.save' }>): OperationResult {
    const { caseId } = operation.fields
    if (caseId && !this.cases.has(caseId)) return refused(operation, 'case/unknown')
    const before = this.callbacks.get(operation.callbackId)
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
      ...operation.fields,
      id: operation.callbackId,
      version: (before?.version ?? 0) + 1,
      updatedAt: operation.at,
    })
    if (!complete.success) return refused(operation, 'callback/incomplete')
    const record = complete.data
    this.callbacks.set(record.id, record)
    this.#commit({ kind: 'callback', id: record.id, record })
    return { id: operation.id, outcome: 'applied' }
  }

  #commit(change: Change): void {
    this.#sequence += 1
    const key = `${change.kind}:${change.id}`
    this.#feed.delete(key)
    this.#feed.set(key, change)
    this.#sequences.set(key, this.#sequence)
    for (const listener of [...this.#listeners]) listener()
  }
}

const refused = (operation: Operation, code: string): OperationResult => ({
  id: operation.id,
  outcome: 'refused',
  problem: { type: 'about:blank', title: code, status: 409, code },
})

function valueOfField(record: CaseRecord, field: string): FieldValue {
  const name = field.match(/^fields\.(.*)$/)?.[1]
  const value: unknown = name === undefined ? Reflect.get(record, field) : record.fields[name]
  return (value ?? null) as FieldValue
}
