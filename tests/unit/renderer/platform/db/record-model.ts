import type { RecordParts } from '#renderer/platform/db/record-parts.ts'
import { summaryOfCase, summaryOfResident } from '#shared/cases/record-reader.ts'
import type { CaseRecord, Change, Contact, Resident, TimelineEntry } from '#shared/contract/rest.ts'

type Kind = 'resident' | 'case' | 'timeline' | 'contact'
type AnyRecord = Resident | CaseRecord | TimelineEntry | Contact

/** What a store of confirmed records should know, in maps. */
export class RecordModel {
  readonly #records = new Map<string, AnyRecord>()

  static of(other: RecordModel): RecordModel {
    const model = new RecordModel()
    for (const [key, record] of other.#records) model.#records.set(key, record)
    return model
  }

  get keys(): readonly string[] {
    return [...this.#records.keys()]
  }

  /** Applies changes and answers the ids of what a page may be showing of them. */
  apply(changes: readonly Change[]): ReadonlySet<string> {
    const touched = new Set<string>()
    for (const change of changes) {
      const key = `${change.kind}:${change.id}`
      touched.add(change.id)
      touch(touched, change.kind, this.#records.get(key))
      if ('record' in change) {
        this.#records.set(key, change.record as AnyRecord)
        touch(touched, change.kind, change.record as AnyRecord)
      } else this.#records.delete(key)
    }
    return touched
  }

  /** Residents and cases that are here and not in the other. */
  missingIn(other: RecordModel): readonly string[] {
    return this.keys
      .filter((key) => /^(resident|case):/.test(key) && !other.#records.has(key))
      .map((key) => key.slice(key.indexOf(':') + 1))
  }

  evict(since: number): void {
    for (const { id, status, updatedAt } of this.#of<CaseRecord>('case')) {
      if ((status !== 'closed' && status !== 'resolved') || Date.parse(updatedAt) >= since) continue
      this.#records.delete(`case:${id}`)
      for (const kind of ['timeline', 'contact'] as const) {
        for (const each of this.#of<TimelineEntry | Contact>(kind)) {
          if (each.caseId === id) this.#records.delete(`${kind}:${each.id}`)
        }
      }
    }
    // Old notes of a case that is not here belong to one that was let go of.
    for (const { id, caseId, at } of this.#of<TimelineEntry>('timeline')) {
      const isOrphan = caseId !== null && !this.#records.has(`case:${caseId}`)
      if (isOrphan && Date.parse(at) < since) this.#records.delete(`timeline:${id}`)
    }
  }

  /** All that a reader of this should answer to questions about these ids. */
  expected(ids: readonly string[]): Answers {
    const cases = this.#of<CaseRecord>('case')
    const timeline = this.#of<TimelineEntry>('timeline')
    const get = (kind: Kind, id: string) => this.#records.get(`${kind}:${id}`) ?? null
    return {
      count: this.#records.size,
      whole: ids.map((id) => [get('resident', id), get('case', id), get('contact', id)]),
      summaries: ids.map((id) => {
        const resident = get('resident', id) as Resident | null
        const record = get('case', id) as CaseRecord | null
        return [resident ? [summaryOfResident(resident)] : [], record ? [summaryOfCase(record)] : []]
      }),
      timelines: ids.map((id) => [
        idsOf(timeline.filter(({ caseId }) => caseId === id)),
        idsOf(timeline.filter(({ contactId }) => contactId === id)),
      ]),
      casesOfResident: ids.map((id) => idsOf(cases.filter(({ residentId }) => residentId === id))),
      byPhone: phones.map((phone) =>
        idsOf(this.#of<Resident>('resident').filter((each) => each.phones.includes(phone))),
      ),
      byPostcode: postcodes.map((postcode) =>
        idsOf(this.#of<Resident>('resident').filter(({ address }) => address.postcode === postcode)),
      ),
      byReference: ids.map((id) => cases.find(({ reference }) => reference === `REF-${id}`)?.id ?? null),
      newest: ['open', 'closed'].map((status) =>
        cases
          .filter((each) => each.status === status)
          .map(({ updatedAt }) => Date.parse(updatedAt))
          .sort((a, b) => b - a)
          .slice(0, 4),
      ),
      since: idsOf(this.#of<Contact>('contact').filter(({ startedAt }) => Date.parse(startedAt) >= someTime)),
      found: [...new Set(this.#of<Resident>('resident').map(({ id }) => id))].sort(),
    }
  }

  #of<T extends AnyRecord>(kind: Kind): readonly T[] {
    return [...this.#records].filter(([key]) => key.startsWith(`${kind}:`)).map(([, record]) => record as T)
  }
}

export interface Answers {
  readonly count: number
  readonly whole: unknown
  readonly summaries: unknown
  readonly timelines: unknown
  readonly casesOfResident: unknown
  readonly byPhone: unknown
  readonly byPostcode: unknown
  readonly byReference: unknown
  readonly newest: unknown
  readonly since: unknown
  readonly found: unknown
}

export const phones = ['+441632960001', '+441632960002', '+447700900003']
export const postcodes = ['WX1 4QA', 'WX2 9ZZ']
export const someTime = Date.UTC(2026, 4, 4, 9, 30)

/** What the store answers to the same questions. */
export async function answers({ lookups }: RecordParts, ids: readonly string[]): Promise<Answers> {
  const each = <T>(ask: (id: string) => Promise<T>) => Promise.all(ids.map(ask))
  const found = await lookups.find('okafor', 1_000)
  return {
    count: await lookups.count(),
    whole: await each((id) =>
      Promise.all([lookups.resident(id), lookups.caseRecord(id), lookups.contact(id)]),
    ),
    summaries: await each((id) =>
      Promise.all([lookups.residentSummaries([id]), lookups.caseSummaries([id])]),
    ),
    timelines: await each(async (id) => [
      idsOf(await lookups.timelineOfCase(id)),
      idsOf(await lookups.timelineOfContact(id)),
    ]),
    casesOfResident: await each(async (id) => idsOf(await lookups.casesOfResident(id))),
    byPhone: await Promise.all(phones.map(async (phone) => idsOf(await lookups.residentsByPhone(phone)))),
    byPostcode: await Promise.all(
      postcodes.map(async (postcode) => idsOf(await lookups.residentsByPostcode(postcode))),
    ),
    byReference: await each(async (id) => (await lookups.caseByReference(`REF-${id}`))?.id ?? null),
    newest: await Promise.all(
      (['open', 'closed'] as const).map(async (status) =>
        (await lookups.newestCases({ status }, 4)).map(({ updatedAt }) => updatedAt),
      ),
    ),
    since: idsOf(await lookups.contactsStartedSince(someTime)),
    found: found.hits.flatMap((hit) => (hit.kind === 'resident' ? [hit.resident.id] : [])).sort(),
  }
}

function idsOf(records: readonly { readonly id: string }[]): readonly string[] {
  return records.map(({ id }) => id).sort()
}

function touch(touched: Set<string>, kind: Change['kind'], record: AnyRecord | undefined): void {
  if (!record || (kind !== 'case' && kind !== 'timeline')) return
  const { residentId, caseId, contactId } = record as Partial<TimelineEntry>
  const ids = kind === 'case' ? [residentId] : [residentId, caseId, contactId]
  for (const id of ids) if (id) touched.add(id)
}
