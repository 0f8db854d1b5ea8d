/** Who read what, and residents by property number. */
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
