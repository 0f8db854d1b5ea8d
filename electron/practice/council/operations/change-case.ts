import { sql } from 'kysely'
import type {
  CaseRecord,
  ConflictField,
  FieldValue,
  Operation,
  OperationResult,
} from '#shared/contract/rest.ts'
import type { Touched } from '../database/change-feed.ts'
import type { Tx } from '../database/schema.ts'
import { requireAdviser } from './known-records.ts'
import { mergeCase, withValues } from './merge-case.ts'
import { type Clash, changesByField, type FieldChange, type FieldName } from './merge-fields.ts'
import { Refused } from './refusals.ts'
import { followMerges, noteMoved, withResident } from './resident-rows.ts'
import type { Applied, Work } from './work.ts'

type ChangeCase = Extract<Operation, { kind: 'case.change' }>

export async function changeCase(
  work: Work,
  { id, caseId, baseVersion, change }: ChangeCase,
): Promise<Applied> {
  const { tx, adviser, now } = work
  // Residents before what belongs to them, as a merge does, or the two would wait for each other.
  const named = await followMerges(tx, change.residentId)
  const row = await tx
    .selectFrom('case_record')
    .select('record')
    .where('id', '=', caseId)
    .forUpdate()
    .executeTakeFirst()
  if (!row) throw new Refused('case/unknown')
  const current = row.record
  if (baseVersion > current.version) throw new Refused('case/unknown-version')
  await requireAdviser(tx, change.assignedTo)

  const history = await lastChanges(tx, caseId)
  const wanted = withResident(change, named)
  const { applied, clashes } = mergeCase(current, wanted, baseVersion, adviser.id, history)
  const fields = clashes.map(conflictOf)
  const result: OperationResult =
    fields.length === 0 ? { id, outcome: 'applied' } : { id, outcome: 'conflict', fields }
  if (applied.size === 0) return { result, touched: [] }

  const changed = { ...withValues(current, applied), version: current.version + 1, updatedAt: now }
  await tx
    .updateTable('case_record')
    .set({ record: JSON.stringify(changed) })
    .where('id', '=', caseId)
    .execute()
  await keepHistory(work, changed, applied)
  if (applied.has('residentId')) await noteMoved(tx, 'case', caseId, named, true)
  const moved = await reassigned(tx, current, changed)
  return { result, touched: [{ kind: 'case', id: caseId, caseId }, ...moved] }
}

const conflictOf = ({ field, mine, theirs, last }: Clash<FieldValue>): ConflictField => ({
  field,
  mine,
  theirs,
  by: last.byName,
  at: last.at,
})

async function lastChanges(tx: Tx, caseId: string): Promise<ReadonlyMap<FieldName, FieldChange>> {
  const rows = await tx
    .selectFrom('case_field_change')
    .distinctOn('field')
    .select(['field', 'version', 'adviser_id', 'by_name', 'at'])
    .where('case_id', '=', caseId)
    .orderBy('field')
    .orderBy('version', 'desc')
    .execute()
  return changesByField(rows)
}

async function keepHistory(
  { tx, adviser, now }: Work,
  { id, version }: CaseRecord,
  applied: ReadonlyMap<FieldName, FieldValue>,
): Promise<void> {
  const rows = [...applied].map(([field, value]) => ({
    case_id: id,
    field,
    version,
    value: JSON.stringify(value),
    adviser_id: adviser.id,
    by_name: adviser.name,
    at: now,
  }))
  await tx.insertInto('case_field_change').values(rows).execute()
}

/**
 * A case of a queue that an adviser does not take enters and leaves that adviser's feed with its assignment. Who
 * lost it is told to forget it; who got it is told all that happened to it before.
 */
async function reassigned(tx: Tx, before: CaseRecord, after: CaseRecord): Promise<readonly Touched[]> {
  if (before.assignedTo === after.assignedTo || after.queueId === null) return []
  const advisers = await tx
    .selectFrom('adviser')
    .select(['id', 'queue_ids'])
    .where('id', 'in', [before.assignedTo ?? '', after.assignedTo ?? ''])
    .execute()
  const affected = advisers.filter(({ queue_ids }) => !queue_ids.includes(after.queueId ?? ''))
  if (affected.length === 0) return []
  const { rows: parts } = await sql<{ kind: 'timeline' | 'contact'; id: string }>`
    select 'timeline' as kind, id from timeline_entry where case_id = ${after.id}
    union all select 'contact', id from contact where case_id = ${after.id}
  `.execute(tx)
  return affected.flatMap((adviser) => {
    const deleted = adviser.id === before.assignedTo
    const told = [{ kind: 'case' as const, id: after.id }, ...parts]
    return told.map(({ kind, id }) => ({ kind, id, caseId: after.id, onlyFor: adviser.id, deleted }))
  })
}
