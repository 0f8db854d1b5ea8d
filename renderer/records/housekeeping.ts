import type { CaseStore } from '#shared/cases/case-store.ts'
import type { Clock } from '#shared/kernel/clock.ts'
import type { Log } from '#shared/kernel/log.ts'

export interface HousekeepingParts {
  readonly store: Pick<CaseStore, 'evict' | 'room'>
  readonly clock: Clock
  readonly log: Log
  /** How long the council lets closed cases lie on desks. */
  readonly retentionDays: () => number | undefined
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
    const { clock, log, retentionDays } = this.#parts
    const now = clock.now()
    if (this.#tidiedAt !== null && Math.abs(now - this.#tidiedAt) < dayMs) return
    this.#tidiedAt = now
    const allowedDays = retentionDays() ?? defaultRetentionDays
    await this.#evict(allowedDays)
    for (const days of shorterDays) {
      const { freeBytes } = await this.#parts.store.room()
      if (freeBytes >= leastFreeBytes || days >= allowedDays) continue
      log.info('cases/little-room', { freeMegabytes: Math.round(freeBytes / 1024 ** 2), days })
      await this.#evict(days)
    }
  }

  async #evict(days: number): Promise<void> {
    const { store, clock, log } = this.#parts
    const done = await store.evict(clock.now() - days * dayMs)
    if (!done.ok) log.error(done.error.code, { at: 'evict', detail: done.error.detail })
  }
}
