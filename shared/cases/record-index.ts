import type {
  Callback,
  CaseRecord,
  Change,
  Contact,
  Resident,
  ScriptEntry,
  TimelineEntry,
} from '../contract/rest.ts'
import type { ConfirmedRecords } from './replica.ts'

/** Sets of ids by a key; empty sets do not stay. */
class IdsByKey {
  readonly #ids = new Map<string, Set<string>>()

  add(key: string | null, id: string): void {
    if (key === null) return
    const ids = this.#ids.get(key)
    if (ids) ids.add(id)
    else this.#ids.set(key, new Set([id]))
  }

  remove(key: string | null, id: string): void {
    if (key === null) return
    const ids = this.#ids.get(key)
    if (ids?.delete(id) && ids.size === 0) this.#ids.delete(key)
  }

  get(key: string): ReadonlySet<string> {
    return this.#ids.get(key) ?? none
  }

  clear(): void {
    this.#ids.clear()
  }
}

const none: ReadonlySet<string> = new Set()

/** A version of a script: documents of several are kept, because a running call stays on the one it began. */
export const scriptKey = (scriptId: string, version: number): string => `${scriptId}@${version}`

/**
 * Confirmed records in memory with the look-ups a desk needs. It changes only through `load` and `apply`, which are
 * given what the service said.
 */
export class RecordIndex {
  readonly residents = new Map<string, Resident>()
  readonly cases = new Map<string, CaseRecord>()
  readonly timeline = new Map<string, TimelineEntry>()
  readonly contacts = new Map<string, Contact>()
  /** What the service says of each script: the newest version in force. */
  readonly scripts = new Map<string, ScriptEntry>()
  readonly callbacks = new Map<string, Callback>()
  readonly #residentsByPhone = new IdsByKey()
  readonly #casesByResident = new IdsByKey()
  readonly #timelineByCase = new IdsByKey()
  readonly #timelineByContact = new IdsByKey()

  get size(): number {
    return this.#maps().reduce((sum, map) => sum + map.size, 0)
  }

  /** Replaces everything. */
  load(records: ConfirmedRecords): void {
    this.clear()
    for (const record of records.residents) this.#putResident(record)
    for (const record of records.cases) this.#putCase(record)
    for (const record of records.timeline) this.#putTimeline(record)
    for (const record of records.contacts) this.contacts.set(record.id, record)
    for (const record of records.scripts) this.scripts.set(record.id, record)
    for (const record of records.callbacks) this.callbacks.set(record.id, record)
  }

  clear(): void {
    for (const map of this.#maps()) map.clear()
    this.#residentsByPhone.clear()
    this.#casesByResident.clear()
    this.#timelineByCase.clear()
    this.#timelineByContact.clear()
  }

  /** Every record as the change that brings it. */
  asChanges(): readonly Change[] {
    return [
      ...[...this.residents.values()].map((record): Change => ({ kind: 'resident', id: record.id, record })),
      ...[...this.cases.values()].map((record): Change => ({ kind: 'case', id: record.id, record })),
      ...[...this.timeline.values()].map((record): Change => ({ kind: 'timeline', id: record.id, record })),
      ...[...this.contacts.values()].map((record): Change => ({ kind: 'contact', id: record.id, record })),
      ...[...this.scripts.values()].map((record): Change => ({ kind: 'script', id: record.id, record })),
      ...[...this.callbacks.values()].map((record): Change => ({ kind: 'callback', id: record.id, record })),
    ]
  }

  /** Applies changes of the feed in their order and returns the ids of what a page may be showing of them. */
  apply(changes: readonly Change[]): ReadonlySet<string> {
    const touched = new Set<string>()
    const touch = (...ids: readonly (string | null | undefined)[]) => {
      for (const id of ids) if (id) touched.add(id)
    }
    for (const change of changes) {
      touch(change.id)
      switch (change.kind) {
        case 'resident':
          this.#removeResident(change.id)
          if ('record' in change) this.#putResident(change.record)
          break
        case 'case':
          touch(this.cases.get(change.id)?.residentId)
          this.#removeCase(change.id)
          if ('record' in change) {
            this.#putCase(change.record)
            touch(change.record.residentId)
          }
          break
        case 'timeline': {
          const before = this.timeline.get(change.id)
          touch(before?.caseId, before?.residentId)
          this.#removeTimeline(change.id)
          if ('record' in change) {
            this.#putTimeline(change.record)
            touch(change.record.caseId, change.record.residentId, change.record.contactId)
          }
          break
        }
        case 'contact':
          if ('record' in change) this.contacts.set(change.id, change.record)
          else this.contacts.delete(change.id)
          break
        case 'script':
          if ('record' in change) this.scripts.set(change.id, change.record)
          else this.scripts.delete(change.id)
          break
        case 'callback':
          if ('record' in change) this.callbacks.set(change.id, change.record)
          else this.callbacks.delete(change.id)
          break
      }
    }
    return touched
  }

  residentsByPhone(e164: string): readonly Resident[] {
    return found(this.#residentsByPhone.get(e164), this.residents)
  }

  casesOfResident(residentId: string): readonly CaseRecord[] {
    return found(this.#casesByResident.get(residentId), this.cases)
  }

  timelineOfCase(caseId: string): readonly TimelineEntry[] {
    return found(this.#timelineByCase.get(caseId), this.timeline)
  }

  timelineOfContact(contactId: string): readonly TimelineEntry[] {
    return found(this.#timelineByContact.get(contactId), this.timeline)
  }

  /** Scripts that may be begun. */
  publishedScripts(): readonly ScriptEntry[] {
    return [...this.scripts.values()].filter((entry) => !entry.withdrawn)
  }

  #maps(): readonly Map<string, unknown>[] {
    return [this.residents, this.cases, this.timeline, this.contacts, this.scripts, this.callbacks]
  }

  #putResident(record: Resident): void {
    this.residents.set(record.id, record)
    for (const phone of record.phones) this.#residentsByPhone.add(phone, record.id)
  }

  #removeResident(id: string): void {
    for (const phone of this.residents.get(id)?.phones ?? []) this.#residentsByPhone.remove(phone, id)
    this.residents.delete(id)
  }

  #putCase(record: CaseRecord): void {
    this.cases.set(record.id, record)
    this.#casesByResident.add(record.residentId, record.id)
  }

  #removeCase(id: string): void {
    this.#casesByResident.remove(this.cases.get(id)?.residentId ?? null, id)
    this.cases.delete(id)
  }

  #putTimeline(record: TimelineEntry): void {
    this.timeline.set(record.id, record)
    this.#timelineByCase.add(record.caseId, record.id)
    this.#timelineByContact.add(record.contactId, record.id)
  }

  #removeTimeline(id: string): void {
    const before = this.timeline.get(id)
    this.#timelineByCase.remove(before?.caseId ?? null, id)
    this.#timelineByContact.remove(before?.contactId ?? null, id)
    this.timeline.delete(id)
  }
}

function found<T>(ids: ReadonlySet<string>, records: ReadonlyMap<string, T>): readonly T[] {
  return [...ids].flatMap((id) => records.get(id) ?? [])
}
