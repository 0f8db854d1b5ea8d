/** The latest change of one field: who set it, when, and which version of the record that made. */
export interface FieldChange {
  readonly version: number
  readonly adviserId: string
  readonly byName: string
  readonly at: string
}

/** A field's name in the history. */
export type FieldName = string

/** A change as the history of cases and that of residents have it. */
interface ChangeRow {
  readonly field: FieldName
  readonly version: number
  readonly adviser_id: string
  readonly by_name: string
  readonly at: string
}

export const changesByField = (rows: readonly ChangeRow[]): ReadonlyMap<FieldName, FieldChange> =>
  new Map(
    rows.map(({ field, version, adviser_id, by_name, at }) => [
      field,
      { version, adviserId: adviser_id, byName: by_name, at },
    ]),
  )

export interface Clash<Value> {
  readonly field: FieldName
  readonly mine: Value
  readonly theirs: Value
  /** Of whoever set what is there. */
  readonly last: FieldChange
}

export interface FieldsMerge<Value> {
  /** Fields to set, by name. */
  readonly applied: ReadonlyMap<FieldName, Value>
  readonly clashes: readonly Clash<Value>[]
}

export interface FieldsToMerge<Value> {
  readonly wanted: readonly (readonly [FieldName, Value])[]
  /** What stands there now. */
  now(field: FieldName): Value
  /** The version the adviser saw. */
  readonly baseVersion: number
  readonly adviserId: string
  readonly lastChanges: ReadonlyMap<FieldName, FieldChange>
}

/**
 * Merges an adviser's change into a record as it is now, field by field. A field clashes when somebody else was the
 * last to set it after the version the adviser saw, and to something else. An adviser's own later changes don't
 * clash: operations made one after another with no network are all based on the version seen before them.
 */
export function mergeFields<Value>(merge: FieldsToMerge<Value>): FieldsMerge<Value> {
  const { wanted, baseVersion, adviserId, lastChanges } = merge
  const applied = new Map<FieldName, Value>()
  const clashes: Clash<Value>[] = []
  for (const [field, mine] of wanted) {
    const theirs = merge.now(field)
    if (same(mine, theirs)) continue
    const last = lastChanges.get(field)
    if (last && last.version > baseVersion && last.adviserId !== adviserId) {
      clashes.push({ field, mine, theirs, last })
    } else {
      applied.set(field, mine)
    }
  }
  return { applied, clashes }
}

export const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)
