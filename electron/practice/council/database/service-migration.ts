/** Who read what, and files kept with records. */
export const serviceStatements = [
  `create table read_audit (
    number bigint generated always as identity primary key,
    view_id text unique,
    adviser_id text not null references adviser (id),
    at text not null,
    kind text not null,
    record_id text,
    search json
  )`,
  `create index read_audit_record on read_audit (record_id, number)`,
  `create index read_audit_adviser on read_audit (adviser_id, number)`,

  `create table attachment (
    id text primary key,
    owner_kind text not null,
    owner_id text not null,
    adviser_id text not null references adviser (id),
    state text not null,
    name text not null,
    type text not null,
    size_bytes bigint not null,
    created_at text not null
  )`,
  `create index attachment_owner on attachment (owner_id)`,

  // Residents are found by the reference number of their property too.
  `alter table resident drop column search_text`,
  `alter table resident add column search_text text not null generated always as (lower(
    coalesce(record->>'givenName', '') || ' ' || coalesce(record->>'familyName', '') || ' ' ||
    coalesce(record->'address'->>'line1', '') || ' ' || coalesce(record->'address'->>'town', '') || ' ' ||
    coalesce(record->'address'->>'postcode', '') || ' ' ||
    replace(coalesce(record->'address'->>'postcode', ''), ' ', '') || ' ' ||
    coalesce(record->'address'->>'uprn', '') || ' ' ||
    coalesce(record->>'phones', '') || ' ' || coalesce(record->>'email', '')
  )) stored`,
]
