import { sql } from 'kysely'
import type { Warning } from '#shared/contract/rest.ts'
import type { Touched } from '../database/change-feed.ts'
import type { MovedKind, Tx } from '../database/schema.ts'
import type { Work } from './work.ts'

type RecordKind = Exclude<MovedKind, 'warning'>

const tables = {
  case: 'case_record',
  timeline: 'timeline_entry',
  contact: 'contact',
  callback: 'callback',
} as const satisfies Record<RecordKind, string>

const kinds: readonly RecordKind[] = ['case', 'timeline', 'contact', 'callback']

interface Move {
  readonly mergeId: string
  readonly fromId: string
  readonly toId: string
}

/** Gives all of one resident to another and writes down what it was. */
export async function moveAll(
  work: Work,
  move: Move & { readonly warnings: readonly Warning[] },
): Promise<readonly Touched[]> {
  const touched: Touched[] = []
  const noted = move.warnings.map(({ id }) => ({ kind: 'warning' as MovedKind, record_id: id }))
  for (const kind of kinds) {
    const rows = await holdRecords(work.tx, kind, sql`resident_id = ${move.fromId}`)
    await give(work, kind, rows, move.toId)
    noted.push(...rows.map(({ id }) => ({ kind, record_id: id })))
    touched.push(...rows.map((row) => touchedBy(kind, row)))
  }
  if (noted.length > 0) {
    await work.tx
      .insertInto('resident_merge_moved')
      .values(noted.map((each) => ({ ...each, merge_id: move.mergeId })))
      .execute()
  }
  return touched
}

/** Gives back what the merge moved, but for what was given to somebody else since. */
export async function moveBack(work: Work, { mergeId, fromId, toId }: Move): Promise<readonly Touched[]> {
  const touched: Touched[] = []
  for (const kind of kinds) {
    const moved = sql`resident_id = ${fromId} and id in (
      select record_id from resident_merge_moved where merge_id = ${mergeId} and kind = ${kind}
    )`
    const rows = await holdRecords(work.tx, kind, moved)
    await give(work, kind, rows, toId)
    touched.push(...rows.map((row) => touchedBy(kind, row)))
  }
  return touched
}

interface Row {
  readonly id: string
  readonly case_id: string | null
  readonly record: Readonly<Record<string, unknown>> & { readonly version?: number }
}

async function holdRecords(tx: Tx, kind: RecordKind, where: ReturnType<typeof sql>): Promise<readonly Row[]> {
  const { rows } = await sql<Row>`
    select id, record, ${caseIdOf(kind)} as case_id from ${sql.table(tables[kind])}
    where ${where} order by id for update
  `.execute(tx)
  return rows
}

function caseIdOf(kind: RecordKind) {
  switch (kind) {
    case 'case':
      return sql`id`
    case 'callback':
      return sql`null::text`
    default:
      return sql`case_id`
  }
}

async function give(work: Work, kind: RecordKind, rows: readonly Row[], residentId: string): Promise<void> {
  if (rows.length === 0) return
  const { tx, now, adviser } = work
  const given = rows.map(({ id, record }) => {
    // Entries of a timeline have neither.
    const next = record.version === undefined ? {} : { version: record.version + 1, updatedAt: now }
    return { id, record: { ...record, residentId, ...next } }
  })
  await sql`
    update ${sql.table(tables[kind])} as moved set record = given.value->'record'
    from json_array_elements(${JSON.stringify(given)}::json) as given
    where moved.id = given.value->>'id'
  `.execute(tx)
  if (kind !== 'case') return
  await tx
    .insertInto('case_field_change')
    .values(
      given.map(({ id, record }) => ({
        case_id: id,
        field: 'residentId',
        version: record.version ?? 1,
        value: JSON.stringify(residentId),
        adviser_id: adviser.id,
        by_name: adviser.name,
        at: now,
      })),
    )
    .execute()
}

const touchedBy = (kind: RecordKind, { id, case_id }: Row): Touched => ({ kind, id, caseId: case_id })
