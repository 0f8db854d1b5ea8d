import { randomInt, randomUUID } from 'node:crypto'
import type { Clock } from '#shared/kernel/clock.ts'
import type { Log, LogFacts, LogLevel } from '#shared/kernel/log.ts'
import type { Random } from '#shared/kernel/random.ts'

/** The system's clock. Its timers do not keep a process alive that has nothing else to do. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after: (delayMs, run) => {
    const timer = setTimeout(run, delayMs)
    timer.unref()
    return () => clearTimeout(timer)
  },
}

const resolution = 2 ** 47

/** The system's cryptographic randomness. */
export const systemRandom: Random = {
  next: () => randomInt(resolution) / resolution,
  uuid: () => randomUUID(),
}

/** One line of JSON per entry: time, level, code, facts. `write` gets the line without its end. */
export function createLineLog(
  clock: Clock,
  write: (line: string) => void,
  levels: readonly LogLevel[] = ['error', 'info', 'debug'],
): Log {
  const entry = (level: LogLevel) => (code: string, facts?: LogFacts) => {
    if (!levels.includes(level)) return
    write(JSON.stringify({ at: new Date(clock.now()).toISOString(), level, code, facts }))
  }
  return { error: entry('error'), info: entry('info'), debug: entry('debug') }
}
