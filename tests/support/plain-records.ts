import {
  type CaseFilter,
  type CaseSummary,
  type FoundRecords,
  type RecordReader,
  type ResidentSummary,
  summaryOfCase,
  summaryOfResident,
} from '#shared/cases/record-reader.ts'
import type {
  Callback,
  CaseRecord,
  Change,
  Contact,
  Resident,
  ScriptEntry,
  TimelineEntry,
} from '#shared/contract/rest.ts'

const closed: ReadonlySet<string> = new Set(['resolved', 'closed'])

const put = <T extends { readonly id: string }>(records: Map<string, T>, change: Change): void => {
  if ('record' in change) records.set(change.id, change.record as unknown as T)
  else records.delete(change.id)
}

/** Whether a word begins one of name and address: as much of the search as a model of the store needs. */
const isOfResident = ({ givenName, familyName, address }: Resident, word: string): boolean =>
  `${givenName} ${familyName} ${address.line1} ${address.town} ${address.postcode}`
    .toLowerCase()
    .split(/\s+/)
    .some((each) => each.startsWith(word))

/** Records in maps, looked through from end to end: the plain model that stores are compared with. */
export class PlainRecords implements RecordReader {
  readonly residents = new Map<string, Resident>()
  readonly cases = new Map<string, CaseRecord>()
  readonly timeline = new Map<string, TimelineEntry>()
  readonly contacts = new Map<string, Contact>()
  readonly scripts = new Map<string, ScriptEntry>()
  readonly callbacks = new Map<string, Callback>()
  /** Of before the reading of the feed that is going on, `kind:id`. */
  readonly #untold = new Map<string, Change>()

  /** Answers the ids of what a page may be showing. */
  apply(changes: readonly Change[]): ReadonlySet<string> {
    const touched = new Set<string>()
    for (const change of changes) {
      this.#untold.delete(`${change.kind}:${change.id}`)
      this.#touch(change, touched)
      put<{ readonly id: string }>(this.#of(change.kind), change)
      this.#touch(change, touched)
    }
    return touched
  }

  startReading(): void {
    for (const change of this.#asTombstones()) this.#untold.set(`${change.kind}:${change.id}`, change)
  }

  endReading(): ReadonlySet<string> {
    return this.apply([...this.#untold.values()])
  }

  clear(): void {
    for (const kind of kinds) this.#of(kind).clear()
    this.#untold.clear()
  }

  async count(): Promise<number> {
    return kinds.reduce((sum, kind) => sum + this.#of(kind).size, 0)
  }

  async resident(id: string): Promise<Resident | null> {
    return this.residents.get(id) ?? null
  }

  async caseRecord(id: string): Promise<CaseRecord | null> {
    return this.cases.get(id) ?? null
  }

  async contact(id: string): Promise<Contact | null> {
    return this.contacts.get(id) ?? null
  }

  async timelineOfCase(caseId: string): Promise<readonly TimelineEntry[]> {
    return [...this.timeline.values()].filter((entry) => entry.caseId === caseId)
  }

  async timelineOfContact(contactId: string): Promise<readonly TimelineEntry[]> {
    return [...this.timeline.values()].filter((entry) => entry.contactId === contactId)
  }

  async contactsStartedSince(since: number): Promise<readonly Contact[]> {
    return [...this.contacts.values()].filter(({ startedAt }) => Date.parse(startedAt) >= since)
  }

  async residentSummaries(ids: readonly string[]): Promise<readonly ResidentSummary[]> {
    return ids.flatMap((id) => this.residents.get(id) ?? []).map(summaryOfResident)
  }

  async caseSummaries(ids: readonly string[]): Promise<readonly CaseSummary[]> {
    return ids.flatMap((id) => this.cases.get(id) ?? []).map(summaryOfCase)
  }

  async residentsByPhone(e164: string): Promise<readonly ResidentSummary[]> {
    return [...this.residents.values()]
      .filter(({ phones, mergedInto }) => mergedInto === undefined && phones.includes(e164))
      .map(summaryOfResident)
  }

  async residentsByPostcode(postcode: string): Promise<readonly ResidentSummary[]> {
    return [...this.residents.values()]
      .filter(({ address, mergedInto }) => mergedInto === undefined && address.postcode === postcode)
      .map(summaryOfResident)
  }

  async casesOfResident(residentId: string): Promise<readonly CaseSummary[]> {
    return [...this.cases.values()].filter((each) => each.residentId === residentId).map(summaryOfCase)
  }

  async caseByReference(reference: string): Promise<CaseSummary | null> {
    const found = [...this.cases.values()].find((each) => each.reference === reference)
    return found ? summaryOfCase(found) : null
  }

  async newestCases({ status, assignedTo }: CaseFilter, limit: number): Promise<readonly CaseSummary[]> {
    return [...this.cases.values()]
      .filter((each) => status === undefined || each.status === status)
      .filter((each) => assignedTo === undefined || each.assignedTo === assignedTo)
      .map(summaryOfCase)
      .sort((a, b) => b.updatedAt - a.updatedAt)
      .slice(0, limit)
  }

  async find(text: string, limit: number): Promise<FoundRecords> {
    const words = text.toLowerCase().split(/\s+/).filter(Boolean)
    const found = [...this.residents.values()].filter(
      (each) =>
        each.mergedInto === undefined && words.length > 0 && words.every((word) => isOfResident(each, word)),
    )
    const hits = found.map((resident) => ({
      kind: 'resident' as const,
      resident: summaryOfResident(resident),
      openCases: [...this.cases.values()].filter(
        ({ residentId, status }) => residentId === resident.id && !closed.has(status),
      ).length,
      why: [{ what: 'name' as const, how: 'beginning' as const, text }],
    }))
    return { hits: hits.slice(0, limit), total: hits.length }
  }

  /** Cases with what belongs to them that were closed and have not changed since. */
  evict(notChangedSince: number): void {
    for (const { id, status, updatedAt } of this.cases.values()) {
      if (!closed.has(status) || Date.parse(updatedAt) >= notChangedSince) continue
      this.cases.delete(id)
      for (const records of [this.timeline, this.contacts] as const) {
        for (const record of records.values()) if (record.caseId === id) records.delete(record.id)
      }
    }
  }

  #of(kind: Change['kind']): Map<string, { readonly id: string }> {
    const maps = {
      resident: this.residents,
      case: this.cases,
      timeline: this.timeline,
      contact: this.contacts,
      script: this.scripts,
      callback: this.callbacks,
    }
    return maps[kind] as Map<string, { readonly id: string }>
  }

  /** Every record as the change that brings it. */
  asChanges(): readonly Change[] {
    return kinds.flatMap((kind) =>
      [...this.#of(kind)].map(([id, record]) => ({ kind, id, record }) as unknown as Change),
    )
  }

  #asTombstones(): readonly Change[] {
    return kinds.flatMap((kind) =>
      [...this.#of(kind).keys()].map((id): Change => ({ kind, id, deleted: true })),
    )
  }

  #touch({ kind, id }: Change, touched: Set<string>): void {
    touched.add(id)
    const entry = kind === 'timeline' ? this.timeline.get(id) : undefined
    const record = kind === 'case' ? this.cases.get(id) : undefined
    for (const owner of [record?.residentId, entry?.caseId, entry?.residentId, entry?.contactId]) {
      if (owner) touched.add(owner)
    }
  }
}

const kinds: readonly Change['kind'][] = ['resident', 'case', 'timeline', 'contact', 'script', 'callback']
