import { withWarning, withWarnings } from '#shared/cases/resident-record.ts'
import type { Operation, Resident, Warning } from '#shared/contract/rest.ts'
import { extraMembers } from './kept-members.ts'
import { Refused } from './refusals.ts'
import { touchedResident } from './resident-operations.ts'
import { followMerges, holdResident, noteMoved, writeResident } from './resident-rows.ts'
import type { Applied, Work } from './work.ts'

type SaveWarning = Extract<Operation, { kind: 'warning.save' }>
type RemoveWarning = Extract<Operation, { kind: 'warning.remove' }>

/** A warning of a record that was let go warns of the one that goes on: it is about the person. */
export async function saveWarning(work: Work, operation: SaveWarning): Promise<Applied> {
  const { tx, adviser, now } = work
  const { id, residentId, warning } = operation
  const named = await followMerges(tx, residentId)
  const current = await holdResident(tx, named.id ?? residentId)
  const known = current.warnings?.find((each) => each.id === warning.id)
  const saved: Warning = {
    ...extraMembers(work.raw, 'warning'),
    ...warning,
    addedAt: known?.addedAt ?? now,
    addedBy: known?.addedBy ?? adviser.name,
  }
  const changed = await writeResident(work, withWarning(current, saved))
  if (!known) await noteMoved(tx, 'warning', warning.id, named)
  await keepEvent(work, changed, warning.id, known ? 'changed' : 'added', saved, null)
  return { result: { id, outcome: 'applied' }, touched: [touchedResident(changed.id)] }
}

export async function removeWarning(work: Work, operation: RemoveWarning): Promise<Applied> {
  const { id, residentId, warningId, reason } = operation
  const named = await followMerges(work.tx, residentId)
  const current = await holdResident(work.tx, named.id ?? residentId)
  const known = current.warnings?.find((each) => each.id === warningId)
  if (!known) throw new Refused('warning/unknown')
  const changed = await writeResident(
    work,
    withWarnings(current, (each) => each.id !== warningId),
  )
  await keepEvent(work, changed, warningId, 'removed', known, reason)
  return { result: { id, outcome: 'applied' }, touched: [touchedResident(changed.id)] }
}

async function keepEvent(
  { tx, adviser, now }: Work,
  resident: Resident,
  warningId: string,
  action: 'added' | 'changed' | 'removed',
  warning: Warning,
  reason: string | null,
): Promise<void> {
  await tx
    .insertInto('warning_event')
    .values({
      resident_id: resident.id,
      warning_id: warningId,
      action,
      adviser_id: adviser.id,
      at: now,
      warning: JSON.stringify(warning),
      reason,
    })
    .execute()
}
