import { type Kysely, type Migration, type MigrationProvider, Migrator, sql } from 'kysely'
import { residentsStatements } from './residents-migration.ts'
import type { Db } from './schema.ts'
import { serviceStatements } from './service-migration.ts'

const first: Migration = {
  up: async (db: Kysely<unknown>) => {
    for (const statement of statements) await sql.raw(statement).execute(db)
  },
}

const statements = [
  `create table council (id text primary key, seeded_on text)`,

  `create table adviser (
    id text primary key,
    username text not null unique,
    name text not null,
    languages json not null,
    queue_ids json not null,
    password_hash text not null,
    sip_username text not null unique,
    sip_password text not null
  )`,

  `create table token (
    hash text primary key,
    kind text not null,
    adviser_id text not null references adviser (id),
    sign_in_id text not null,
    expires_at bigint not null
  )`,
  `create index token_sign_in on token (sign_in_id)`,

  `create table queue (
    id text primary key,
    position int not null,
    name text not null,
    dialled_number text not null,
    preferred_script_id text not null
  )`,

  `create table resident (
    id text primary key,
    record json not null,
    search_text text not null generated always as (lower(
      coalesce(record->>'givenName', '') || ' ' || coalesce(record->>'familyName', '') || ' ' ||
      coalesce(record->'address'->>'line1', '') || ' ' || coalesce(record->'address'->>'town', '') || ' ' ||
      coalesce(record->'address'->>'postcode', '') || ' ' ||
      replace(coalesce(record->'address'->>'postcode', ''), ' ', '') || ' ' ||
      coalesce(record->>'phones', '') || ' ' || coalesce(record->>'email', '')
    )) stored
  )`,

  `create table case_record (
    id text primary key,
    record json not null,
    queue_id text generated always as (record->>'queueId') stored,
    assigned_to text generated always as (record->>'assignedTo') stored,
    search_text text not null generated always as (lower(
      coalesce(record->>'reference', '') || ' ' || coalesce(record->>'subject', '') || ' ' ||
      coalesce(record->>'serviceName', '')
    )) stored
  )`,

  `create table case_field_change (
    case_id text not null references case_record (id),
    field text not null,
    version int not null,
    value json not null,
    adviser_id text not null,
    by_name text not null,
    at text not null,
    primary key (case_id, field, version)
  )`,

  `create table timeline_entry (id text primary key, case_id text, record json not null)`,
  `create index timeline_entry_case on timeline_entry (case_id)`,

  `create table contact (
    id text primary key,
    case_id text generated always as (record->>'caseId') stored,
    adviser_id text not null,
    record json not null
  )`,
  `create index contact_case on contact (case_id)`,

  `create table script (
    id text not null,
    version int not null,
    title text not null,
    service_code int not null,
    withdrawn boolean not null,
    hash text not null,
    source_hash text not null,
    document text not null,
    published_at text not null,
    primary key (id, version)
  )`,

  `create table operation (
    id text primary key,
    adviser_id text not null,
    kind text not null,
    hash text not null,
    result json
  )`,

  `create table reference_counter (
    prefix text not null,
    year int not null,
    last int not null,
    primary key (prefix, year)
  )`,

  `create sequence change_seq`,
  `create table change (
    seq bigint primary key,
    kind text not null,
    record_id text not null,
    case_id text,
    only_for text not null,
    deleted boolean not null,
    unique (kind, record_id, only_for)
  )`,
]

const telephone: Migration = {
  up: async (db: Kysely<unknown>) => {
    for (const statement of telephoneStatements) await sql.raw(statement).execute(db)
  },
}

const telephoneStatements = [
  `create table callback (
    id text primary key,
    record json not null,
    queue_id text generated always as (record->>'queueId') stored,
    assigned_to text generated always as (record->>'assignedTo') stored
  )`,

  `create table call_history (
    adviser_id text not null references adviser (id),
    call_id text not null,
    started_at bigint not null,
    record json not null,
    primary key (adviser_id, call_id)
  )`,
  `create index call_history_newest on call_history (adviser_id, started_at)`,

  `create table readiness_override (
    adviser_id text not null references adviser (id),
    at text not null,
    failed json not null,
    reason text not null
  )`,
]

const guidance: Migration = {
  up: async (db: Kysely<unknown>) => {
    for (const statement of guidanceStatements) await sql.raw(statement).execute(db)
  },
}

const guidanceStatements = [
  `alter table adviser add column roles json not null default '[]'`,

  `create table hand_over (
    contact_id text primary key,
    adviser_id text not null references adviser (id),
    record json not null
  )`,

  `create table alert (
    id text primary key,
    adviser_id text not null references adviser (id),
    record json not null,
    acknowledged_at text generated always as (record->>'acknowledgedAt') stored
  )`,
  `create index alert_open on alert (id) where acknowledged_at is null`,

  `create table script_report (
    id text primary key,
    script_id text not null,
    version int not null,
    step_id text not null,
    comment text not null,
    adviser_id text not null references adviser (id),
    by_name text not null,
    at text not null
  )`,
  `create index script_report_script on script_report (script_id, at)`,

  // A coarse day, because times may carry any offset; whoever asks looks at the time itself too.
  `alter table contact add column started_on text generated always as (left(record->>'startedAt', 10)) stored`,
  `create index contact_started on contact (started_on)`,

  `alter table script
    add column service_name text,
    add column aliases json not null default '[]',
    add column withdrawn_at text,
    add column withdrawn_why text,
    add column test_facts json`,
  `update script set
    service_name = document::json->'service'->>'name',
    aliases = coalesce((
      select json_agg(word) from (
        select json_array_elements_text(document::json->'aliases'->'en') as word
        union all select json_array_elements_text(document::json->'aliases'->'cy')
      ) as words
    ), '[]')`,

  `create table script_draft (
    script_id text primary key,
    revision int not null,
    state text not null,
    version int,
    text text not null,
    author_ids json not null,
    approver_id text references adviser (id),
    approved_hash text,
    updated_at text not null
  )`,

  `create table script_event (
    id bigint generated always as identity primary key,
    script_id text not null,
    version int,
    action text not null,
    adviser_id text,
    by_name text not null,
    at text not null,
    why text
  )`,
  `create index script_event_script on script_event (script_id, id)`,
  `insert into script_event (script_id, version, action, by_name, at)
    select id, version, 'published', 'Library', published_at from script order by published_at, id, version`,

  // Desks that know the scripts already are told of them again.
  `update change set seq = nextval('change_seq') where kind = 'script'`,
]

const service: Migration = {
  up: async (db: Kysely<unknown>) => {
    for (const statement of serviceStatements) await sql.raw(statement).execute(db)
  },
}

const residents: Migration = {
  up: async (db: Kysely<unknown>) => {
    for (const statement of residentsStatements) await sql.raw(statement).execute(db)
  },
}

// Versions published before have their subject without its answers; the next one has them all.
const scriptSubjectsStatements = [
  `alter table script add column subjects json not null default '[]'`,
  `update script set subjects = json_build_array(
    regexp_replace(document::json->>'subject', '[:,]?\\s*\\{[^}]*\\}', '', 'g'))`,
  `update change set seq = nextval('change_seq') where kind = 'script'`,
]

const scriptSubjects: Migration = {
  up: async (db: Kysely<unknown>) => {
    for (const statement of scriptSubjectsStatements) await sql.raw(statement).execute(db)
  },
}

const riskLog: Migration = {
  up: async (db: Kysely<unknown>) => {
    await sql`create index timeline_entry_risk on timeline_entry ((record->>'contactId'))
      where record->>'kind' = 'risk'`.execute(db)
  },
}

/** Oldest first; a published migration is never edited, only followed by another. */
const migrations: Record<string, Migration> = {
  '0001-first': first,
  '0002-telephone': telephone,
  '0003-guidance': guidance,
  '0004-service': service,
  '0005-residents': residents,
  '0006-script-subjects': scriptSubjects,
  '0007-risk-log': riskLog,
}

const provider: MigrationProvider = { getMigrations: async () => migrations }

/** Brings the database to the present shape; throws when it was written by a newer version of the service. */
export async function migrate(db: Db): Promise<void> {
  const { error } = await new Migrator({ db, provider }).migrateToLatest()
  if (error) throw error
}
