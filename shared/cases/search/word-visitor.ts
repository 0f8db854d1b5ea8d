import type { RunReader } from './postings.ts'

/** Takes the rows that a word is found in. */
export interface WordVisitor {
  /**
   * Rows of one term in one field: `reader.rows` up to `reader.count`, counted from `firstRow`. The term is named by
   * its number in the codes or words of the chunk.
   */
  run(way: number, reader: RunReader, firstRow: number, chunk: number, isCode: boolean, term: number): void
  /** A row with a telephone number, by the number's place in the chunk. */
  phone(way: number, row: number, chunk: number, number: number): void
  /** A row that is in no chunk, and the word or number found in it. */
  row(way: number, field: number, row: number, text: string): void
}
