import type { Change, ConflictField } from '#shared/contract/rest.ts'

export type RecordKind = Exclude<Change['kind'], 'script'>

/** What a council has beside its residents, as far as they concern it. */
export interface RecordsOfCouncil {
  recordsOf(kind: RecordKind): Map<string, { readonly id: string }>
  historyOf(kind: 'case' | 'resident', id: string): FieldHistory
  /** Tells a change in the feed. */
  commit(kind: RecordKind, id: string, caseId?: string | null): void
}

/** Thrown before anything is changed: the operation is refused with this code. */
export class Refused extends Error {
  readonly code: string

  constructor(code: string) {
    super(code)
    this.code = code
  }
}

/** The latest change of each field of a record. */
export type FieldHistory = Map<string, { readonly version: number; readonly by: string; readonly at: string }>

interface ToMerge<Value> {
  readonly wanted: readonly (readonly [string, Value | undefined])[]
  now(field: string): Value
  readonly baseVersion: number
  readonly by: string
  readonly history: FieldHistory
}

/** Fields that may be set, and those that somebody else has set to something else since `baseVersion`. */
export function mergeByField<Value>({ wanted, now, baseVersion, by, history }: ToMerge<Value>): {
  readonly set: ReadonlyMap<string, Value>
  readonly conflicts: readonly ConflictField[]
} {
  const set = new Map<string, Value>()
  const conflicts: ConflictField[] = []
  for (const [field, mine] of wanted) {
    if (mine === undefined) continue
    const theirs = now(field)
    if (JSON.stringify(mine) === JSON.stringify(theirs)) continue
    const last = history.get(field)
    if (last && last.version > baseVersion && last.by !== by) {
      conflicts.push({ field, mine: shown(mine), theirs: shown(theirs), by: last.by, at: last.at })
    } else set.set(field, mine)
  }
  return { set, conflicts }
}

/** As conflicts show a value: what is made of parts by its parts. */
function shown(value: unknown): ConflictField['mine'] {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value
  if (Array.isArray(value)) return value.map(String)
  return value === null || typeof value !== 'object' ? null : Object.values(value).map(String)
}
