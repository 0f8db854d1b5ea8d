import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createSearcher } from '#shared/cases/search/search.ts'
import { openSegment } from '#shared/cases/search/segment.ts'
import { createSegmentBuilder } from '#shared/cases/search/segment-builder.ts'
import { aCase, aResident } from '#tests/support/sim-records.ts'
import { memorySource } from './memory-source.ts'

function built(count: number): Uint8Array<ArrayBuffer> {
  const builder = createSegmentBuilder()
  for (let row = 0; row < count; row += 1) {
    if (row % 2 === 0) builder.addResident(row, aResident(`r${row}`, { familyName: `Name${row}` }))
    else builder.addCase(row, aCase(`c${row}`, { subject: `Word${row} of many` }))
  }
  return builder.build(count)
}

describe('a segment', () => {
  it('is the same whatever was built before it', () => {
    const builder = createSegmentBuilder()
    const build = (familyName: string) => {
      builder.addResident(0, aResident('r', { familyName }))
      return builder.build(1)
    }
    const first = build('Okafor')
    build('Adeyemi')
    expect(build('Okafor')).toEqual(first)
  })

  it('opens wherever its bytes lie', () => {
    const bytes = built(50)
    for (const offset of [0, 1, 2, 4]) {
      const room = new Uint8Array(bytes.length + offset)
      room.set(bytes, offset)
      expect(openSegment(room.subarray(offset))?.rowCount).toBe(50)
    }
  })

  it('may be empty', () => {
    const segment = openSegment(createSegmentBuilder().build(0))
    expect(segment?.rowCount).toBe(0)
    if (!segment) return
    const source = { ...memorySource([], []).source, chunks: [{ firstRow: 0, segment }] }
    for (const text of ['okafor', '14', '01632960142', 'k', 'okaofr']) {
      expect(createSearcher().search(source, text, { limit: 5 })).toEqual({ hits: [], total: 0 })
    }
  })

  it('holds more words than its first memory, and numbers up to the last row', () => {
    const builder = createSegmentBuilder()
    const rows = 3000
    for (let row = 0; row < rows; row += 1) {
      const subject = Array.from({ length: 20 }, (_, word) => `w${(row * 20 + word).toString(36)}q`).join(' ')
      builder.addCase(row, aCase(`c${row}`, { reference: null, subject, fields: {} }))
    }
    const segment = openSegment(builder.build(rows))
    expect(segment).not.toBeNull()
    if (!segment) return
    const source = {
      ...memorySource([], []).source,
      version: {},
      chunks: [{ firstRow: 0, segment }],
      rowCount: rows,
      targets: Int32Array.from({ length: rows }, (_, row) => row),
      newestRows: Int32Array.from({ length: rows }, (_, row) => row),
      isResident: () => false,
      residentOf: () => -1,
      isOpen: () => true,
      updatedAt: (row: number) => row,
    }
    const searcher = createSearcher()
    for (const number of [0, 1, 777, 30_000, 59_999]) {
      const { hits } = searcher.search(source, `w${number.toString(36)}q`, { limit: 3 })
      expect(hits.map(({ row }) => row)).toContain(Math.floor(number / 20))
    }
    expect(searcher.search(source, 'w', { limit: 3 }).total).toBe(rows)
  })

  it('does not open when anything about it is different', () => {
    const bytes = built(20)
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, difference) => {
        const other = bytes.slice()
        other[at] = (other[at] ?? 0) ^ difference
        expect(openSegment(other)).toBeNull()
      }),
    )
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), (length) => {
        expect(openSegment(bytes.slice(0, length))).toBeNull()
      }),
    )
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (noise) => {
        expect(openSegment(noise)).toBeNull()
      }),
    )
  })
})
