import { randomUUID } from 'node:crypto'
import type { Clock } from '#shared/kernel/clock.ts'
import type { Random } from '#shared/kernel/random.ts'

/* The real clock and chance of this process, for what gets them as ports. */

export const systemClock: Clock = {
  now: () => Date.now(),
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs)
    return () => clearTimeout(timer)
  },
}

export const systemRandom: Random = {
  next: () => Math.random(),
  uuid: () => randomUUID(),
}
