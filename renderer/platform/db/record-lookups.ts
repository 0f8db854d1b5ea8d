import {
  type CaseFilter,
  type CaseSummary,
  type FoundRecords,
  type RecordReader,
  type ResidentSummary,
  summaryOfCase,
  summaryOfResident,
} from '#shared/cases/record-reader.ts'
import type { CaseRecord, Contact, Resident, TimelineEntry } from '#shared/contract/rest.ts'
import type { Chunk, Directory, KeptColumns } from './directory.ts'
import type { KeyColumn } from './key-buckets.ts'
import { type KeyHash, keyHash } from './key-hash.ts'
import { newestCaseRows } from './newest-rows.ts'
import type { PageCache } from './page-cache.ts'
import { phoneNumber } from './row-facts.ts'
import type { Summaries } from './summaries.ts'
import { caseOfText, residentOfText } from './summary-text.ts'
import { kindCode, type LargeKind, type LargeRecord, statusCode } from './versions-of-records.ts'

export interface LookupParts {
  readonly directory: Directory
  readonly pages: PageCache
  readonly summaries: Summaries
  /** How many of the small kinds there are. */
  readonly smallCount: () => number
  readonly find: (text: string, limit: number) => Promise<FoundRecords>
  /** A page could not be read: what is in it has to be fetched again. */
  readonly onDamaged: () => void
}

/** Answers from the directory and the overlay, and from pages where a whole record is wanted. */
export class RecordLookups implements RecordReader {
  readonly #parts: LookupParts
  readonly #directory: Directory

  constructor(parts: LookupParts) {
    this.#parts = parts
    this.#directory = parts.directory
  }

  async count(): Promise<number> {
    return this.#directory.count + this.#parts.smallCount()
  }

  resident(id: string): Promise<Resident | null> {
    return this.#record<Resident>('resident', id)
  }

  caseRecord(id: string): Promise<CaseRecord | null> {
    return this.#record<CaseRecord>('case', id)
  }

  contact(id: string): Promise<Contact | null> {
    return this.#record<Contact>('contact', id)
  }

  timelineOfCase(caseId: string): Promise<readonly TimelineEntry[]> {
    return this.#recordsWith<TimelineEntry>(
      'timeline',
      'owners',
      keyHash('case', caseId),
      (entry) => entry.caseId === caseId,
    )
  }

  timelineOfContact(contactId: string): Promise<readonly TimelineEntry[]> {
    return this.#recordsWith<TimelineEntry>(
      'timeline',
      'seconds',
      keyHash('contact', contactId),
      (entry) => entry.contactId === contactId,
    )
  }

  contactsStartedSince(since: number): Promise<readonly Contact[]> {
    const rows = (): readonly number[] => {
      const { kinds, times, overlayStart } = this.#directory.rows
      const found: number[] = []
      for (let row = 0; row < overlayStart; row++) {
        const isWanted = kinds[row] === kindCode.contact && (times[row] ?? 0) >= since
        if (isWanted && this.#directory.isNewest(row)) found.push(row)
      }
      return found
    }
    return this.#records<Contact>('contact', rows, (contact) => Date.parse(contact.startedAt) >= since)
  }

  async residentSummaries(ids: readonly string[]): Promise<readonly ResidentSummary[]> {
    return this.#ofIds('resident', ids, (row) => this.residentAt(row))
  }

  async caseSummaries(ids: readonly string[]): Promise<readonly CaseSummary[]> {
    return this.#ofIds('case', ids, (row) => this.caseAt(row))
  }

  async residentsByPhone(e164: string): Promise<readonly ResidentSummary[]> {
    const rows = (): readonly number[] => {
      const found = new Set<number>()
      this.#directory.forEachWithPhone(phoneNumber(e164), (row) => found.add(row))
      return [...found]
    }
    return this.#summarised(rows, (found) => {
      const changed = this.#directory.overlay.records<Resident>(
        'resident',
        ({ phones, mergedInto }) => mergedInto === undefined && phones.includes(e164),
      )
      return found.flatMap((row) => this.residentAt(row) ?? []).concat(changed.map(summaryOfResident))
    })
  }

  async residentsByPostcode(postcode: string): Promise<readonly ResidentSummary[]> {
    const rows = () => this.#rowsWith('resident', 'seconds', keyHash('postcode', postcode))
    return this.#summarised(rows, (found) => {
      const changed = this.#directory.overlay.records<Resident>(
        'resident',
        ({ address, mergedInto }) => mergedInto === undefined && address.postcode === postcode,
      )
      return found
        .flatMap((row) => this.residentAt(row) ?? [])
        .filter((each) => each.postcode === postcode)
        .concat(changed.map(summaryOfResident))
    })
  }

  async casesOfResident(residentId: string): Promise<readonly CaseSummary[]> {
    const rows = () => this.#rowsWith('case', 'owners', keyHash('resident', residentId))
    return this.#summarised(rows, (found) => {
      const changed = this.#directory.overlay.records<CaseRecord>(
        'case',
        (record) => record.residentId === residentId,
      )
      return found
        .flatMap((row) => this.caseAt(row) ?? [])
        .filter((each) => each.residentId === residentId)
        .concat(changed.map(summaryOfCase))
    })
  }

  async caseByReference(reference: string): Promise<CaseSummary | null> {
    const rows = () => this.#rowsWith('case', 'seconds', keyHash('reference', reference))
    return this.#summarised(rows, (found) => {
      const [changed] = this.#directory.overlay.records<CaseRecord>(
        'case',
        (record) => record.reference === reference,
      )
      if (changed) return summaryOfCase(changed)
      return (
        found.flatMap((row) => this.caseAt(row) ?? []).find((each) => each.reference === reference) ?? null
      )
    })
  }

  async newestCases(filter: CaseFilter, limit: number): Promise<readonly CaseSummary[]> {
    const rows = (): readonly number[] => {
      const { statuses, assignees } = this.#directory.rows
      const status = filter.status === undefined ? null : statusCode(filter.status)
      // An adviser who was never given a case has no code, and no row has it.
      const assignee =
        filter.assignedTo === undefined ? null : (this.#directory.assigneeCode(filter.assignedTo) ?? -1)
      const wanted = (row: number): boolean =>
        (status === null || statuses[row] === status) && (assignee === null || assignees[row] === assignee)
      return newestCaseRows(this.#directory, wanted, limit)
    }
    return this.#summarised(rows, (found) =>
      found
        .flatMap((row) => this.caseAt(row) ?? [])
        .sort((a, b) => b.updatedAt - a.updatedAt || (a.id < b.id ? 1 : -1)),
    )
  }

  find(text: string, limit: number): Promise<FoundRecords> {
    return this.#parts.find(text, limit)
  }

  /** Whether `residentAt` and `caseAt` can answer for these rows. */
  haveSummaries(rows: readonly number[]): boolean {
    return this.#parts.summaries.have(this.#chunksOf(rows))
  }

  async readSummaries(rows: readonly number[]): Promise<void> {
    await this.#parts.summaries.read(this.#chunksOf(rows))
  }

  /** Of a row that is a resident's newest version, whose summary was read; null when that is damaged. */
  residentAt(row: number): ResidentSummary | null {
    const version = this.#directory.overlayEntryAt(row)?.version
    if (version?.kind === 'resident' && version.record) return summaryOfResident(version.record)
    const { chunk, columns, index } = this.#placeOf(row)
    const text = this.#parts.summaries.textOf(chunk, index)
    return text === null ? null : residentOfText(text, columns.strings, this.#directory.rows.times[row] ?? 0)
  }

  /** Of a row that is a case's newest version, as for a resident. */
  caseAt(row: number): CaseSummary | null {
    const version = this.#directory.overlayEntryAt(row)?.version
    if (version?.kind === 'case' && version.record) return summaryOfCase(version.record)
    const { chunk, columns, index } = this.#placeOf(row)
    const text = this.#parts.summaries.textOf(chunk, index)
    if (text === null) return null
    return caseOfText(text, columns.strings, {
      updatedAt: this.#directory.rows.times[row] ?? 0,
      status: this.#directory.rows.statuses[row] ?? 0,
      assignedTo: this.#directory.assigneeAt(row),
    })
  }

  /** Reads whole records of rows in chunks. A page that cannot be read is told of, and its records are left out. */
  async recordsAt(rows: readonly number[]): Promise<readonly LargeRecord[] | 'moved'> {
    const places = rows.map((row) => {
      const { chunk, columns, index } = this.#placeOf(row)
      const page = pageOf(columns, index)
      return { chunk, page, slot: index - (columns.pageStarts[page] ?? 0) }
    })
    const pages = await this.#parts.pages.read(places)
    const records: LargeRecord[] = []
    let isDamaged = false
    for (const [index, { chunk, slot }] of places.entries()) {
      const page = pages[index]
      // Its pages went with it: the records lie in another chunk now.
      if (!page && !this.#directory.has(chunk)) return 'moved'
      if (!page) isDamaged = true
      const record = page?.[slot]
      if (record) records.push(record)
    }
    if (isDamaged) this.#parts.onDamaged()
    return records
  }

  async #record<T extends LargeRecord>(kind: LargeKind, id: string): Promise<T | null> {
    for (;;) {
      const changed = this.#directory.overlay.get(kind, id)
      if (changed) return changed.version.record as T | null
      const row = this.#directory.rowOf(kind, id)
      if (row < 0) return null
      const found = await this.recordsAt([row])
      if (found !== 'moved') return (found.find((record) => record.id === id) as T | undefined) ?? null
    }
  }

  #recordsWith<T extends LargeRecord>(
    kind: LargeKind,
    column: KeyColumn,
    key: KeyHash,
    wanted: (record: T) => boolean,
  ): Promise<readonly T[]> {
    return this.#records(kind, () => this.#rowsWith(kind, column, key), wanted)
  }

  async #records<T extends LargeRecord>(
    kind: LargeKind,
    rows: () => readonly number[],
    wanted: (record: T) => boolean,
  ): Promise<readonly T[]> {
    for (;;) {
      const changed = this.#directory.overlay.records<T>(kind, wanted)
      const found = await this.recordsAt(rows())
      if (found !== 'moved') return (found as readonly T[]).filter(wanted).concat(changed)
    }
  }

  #rowsWith(kind: LargeKind, column: KeyColumn, key: KeyHash): readonly number[] {
    const rows: number[] = []
    this.#directory.forEachWith(kind, column, key, (row) => rows.push(row))
    return rows
  }

  /** Rows are found anew when summaries had to be read first: they may lie elsewhere by then. */
  async #summarised<T>(rows: () => readonly number[], answer: (rows: readonly number[]) => T): Promise<T> {
    for (;;) {
      const found = rows()
      if (this.haveSummaries(found)) return answer(found)
      await this.readSummaries(found)
    }
  }

  #ofIds<T extends { readonly id: string }>(
    kind: LargeKind,
    ids: readonly string[],
    summary: (row: number) => T | null,
  ): Promise<readonly T[]> {
    const rows = () => ids.map((id) => this.#directory.rowOf(kind, id)).filter((row) => row >= 0)
    const wanted = new Set(ids)
    return this.#summarised(rows, (found) =>
      found.flatMap((row) => summary(row) ?? []).filter(({ id }) => wanted.has(id)),
    )
  }

  /** Of rows that are not in the overlay. */
  *#chunksOf(rows: readonly number[]): Iterable<Chunk> {
    for (const row of rows) {
      const chunk = this.#directory.chunkAt(row)
      if (chunk) yield chunk
    }
  }

  #placeOf(row: number): { chunk: Chunk; columns: KeptColumns; index: number } {
    const chunk = this.#directory.chunkAt(row)
    if (!chunk) throw new Error(`no chunk has row ${row}`)
    return { chunk, columns: chunk.columns, index: row - this.#directory.firstRowOf(chunk) }
  }
}

/** Page of a row within its chunk. */
export function pageOf({ pageStarts }: KeptColumns, row: number): number {
  let low = 0
  let high = pageStarts.length
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if ((pageStarts[middle] ?? 0) <= row) low = middle
    else high = middle
  }
  return low
}
