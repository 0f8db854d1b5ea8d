import type { Cancel, Clock } from '#shared/kernel/clock.ts'

export interface IdleLockOptions {
  readonly clock: Clock
  /** Nobody touched the machine for this long; 0 never locks. */
  readonly afterMinutes: number
  /** Seconds since anybody touched mouse or keyboard. */
  idleSeconds(): number
  /** A caller who is spoken to keeps the hands off the keys. */
  inCall(): boolean
  lock(): void
}

const lookEveryMs = 15_000

/** Locks the desk when it is left alone; the returned function stops watching. */
export function lockWhenIdle({ clock, afterMinutes, idleSeconds, inCall, lock }: IdleLockOptions): Cancel {
  if (afterMinutes === 0) return () => {}
  /** The end of a call counts as a touch. */
  let untouchedSince = clock.now()
  let stop = clock.after(lookEveryMs, look)
  function look(): void {
    if (inCall()) untouchedSince = clock.now()
    untouchedSince = Math.max(untouchedSince, clock.now() - idleSeconds() * 1000)
    if (clock.now() - untouchedSince >= afterMinutes * 60_000) lock()
    stop = clock.after(lookEveryMs, look)
  }
  return () => stop()
}
