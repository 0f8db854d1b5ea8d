import { sql } from 'kysely'
import { findDuplicates } from '#shared/cases/duplicates.ts'
import { differingFields } from '#shared/cases/resident-record.ts'
import {
  type DuplicateCandidate,
  type DuplicatesRequest,
  type MergePreview,
  mergeField,
} from '#shared/contract/rest.ts'
import type { Db } from './database/schema.ts'

/** As many as are looked at closely. */
const mostLookedAt = 500

/** Residents who may be the one of a would-be record. */
export async function duplicatesOf(
  db: Db,
  wanted: DuplicatesRequest,
): Promise<readonly DuplicateCandidate[]> {
  const { address, dateOfBirth, email, phones = [] } = wanted
  const postcode = address?.postcode?.replace(/\s/g, '').toUpperCase()
  const texts = [...phones, ...(email ? [email.toLowerCase()] : [])]
  const rows = await db
    .selectFrom('resident')
    .select('record')
    .where('merged_into', 'is', null)
    .where(({ eb, or }) =>
      or([
        ...(postcode ? [eb('postcode', '=', postcode)] : []),
        ...(address?.uprn ? [eb('uprn', '=', address.uprn)] : []),
        ...(dateOfBirth ? [eb('date_of_birth', '=', dateOfBirth)] : []),
        ...texts.map((text) => eb('search_text', 'like', `%${text.replace(/[\\%_]/g, '\\$&')}%`)),
      ]),
    )
    .orderBy('id')
    .limit(mostLookedAt)
    .execute()
  return findDuplicates(
    wanted,
    rows.map(({ record }) => record),
  )
}

/** What a merge would do; undefined when one of the two is not there. */
export async function previewMerge(
  db: Db,
  keptId: string,
  goneId: string,
): Promise<MergePreview | undefined> {
  const rows = await db.selectFrom('resident').select('record').where('id', 'in', [keptId, goneId]).execute()
  const records = new Map(rows.map(({ record }) => [record.id, record]))
  const [kept, gone] = [records.get(keptId), records.get(goneId)]
  if (!kept || !gone) return undefined
  const { rows: counts } = await sql<Record<'cases' | 'contacts' | 'timeline' | 'callbacks', number>>`
    select
      (select count(*)::int from case_record where resident_id = ${goneId}) as cases,
      (select count(*)::int from contact where resident_id = ${goneId}) as contacts,
      (select count(*)::int from timeline_entry where resident_id = ${goneId}) as timeline,
      (select count(*)::int from callback where resident_id = ${goneId}) as callbacks
  `.execute(db)
  const { cases = 0, contacts = 0, timeline = 0, callbacks = 0 } = counts[0] ?? {}
  return {
    kept,
    gone,
    moves: { cases, contacts, timeline, callbacks, warnings: gone.warnings?.length ?? 0 },
    differing: [...differingFields(kept, gone, mergeField.options)],
  }
}
