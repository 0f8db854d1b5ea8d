import { sql } from 'kysely'
import type { z } from 'zod'
import { extraMembers } from './kept-members.ts'
import { type RefusalCode, Refused } from './refusals.ts'
import type { Work } from './work.ts'

interface Versioned {
  readonly version: number
}

export interface FieldsToSave<T extends Versioned> {
  readonly table: 'contact' | 'callback'
  readonly id: string
  readonly fields: object
  /** What a complete record is; an incomplete one is refused with the code. */
  readonly schema: z.ZodType<T>
  readonly incomplete: RefusalCode
  /** Inserts a new record that holds nothing yet, unless there is one. */
  insertUnlessKnown(): Promise<unknown>
}

/** Creates a record from its first fields, or changes the named fields of one. `before` of a new one has version 0. */
export async function saveFields<T extends Versioned>(
  { tx, raw, now }: Work,
  { table, id, fields, schema, incomplete, insertUnlessKnown }: FieldsToSave<T>,
): Promise<{ before: T; after: T }> {
  // Made first, so that two operations on a new record at the same time wait for each other at its row.
  await insertUnlessKnown()
  const known = await sql<{ record: T }>`
    select record from ${sql.table(table)} where id = ${id} for update
  `.execute(tx)
  const before = known.rows[0]?.record
  if (!before) throw new Error('the record is gone')
  const saved = {
    ...before,
    ...extraMembers(raw, 'fields'),
    ...fields,
    id,
    version: before.version + 1,
    updatedAt: now,
  }
  const complete = schema.safeParse(saved)
  if (!complete.success) throw new Refused(incomplete)
  await sql`update ${sql.table(table)} set record = ${JSON.stringify(saved)} where id = ${id}`.execute(tx)
  return { before, after: complete.data }
}
