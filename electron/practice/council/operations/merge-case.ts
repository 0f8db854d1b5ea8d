import type { CaseRecord, ConflictField, FieldValue, Operation } from '#shared/contract/rest.ts'

export type CaseChange = Extract<Operation, { kind: 'case.change' }>['change']

/** The latest change of one field: who set it, when, and which version of the case that made. */
export interface FieldChange {
  readonly version: number
  readonly adviserId: string
  readonly byName: string
  readonly at: string
}

/** A field's name in the history: `status`, `subject`, `residentId`, `assignedTo` or `fields.NAME`. */
export type FieldName = string

export interface Merge {
  /** Fields to set, by name. */
  readonly applied: ReadonlyMap<FieldName, FieldValue>
  readonly conflicts: readonly ConflictField[]
}

/**
 * Merges an adviser's change into the case as it is now, field by field. A field clashes when somebody else was the
 * last to set it after the version the adviser saw, and to something else. An adviser's own later changes don't
 * clash: operations made one after another with no network are all based on the version seen before them.
 */
export function mergeCase(
  current: CaseRecord,
  change: CaseChange,
  baseVersion: number,
  adviserId: string,
  lastChanges: ReadonlyMap<FieldName, FieldChange>,
): Merge {
  const applied = new Map<FieldName, FieldValue>()
  const conflicts: ConflictField[] = []
  for (const [field, mine] of namedValues(change)) {
    const theirs = valueIn(current, field)
    if (same(mine, theirs)) continue
    const last = lastChanges.get(field)
    if (last && last.version > baseVersion && last.adviserId !== adviserId) {
      conflicts.push({ field, mine, theirs, by: last.byName, at: last.at })
    } else {
      applied.set(field, mine)
    }
  }
  return { applied, conflicts }
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

const same = (a: FieldValue, b: FieldValue) => JSON.stringify(a) === JSON.stringify(b)
