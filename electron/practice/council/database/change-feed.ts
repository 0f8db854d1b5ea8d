import { type RawBuilder, sql } from 'kysely'
import { noticeChannel } from './notice-channel.ts'
import type { Database, Db, Tx } from './schema.ts'
import { scriptEntryJson } from './script-entry.ts'

type Kind = Database['change']['kind']

export interface Touched {
  readonly kind: Kind
  readonly id: string
  readonly caseId: string | null
  /** Tells only this adviser. */
  readonly onlyFor?: string
  /** The adviser must forget the record. */
  readonly deleted?: boolean
}

/** Any number will do, as long as everyone who writes the feed uses the same. */
const feedLock = 20_260_524

/** For the last statement before `noteChanges`, which then needs none of its own. */
export const takeFeedLock = sql`pg_advisory_xact_lock(${sql.lit(feedLock)}::bigint)`

/**
 * Notes at the end of a write transaction what it changed.
 *
 * Readers keep the last sequence number they saw and ask for what is above it, so numbers must become visible in
 * order. Sequence numbers alone do not: a transaction that took 7 may commit after one that took 8, and a reader
 * that saw 8 would never see 7. Therefore a number is taken only under this lock, which PostgreSQL releases after
 * the commit has become visible: whoever takes the next number commits later. Everything slow and every other lock
 * comes before, so the lock is held for the length of one insert and the commit, and cannot be part of a deadlock.
 *
 * With the commit all processes of the service hear that there is something new, and for whom.
 *
 * A record is in the feed once, at its latest change, so a first reading is as long as the data and no longer.
 */
export async function noteChanges(
  tx: Tx,
  touched: readonly Touched[],
  /** Whoever has the lock already, such as by `takeFeedLock` in a statement of its own. */
  isLocked = false,
): Promise<void> {
  if (touched.length === 0) return
  if (!isLocked) await sql`select ${takeFeedLock}`.execute(tx)
  const rows = JSON.stringify(
    touched.map(({ kind, id, caseId, onlyFor = '', deleted = false }) => [
      kind,
      id,
      caseId,
      onlyFor,
      deleted,
    ]),
  )
  await sql`
    with noted as (
      insert into change (seq, kind, record_id, case_id, only_for, deleted)
      select nextval('change_seq'), value->>0, value->>1, value->>2, value->>3, (value->>4)::boolean
      from (select value from json_array_elements(${rows}::json) with ordinality order by ordinality) as touched
      on conflict (kind, record_id, only_for)
      do update set seq = excluded.seq, case_id = excluded.case_id, deleted = excluded.deleted
      returning *
    ),
    audience as (
      select noted.seq, scope.queue_id,
        coalesce(nullif(noted.only_for, ''), scope.assigned_to) as adviser_id,
        noted.only_for = '' and (noted.deleted or scope.queue_id is null) as everyone
      from noted left join lateral (
        select queue_id, assigned_to from case_record where id = noted.case_id
        union all
        select queue_id, assigned_to from callback where noted.kind = 'callback' and id = noted.record_id
      ) as scope on noted.only_for = ''
    )
    select pg_notify(${noticeChannel}, json_build_object(
      'kind', 'changed',
      'seq', max(seq),
      'everyone', bool_or(everyone) or count(distinct queue_id) + count(distinct adviser_id) > ${mostNamed}::int,
      'queueIds', coalesce((array_agg(distinct queue_id) filter (where queue_id is not null))[:${mostNamed}::int], '{}'),
      'adviserIds', coalesce((array_agg(distinct adviser_id) filter (where adviser_id is not null))[:${mostNamed}::int], '{}')
    )::text)
    from audience
  `.execute(tx)
}

/** Queues and advisers that fit into a notice; more of them count as everyone. */
const mostNamed = 40

/**
 * Whose feed it is. Residents, scripts and what has no case are for everyone, cases and callbacks for these queues and
 * for me.
 */
export interface Scope {
  readonly adviserId: string
  readonly queueIds: readonly string[]
  /** How often the adviser's desks were told to forget; never when left out. */
  readonly wipes?: number
}

export interface FeedPage {
  /** Each as JSON of the contract's `change`: records are told as they are kept, and not read on their way. */
  readonly changes: readonly string[]
  /** Where the next page begins: nothing up to here is left to tell. */
  readonly nextSeq: number
  readonly more: boolean
}

interface Row {
  newest: number
  seq: number | null
  kind: Kind
  record_id: string
  deleted: boolean
  /** JSON. */
  record: string | null
}

/** Number of the newest change, 0 when there was none. */
export async function newestChange(db: Db): Promise<number> {
  const { newest } = await db
    .selectFrom('change')
    .select(({ fn }) => fn.coalesce(fn.max('seq'), sql<number>`0`).as('newest'))
    .executeTakeFirstOrThrow()
  return newest
}

/**
 * One statement, so a page is one moment of the database. Undefined when `afterSeq` is beyond the newest change, as
 * after a restored backup: that reader's cursor belongs to another history.
 */
export async function readChanges(
  db: Db,
  scope: Scope,
  afterSeq: number,
  limit: number,
): Promise<FeedPage | undefined> {
  const mine = sql.join(['', ...scope.queueIds])
  /** Looked up row by row: joined, PostgreSQL would read all cases to tell of three. */
  const isInScope = (table: 'case_record' | 'callback', id: RawBuilder<unknown>) => sql`coalesce((
    select scoped.queue_id is null or scoped.queue_id in (${mine}) or scoped.assigned_to is not distinct from ${scope.adviserId}::text
    from ${sql.table(table)} as scoped where scoped.id = ${id}
  ), true)`
  const isTold = sql`(
    (change.case_id is null or ${isInScope('case_record', sql.ref('change.case_id'))})
    and (change.kind <> 'callback' or ${isInScope('callback', sql.ref('change.record_id'))})
  )`
  // What was taken from an adviser is not to be forgotten by one who has it again, by other queues than then.
  const { rows } = await sql<Row>`
    with feed as (select coalesce(max(seq), 0) as newest from change),
    page as (
      select change.*
      from change
      where change.seq > ${afterSeq}::bigint
        and change.only_for in ('', ${scope.adviserId}::text)
        and case when change.deleted then change.only_for = '' or not ${isTold} else ${isTold} end
      order by change.seq
      limit ${limit + 1}::int
    )
    select feed.newest, page.seq, page.kind, page.record_id, page.deleted,
      case page.kind
        when 'resident' then (select record from resident where id = page.record_id)
        when 'case' then (select record from case_record where id = page.record_id)
        when 'timeline' then (select record from timeline_entry where id = page.record_id)
        when 'contact' then (select record from contact where id = page.record_id)
        when 'callback' then (select record from callback where id = page.record_id)
        when 'script' then (
          select ${scriptEntryJson} from script where id = page.record_id order by withdrawn, version desc limit 1
        )
      end::text as record
    from feed left join page on true
    order by page.seq
  `.execute(db)
  const newest = rows[0]?.newest ?? 0
  if (newest < afterSeq) return undefined
  const told = rows.filter(({ seq }) => seq !== null)
  const shown = told.slice(0, limit)
  const more = told.length > limit
  return { changes: shown.map(changeOf), nextSeq: more ? (shown.at(-1)?.seq ?? newest) : newest, more }
}

/** What was checked on its way in is not checked again on its way out. */
function changeOf({ kind, record_id, deleted, record }: Row): string {
  const rest = deleted || record === null ? '"deleted":true' : `"record":${record}`
  return `{"kind":"${kind}","id":${JSON.stringify(record_id)},${rest}}`
}
