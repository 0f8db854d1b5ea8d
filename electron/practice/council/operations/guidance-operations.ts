import type { Alert, HandOver, Operation } from '#shared/contract/rest.ts'
import { notify } from '../notices.ts'
import { extraMembers } from './kept-members.ts'
import { requireResident } from './known-records.ts'
import { Refused } from './refusals.ts'
import type { Applied, Work } from './work.ts'

type HandOverContact = Extract<Operation, { kind: 'contact.hand-over' }>
type RaiseAlert = Extract<Operation, { kind: 'alert.raise' }>
type ReportScript = Extract<Operation, { kind: 'script.report' }>

/**
 * Keeps what goes with a call that is passed on; the newest of a contact counts. Neither contact nor case need be known
 * yet: the call is passed on before the adviser has wrapped up.
 */
export async function handOverContact(work: Work, operation: HandOverContact): Promise<Applied> {
  const { tx, adviser } = work
  const { id, contactId, handOver } = operation
  await requireResident(tx, handOver.residentId)
  const kept: HandOver = {
    ...extraMembers(work.raw, 'handOver'),
    ...handOver,
    contactId,
    at: notAfter(work.now, operation.at),
    by: adviser.name,
  }
  const record = JSON.stringify(kept)
  await tx
    .insertInto('hand_over')
    .values({ contact_id: contactId, adviser_id: adviser.id, record })
    .onConflict((conflict) => conflict.column('contact_id').doUpdateSet({ adviser_id: adviser.id, record }))
    .execute()
  return { result: { id, outcome: 'applied' }, touched: [] }
}

export async function raiseAlert(work: Work, { id, at, alertId, alert }: RaiseAlert): Promise<Applied> {
  const { tx, adviser } = work
  const raised: Alert = {
    ...alert,
    id: alertId,
    raisedAt: notAfter(work.now, at),
    raisedBy: adviser.name,
    toldTo: [],
    acknowledgedBy: null,
    acknowledgedAt: null,
  }
  const inserted = await tx
    .insertInto('alert')
    .values({ id: alertId, adviser_id: adviser.id, record: JSON.stringify(raised) })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .returning('id')
    .executeTakeFirst()
  if (!inserted) throw new Refused('alert/exists')
  await notify(tx, { kind: 'alert', alertId })
  return { result: { id, outcome: 'applied' }, touched: [] }
}

export async function reportScript(work: Work, { id, at, reportId, report }: ReportScript): Promise<Applied> {
  const { tx, adviser } = work
  const { scriptId, version, stepId, comment } = report
  const known = await tx
    .selectFrom('script')
    .select('id')
    .where('id', '=', scriptId)
    .where('version', '=', version)
    .executeTakeFirst()
  if (!known) throw new Refused('script/unknown')
  const inserted = await tx
    .insertInto('script_report')
    .values({
      id: reportId,
      script_id: scriptId,
      version,
      step_id: stepId,
      comment,
      adviser_id: adviser.id,
      by_name: adviser.name,
      at: notAfter(work.now, at),
    })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .returning('id')
    .executeTakeFirst()
  if (!inserted) throw new Refused('report/exists')
  return { result: { id, outcome: 'applied' }, touched: [] }
}

/** When the adviser did it, in UTC; a desk whose clock is ahead did it now. */
const notAfter = (now: string, at: string): string =>
  new Date(Math.min(Date.parse(at), Date.parse(now))).toISOString()
