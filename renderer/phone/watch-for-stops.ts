import type { Clock } from '#shared/kernel/clock.ts'

const lookEveryMs = 1_000
/** Less is a busy machine; a page that was stopped for longer has missed what keeps a call together. */
const stoppedMs = 4_000

/** Tells when the page itself was stopped: some machines sleep, or freeze what is hidden, without a word. */
export function watchForStops(clock: Clock, stopped: (forMs: number) => void): void {
  let lookedAt = clock.now()
  const look = () => {
    const forMs = clock.now() - lookedAt - lookEveryMs
    lookedAt = clock.now()
    if (forMs > stoppedMs) stopped(forMs)
    clock.after(lookEveryMs, look)
  }
  clock.after(lookEveryMs, look)
}
