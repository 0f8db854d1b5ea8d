import type { Cancel, Clock } from '#shared/kernel/clock.ts'
import type { Random } from '#shared/kernel/random.ts'

interface Timer {
  readonly at: number
  readonly order: number
  readonly run: () => void
}

/** Lets every promise that can go on go on: what is waited for next is a timer of the clock. */
export const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** Time that passes only when the test says so, one timer after the other, as fast as they can run. */
export class SimClock implements Clock {
  #now: number
  #order = 0
  readonly #timers: Timer[] = []

  constructor(startAt = Date.UTC(2026, 4, 4, 9)) {
    this.#now = startAt
  }

  now(): number {
    return this.#now
  }

  after(delayMs: number, run: () => void): Cancel {
    this.#order += 1
    const timer: Timer = { at: this.#now + Math.max(0, delayMs), order: this.#order, run }
    let index = this.#timers.length
    while (index > 0 && isLater(this.#timers[index - 1], timer)) index -= 1
    this.#timers.splice(index, 0, timer)
    return () => {
      const at = this.#timers.indexOf(timer)
      if (at >= 0) this.#timers.splice(at, 1)
    }
  }

  delay(delayMs: number): Promise<void> {
    return new Promise((resolve) => this.after(delayMs, resolve))
  }

  /** Runs timers until `until` says so or `forMs` have passed; answers whether `until` was reached. */
  async run(forMs: number, until: () => boolean = () => false): Promise<boolean> {
    const end = this.#now + forMs
    for (;;) {
      await settle()
      if (until()) return true
      const next = this.#timers[0]
      if (!next || next.at > end) break
      this.#timers.shift()
      this.#now = next.at
      next.run()
    }
    this.#now = end
    return until()
  }
}

const isLater = (a: Timer | undefined, b: Timer): boolean =>
  a !== undefined && (a.at > b.at || (a.at === b.at && a.order > b.order))

/** Mulberry32: small, fast and the same everywhere for a seed. */
export class SimRandom implements Random {
  #state: number

  constructor(seed: number) {
    this.#state = seed >>> 0
  }

  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let mixed = this.#state
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }

  uuid(): string {
    const hex = Array.from({ length: 32 }, () => this.below(16).toString(16))
    hex[12] = '4'
    hex[16] = '8'
    const text = hex.join('')
    return [text.slice(0, 8), text.slice(8, 12), text.slice(12, 16), text.slice(16, 20), text.slice(20)].join(
      '-',
    )
  }

  /** A whole number at least 0 and below `end`. */
  below(end: number): number {
    return Math.floor(this.next() * end)
  }

  chance(share: number): boolean {
    return this.next() < share
  }

  /** Picks one; the list must not be empty. */
  pick<T>(items: readonly T[]): T {
    const item = items[this.below(items.length)]
    if (item === undefined) throw new Error('nothing to pick from')
    return item
  }
}
