import { OverlayIndex } from '#shared/cases/search/overlay-search.ts'
import { createSearcher } from '#shared/cases/search/search.ts'
import { openSegment } from '#shared/cases/search/segment.ts'
import { createSegmentBuilder } from '#shared/cases/search/segment-builder.ts'
import type { SearchChunk, SearchSource } from '#shared/cases/search/source.ts'
import type { CaseRecord, Resident, TimelineEntry } from '#shared/contract/rest.ts'
import type { Contender } from './contender.ts'
import type { BenchRecords } from './records.ts'

type Row =
  | { readonly kind: 'resident'; readonly record: Resident }
  | { readonly kind: 'case'; readonly record: CaseRecord }
  | { readonly kind: 'note'; readonly record: TimelineEntry }

const rowsInChunk = 8192
/** As many as a store lets wait before it builds a chunk of them. */
const rowsInOverlay = 1000

export interface Ours extends Contender {
  /** Those of the ids that are not among all that the text finds. */
  missing(text: string, ids: readonly string[]): readonly string[]
}

/** Residents first and each case before its notes, as a feed brings them; the newest rows are in the overlay. */
export function ours(records: BenchRecords): Ours {
  const rows = inOrder(records)
  const chunked = Math.max(0, rows.length - rowsInOverlay)
  const buildingFrom = performance.now()
  const segments = build(rows.slice(0, chunked))
  const buildMs = performance.now() - buildingFrom
  const openingFrom = performance.now()
  const chunks = segments.map((bytes, index): SearchChunk => {
    const segment = openSegment(bytes)
    if (!segment) throw new Error('a segment does not open')
    return { firstRow: index * rowsInChunk, segment }
  })
  const openMs = performance.now() - openingFrom
  const overlay = new OverlayIndex()
  for (let row = chunked; row < rows.length; row += 1) {
    const item = rows[row]
    if (item?.kind === 'resident') overlay.setResident(row, item.record)
    else if (item?.kind === 'case') overlay.setCase(row, item.record)
    else if (item) overlay.setNote(row, item.record)
  }
  const source = sourceOf(rows, chunks, overlay)
  const rowOf = new Map(rows.map(({ record }, row) => [record.id, row]))
  const searcher = createSearcher()
  const idsOf = (from: SearchSource, text: string) =>
    searcher.search(from, text, { limit: 20 }).hits.map(({ row }) => rows[row]?.record.id ?? '')
  return {
    name: 'Adviser Desktop',
    buildMs,
    openMs,
    bytes: segments.reduce((sum, { byteLength }) => sum + byteLength, 0),
    search: (text) => idsOf(source, text),
    missing: (text, ids) => {
      const wanted = new Set(ids.map((id) => rowOf.get(id) ?? -1))
      const lenders = new Set(
        [...wanted].map((row) => (source.isResident(row) ? row : source.residentOf(row))),
      )
      const few: SearchSource = {
        ...source,
        version: {},
        newestRows: source.newestRows.map((row) => (wanted.has(row) || lenders.has(row) ? row : -1)),
      }
      const found = new Set(searcher.search(few, text, { limit: 1000 }).hits.map(({ row }) => row))
      return ids.filter((id) => !found.has(rowOf.get(id) ?? -1))
    },
  }
}

function inOrder({ residents, cases, notes }: BenchRecords): readonly Row[] {
  const rows: Row[] = residents.map((record) => ({ kind: 'resident', record }))
  let note = 0
  for (const record of cases) {
    rows.push({ kind: 'case', record })
    for (; notes[note]?.caseId === record.id; note += 1) {
      rows.push({ kind: 'note', record: notes[note] as TimelineEntry })
    }
  }
  return rows
}

function build(rows: readonly Row[]): readonly Uint8Array[] {
  const builder = createSegmentBuilder()
  const segments: Uint8Array[] = []
  for (let from = 0; from < rows.length; from += rowsInChunk) {
    const chunk = rows.slice(from, from + rowsInChunk)
    for (const [row, item] of chunk.entries()) {
      if (item.kind === 'resident') builder.addResident(row, item.record)
      else if (item.kind === 'case') builder.addCase(row, item.record)
      else builder.addNote(row, item.record)
    }
    segments.push(builder.build(chunk.length))
  }
  return segments
}

function sourceOf(rows: readonly Row[], chunks: readonly SearchChunk[], overlay: OverlayIndex): SearchSource {
  const rowOf = new Map(rows.map(({ record }, row) => [record.id, row]))
  const at = (id: string | null) => rowOf.get(id ?? '') ?? -1
  const targets = Int32Array.from(rows, ({ kind, record }, row) =>
    kind === 'note' ? at(record.caseId) : row,
  )
  const isResident = Uint8Array.from(rows, ({ kind }) => (kind === 'resident' ? 1 : 0))
  const residents = Int32Array.from(rows, ({ kind, record }) =>
    kind === 'case' ? at(record.residentId) : -1,
  )
  const updatedAt = Float64Array.from(rows, ({ kind, record }) =>
    Date.parse(kind === 'note' ? record.at : record.updatedAt),
  )
  const casesOf = new Map<number, number[]>()
  const isOpen = Uint8Array.from(rows, ({ kind, record }, row) => {
    if (kind !== 'case') return 0
    const resident = residents[row] as number
    const cases = casesOf.get(resident)
    if (cases) cases.push(row)
    else casesOf.set(resident, [row])
    return record.status === 'closed' || record.status === 'resolved' ? 0 : 1
  })
  const none: readonly number[] = []
  return {
    version: {},
    chunks,
    overlay,
    rowCount: rows.length,
    targets,
    newestRows: Int32Array.from(rows, (_, row) => row),
    isResident: (row) => isResident[row] === 1,
    residentOf: (row) => residents[row] as number,
    casesOf: (row, found) => {
      const cases = casesOf.get(row) ?? none
      for (let index = 0; index < cases.length; index += 1) found[index] = cases[index] as number
      return cases.length
    },
    isOpen: (row) => isOpen[row] === 1,
    updatedAt: (row) => updatedAt[row] as number,
  }
}
