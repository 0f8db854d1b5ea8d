import { aboutIds, type Outbox, type OutboxEntry } from '#shared/cases/outbox.ts'
import type { Found, RecordReader } from '#shared/cases/record-reader.ts'
import {
  callbackWithOperations,
  caseWithOperations,
  contactWithOperations,
  timelineWithOperations,
} from '#shared/cases/replica.ts'
import { councilMidnight } from '#shared/cases/script-use.ts'
import type { CaseWithTimeline } from '#shared/contract/records.ts'
import type { Callback, Contact, TimelineEntry } from '#shared/contract/rest.ts'
import type { BeyondRecords } from './beyond.ts'

/** What the views read; the outbox is replaced, never changed, when something is saved or sent. */
export interface ViewSource {
  readonly records: RecordReader
  /** What searches at the council found and the cache does not hold. */
  readonly beyond: BeyondRecords
  readonly callbacks: ReadonlyMap<string, Callback>
  readonly outbox: Outbox
  readonly work: UnsentSearch
  readonly asAt: number | null
  /** Shown beside what this adviser wrote and the service has not confirmed. */
  readonly adviserName: string | null
}

/** What was saved here and is not confirmed, searched by the rules of the store, as it is shown. */
export interface UnsentSearch {
  /** `ids` are residents and cases that are answered for here: what the store says of them is old. */
  find(
    source: ViewSource,
    text: string,
    limit: number,
  ): Promise<{ readonly hits: readonly Found[]; readonly ids: ReadonlySet<string> }>
}

export function entriesAbout(outbox: Outbox, id: string): readonly OutboxEntry[] {
  return outbox.filter((entry) => aboutIds(entry.operation).includes(id))
}

/** The case as confirmed plus what was saved here since; null when this desk does not know it. */
export async function caseView(source: ViewSource, caseId: string): Promise<CaseWithTimeline | null> {
  const [base, timeline] = await Promise.all([
    source.records.caseRecord(caseId),
    source.records.timelineOfCase(caseId),
  ])
  const entries = entriesAbout(source.outbox, caseId)
  const record = caseWithOperations(caseId, base ?? source.beyond.caseRecord(caseId), entries)
  if (!record) return null
  return {
    record,
    timeline: timelineWithOperations(
      timeline,
      entries,
      (entry) => entry.caseId === caseId,
      source.adviserName,
    ),
    pending: entries.some((entry) => entry.state.name !== 'applied'),
  }
}

export async function contactView(source: ViewSource, contactId: string): Promise<Contact | null> {
  const base = await source.records.contact(contactId)
  return contactWithOperations(contactId, base, entriesAbout(source.outbox, contactId))
}

/** Contacts of today with what was saved here since, and which of them the service has. */
export async function contactsOfToday(
  source: ViewSource,
  now: number,
): Promise<{ readonly contacts: readonly Contact[]; readonly confirmedIds: ReadonlySet<string> }> {
  const confirmed = await source.records.contactsStartedSince(councilMidnight(now))
  const confirmedIds = new Set(confirmed.map(({ id }) => id))
  const changed = new Set(
    source.outbox.flatMap(({ operation }) =>
      operation.kind === 'contact.save' ? [operation.contactId] : [],
    ),
  )
  const unchanged = confirmed.filter(({ id }) => !changed.has(id))
  const mine = await Promise.all([...changed].map((id) => contactView(source, id)))
  return { contacts: [...unchanged, ...mine.filter((each) => each !== null)], confirmedIds }
}

/** What was written during one contact, oldest first. */
export async function contactTimeline(
  source: ViewSource,
  contactId: string,
): Promise<readonly TimelineEntry[]> {
  return timelineWithOperations(
    await source.records.timelineOfContact(contactId),
    entriesAbout(source.outbox, contactId),
    (entry) => entry.contactId === contactId,
    source.adviserName,
  ).toReversed()
}

/** Promises to call that this adviser may keep, the one that runs out first at the front. */
export function callbacksDue(
  source: ViewSource,
  adviserId: string,
  queueIds: readonly string[],
): readonly Callback[] {
  const ids = new Set(source.callbacks.keys())
  for (const { operation } of source.outbox) {
    if (operation.kind === 'callback.save') ids.add(operation.callbackId)
  }
  const isMine = ({ assignedTo, queueId }: Callback): boolean =>
    assignedTo === adviserId || (assignedTo === null && (queueId === null || queueIds.includes(queueId)))
  return [...ids]
    .flatMap((id) => {
      const base = source.callbacks.get(id) ?? null
      return callbackWithOperations(id, base, entriesAbout(source.outbox, id)) ?? []
    })
    .filter((callback) => callback.status === 'due' && isMine(callback))
    .sort(
      (a, b) =>
        Date.parse(a.dueBy) - Date.parse(b.dueBy) ||
        Date.parse(a.dueFrom) - Date.parse(b.dueFrom) ||
        (a.id < b.id ? -1 : 1),
    )
}
