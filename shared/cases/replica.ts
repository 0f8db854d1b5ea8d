import type {
  Callback,
  CaseRecord,
  Contact,
  FieldValue,
  Operation,
  Resident,
  TimelineEntry,
} from '../contract/rest.ts'
import type { OutboxEntry } from './outbox.ts'
import { takenFields, withResidentFields, withWarning, withWarnings } from './resident-record.ts'

/*
 * What the desk shows = what the service confirmed + the operations it has not confirmed, replayed in order. Nothing
 * here changes a confirmed record: an operation that is discarded leaves no trace.
 */

/** The record without members whose value is undefined, which mean `not named` in a change. */
function named<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>
  }
}

const later = (a: string, b: string): string => (Date.parse(b) > Date.parse(a) ? b : a)

/** Whether an entry still shows in the view, and which fields of it the service did not take. */
function overlay(entry: OutboxEntry): { shows: boolean; without: ReadonlySet<string> } {
  const { state } = entry
  if (state.name !== 'conflict') return { shows: true, without: new Set() }
  return { shows: !state.confirmed, without: new Set(state.fields.map((field) => field.field)) }
}

function changedCase(
  base: CaseRecord,
  operation: Extract<Operation, { kind: 'case.change' }>,
  without: ReadonlySet<string>,
): CaseRecord {
  const { fields, ...direct } = operation.change
  const kept = Object.fromEntries(Object.entries(named(direct)).filter(([name]) => !without.has(name)))
  const merged: Record<string, FieldValue> = { ...base.fields }
  for (const [name, value] of Object.entries(fields ?? {})) {
    if (!without.has(`fields.${name}`)) merged[name] = value
  }
  return { ...base, ...kept, fields: merged, updatedAt: later(base.updatedAt, operation.at) }
}

/**
 * A case as the adviser should see it. `base` is the confirmed record or null. A case not yet created at the service
 * has no reference and version 1, the version it will be created with. The version never counts changes of this
 * desk: it is what a later change states as the version that the adviser saw.
 */
export function caseWithOperations(
  caseId: string,
  base: CaseRecord | null,
  entries: readonly OutboxEntry[],
): CaseRecord | null {
  let record = base
  for (const entry of entries) {
    const { operation } = entry
    const { shows, without } = overlay(entry)
    if (!shows) continue
    if (operation.kind === 'case.create' && operation.caseId === caseId && record === null) {
      record = { ...operation.record, id: caseId, version: 1, updatedAt: operation.at, reference: null }
    } else if (operation.kind === 'case.change' && operation.caseId === caseId && record !== null) {
      record = changedCase(record, operation, without)
    }
  }
  return record
}

/** What a record of a resident needs to know of others: the other record of a merge, as the adviser should see it. */
export type ResidentLookup = (residentId: string) => Resident | null

/**
 * A resident as the adviser should see them. `base` is the confirmed record or null; `by` is this adviser's name. A
 * record that a merge lets go says in `mergedInto` which one to open instead.
 */
export function residentWithOperations(
  residentId: string,
  base: Resident | null,
  entries: readonly OutboxEntry[],
  by: string,
  other: ResidentLookup = () => null,
): Resident | null {
  let record = base
  for (const entry of entries) {
    const { shows, without } = overlay(entry)
    if (!shows) continue
    const { operation } = entry
    if (operation.kind === 'resident.create' && operation.residentId === residentId) {
      record ??= { ...operation.record, id: residentId, version: 1, updatedAt: operation.at }
    } else if (record) {
      const changed = changedResident(record, operation, without, by, other)
      if (changed !== record) record = { ...changed, updatedAt: later(record.updatedAt, operation.at) }
    }
  }
  return record
}

function changedResident(
  before: Resident,
  operation: Operation,
  without: ReadonlySet<string>,
  by: string,
  other: ResidentLookup,
): Resident {
  switch (operation.kind) {
    case 'resident.change': {
      if (operation.residentId !== before.id) return before
      const kept = Object.entries(operation.change).filter(([name]) => !without.has(name))
      return withResidentFields(before, Object.fromEntries(kept))
    }
    case 'warning.save': {
      if (operation.residentId !== before.id) return before
      const known = before.warnings?.find(({ id }) => id === operation.warning.id)
      const { addedAt, addedBy } = known ?? { addedAt: operation.at, addedBy: by }
      return withWarning(before, { ...operation.warning, addedAt, addedBy })
    }
    case 'warning.remove':
      if (operation.residentId !== before.id) return before
      return withWarnings(before, ({ id }) => id !== operation.warningId)
    case 'resident.merge':
      return mergedResident(before, operation, by, other)
    case 'resident.unmerge':
      return partedResident(before, operation.mergeId, other)
    default:
      return before
  }
}

function mergedResident(
  before: Resident,
  { mergeId, keptId, goneId, take, at }: Extract<Operation, { kind: 'resident.merge' }>,
  by: string,
  other: ResidentLookup,
): Resident {
  if (before.id === goneId) return { ...before, mergedInto: keptId }
  if (before.id !== keptId || before.mergedFrom?.some((each) => each.mergeId === mergeId)) return before
  const gone = other(goneId)
  const merged = gone ? withResidentFields(before, takenFields(before, gone, take)) : before
  const warned = (gone?.warnings ?? []).reduce(withWarning, merged)
  return { ...warned, mergedFrom: [...(before.mergedFrom ?? []), { mergeId, residentId: goneId, at, by }] }
}

/** Which fields go back is the service's to know; that the two are parted shows at once. */
function partedResident(before: Resident, mergeId: string, other: ResidentLookup): Resident {
  const isOf = (record: Resident | null) => record?.mergedFrom?.find((each) => each.mergeId === mergeId)
  if (isOf(before)) {
    const left = before.mergedFrom?.filter((each) => each.mergeId !== mergeId)
    return { ...before, mergedFrom: left }
  }
  if (before.mergedInto === undefined || isOf(other(before.mergedInto))?.residentId !== before.id)
    return before
  const { mergedInto: _, ...parted } = before
  return parted
}

/** A contact as the adviser should see it; the first `contact.save` creates it. */
export function contactWithOperations(
  contactId: string,
  base: Contact | null,
  entries: readonly OutboxEntry[],
): Contact | null {
  let record = base
  for (const entry of entries) {
    const { operation } = entry
    if (operation.kind !== 'contact.save' || operation.contactId !== contactId) continue
    const { shows, without } = overlay(entry)
    if (!shows) continue
    const before: Contact = record ?? {
      id: contactId,
      version: 1,
      updatedAt: operation.at,
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
    }
    const kept = Object.fromEntries(
      Object.entries(named(operation.fields)).filter(([name]) => !without.has(name)),
    )
    record = { ...before, ...kept, updatedAt: later(before.updatedAt, operation.at) }
  }
  return record
}

/**
 * A callback as the adviser should see it; the first `callback.save` creates it. One that does not say all a callback
 * needs, because its first part is not on this desk, is null.
 */
export function callbackWithOperations(
  callbackId: string,
  base: Callback | null,
  entries: readonly OutboxEntry[],
): Callback | null {
  let record: Callback | null = base
  for (const entry of entries) {
    const { operation } = entry
    if (operation.kind !== 'callback.save' || operation.callbackId !== callbackId) continue
    if (!overlay(entry).shows) continue
    const before = record ?? newCallback(operation)
    if (before) {
      record = { ...before, ...named(operation.fields), updatedAt: later(before.updatedAt, operation.at) }
    }
  }
  return record
}

function newCallback({
  callbackId,
  at,
  fields,
}: Extract<Operation, { kind: 'callback.save' }>): Callback | null {
  const { number, dueFrom, dueBy } = fields
  if (number === undefined || dueFrom === undefined || dueBy === undefined) return null
  return {
    id: callbackId,
    version: 1,
    updatedAt: at,
    number,
    name: '',
    reason: '',
    residentId: null,
    caseId: null,
    contactId: null,
    dueFrom,
    dueBy,
    assignedTo: null,
    queueId: null,
    status: 'due',
    closedAt: null,
  }
}

/**
 * Confirmed timeline entries and those not yet confirmed, newest first. `belongs` says which of the unconfirmed are
 * wanted, `by` is this adviser's name.
 */
export function timelineWithOperations(
  base: readonly TimelineEntry[],
  entries: readonly OutboxEntry[],
  belongs: (entry: Pick<TimelineEntry, 'caseId' | 'contactId'>) => boolean,
  by: string | null,
): readonly TimelineEntry[] {
  const known = new Set(base.map((entry) => entry.id))
  const appended = entries.flatMap(({ operation }): readonly TimelineEntry[] =>
    operation.kind === 'timeline.append' && belongs(operation.entry) && !known.has(operation.entryId)
      ? [{ ...operation.entry, id: operation.entryId, by }]
      : [],
  )
  return [...base, ...appended].sort(newestFirst)
}

const newestFirst = (a: TimelineEntry, b: TimelineEntry): number =>
  Date.parse(b.at) - Date.parse(a.at) || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0)
