import type { CaseRecord, FieldValue, Operation } from '#shared/contract/rest.ts'
import { type FieldChange, type FieldName, type FieldsMerge, mergeFields } from './merge-fields.ts'

export type CaseChange = Extract<Operation, { kind: 'case.change' }>['change']

/** A case's fields are named `status`, `subject`, `residentId`, `assignedTo` or `fields.NAME`. */
export function mergeCase(
  current: CaseRecord,
  change: CaseChange,
  baseVersion: number,
  adviserId: string,
  lastChanges: ReadonlyMap<FieldName, FieldChange>,
): FieldsMerge<FieldValue> {
  const now = (field: FieldName) => valueIn(current, field)
  return mergeFields({ wanted: namedValues(change), now, baseVersion, adviserId, lastChanges })
}

/** The case with the fields set; version and time are the caller's. */
export function withValues(current: CaseRecord, values: ReadonlyMap<FieldName, FieldValue>): CaseRecord {
  const entries = [...values]
  const top = entries.filter(([field]) => !field.startsWith(prefix))
  const fields = entries
    .filter(([field]) => field.startsWith(prefix))
    .map(([field, value]) => [field.slice(prefix.length), value])
  return {
    ...current,
    ...Object.fromEntries(top),
    fields: { ...current.fields, ...Object.fromEntries(fields) },
  }
}

const prefix = 'fields.'

function namedValues({ fields = {}, ...top }: CaseChange): [FieldName, FieldValue][] {
  return [
    ...Object.entries(top).flatMap(([name, value]): [FieldName, FieldValue][] =>
      value === undefined ? [] : [[name, value]],
    ),
    ...Object.entries(fields).map(([name, value]): [FieldName, FieldValue] => [`${prefix}${name}`, value]),
  ]
}

function valueIn(record: CaseRecord, field: FieldName): FieldValue {
  if (field.startsWith(prefix)) {
    const name = field.slice(prefix.length)
    return Object.hasOwn(record.fields, name) ? (record.fields[name] ?? null) : null
  }
  switch (field) {
    case 'subject':
      return record.subject
    case 'status':
      return record.status
    case 'residentId':
      return record.residentId
    case 'assignedTo':
      return record.assignedTo
    default:
      return null
  }
}
