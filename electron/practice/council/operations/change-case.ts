import { sql } from 'kysely'
import type { CaseRecord, FieldValue, Operation, OperationResult } from '#shared/contract/rest.ts'
import type { Touched } from '../database/change-feed.ts'
import type { Tx } from '../database/schema.ts'
import { requireAdviser, requireResident } from './known-records.ts'
import { type FieldChange, type FieldName, mergeCase, withValues } from './merge-case.ts'
import { Refused } from './refusals.ts'
import type { Applied, Work } from './work.ts'

type ChangeCase = Extract<Operation, { kind: 'case.change' }>

export async function changeCase(
  work: Work,
  { id, caseId, baseVersion, change }: ChangeCase,
): Promise<Applied> {
  const { tx, adviser, now } = work
  const row = await tx
    .selectFrom('case_record')
    .select('record')
    .where('id', '=', caseId)
    .forUpdate()
    .executeTakeFirst()
  if (!row) throw new Refused('case/unknown')
  const current = row.record
  if (baseVersion > current.version) throw new Refused('case/unknown-version')
  await requireResident(tx, change.residentId)
  await requireAdviser(tx, change.assignedTo)

  const history = await lastChanges(tx, caseId)
  const { applied, conflicts } = mergeCase(current, change, baseVersion, adviser.id, history)
  const result: OperationResult =
    conflicts.length === 0 ? { id, outcome: 'applied' } : { id, outcome: 'conflict', fields: [...conflicts] }
  if (applied.size === 0) return { result, touched: [] }

  const changed = { ...withValues(current, applied), version: current.version + 1, updatedAt: now }
  await tx
    .updateTable('case_record')
    .set({ record: JSON.stringify(changed) })
    .where('id', '=', caseId)
    .execute()
  await keepHistory(work, changed, applied)
  const moved = await reassigned(tx, current, changed)
  return { result, touched: [{ kind: 'case', id: caseId, caseId }, ...moved] }
}

async function lastChanges(tx: Tx, caseId: string): Promise<ReadonlyMap<FieldName, FieldChange>> {
  const rows = await tx
    .selectFrom('case_field_change')
    .distinctOn('field')
    .select(['field', 'version', 'adviser_id', 'by_name', 'at'])
    .where('case_id', '=', caseId)
    .orderBy('field')
    .orderBy('version', 'desc')
    .execute()
  return new Map(
    rows.map(({ field, version, adviser_id, by_name, at }) => [
      field,
      { version, adviserId: adviser_id, byName: by_name, at },
    ]),
  )
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
