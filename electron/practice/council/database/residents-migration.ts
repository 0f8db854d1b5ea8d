/** Residents as records that change and merge, what is warned of, files of cases, and orders to forget. */
export const residentsStatements = [
  `create table resident_field_change (
    resident_id text not null references resident (id),
    field text not null,
    version int not null,
    value json not null,
    adviser_id text not null,
    by_name text not null,
    at text not null,
    primary key (resident_id, field, version)
  )`,

  `alter table resident
    add column merged_into text generated always as (record->>'mergedInto') stored,
    add column postcode text generated always as
      (upper(replace(coalesce(record->'address'->>'postcode', ''), ' ', ''))) stored,
    add column uprn text generated always as (record->'address'->>'uprn') stored,
    add column date_of_birth text generated always as (record->>'dateOfBirth') stored,
    add column has_warnings boolean not null generated always as ((record->'warnings') is not null) stored`,
  `create index resident_postcode on resident (postcode)`,
  `create index resident_uprn on resident (uprn)`,
  `create index resident_date_of_birth on resident (date_of_birth)`,
  `create index resident_warned on resident (id) where has_warnings`,

  `create table resident_merge (
    id text primary key,
    number bigint generated always as identity,
    kept_id text not null references resident (id),
    gone_id text not null references resident (id),
    adviser_id text not null,
    by_name text not null,
    at text not null,
    kept_before json not null,
    taken json not null,
    undone_at text,
    undone_by text
  )`,
  `create index resident_merge_gone on resident_merge (gone_id) where undone_at is null`,
  `create index resident_merge_kept on resident_merge (kept_id) where undone_at is null`,

  `create table resident_merge_moved (
    merge_id text not null references resident_merge (id),
    kind text not null,
    record_id text not null,
    primary key (merge_id, kind, record_id)
  )`,
  `create index resident_merge_moved_record on resident_merge_moved (kind, record_id)`,

  `create table warning_event (
    number bigint generated always as identity primary key,
    resident_id text not null references resident (id),
    warning_id text not null,
    action text not null,
    adviser_id text,
    at text not null,
    warning json,
    reason text
  )`,
  `create index warning_event_resident on warning_event (resident_id, number)`,

  ...['case_record', 'timeline_entry', 'contact', 'callback'].flatMap((table) => [
    `alter table ${table} add column resident_id text generated always as (record->>'residentId') stored`,
    `create index ${table}_resident on ${table} (resident_id)`,
  ]),

  `create table upload (
    id text primary key,
    case_id text not null references case_record (id),
    adviser_id text not null references adviser (id),
    state text not null,
    name text not null,
    type text not null,
    size_bytes int not null,
    arrived_bytes int not null,
    created_at bigint not null
  )`,
  `create index upload_arriving on upload (created_at) where state = 'arriving'`,

  `create table upload_part (
    upload_id text not null references upload (id) on delete cascade,
    at_byte int not null,
    bytes bytea not null,
    primary key (upload_id, at_byte)
  )`,
  // Photographs and PDFs do not get smaller.
  `alter table upload_part alter column bytes set storage external`,

  `alter table token add column signed_in_at bigint not null default 0`,
  `create table wipe (
    id bigint generated always as identity primary key,
    adviser_id text not null references adviser (id),
    ordered_at bigint not null,
    ordered_by text not null references adviser (id),
    reason text not null
  )`,
  `create index wipe_adviser on wipe (adviser_id, ordered_at)`,
  `create table wipe_told (
    wipe_id bigint not null references wipe (id),
    sign_in_id text not null,
    at bigint not null,
    primary key (wipe_id, sign_in_id)
  )`,
]
