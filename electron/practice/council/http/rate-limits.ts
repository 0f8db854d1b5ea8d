import type { MiddlewareHandler } from 'hono'
import type { Clock } from '#shared/kernel/clock.ts'
import type { Environment } from './environment.ts'
import { ProblemError } from './problems.ts'

/** So many at once, and then as many as `perSecond` brings back. */
export interface RateLimit {
  /** Whole seconds to wait before the next, 0 when there is one left. */
  secondsToWait(key: string): number
  take(key: string): void
}

export interface RateLimitOptions {
  readonly clock: Clock
  readonly atOnce: number
  readonly perSecond: number
}

/** Keys that have all of theirs back are forgotten when there are more than this. */
const mostKeys = 10_000

/** In the memory of the process: several processes allow so many each. */
export function createRateLimit({ clock, atOnce, perSecond }: RateLimitOptions): RateLimit {
  const buckets = new Map<string, { free: number; at: number }>()
  const freeOf = (key: string): number => {
    const bucket = buckets.get(key)
    if (!bucket) return atOnce
    return Math.min(atOnce, bucket.free + (Math.max(0, clock.now() - bucket.at) / 1000) * perSecond)
  }
  return {
    secondsToWait: (key) => Math.max(0, Math.ceil((1 - freeOf(key)) / perSecond)),
    take: (key) => {
      buckets.set(key, { free: freeOf(key) - 1, at: clock.now() })
      if (buckets.size <= mostKeys) return
      for (const known of [...buckets.keys()]) if (freeOf(known) >= atOnce) buckets.delete(known)
    },
  }
}

/** RFC 6585 §4: a desk that asks without end is told to wait, and nobody else notices. */
export function limitRequests(limit: RateLimit): MiddlewareHandler<Environment> {
  return async (c, next) => {
    const token = c.req.header('authorization') ?? ''
    const seconds = limit.secondsToWait(token)
    if (seconds > 0) {
      throw new ProblemError('request/too-many', undefined, { 'retry-after': String(seconds) })
    }
    limit.take(token)
    await next()
  }
}
