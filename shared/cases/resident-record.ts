import type { MergeField, Operation, Resident, Warning } from '../contract/rest.ts'

/* What the operations on residents make of a record: the same at the desk, before it is confirmed, and at the service. */

type ResidentChange = Extract<Operation, { kind: 'resident.change' }>['change']

/** Fields that hold several values, of which a merge keeps both records'. */
const lists: ReadonlySet<MergeField> = new Set<MergeField>(['phones', 'authorities'])

/** The record with the named fields set; null takes a field away. Version and time are the caller's. */
export function withResidentFields(
  before: Resident,
  fields: ResidentChange & { readonly authorities?: Resident['authorities'] | null },
): Resident {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined)
  const gone = new Set(entries.flatMap(([name, value]) => (value === null ? [name] : [])))
  const kept = Object.entries({ ...before, ...Object.fromEntries(entries) }).filter(
    ([name]) => !gone.has(name),
  )
  return Object.fromEntries(kept) as Resident
}

/** Values of `kept` that taking these fields of `gone` would change; null where the gone one has none. */
export function takenFields(
  kept: Resident,
  gone: Resident,
  take: readonly MergeField[],
): Parameters<typeof withResidentFields>[1] {
  const taken = take.flatMap((field): [MergeField, unknown][] => {
    const value = lists.has(field) ? union(listOf(kept, field), listOf(gone, field)) : (gone[field] ?? null)
    return sameValue(value, kept[field] ?? (lists.has(field) ? [] : null)) ? [] : [[field, value]]
  })
  return Object.fromEntries(taken)
}

/** Fields in which two records differ, as far as a merge can take them. */
export function differingFields(
  kept: Resident,
  gone: Resident,
  fields: readonly MergeField[],
): readonly MergeField[] {
  return fields.filter((field) => Object.keys(takenFields(kept, gone, [field])).length > 0)
}

const listOf = (record: Resident, field: MergeField): readonly unknown[] => {
  const value = record[field]
  return Array.isArray(value) ? value : []
}

const union = (first: readonly unknown[], second: readonly unknown[]): readonly unknown[] => [
  ...first,
  ...second.filter((value) => !first.some((known) => sameValue(known, value))),
]

const sameValue = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

/** Whether a warning is told on a day, `YYYY-MM-DD`. */
export const isInForce = ({ expiresAt }: Warning, today: string): boolean =>
  expiresAt === null || today < expiresAt

/** The record with the warning added, or in the place of the one with its id. */
export const withWarning = (before: Resident, warning: Warning): Resident => {
  const known = before.warnings ?? []
  return {
    ...before,
    warnings: known.some(({ id }) => id === warning.id)
      ? known.map((each) => (each.id === warning.id ? warning : each))
      : [...known, warning],
  }
}

/** The record with the warnings that are kept; without any there is no list. */
export function withWarnings(before: Resident, keep: (warning: Warning) => boolean): Resident {
  const { warnings = [], ...rest } = before
  const kept = warnings.filter(keep)
  return kept.length === 0 ? rest : { ...rest, warnings: kept }
}
