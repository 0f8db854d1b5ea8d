import { matchResidents, normaliseNumber, rankMatches, type Standing } from '#shared/cases/candidates.ts'
import { aboutIds, type Outbox, type OutboxEntry } from '#shared/cases/outbox.ts'
import type { RecordIndex } from '#shared/cases/record-index.ts'
import {
  callbackWithOperations,
  caseWithOperations,
  contactWithOperations,
  timelineWithOperations,
} from '#shared/cases/replica.ts'
import type { Candidate, CaseWithTimeline, FindAnswer, ResidentView } from '#shared/contract/records.ts'
import type { Callback, CaseRecord, Contact, TimelineEntry } from '#shared/contract/rest.ts'

const mostFound = 20
const closedStatuses: ReadonlySet<CaseRecord['status']> = new Set(['resolved', 'closed'])

/** What the views read; the outbox is replaced, never changed, when something is saved or sent. */
export interface ViewSource {
  readonly index: RecordIndex
  readonly outbox: Outbox
  readonly asAt: number | null
  /** Shown beside what this adviser wrote and the service has not confirmed. */
  readonly adviserName: string | null
}

function entriesAbout(outbox: Outbox, id: string): readonly OutboxEntry[] {
  return outbox.filter((entry) => aboutIds(entry.operation).includes(id))
}

/** The case as confirmed plus what was saved here since; null when this desk does not know it. */
export function caseView(source: ViewSource, caseId: string): CaseWithTimeline | null {
  const entries = entriesAbout(source.outbox, caseId)
  const record = caseWithOperations(caseId, source.index.cases.get(caseId) ?? null, entries)
  if (!record) return null
  return {
    record,
    timeline: timelineWithOperations(
      source.index.timelineOfCase(caseId),
      entries,
      (entry) => entry.caseId === caseId,
      source.adviserName,
    ),
    pending: entries.some((entry) => entry.state.name !== 'applied'),
  }
}

export function contactView(source: ViewSource, contactId: string): Contact | null {
  const base = source.index.contacts.get(contactId) ?? null
  return contactWithOperations(contactId, base, entriesAbout(source.outbox, contactId))
}

/** Every contact with what was saved here since, and which of them the service has. */
export function contactsKnown(source: ViewSource): {
  readonly contacts: readonly Contact[]
  readonly confirmedIds: ReadonlySet<string>
} {
  const confirmedIds = new Set(source.index.contacts.keys())
  const changed = new Set(
    source.outbox.flatMap(({ operation }) =>
      operation.kind === 'contact.save' ? [operation.contactId] : [],
    ),
  )
  const unchanged = [...source.index.contacts.values()].filter(({ id }) => !changed.has(id))
  const mine = [...changed].flatMap((id) => contactView(source, id) ?? [])
  return { contacts: [...unchanged, ...mine], confirmedIds }
}

/** What was written during one contact, oldest first. */
export function contactTimeline(source: ViewSource, contactId: string): readonly TimelineEntry[] {
  return timelineWithOperations(
    source.index.timelineOfContact(contactId),
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
  const ids = new Set(source.index.callbacks.keys())
  for (const { operation } of source.outbox) {
    if (operation.kind === 'callback.save') ids.add(operation.callbackId)
  }
  const isMine = ({ assignedTo, queueId }: Callback): boolean =>
    assignedTo === adviserId || (assignedTo === null && (queueId === null || queueIds.includes(queueId)))
  return [...ids]
    .flatMap((id) => {
      const base = source.index.callbacks.get(id) ?? null
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

/** Cases made or given to a resident here and not confirmed are found through the outbox. */
function caseIdsOf(source: ViewSource, residentId: string): ReadonlySet<string> {
  const ids = new Set(source.index.casesOfResident(residentId).map((record) => record.id))
  for (const { operation } of source.outbox) {
    if (operation.kind === 'case.create' || operation.kind === 'case.change') ids.add(operation.caseId)
  }
  return ids
}

function recordsOf(source: ViewSource, residentId: string): readonly CaseRecord[] {
  return [...caseIdsOf(source, residentId)].flatMap((caseId) => {
    const base = source.index.cases.get(caseId) ?? null
    const record = caseWithOperations(caseId, base, entriesAbout(source.outbox, caseId))
    return record?.residentId === residentId ? [record] : []
  })
}

export function residentView(source: ViewSource, residentId: string): ResidentView | null {
  const resident = source.index.residents.get(residentId)
  if (!resident) return null
  const cases = recordsOf(source, residentId).flatMap((record) => caseView(source, record.id) ?? [])
  return {
    resident,
    cases: cases.sort((a, b) => Date.parse(b.record.updatedAt) - Date.parse(a.record.updatedAt)),
    asAt: source.asAt,
  }
}

function standingOf(source: ViewSource): (residentId: string) => Standing {
  return (residentId) => {
    let openCases = 0
    let lastActivityAt: number | null = null
    for (const record of recordsOf(source, residentId)) {
      if (!closedStatuses.has(record.status)) openCases += 1
      lastActivityAt = Math.max(lastActivityAt ?? 0, Date.parse(record.updatedAt))
    }
    return { openCases, lastActivityAt }
  }
}

/** Who may be calling from a number. A number that is none (withheld, a SIP name) finds nobody. */
export function candidatesForNumber(source: ViewSource, number: string): readonly Candidate[] {
  const e164 = normaliseNumber(number)
  if (e164 === null) return []
  const matches = source.index
    .residentsByPhone(e164)
    .map((resident) => ({ resident, matchedBy: 'number' as const }))
  return rankMatches(matches, standingOf(source), mostFound)
}

export function findResidents(source: ViewSource, text: string): readonly Candidate[] {
  return rankMatches(matchResidents(source.index.residents.values(), text), standingOf(source), mostFound)
}

/** Residents alone, until the index of words finds cases and notes too. */
export function find(source: ViewSource, text: string): FindAnswer {
  const found = findResidents(source, text)
  return {
    hits: found.map(({ residentId, name, address, matchedBy }) => ({
      kind: 'resident',
      residentId,
      caseId: null,
      title: name,
      detail: address,
      why: { what: matchedBy },
    })),
    total: found.length,
  }
}
