import { contact, type Operation, type TimelineEntry } from '#shared/contract/rest.ts'
import { retellAlerts } from '../alerts.ts'
import { extraMembers } from './kept-members.ts'
import { requireCase, requireQueue } from './known-records.ts'
import { Refused } from './refusals.ts'
import { followMerges, noteMoved, withResident } from './resident-rows.ts'
import { saveFields } from './save-fields.ts'
import type { Applied, Work } from './work.ts'

type SaveContact = Extract<Operation, { kind: 'contact.save' }>
type AppendTimeline = Extract<Operation, { kind: 'timeline.append' }>

/** What a new contact holds until it is said. */
const newContact = {
  version: 0,
  queueId: null,
  endedAt: null,
  residentId: null,
  caseId: null,
  disposition: null,
  identity: null,
  script: null,
  callId: null,
}

export async function saveContact(work: Work, { id, contactId, fields }: SaveContact): Promise<Applied> {
  const { tx, adviser } = work
  const named = await followMerges(tx, fields.residentId)
  await requireCase(tx, fields.caseId)
  await requireQueue(tx, fields.queueId)
  const { before, after } = await saveFields(work, {
    table: 'contact',
    id: contactId,
    fields: withResident(fields, named),
    schema: contact,
    incomplete: 'contact/incomplete',
    insertUnlessKnown: () =>
      tx
        .insertInto('contact')
        .values({ id: contactId, adviser_id: adviser.id, record: JSON.stringify(newContact) })
        .onConflict((conflict) => conflict.column('id').doNothing())
        .execute(),
  })
  await noteMoved(tx, 'contact', contactId, named, before.residentId !== after.residentId)
  const { caseId } = after
  return { result: { id, outcome: 'applied' }, touched: [{ kind: 'contact', id: contactId, caseId }] }
}

export async function appendTimeline(work: Work, { id, entryId, entry }: AppendTimeline): Promise<Applied> {
  const { tx, adviser } = work
  const named = await followMerges(tx, entry.residentId)
  await requireCase(tx, entry.caseId)
  const record: TimelineEntry = {
    ...extraMembers(work.raw, 'entry'),
    ...withResident(entry, named),
    id: entryId,
    by: adviser.name,
  }
  const inserted = await tx
    .insertInto('timeline_entry')
    .values({ id: entryId, case_id: entry.caseId, record: JSON.stringify(record) })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .returning('id')
    .executeTakeFirst()
  if (!inserted) throw new Refused('timeline/exists')
  await noteMoved(tx, 'timeline', entryId, named)
  if (entry.kind === 'risk' && entry.contactId !== null) await retellAlerts(tx, entry.contactId)
  return {
    result: { id, outcome: 'applied' },
    touched: [{ kind: 'timeline', id: entryId, caseId: entry.caseId }],
  }
}
