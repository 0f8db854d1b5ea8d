import type {
  Callback,
  CaseRecord,
  Change,
  Contact,
  Resident,
  ScriptEntry,
  TimelineEntry,
} from '#shared/contract/rest.ts'

type RecordKind = Change['kind']
type AnyRecord = Resident | CaseRecord | TimelineEntry | Contact | ScriptEntry | Callback

/** What one value of the `records` table holds. */
export interface Page {
  readonly kind: RecordKind
  readonly records: readonly AnyRecord[]
}

interface OpenPage {
  readonly kind: RecordKind
  readonly records: Map<string, AnyRecord>
  /** Characters of JSON, roughly: it decides only when a page is full. */
  size: number
}

/** Above 64 KB Chromium writes a file for each value. Between 10 and 60 KB opening takes the same; a change rewrites less. */
const fullPageSize = 20_000

/**
 * Which records lie together in one sealed value: many at a time, because per-record encryption and index writes are
 * what makes a first load slow. The layout is kept in memory and holds the same record objects as the index.
 */
export class PageLayout {
  readonly #pages = new Map<number, OpenPage>()
  readonly #pageOf = new Map<string, number>()
  readonly #filling = new Map<RecordKind, number>()
  #lastPage = 0

  /** `size` is roughly that of the page's JSON in characters. A page that is not full is filled on. */
  load(number: number, page: Page, size: number): void {
    const records = new Map(page.records.map((record) => [record.id, record]))
    this.#pages.set(number, { kind: page.kind, records, size })
    if (size < fullPageSize) this.#filling.set(page.kind, number)
    for (const id of records.keys()) this.#pageOf.set(`${page.kind}:${id}`, number)
    this.#lastPage = Math.max(this.#lastPage, number)
  }

  clear(): void {
    this.#pages.clear()
    this.#pageOf.clear()
    this.#filling.clear()
  }

  /** Applies changes and returns the numbers of pages that have to be written or, when empty now, deleted. */
  apply(changes: readonly Change[]): ReadonlySet<number> {
    const dirty = new Set<number>()
    for (const change of changes) {
      const number =
        'record' in change
          ? this.#put(change.kind, change.id, change.record)
          : this.#remove(change.kind, change.id)
      if (number !== undefined) dirty.add(number)
    }
    return dirty
  }

  /** Null when the page is empty and has to be deleted. */
  page(number: number): Page | null {
    const page = this.#pages.get(number)
    return page && page.records.size > 0 ? { kind: page.kind, records: [...page.records.values()] } : null
  }

  asChanges(): readonly Change[] {
    return [...this.#pages.values()].flatMap(({ kind, records }) =>
      [...records.values()].map((record) => ({ kind, id: record.id, record }) as Change),
    )
  }

  #put(kind: RecordKind, id: string, record: AnyRecord): number {
    const number = this.#pageOf.get(`${kind}:${id}`) ?? this.#pageToFill(kind)
    const page = this.#pages.get(number)
    if (!page) throw new Error(`no page ${number}`)
    if (!page.records.has(id)) page.size += JSON.stringify(record).length
    page.records.set(id, record)
    this.#pageOf.set(`${kind}:${id}`, number)
    return number
  }

  #pageToFill(kind: RecordKind): number {
    const filling = this.#filling.get(kind)
    const page = filling === undefined ? undefined : this.#pages.get(filling)
    if (filling !== undefined && page && page.size < fullPageSize) return filling
    this.#lastPage += 1
    this.#pages.set(this.#lastPage, { kind, records: new Map(), size: 0 })
    this.#filling.set(kind, this.#lastPage)
    return this.#lastPage
  }

  #remove(kind: RecordKind, id: string): number | undefined {
    const number = this.#pageOf.get(`${kind}:${id}`)
    if (number === undefined) return undefined
    this.#pageOf.delete(`${kind}:${id}`)
    this.#pages.get(number)?.records.delete(id)
    return number
  }
}
