import { OverlayIndex } from '#shared/cases/search/overlay-search.ts'
import { openSegment } from '#shared/cases/search/segment.ts'
import { createSegmentBuilder } from '#shared/cases/search/segment-builder.ts'
import type { SearchChunk, SearchSource } from '#shared/cases/search/source.ts'
import { type AnyRecord, isOpen, type Living } from './plain-search.ts'

export interface MemorySource {
  readonly source: SearchSource
  /** The newest version of each record. */
  readonly living: readonly Living[]
}

/** Records in the order of arrival, later versions instead of earlier ones; what comes after the chunks is the overlay. */
export function memorySource(
  chunks: readonly (readonly AnyRecord[])[],
  overlay: readonly AnyRecord[],
): MemorySource {
  const builder = createSegmentBuilder()
  const opened: SearchChunk[] = []
  const rows: AnyRecord[] = []
  for (const records of chunks) {
    const firstRow = rows.length
    for (const [row, item] of records.entries()) {
      if (item.kind === 'resident') builder.addResident(row, item.record)
      else if (item.kind === 'case') builder.addCase(row, item.record)
      else builder.addNote(row, item.record)
    }
    rows.push(...records)
    const segment = openSegment(builder.build(records.length))
    if (!segment) throw new Error('a segment does not open')
    opened.push({ firstRow, segment })
  }
  const index = new OverlayIndex()
  for (const item of overlay) {
    const row = rows.push(item) - 1
    if (item.kind === 'resident') index.setResident(row, item.record)
    else if (item.kind === 'case') index.setCase(row, item.record)
    else index.setNote(row, item.record)
  }
  const newest = new Map(rows.map((item, row) => [`${item.kind} ${item.record.id}`, row]))
  const rowOf = (kind: AnyRecord['kind'], id: string | null) => newest.get(`${kind} ${id}`) ?? -1
  const living = rows.flatMap((item, row) =>
    rowOf(item.kind, item.record.id) === row ? [{ ...item, row }] : [],
  )
  const casesOf = (id: string) =>
    living.flatMap((each) => (each.kind === 'case' && each.record.residentId === id ? [each] : []))
  const at = (row: number): AnyRecord => {
    const item = rows[row]
    if (!item) throw new Error(`no row ${row}`)
    return item
  }
  return {
    living,
    source: {
      version: {},
      chunks: opened,
      overlay: index,
      rowCount: rows.length,
      // A record has the number of its newest row.
      targets: Int32Array.from(rows, (item, row) => {
        if (rowOf(item.kind, item.record.id) !== row) return -1
        if (item.kind !== 'note') return row
        const { caseId, residentId } = item.record
        return caseId === null ? rowOf('resident', residentId) : rowOf('case', caseId)
      }),
      newestRows: Int32Array.from(rows, (_, row) => row),
      isResident: (row) => at(row).kind === 'resident',
      residentOf: (row) => {
        const item = at(row)
        return item.kind === 'case' ? rowOf('resident', item.record.residentId) : -1
      },
      casesOf: (row, found) => {
        const cases = casesOf(at(row).record.id)
        for (const [index, each] of cases.entries()) found[index] = each.row
        return cases.length
      },
      isOpen: (row) => {
        const item = at(row)
        if (item.kind === 'case') return isOpen(item.record)
        return casesOf(item.record.id).some((each) => isOpen(each.record))
      },
      updatedAt: (row) => {
        const item = at(row)
        return item.kind === 'note' ? 0 : Date.parse(item.record.updatedAt)
      },
    },
  }
}
