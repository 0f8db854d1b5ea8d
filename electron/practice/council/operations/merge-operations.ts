import { takenFields, withResidentFields, withWarning, withWarnings } from '#shared/cases/resident-record.ts'
import { type MergeField, mergeField, type Operation, type Resident } from '#shared/contract/rest.ts'
import type { Touched } from '../database/change-feed.ts'
import type { Tx } from '../database/schema.ts'
import { type Clash, same } from './merge-fields.ts'
import { moveAll, moveBack } from './moved-records.ts'
import { Refused } from './refusals.ts'
import { conflictOf, touchedResident } from './resident-operations.ts'
import { holdResidents, keepResidentHistory, lastResidentChanges, writeResident } from './resident-rows.ts'
import type { Applied, Work } from './work.ts'

type Merge = Extract<Operation, { kind: 'resident.merge' }>
type Unmerge = Extract<Operation, { kind: 'resident.unmerge' }>

/** Everything of the gone record becomes the kept one's; what was moved is written down one by one. */
export async function mergeResidents(work: Work, operation: Merge): Promise<Applied> {
  const { tx, adviser, now } = work
  const { id, mergeId, keptId, goneId, baseVersions, take } = operation
  if (keptId === goneId) throw new Refused('merge/same-resident')
  const { kept, gone } = await holdBoth(tx, keptId, goneId)
  if (kept.mergedInto !== undefined || gone.mergedInto !== undefined) throw new Refused('resident/merged')
  await refuseUnlessSeen(work, kept, baseVersions.kept)
  await refuseUnlessSeen(work, gone, baseVersions.gone)

  const taken = takenFields(kept, gone, take)
  const inserted = await tx
    .insertInto('resident_merge')
    .values({
      id: mergeId,
      kept_id: keptId,
      gone_id: goneId,
      adviser_id: adviser.id,
      by_name: adviser.name,
      at: now,
      kept_before: JSON.stringify(kept),
      taken: JSON.stringify(taken),
    })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .returning('id')
    .executeTakeFirst()
  if (!inserted) throw new Refused('merge/exists')

  const warnings = gone.warnings ?? []
  const warned = warnings.reduce(withWarning, withResidentFields(kept, taken))
  const mergedFrom = [...(kept.mergedFrom ?? []), { mergeId, residentId: goneId, at: now, by: adviser.name }]
  const keptNow = await writeResident(work, { ...warned, mergedFrom })
  await keepResidentHistory(work, keptNow, [...Object.entries(taken), [merges, mergeId]])
  const pointer = withWarnings({ ...gone, mergedInto: keptId }, () => false)
  await keepResidentHistory(work, await writeResident(work, pointer), [[merges, mergeId]])
  const moved = await moveAll(work, { mergeId, fromId: goneId, toId: keptId, warnings })
  return {
    result: { id, outcome: 'applied' },
    touched: [touchedResident(keptId), touchedResident(goneId), ...moved],
  }
}

/** Parts two records again. What was changed in the kept one since stays, and is answered as a conflict. */
export async function unmergeResidents(work: Work, { id, mergeId }: Unmerge): Promise<Applied> {
  const { tx, adviser, now } = work
  const merge = await tx
    .selectFrom('resident_merge')
    .selectAll()
    .where('id', '=', mergeId)
    .forUpdate()
    .executeTakeFirst()
  if (!merge) throw new Refused('merge/unknown')
  if (merge.undone_at !== null) throw new Refused('merge/undone-already')
  const { kept, gone } = await holdBoth(tx, merge.kept_id, merge.gone_id)
  await refuseBeforeLater(tx, merge)

  const { restored, clashes } = await restoredFields(tx, kept, merge.kept_before, merge.taken)
  const movedWarnings = await warningsOf(tx, mergeId)
  const isBack = (warning: { readonly id: string }) => movedWarnings.has(warning.id)
  const back = (kept.warnings ?? []).filter(isBack)
  const mergedFrom = kept.mergedFrom?.filter((each) => each.mergeId !== mergeId) ?? []
  const { mergedFrom: _, ...parted } = withResidentFields(kept, restored)
  const keptNow = await writeResident(
    work,
    withWarnings(mergedFrom.length === 0 ? parted : { ...parted, mergedFrom }, (each) => !isBack(each)),
  )
  await keepResidentHistory(work, keptNow, [...Object.entries(restored), [merges, null]])
  const { mergedInto: __, ...own } = gone
  const goneNow = await writeResident(work, back.reduce(withWarning, own))
  await keepResidentHistory(work, goneNow, [[merges, null]])
  const moved = await moveBack(work, { mergeId, fromId: kept.id, toId: gone.id })
  await tx
    .updateTable('resident_merge')
    .set({ undone_at: now, undone_by: adviser.id })
    .where('id', '=', mergeId)
    .execute()
  return {
    result:
      clashes.length === 0
        ? { id, outcome: 'applied' }
        : { id, outcome: 'conflict', fields: clashes.map(conflictOf) },
    touched: [touchedResident(kept.id), touchedResident(gone.id), ...moved] satisfies readonly Touched[],
  }
}

/** In the history of a record: that it was merged or parted, which any later merge must have seen. */
const merges = 'merges'

async function holdBoth(tx: Tx, keptId: string, goneId: string): Promise<{ kept: Resident; gone: Resident }> {
  const held = await holdResidents(tx, [keptId, goneId])
  const kept = held.get(keptId)
  const gone = held.get(goneId)
  if (!kept || !gone) throw new Refused('resident/unknown')
  return { kept, gone }
}

/** A merge is decided on two records as they were seen: somebody else’s change since asks for another look. */
async function refuseUnlessSeen({ tx, adviser }: Work, record: Resident, baseVersion: number): Promise<void> {
  if (baseVersion > record.version) throw new Refused('resident/unknown-version')
  const changes = await lastResidentChanges(tx, record.id)
  const isUnseen = [...changes.values()].some(
    ({ version, adviserId }) => version > baseVersion && adviserId !== adviser.id,
  )
  if (isUnseen) throw new Refused('resident/changed')
}

/** Merges are undone in the opposite order: a later one may have moved or taken what this one did. */
async function refuseBeforeLater(
  tx: Tx,
  { number, kept_id, gone_id }: { number: number; kept_id: string; gone_id: string },
): Promise<void> {
  const both = [kept_id, gone_id]
  const later = await tx
    .selectFrom('resident_merge')
    .select('id')
    .where('number', '>', number)
    .where('undone_at', 'is', null)
    .where(({ eb, or }) => or([eb('kept_id', 'in', both), eb('gone_id', 'in', both)]))
    .executeTakeFirst()
  if (later) throw new Refused('merge/later-merge')
}

async function restoredFields(
  tx: Tx,
  kept: Resident,
  before: Resident,
  taken: Partial<Record<MergeField, unknown>>,
) {
  const restored: Partial<Record<MergeField, unknown>> = {}
  const clashes: Clash<unknown>[] = []
  const lastChanges = await lastResidentChanges(tx, kept.id)
  for (const field of mergeField.options.filter((each) => each in taken)) {
    const theirs = kept[field] ?? null
    const mine = before[field] ?? null
    if (same(theirs, taken[field])) restored[field] = mine
    else {
      const last = lastChanges.get(field)
      if (last && !same(theirs, mine)) clashes.push({ field, mine, theirs, last })
    }
  }
  return { restored: restored as Parameters<typeof withResidentFields>[1], clashes }
}

async function warningsOf(tx: Tx, mergeId: string): Promise<ReadonlySet<string>> {
  const rows = await tx
    .selectFrom('resident_merge_moved')
    .select('record_id')
    .where('merge_id', '=', mergeId)
    .where('kind', '=', 'warning')
    .execute()
  return new Set(rows.map(({ record_id }) => record_id))
}
