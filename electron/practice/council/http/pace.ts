import type { Clock } from '#shared/kernel/clock.ts'

/** Lets this many through at once and per second; the others wait in line. */
export interface Pace {
  soon(run: () => void): void
}

export function createPace(clock: Clock, perSecond: number): Pace {
  const waiting: (() => void)[] = []
  let free = perSecond
  let countedAt = clock.now()
  let isTicking = false

  const count = () => {
    const now = clock.now()
    free = Math.min(perSecond, free + ((now - countedAt) / 1000) * perSecond)
    countedAt = now
  }
  const letThrough = () => {
    count()
    while (free >= 1 && waiting.length > 0) {
      free -= 1
      waiting.shift()?.()
    }
    if (waiting.length === 0 || isTicking) return
    isTicking = true
    clock.after(Math.ceil(((1 - free) / perSecond) * 1000), () => {
      isTicking = false
      letThrough()
    })
  }
  return {
    soon: (run) => {
      waiting.push(run)
      letThrough()
    },
  }
}
