import { takenFields, withResidentFields, withWarning, withWarnings } from '#shared/cases/resident-record.ts'
import type { Operation, OperationResult, Resident } from '#shared/contract/rest.ts'
import { mergeByField, type RecordKind, type RecordsOfCouncil, Refused } from './fake-rules.ts'

type Of<K extends Operation['kind']> = Extract<Operation, { kind: K }>
export type ResidentOperation = Of<
  | 'resident.create'
  | 'resident.change'
  | 'resident.merge'
  | 'resident.unmerge'
  | 'warning.save'
  | 'warning.remove'
>
type MovedKind = Exclude<RecordKind, 'resident'> | 'warning'

interface Merge {
  readonly id: string
  readonly keptId: string
  readonly goneId: string
  readonly keptBefore: Resident
  readonly taken: Readonly<Record<string, unknown>>
  /** `kind:id` of what came with it. */
  readonly moved: Set<string>
  undone: boolean
}

/** The record that goes on in the place of a named one, and the merges on the way there. */
interface Followed {
  readonly id: string | null
  readonly merges: readonly Merge[]
}

/** In the history of a record: that it was merged or parted. */
const merges = 'merges'
const movable = ['case', 'timeline', 'contact', 'callback'] as const

/** Residents of a council in memory, by the rules of the practice council. */
export class FakeResidents {
  readonly records = new Map<string, Resident>()
  readonly #council: RecordsOfCouncil
  readonly #now: () => string
  /** In the order they were made. */
  readonly #merges: Merge[] = []

  constructor(council: RecordsOfCouncil, now: () => string) {
    this.#council = council
    this.#now = now
  }

  apply(adviserId: string, operation: ResidentOperation): OperationResult {
    switch (operation.kind) {
      case 'resident.create':
        return this.#create(operation)
      case 'resident.change':
        return this.#change(adviserId, operation)
      case 'resident.merge':
        return this.#merge(adviserId, operation)
      case 'resident.unmerge':
        return this.#unmerge(adviserId, operation)
      case 'warning.save':
        return this.#warn(adviserId, operation)
      case 'warning.remove':
        return this.#unwarn(operation)
    }
  }

  follow(named: string | null | undefined): Followed {
    const way: Merge[] = []
    let id = named ?? null
    while (id !== null) {
      const { mergedInto } = this.#held(id)
      if (mergedInto === undefined) break
      way.push(...this.#merges.filter(({ goneId, undone }) => goneId === id && !undone))
      id = mergedInto
    }
    return { id, merges: way }
  }

  /** Keeps with which merges a record came, so that it goes back with their undoing. */
  noteMoved(kind: MovedKind, id: string, followed: Followed, wasElsewhere = false): void {
    if (wasElsewhere) for (const merge of this.#merges) merge.moved.delete(`${kind}:${id}`)
    for (const merge of followed.merges) merge.moved.add(`${kind}:${id}`)
  }

  #held(id: string): Resident {
    const record = this.records.get(id)
    if (!record) throw new Refused('resident/unknown')
    return record
  }

  /** The record's next version. */
  #write(record: Resident): Resident {
    const written = { ...record, version: record.version + 1, updatedAt: this.#now() }
    this.records.set(record.id, written)
    this.#council.commit('resident', record.id)
    return written
  }

  #keep({ id, version }: Resident, by: string, fields: Iterable<string>): void {
    const history = this.#council.historyOf('resident', id)
    for (const field of fields) history.set(field, { version, by, at: this.#now() })
  }

  #create(operation: Of<'resident.create'>): OperationResult {
    const { residentId: id } = operation
    if (this.records.has(id)) throw new Refused('resident/exists')
    this.records.set(id, { ...operation.record, id, version: 1, updatedAt: this.#now() })
    this.#council.commit('resident', id)
    return { id: operation.id, outcome: 'applied' }
  }

  #change(by: string, operation: Of<'resident.change'>): OperationResult {
    const current = this.#held(operation.residentId)
    if (operation.baseVersion > current.version) throw new Refused('resident/unknown-version')
    if (current.mergedInto !== undefined) throw new Refused('resident/merged')
    const { set, conflicts } = mergeByField<unknown>({
      wanted: Object.entries(operation.change),
      now: (field) => Reflect.get(current, field) ?? null,
      baseVersion: operation.baseVersion,
      by,
      history: this.#council.historyOf('resident', current.id),
    })
    if (set.size > 0) {
      const written = this.#write(withResidentFields(current, Object.fromEntries(set)))
      this.#keep(written, by, set.keys())
    }
    return conflicts.length > 0
      ? { id: operation.id, outcome: 'conflict', fields: [...conflicts] }
      : { id: operation.id, outcome: 'applied' }
  }

  #merge(by: string, operation: Of<'resident.merge'>): OperationResult {
    const { mergeId, keptId, goneId, baseVersions, take } = operation
    if (keptId === goneId) throw new Refused('merge/same-resident')
    const kept = this.#held(keptId)
    const gone = this.#held(goneId)
    if (kept.mergedInto !== undefined || gone.mergedInto !== undefined) throw new Refused('resident/merged')
    this.#refuseUnlessSeen(by, kept, baseVersions.kept)
    this.#refuseUnlessSeen(by, gone, baseVersions.gone)
    if (this.#merges.some(({ id }) => id === mergeId)) throw new Refused('merge/exists')
    const taken = takenFields(kept, gone, take)
    const merge: Merge = {
      id: mergeId,
      keptId,
      goneId,
      keptBefore: kept,
      taken,
      moved: new Set(),
      undone: false,
    }
    this.#merges.push(merge)
    const warnings = gone.warnings ?? []
    for (const { id } of warnings) merge.moved.add(`warning:${id}`)
    const warned = warnings.reduce(withWarning, withResidentFields(kept, taken))
    const from = { mergeId, residentId: goneId, at: this.#now(), by }
    const keptNow = this.#write({ ...warned, mergedFrom: [...(kept.mergedFrom ?? []), from] })
    this.#keep(keptNow, by, [...Object.keys(taken), merges])
    const goneNow = this.#write(withWarnings({ ...gone, mergedInto: keptId }, () => false))
    this.#keep(goneNow, by, [merges])
    this.#give(by, goneId, keptId, (key) => {
      merge.moved.add(key)
      return true
    })
    return { id: operation.id, outcome: 'applied' }
  }

  /** Somebody else’s change since the versions that the adviser saw asks for another look. */
  #refuseUnlessSeen(by: string, record: Resident, baseVersion: number): void {
    if (baseVersion > record.version) throw new Refused('resident/unknown-version')
    const changes = [...this.#council.historyOf('resident', record.id).values()]
    if (changes.some((last) => last.version > baseVersion && last.by !== by)) {
      throw new Refused('resident/changed')
    }
  }

  #unmerge(by: string, { id, mergeId }: Of<'resident.unmerge'>): OperationResult {
    const at = this.#merges.findIndex((each) => each.id === mergeId)
    const merge = this.#merges[at]
    if (!merge) throw new Refused('merge/unknown')
    if (merge.undone) throw new Refused('merge/undone-already')
    const both = [merge.keptId, merge.goneId]
    const later = this.#merges.slice(at + 1).filter(({ undone }) => !undone)
    if (later.some(({ keptId, goneId }) => both.includes(keptId) || both.includes(goneId))) {
      throw new Refused('merge/later-merge')
    }
    const kept = this.#held(merge.keptId)
    const gone = this.#held(merge.goneId)
    const restored: Record<string, unknown> = {}
    const conflicts: string[] = []
    for (const [field, took] of Object.entries(merge.taken)) {
      const theirs: unknown = Reflect.get(kept, field) ?? null
      const mine: unknown = Reflect.get(merge.keptBefore, field) ?? null
      if (JSON.stringify(theirs) === JSON.stringify(took)) restored[field] = mine
      else if (JSON.stringify(theirs) !== JSON.stringify(mine)) conflicts.push(field)
    }
    const isBack = (warning: { readonly id: string }) => merge.moved.has(`warning:${warning.id}`)
    const back = (kept.warnings ?? []).filter(isBack)
    const { mergedFrom = [], ...parted } = withResidentFields(kept, restored)
    const left = mergedFrom.filter((each) => each.mergeId !== mergeId)
    const own = withWarnings(
      left.length > 0 ? { ...parted, mergedFrom: left } : parted,
      (each) => !isBack(each),
    )
    this.#keep(this.#write(own), by, [...Object.keys(restored), merges])
    const { mergedInto: _, ...rest } = gone
    this.#keep(this.#write(back.reduce(withWarning, rest)), by, [merges])
    merge.undone = true
    this.#give(by, merge.keptId, merge.goneId, (key) => merge.moved.has(key))
    if (conflicts.length === 0) return { id, outcome: 'applied' }
    const clash = { mine: null, theirs: null, by: null, at: this.#now() }
    return { id, outcome: 'conflict', fields: conflicts.map((field) => ({ field, ...clash })) }
  }

  /** Gives the records of one resident that are wanted to another. */
  #give(by: string, fromId: string, toId: string, isWanted: (key: string) => boolean): void {
    for (const kind of movable) {
      const records = this.#council.recordsOf(kind) as Map<
        string,
        { id: string; residentId: string | null; caseId?: string | null; version?: number }
      >
      for (const record of [...records.values()]) {
        if (record.residentId !== fromId || !isWanted(`${kind}:${record.id}`)) continue
        const version = record.version === undefined ? undefined : record.version + 1
        const next = version === undefined ? {} : { version, updatedAt: this.#now() }
        records.set(record.id, { ...record, residentId: toId, ...next })
        if (kind === 'case' && version !== undefined) {
          const history = this.#council.historyOf('case', record.id)
          history.set('residentId', { version, by, at: this.#now() })
        }
        const caseId = kind === 'case' ? record.id : kind === 'callback' ? null : (record.caseId ?? null)
        this.#council.commit(kind, record.id, caseId)
      }
    }
  }

  #warn(by: string, { id, residentId, warning }: Of<'warning.save'>): OperationResult {
    const followed = this.follow(residentId)
    const current = this.#held(followed.id ?? residentId)
    const known = current.warnings?.find((each) => each.id === warning.id)
    const { addedAt, addedBy } = known ?? { addedAt: this.#now(), addedBy: by }
    this.#write(withWarning(current, { ...warning, addedAt, addedBy }))
    if (!known) this.noteMoved('warning', warning.id, followed)
    return { id, outcome: 'applied' }
  }

  #unwarn({ id, residentId, warningId }: Of<'warning.remove'>): OperationResult {
    const current = this.#held(this.follow(residentId).id ?? residentId)
    if (!current.warnings?.some((each) => each.id === warningId)) throw new Refused('warning/unknown')
    this.#write(withWarnings(current, (each) => each.id !== warningId))
    return { id, outcome: 'applied' }
  }
}
