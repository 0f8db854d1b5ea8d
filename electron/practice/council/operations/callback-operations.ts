import { type Callback, callback, type Operation } from '#shared/contract/rest.ts'
import type { Touched } from '../database/change-feed.ts'
import type { Tx } from '../database/schema.ts'
import { extraMembers } from './kept-members.ts'
import { requireAdviser, requireCase, requireQueue, requireResident } from './known-records.ts'
import { Refused } from './refusals.ts'
import type { Applied, Work } from './work.ts'

type SaveCallback = Extract<Operation, { kind: 'callback.save' }>

/** What a new callback holds until it is said. */
const newCallback = {
  version: 0,
  name: '',
  reason: '',
  residentId: null,
  caseId: null,
  contactId: null,
  assignedTo: null,
  queueId: null,
  status: 'due',
  closedAt: null,
} as const

export async function saveCallback(work: Work, { id, callbackId, fields }: SaveCallback): Promise<Applied> {
  const { tx, now } = work
  await requireResident(tx, fields.residentId)
  await requireCase(tx, fields.caseId)
  await requireAdviser(tx, fields.assignedTo)
  await requireQueue(tx, fields.queueId)
  // Made first, so that two operations on a new callback at the same time wait for each other at its row.
  await tx
    .insertInto('callback')
    .values({ id: callbackId, record: JSON.stringify(newCallback) })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute()
  const { record: known } = await tx
    .selectFrom('callback')
    .select('record')
    .where('id', '=', callbackId)
    .forUpdate()
    .executeTakeFirstOrThrow()
  const saved = {
    ...known,
    ...extraMembers(work.raw, 'fields'),
    ...fields,
    id: callbackId,
    version: known.version + 1,
    updatedAt: now,
  }
  const complete = callback.safeParse(saved)
  if (!complete.success) throw new Refused('callback/incomplete')
  await tx
    .updateTable('callback')
    .set({ record: JSON.stringify(saved) })
    .where('id', '=', callbackId)
    .execute()
  const moved = known.version === 0 ? [] : await lostTo(tx, known, complete.data)
  return {
    result: { id, outcome: 'applied' },
    touched: [{ kind: 'callback', id: callbackId, caseId: null }, ...moved],
  }
}

/** Whoever had the callback in the feed and has it no more is told to forget it. */
async function lostTo(tx: Tx, before: Callback, after: Callback): Promise<readonly Touched[]> {
  if (before.assignedTo === after.assignedTo && before.queueId === after.queueId) return []
  const advisers = await tx.selectFrom('adviser').select(['id', 'queue_ids']).execute()
  const isTold = ({ assignedTo, queueId }: Callback, { id, queue_ids }: (typeof advisers)[number]): boolean =>
    assignedTo === id || queueId === null || queue_ids.includes(queueId)
  return advisers
    .filter((adviser) => isTold(before, adviser) && !isTold(after, adviser))
    .map(({ id }) => ({ kind: 'callback', id: after.id, caseId: null, onlyFor: id, deleted: true }))
}
