import type { Clock } from '#shared/kernel/clock.ts'

const forgetAfterMs = 60_000
const longestDelayMs = 10_000

/**
 * How long to wait before a dead page is loaded again: not at all the first time, because a call may be waiting for
 * it; longer when it dies again and again, so that the machine stays usable.
 */
export function createRevival(clock: Clock): { nextDelayMs(): number } {
  let deaths: number[] = []
  return {
    nextDelayMs: () => {
      const now = clock.now()
      deaths = deaths.filter((at) => now - at < forgetAfterMs)
      const delayMs = deaths.length === 0 ? 0 : Math.min(500 * 2 ** (deaths.length - 1), longestDelayMs)
      deaths.push(now)
      return delayMs
    },
  }
}
