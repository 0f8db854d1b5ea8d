import { aboutIds, type Outbox } from '#shared/cases/outbox.ts'
import {
  type Found,
  type FoundWhy,
  isOpenCase,
  summaryOfCase,
  summaryOfResident,
} from '#shared/cases/record-reader.ts'
import { OverlayIndex } from '#shared/cases/search/overlay-search.ts'
import { createSearcher } from '#shared/cases/search/search.ts'
import type { SearchHit, SearchSource } from '#shared/cases/search/source.ts'
import type { CaseRecord, Resident, TimelineEntry } from '#shared/contract/rest.ts'
import { casesOfResident, residentsInWork, standingRecord } from './resident-views.ts'
import { caseView, type UnsentSearch, type ViewSource } from './views.ts'

interface Work {
  readonly residents: readonly Resident[]
  /** By what a case names as its resident: who that is since records were merged. */
  readonly owners: ReadonlyMap<string, Resident>
  readonly cases: readonly CaseRecord[]
  readonly notes: readonly TimelineEntry[]
  readonly ids: ReadonlySet<string>
}

/** Searches unsent work. It is read again whenever the outbox or a record has changed, not at every key. */
export class WorkSearch implements UnsentSearch {
  readonly #searcher = createSearcher()
  #read: { readonly of: Outbox; readonly source: Promise<WorkSource> } | null = null

  /** A record changed. */
  forget(): void {
    this.#read = null
  }

  async find(views: ViewSource, text: string, limit: number): ReturnType<UnsentSearch['find']> {
    if (views.outbox.length === 0) return { hits: [], ids: new Set() }
    if (this.#read?.of !== views.outbox) {
      this.#read = { of: views.outbox, source: readWork(views).then((work) => new WorkSource(work)) }
    }
    const source = await this.#read.source
    const { hits } = this.#searcher.search(source, text, { limit })
    return { hits: hits.flatMap((hit) => source.found(hit) ?? []), ids: source.work.ids }
  }
}

/** Residents and cases that were changed here, with the cases of the former and the residents of the latter. */
async function readWork(views: ViewSource): Promise<Work> {
  const { shown, changedIds } = await residentsInWork(views)
  const owned = await Promise.all(shown.map(({ id }) => casesOfResident(views, id)))
  const about = views.outbox.flatMap(({ operation }) => [...aboutIds(operation)])
  const read = await Promise.all(
    [...new Set([...about, ...owned.flat().map(({ id }) => id)])].map((id) => caseView(views, id)),
  )
  const cases = read.flatMap((each) => each ?? [])
  const owners = new Map<string, Resident>()
  for (const { record } of cases) {
    const { residentId } = record
    const owner = residentId === null ? null : await standingRecord(views, residentId)
    if (residentId !== null && owner !== null) owners.set(residentId, owner)
  }
  const residents = new Map([...shown, ...owners.values()].map((each) => [each.id, each]))
  return {
    residents: [...residents.values()],
    owners,
    cases: cases.map(({ record }) => record),
    notes: cases.flatMap(({ timeline }) => timeline),
    ids: new Set([...changedIds, ...cases.map(({ record }) => record.id)]),
  }
}

/** Residents, then cases, then notes, each under a row of its own, which is its record's number too. */
class WorkSource implements SearchSource {
  readonly work: Work
  readonly version = {}
  readonly chunks = []
  readonly overlay = new OverlayIndex()
  readonly rowCount: number
  readonly targets: Int32Array
  readonly newestRows: Int32Array
  readonly #residentRows: ReadonlyMap<string, number>
  /** Rows of cases by the row of their resident. */
  readonly #casesOf = new Map<number, number[]>()

  constructor(work: Work) {
    const { residents, cases, notes } = work
    this.work = work
    const firstCase = residents.length
    const firstNote = firstCase + cases.length
    this.rowCount = firstNote + notes.length
    this.#residentRows = new Map(residents.map(({ id }, row) => [id, row]))
    const caseRows = new Map(cases.map(({ id }, index) => [id, firstCase + index]))
    this.targets = Int32Array.from({ length: this.rowCount }, (_, row) => {
      if (row < firstNote) return row
      return caseRows.get(notes[row - firstNote]?.caseId ?? '') ?? -1
    })
    this.newestRows = Int32Array.from({ length: this.rowCount }, (_, row) => row)
    for (const [row, resident] of residents.entries()) this.overlay.setResident(row, resident)
    for (const [index, record] of cases.entries()) {
      const row = firstCase + index
      this.overlay.setCase(row, record)
      const resident = this.residentOf(row)
      this.#casesOf.set(resident, [...(this.#casesOf.get(resident) ?? []), row])
    }
    for (const [index, note] of notes.entries()) this.overlay.setNote(firstNote + index, note)
  }

  isResident(row: number): boolean {
    return row < this.work.residents.length
  }

  residentOf(caseRow: number): number {
    const owner = this.work.owners.get(this.#case(caseRow)?.residentId ?? '')
    return owner ? (this.#residentRows.get(owner.id) ?? -1) : -1
  }

  casesOf(residentRow: number, rows: number[]): number {
    const cases = this.#casesOf.get(residentRow) ?? []
    for (const [index, row] of cases.entries()) rows[index] = row
    return cases.length
  }

  isOpen(row: number): boolean {
    const record = this.#case(row)
    if (record) return isOpenCase(record)
    return (this.#casesOf.get(row) ?? []).some((each) => this.isOpen(each))
  }

  updatedAt(row: number): number {
    return Date.parse((this.#case(row) ?? this.work.residents[row])?.updatedAt ?? '') || 0
  }

  /** Null for a resident who is here only as that of a case: the store answers for them. */
  found({ row, why: words }: SearchHit): Found | null {
    const { work } = this
    const firstNote = work.residents.length + work.cases.length
    const why = words.map(({ what, how, text, row: at }): FoundWhy => {
      const note = what === 'note' ? work.notes[at - firstNote] : undefined
      return { what, how, text, ...(note ? { at: Date.parse(note.at) } : {}) }
    })
    const record = this.#case(row)
    const resident = work.residents[record ? this.residentOf(row) : row]
    if (record) {
      return {
        kind: 'case',
        case: summaryOfCase(record),
        resident: resident ? summaryOfResident(resident) : null,
        why,
      }
    }
    if (!resident || !work.ids.has(resident.id)) return null
    const openCases = (this.#casesOf.get(row) ?? []).filter((each) => this.isOpen(each)).length
    return { kind: 'resident', resident: summaryOfResident(resident), openCases, why }
  }

  #case(row: number): CaseRecord | undefined {
    return this.work.cases[row - this.work.residents.length]
  }
}
