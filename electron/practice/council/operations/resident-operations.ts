import { withResidentFields } from '#shared/cases/resident-record.ts'
import type { ConflictField, FieldValue, Operation, Resident } from '#shared/contract/rest.ts'
import { extraMembers } from './kept-members.ts'
import { type Clash, mergeFields } from './merge-fields.ts'
import { Refused } from './refusals.ts'
import { holdResident, keepResidentHistory, lastResidentChanges, writeResident } from './resident-rows.ts'
import type { Applied, Work } from './work.ts'

type CreateResident = Extract<Operation, { kind: 'resident.create' }>
type ChangeResident = Extract<Operation, { kind: 'resident.change' }>

/** What no desk says of a resident. */
const servicesOwn: ReadonlySet<string> = new Set(['warnings', 'mergedInto', 'mergedFrom'])

export async function createResident(
  work: Work,
  { id, residentId, record }: CreateResident,
): Promise<Applied> {
  const extra = Object.entries(extraMembers(work.raw, 'record')).filter(([name]) => !servicesOwn.has(name))
  const created: Resident = {
    ...Object.fromEntries(extra),
    ...record,
    id: residentId,
    version: 1,
    updatedAt: work.now,
  }
  const inserted = await work.tx
    .insertInto('resident')
    .values({ id: residentId, record: JSON.stringify(created) })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .returning('id')
    .executeTakeFirst()
  if (!inserted) throw new Refused('resident/exists')
  return { result: { id, outcome: 'applied' }, touched: [touchedResident(residentId)] }
}

export async function changeResident(
  work: Work,
  { id, residentId, baseVersion, change }: ChangeResident,
): Promise<Applied> {
  const { tx, adviser } = work
  const current = await holdResident(tx, residentId)
  if (baseVersion > current.version) throw new Refused('resident/unknown-version')
  // Whoever changes a record means the person as the desk showed them: the adviser decides again.
  if (current.mergedInto !== undefined) throw new Refused('resident/merged')
  const { applied, clashes } = mergeFields<unknown>({
    wanted: Object.entries(change).filter(([, value]) => value !== undefined),
    now: (field) => current[field as keyof Resident] ?? null,
    baseVersion,
    adviserId: adviser.id,
    lastChanges: await lastResidentChanges(tx, residentId),
  })
  const fields = clashes.map(conflictOf)
  const result =
    fields.length === 0 ? { id, outcome: 'applied' as const } : { id, outcome: 'conflict' as const, fields }
  if (applied.size === 0) return { result, touched: [] }
  const changed = await writeResident(work, withResidentFields(current, Object.fromEntries(applied)))
  await keepResidentHistory(work, changed, applied)
  return { result, touched: [touchedResident(residentId)] }
}

export const touchedResident = (id: string) => ({ kind: 'resident' as const, id, caseId: null })

export const conflictOf = ({ field, mine, theirs, last }: Clash<unknown>): ConflictField => ({
  field,
  mine: asFieldValue(mine),
  theirs: asFieldValue(theirs),
  by: last.byName,
  at: last.at,
})

/** A value in a form that desks can put beside another: an address by its lines, people by their names. */
function asFieldValue(value: unknown): FieldValue {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value
  if (Array.isArray(value)) return value.map(asText)
  if (typeof value !== 'object' || value === null) return null
  const { line1, town, postcode, uprn } = value as Partial<Resident['address']>
  return [line1, town, postcode, uprn].filter((line) => line !== undefined)
}

const asText = (value: unknown): string =>
  typeof value === 'object' && value !== null && 'name' in value ? String(value.name) : String(value)
