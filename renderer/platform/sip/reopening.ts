import { capDuringCallMs, retryDelayMs } from '#shared/calls/backoff.ts'
import type { Cancel, Clock } from '#shared/kernel/clock.ts'
import type { Random } from '#shared/kernel/random.ts'
import type { CheckingTransport } from './checking-transport.ts'

export interface ReopeningOptions {
  readonly transport: CheckingTransport
  readonly clock: Clock
  readonly random: Random
  /** Nobody is registered, and yet a call is up that needs the connection. */
  wanted(): boolean
  opened(): void
}

/** After sign-out nothing registers again, but a call that is still up must find its way back over an outage. */
export interface Reopening {
  begin(): void
  stop(): void
}

export function createReopening(options: ReopeningOptions): Reopening {
  const { transport, clock, random, wanted, opened } = options
  let waiting: Cancel = () => {}

  function again(attempt: number): void {
    waiting()
    waiting = clock.after(retryDelayMs(attempt, random.next(), capDuringCallMs), () => {
      if (!wanted()) return
      transport.connect().then(
        () => {
          if (wanted()) opened()
        },
        () => again(attempt + 1),
      )
    })
  }

  return {
    begin: () => again(1),
    stop: () => waiting(),
  }
}
