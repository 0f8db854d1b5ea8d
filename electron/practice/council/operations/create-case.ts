import { sql } from 'kysely'
import type { CaseRecord, Operation } from '#shared/contract/rest.ts'
import type { Tx } from '../database/schema.ts'
import { formatReference, referencePrefix } from '../reference.ts'
import { extraMembers } from './kept-members.ts'
import { requireAdviser, requireQueue } from './known-records.ts'
import { Refused } from './refusals.ts'
import { followMerges, noteMoved, withResident } from './resident-rows.ts'
import type { Applied, Work } from './work.ts'

type CreateCase = Extract<Operation, { kind: 'case.create' }>

export async function createCase(work: Work, { id, caseId, record }: CreateCase): Promise<Applied> {
  const { tx, now } = work
  const named = await followMerges(tx, record.residentId)
  await requireAdviser(tx, record.assignedTo)
  await requireQueue(tx, record.queueId)
  const created: CaseRecord = {
    ...extraMembers(work.raw, 'record'),
    // Listed when they have arrived.
    attachments: undefined,
    ...withResident(record, named),
    id: caseId,
    version: 1,
    updatedAt: now,
    reference: await nextReference(tx, record.serviceCode, now),
  }
  const inserted = await tx
    .insertInto('case_record')
    .values({ id: caseId, record: JSON.stringify(created) })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .returning('id')
    .executeTakeFirst()
  if (!inserted) throw new Refused('case/exists')
  await noteMoved(tx, 'case', caseId, named)
  return { result: { id, outcome: 'applied' }, touched: [{ kind: 'case', id: caseId, caseId }] }
}

async function nextReference(tx: Tx, serviceCode: number, now: string): Promise<string> {
  const prefix = referencePrefix(serviceCode)
  const year = Number(now.slice(0, 4))
  const { last } = await tx
    .insertInto('reference_counter')
    .values({ prefix, year, last: 1 })
    .onConflict((conflict) =>
      conflict.columns(['prefix', 'year']).doUpdateSet({ last: sql<number>`reference_counter.last + 1` }),
    )
    .returning('last')
    .executeTakeFirstOrThrow()
  return formatReference(prefix, year, last)
}
