import type { Resident } from '#shared/contract/rest.ts'
import type { MovedKind, Tx } from '../database/schema.ts'
import { changesByField, type FieldChange, type FieldName } from './merge-fields.ts'
import { Refused } from './refusals.ts'
import type { Work } from './work.ts'

/** Residents by their id, held until the transaction ends; refuses one that is not there. */
export async function holdResidents(tx: Tx, ids: readonly string[]): Promise<ReadonlyMap<string, Resident>> {
  // In one order everywhere, so that two who want the same two do not wait for each other.
  const rows = await tx
    .selectFrom('resident')
    .select(['id', 'record'])
    .where('id', 'in', [...ids])
    .orderBy('id')
    .forUpdate()
    .execute()
  const held = new Map(rows.map(({ id, record }) => [id, record]))
  if (ids.some((id) => !held.has(id))) throw new Refused('resident/unknown')
  return held
}

export async function holdResident(tx: Tx, id: string): Promise<Resident> {
  const held = (await holdResidents(tx, [id])).get(id)
  if (!held) throw new Refused('resident/unknown')
  return held
}

/** The record's next version, written. */
export async function writeResident({ tx, now }: Work, record: Resident): Promise<Resident> {
  const written = { ...record, version: record.version + 1, updatedAt: now }
  await tx
    .updateTable('resident')
    .set({ record: JSON.stringify(written) })
    .where('id', '=', record.id)
    .execute()
  return written
}

export async function keepResidentHistory(
  { tx, adviser, now }: Work,
  { id, version }: Resident,
  values: Iterable<readonly [FieldName, unknown]>,
): Promise<void> {
  const rows = [...values].map(([field, value]) => ({
    resident_id: id,
    field,
    version,
    value: JSON.stringify(value ?? null),
    adviser_id: adviser.id,
    by_name: adviser.name,
    at: now,
  }))
  if (rows.length > 0) await tx.insertInto('resident_field_change').values(rows).execute()
}

export async function lastResidentChanges(
  tx: Tx,
  residentId: string,
): Promise<ReadonlyMap<FieldName, FieldChange>> {
  const rows = await tx
    .selectFrom('resident_field_change')
    .distinctOn('field')
    .select(['field', 'version', 'adviser_id', 'by_name', 'at'])
    .where('resident_id', '=', residentId)
    .orderBy('field')
    .orderBy('version', 'desc')
    .execute()
  return changesByField(rows)
}

/** A resident that an operation names, as merges have it. */
export interface NamedResident {
  /** The record that goes on. */
  readonly id: string | null
  /** Merges on the way to it, in their order; what is written now goes back with their undoing. */
  readonly mergeIds: readonly string[]
}

/**
 * Follows merges to the record that goes on, and keeps it from being merged before the transaction ends. A desk that
 * has not heard of a merge names the record that was let go; what it saved is the other one's.
 */
export async function followMerges(tx: Tx, named: string | null | undefined): Promise<NamedResident> {
  const mergeIds: string[] = []
  let id = named ?? null
  while (id !== null) {
    const found = await tx
      .selectFrom('resident')
      .select('merged_into')
      .where('id', '=', id)
      .forShare()
      .executeTakeFirst()
    if (!found) throw new Refused('resident/unknown')
    if (found.merged_into === null) break
    const merge = await tx
      .selectFrom('resident_merge')
      .select('id')
      .where('gone_id', '=', id)
      .where('undone_at', 'is', null)
      .executeTakeFirstOrThrow()
    mergeIds.push(merge.id)
    id = found.merged_into
  }
  return { id, mergeIds }
}

/** The operation's fields with the record that goes on in the place of one that was let go. */
export const withResident = <T extends { residentId?: string | null | undefined }>(
  fields: T,
  { id }: NamedResident,
): T => (fields.residentId ? { ...fields, residentId: id } : fields)

/** Keeps that a record came with these merges. One that was given to somebody else came with none. */
export async function noteMoved(
  tx: Tx,
  kind: MovedKind,
  recordId: string,
  { mergeIds }: NamedResident,
  wasElsewhere = false,
): Promise<void> {
  if (wasElsewhere) {
    await tx
      .deleteFrom('resident_merge_moved')
      .where('kind', '=', kind)
      .where('record_id', '=', recordId)
      .execute()
  }
  if (mergeIds.length === 0) return
  await tx
    .insertInto('resident_merge_moved')
    .values(mergeIds.map((mergeId) => ({ merge_id: mergeId, kind, record_id: recordId })))
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}
