import { type Callback, callback, type Operation } from '#shared/contract/rest.ts'
import type { Touched } from '../database/change-feed.ts'
import type { Tx } from '../database/schema.ts'
import { requireAdviser, requireCase, requireQueue } from './known-records.ts'
import { followMerges, noteMoved, withResident } from './resident-rows.ts'
import { saveFields } from './save-fields.ts'
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
  const { tx } = work
  const named = await followMerges(tx, fields.residentId)
  await requireCase(tx, fields.caseId)
  await requireAdviser(tx, fields.assignedTo)
  await requireQueue(tx, fields.queueId)
  const { before, after } = await saveFields(work, {
    table: 'callback',
    id: callbackId,
    fields: withResident(fields, named),
    schema: callback,
    incomplete: 'callback/incomplete',
    insertUnlessKnown: () =>
      tx
        .insertInto('callback')
        .values({ id: callbackId, record: JSON.stringify(newCallback) })
        .onConflict((conflict) => conflict.column('id').doNothing())
        .execute(),
  })
  await noteMoved(tx, 'callback', callbackId, named, before.residentId !== after.residentId)
  const moved = before.version === 0 ? [] : await lostTo(tx, before, after)
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
