import type { Cancel } from '#shared/kernel/clock.ts'

/** How work that nobody waits for gives way to work that somebody waits for. */
export interface Pace {
  /** Resolves after everything else that is ready to run has had its turn, and not before so many milliseconds. */
  breathe(leastMs?: number): Promise<void>
  /** Calls once, after a while in which it was not asked for again. */
  whenIdle(run: () => void): Cancel
}

const idleMs = 2_000
const longestRestMs = 100

/** Leaves the disk to others for as long as it was written to: since a time by `performance.now()`. */
export const restAsLongAsSince = (before: number, pace: Pace): Promise<void> =>
  pace.breathe(Math.min(performance.now() - before, longestRestMs))

export const browserPace: Pace = {
  breathe: (leastMs = 0) => scheduler.postTask(() => {}, { priority: 'background', delay: leastMs }),
  whenIdle: (run) => {
    const timer = setTimeout(run, idleMs)
    return () => clearTimeout(timer)
  },
}
