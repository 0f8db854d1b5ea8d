import { createCacheCipher } from '#renderer/platform/db/cache-cipher.ts'
import { createRecordParts, type RecordParts } from '#renderer/platform/db/record-parts.ts'
import type { CacheMeta } from '#shared/cases/case-store.ts'
import type { Change } from '#shared/contract/rest.ts'
import { MemoryRecordDisk } from '#tests/support/memory-record-disk.ts'

export const limits = { chunkRows: 48, foldRows: 8, smallRows: 24, smallChunks: 3, mergedRows: 48 }
const cipher = await createCacheCipher(new Uint8Array(32).fill(7))

/** The parts of a store on a disk in memory, with small limits, and its restarts. */
export class RecordDesk {
  disk = new MemoryRecordDisk()
  parts: RecordParts
  #turns: Promise<unknown> = Promise.resolve()
  damaged = 0
  /** What the writing of a chunk waits for between its steps. */
  #gate = Promise.resolve()

  constructor() {
    this.parts = this.#make()
  }

  #make(): RecordParts {
    this.#turns = Promise.resolve()
    return createRecordParts({
      disk: this.disk,
      cipher,
      pace: { breathe: () => this.#gate, whenIdle: () => () => {} },
      inTurn: (run) => this.inTurn(run),
      onDamaged: () => {
        this.damaged += 1
      },
      limits,
    })
  }

  /** Tidying stands still until the answer is called. */
  holdTidying(): () => void {
    let letGo = () => {}
    this.#gate = new Promise((resolve) => {
      letGo = resolve
    })
    return letGo
  }

  inTurn<T>(run: () => Promise<T>): Promise<T> {
    const turn = this.#turns.then(run)
    this.#turns = turn.catch(() => {})
    return turn
  }

  apply(changes: readonly Change[], meta: CacheMeta): Promise<readonly string[]> {
    return this.inTurn(() => this.parts.store.apply(changes, meta))
  }

  async restart(): Promise<void> {
    this.disk = this.disk.afterCrash()
    this.parts = this.#make()
    await this.parts.store.open()
  }
}
