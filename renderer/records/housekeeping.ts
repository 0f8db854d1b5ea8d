import type { CaseStore } from '#shared/cases/case-store.ts'
import type { Clock } from '#shared/kernel/clock.ts'
import type { Log } from '#shared/kernel/log.ts'

export interface HousekeepingParts {
  readonly store: Pick<CaseStore, 'evict' | 'room'>
  readonly clock: Clock
  readonly log: Log
  /** How long the council lets closed cases lie on desks. */
  readonly retentionDays: () => number | undefined
  /** The council's clock, milliseconds since 1970; null when it cannot be asked. A desk's own may be days wrong. */
  readonly councilNow: () => Promise<number | null>
}

const dayMs = 86_400_000
const defaultRetentionDays = 365
/** Below this a save may soon fail; room for a week of unsent work and a new page of every kind. */
const leastFreeBytes = 256 * 1024 * 1024
/** When there is little room, closed cases go sooner, in these steps. */
const shorterDays = [90, 30, 7]

/**
 * Lets closed cases go when the council's time for them is over, and sooner when the disk fills up: before a write
 * fails, and never anything that is open or unsent. What went is still found at the council.
 */
export class Housekeeping {
  readonly #parts: HousekeepingParts
  #tidiedAt: number | null = null

  constructor(parts: HousekeepingParts) {
    this.#parts = parts
  }

  /** Once a day is enough; called whenever the cache is up to date. */
  async tidy(): Promise<void> {
    const { clock, log, retentionDays, councilNow } = this.#parts
    const here = clock.now()
    if (this.#tidiedAt !== null && Math.abs(here - this.#tidiedAt) < dayMs) return
    this.#tidiedAt = here
    const now = await councilNow()
    if (now === null) {
      this.#tidiedAt = null
      return
    }
    const allowedDays = retentionDays() ?? defaultRetentionDays
    await this.#evict(now, allowedDays)
    for (const days of shorterDays) {
      const { freeBytes } = await this.#parts.store.room()
      if (freeBytes >= leastFreeBytes || days >= allowedDays) continue
      log.info('cases/little-room', { freeMegabytes: Math.round(freeBytes / 1024 ** 2), days })
      await this.#evict(now, days)
    }
  }

  async #evict(now: number, days: number): Promise<void> {
    const { store, log } = this.#parts
    const done = await store.evict(now - days * dayMs)
    if (!done.ok) log.error(done.error.code, { at: 'evict', detail: done.error.detail })
  }
}
