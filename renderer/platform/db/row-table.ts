import { rowsOfChunk } from './chunk-format.ts'

/** Of a row that holds nothing. */
export const noKind = 255
const firstOverlayRows = 1024

/**
 * Facts by row, of all chunks one after the other and of the overlay above them: what a scan and the search read for
 * very many rows. An *entity* is the number of a record.
 */
export class RowTable {
  kinds = new Uint8Array(0)
  statuses = new Uint8Array(0)
  times = new Float64Array(0)
  /** The record that a row is a version of. */
  entities = new Int32Array(0)
  /** Of a case or contact its resident, of a timeline entry its case or else its resident, of a resident whom they were merged into; or -1. */
  owners = new Int32Array(0)
  /** The record that a match in this row counts for: of a newest version alone, otherwise -1. */
  targets = new Int32Array(0)
  /** Number of an adviser plus 1; 0 for nobody. */
  assignees = new Uint16Array(0)
  #chunks = 0
  #overlayRows = 0

  constructor() {
    this.#resize(1, firstOverlayRows)
  }

  /** First row of the overlay. */
  get overlayStart(): number {
    return this.#chunks * rowsOfChunk
  }

  /** All rows are below it. */
  get length(): number {
    return this.overlayStart + this.#overlayRows
  }

  /** Makes room; answers by how much the overlay's rows moved up. */
  reserveChunks(chunks: number): number {
    if (chunks <= this.#chunks) return 0
    const before = this.overlayStart
    this.#resize(Math.max(chunks, Math.ceil(this.#chunks * 1.5)), this.#overlayRows)
    return this.overlayStart - before
  }

  reserveOverlay(rows: number): void {
    if (rows > this.#overlayRows) this.#resize(this.#chunks, Math.max(rows, this.#overlayRows * 2))
  }

  clearRows(from: number, to: number): void {
    this.kinds.fill(noKind, from, to)
    this.targets.fill(-1, from, to)
  }

  #resize(chunks: number, overlayRows: number): void {
    const before = this.overlayStart
    const after = chunks * rowsOfChunk
    const length = after + overlayRows
    const moved = <T extends Uint8Array | Uint16Array | Int32Array | Float64Array>(from: T, to: T): T => {
      to.set(from.subarray(0, before))
      to.set(from.subarray(before), after)
      return to
    }
    this.kinds = moved(this.kinds, new Uint8Array(length).fill(noKind))
    this.statuses = moved(this.statuses, new Uint8Array(length))
    this.times = moved(this.times, new Float64Array(length))
    this.entities = moved(this.entities, new Int32Array(length).fill(-1))
    this.owners = moved(this.owners, new Int32Array(length).fill(-1))
    this.targets = moved(this.targets, new Int32Array(length).fill(-1))
    this.assignees = moved(this.assignees, new Uint16Array(length))
    this.#chunks = chunks
    this.#overlayRows = overlayRows
  }
}
