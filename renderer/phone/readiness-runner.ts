import { callsError } from '#shared/calls/errors.ts'
import {
  type CheckState,
  checkState,
  failedItems,
  isWorthRepeating,
  type Measurement,
  newCheck,
  slowerRoundTrip,
  withMeasured,
} from '#shared/calls/readiness-check.ts'
import type { Microphone, ReadinessCheck, Registration } from '#shared/contract/phone.ts'
import type { RecordsApi, SyncState } from '#shared/contract/records.ts'
import type { AgentStateRequest, IceServer } from '#shared/contract/rest.ts'
import type { Cancel, Clock } from '#shared/kernel/clock.ts'
import type { Log } from '#shared/kernel/log.ts'
import { err, ok, type Result } from '#shared/kernel/result.ts'

/** What the check looks at, besides the telephone itself. */
export interface Measures {
  /** Root mean square of each short stretch of the microphone's sound, until cancelled. */
  listen(heard: (rms: number) => void): Cancel
  mediaPath(
    servers: readonly IceServer[],
    withinMs: number,
  ): Promise<Extract<Measurement, { item: 'media-path' }>>
  /** Null when the browser does not say. */
  freeMb(): Promise<number | null>
}

/** What the telephone is like at this moment. */
export interface ReadinessSurroundings {
  readonly registration: Registration
  /** The switchboard's last round trip; null before the first. */
  readonly switchboardMs: number | null
  readonly microphone: Microphone
  readonly outputs: number
  /** The records' last word on themselves; null before the first. */
  readonly sync: SyncState | null
  readonly iceServers: readonly IceServer[]
  readonly leaseDays: number
  /** Reasons of the moment that keep the adviser from Ready. */
  readonly troubled: boolean
}

export interface ReadinessRunner {
  /** Shown to the adviser: the check that is running, or the last one. */
  check(): ReadinessCheck | null
  /** What Ready may rest on: while a check is repeated, the last one still holds. */
  verdict(): CheckState
  /** Begins a check; one that is running goes on. */
  run(): void
  /** Something changed: begins by itself once the telephone is up, and again when trouble has gone. */
  consider(): void
  /** Goes to work in spite of what failed. Code: `calls/not-possible-now` when nothing did. */
  override(reason: string): Result<null>
  /** Asking for Ready with what was overridden, for the backend to keep. */
  withOverride(request: AgentStateRequest): AgentStateRequest
  forget(): void
}

export interface ReadinessRunnerOptions {
  readonly measures: Measures
  readonly records: Pick<RecordsApi, 'probe'>
  readonly clock: Clock
  readonly log: Log
  surroundings(): ReadinessSurroundings
  onChange(): void
}

/** Longest that any one item may take. */
const withinMs = 3_000
const hourMs = 3_600_000

export function createReadinessRunner(options: ReadinessRunnerOptions): ReadinessRunner {
  const { measures, records, clock, log } = options
  let check: ReadinessCheck | null = null
  let finished: ReadinessCheck | null = null
  let troubledSince = false

  const isRunning = () => check !== null && check.finishedAt === null

  function run(): void {
    if (isRunning()) return
    const begun = newCheck(clock.now())
    check = begun
    troubledSince = options.surroundings().troubled
    options.onChange()
    const take = (found: Measurement) => {
      if (check?.startedAt !== begun.startedAt) return
      check = withMeasured(check, found, clock.now())
      if (check.finishedAt !== null) finish(check)
      options.onChange()
    }
    for (const measuring of measureAll()) {
      measuring.then(take, (error: unknown) => {
        log.error('phone.check-failed', { kind: error instanceof Error ? error.name : typeof error })
      })
    }
  }

  function finish(done: ReadinessCheck): void {
    finished = done
    log.info('phone.checked', {
      tookMs: clock.now() - done.startedAt,
      failed: failedItems(done).join(','),
      warnings: done.items
        .filter(({ outcome }) => outcome === 'warning')
        .map(({ item }) => item)
        .join(','),
    })
  }

  function measureAll(): Promise<Measurement>[] {
    const { registration, microphone, outputs, iceServers, leaseDays } = options.surroundings()
    const live = microphone.name === 'live'
    const probe = inTime(records.probe().then((answer) => (answer.ok ? answer.value : null)))
    return [
      live
        ? loudest().then((peak) => ({ item: 'microphone', live, peak }) as const)
        : now({ item: 'microphone', live, peak: null }),
      now({ item: 'speaker', outputs }),
      now({ item: 'registration', registered: registration.name === 'registered' }),
      measures.mediaPath(iceServers, withinMs),
      Promise.all([probe, switchboardMs()]).then(([found, ms]) => ({
        item: 'round-trip',
        ms: slowerRoundTrip(found?.roundTripMs ?? null, ms),
      })),
      probe.then((found) => ({ item: 'clock', aheadMs: found?.clockAheadMs ?? null })),
      inTime(measures.freeMb()).then((freeMb) => ({ item: 'disk', freeMb })),
      cacheHours().then((hours) => ({ item: 'cache-age', hours, leaseHours: leaseDays * 24 })),
    ]
  }

  /** Ends with the first sound: a microphone that hears anything at all is one that works. */
  function loudest(): Promise<number | null> {
    return new Promise((resolve) => {
      let peak: number | null = null
      const stop = () => {
        cancel()
        timer()
        resolve(peak)
      }
      const timer = clock.after(withinMs, stop)
      const cancel = measures.listen((rms) => {
        peak = Math.max(peak ?? 0, rms)
        if (peak > 0) stop()
      })
    })
  }

  /** A telephone that has only just registered is given a moment to hear from the switchboard again. */
  async function switchboardMs(): Promise<number | null> {
    for (let waitedMs = 0; ; waitedMs += 50) {
      const { registration, switchboardMs: ms } = options.surroundings()
      if (ms !== null || registration.name !== 'registered' || waitedMs >= withinMs) return ms
      await new Promise<void>((resolve) => clock.after(50, resolve))
    }
  }

  /** Records that are just being fetched are given a moment to arrive. */
  async function cacheHours(): Promise<number | null> {
    for (let waitedMs = 0; ; waitedMs += 250) {
      const { sync } = options.surroundings()
      if (sync?.name === 'sending') return 0
      const asAt = sync?.name === 'up-to-date' || sync?.name === 'behind' ? sync.asAt : null
      if (asAt !== null) return Math.max(0, (clock.now() - asAt) / hourMs)
      if (waitedMs >= withinMs) return null
      await new Promise<void>((resolve) => clock.after(250, resolve))
    }
  }

  function inTime<T>(found: Promise<T | null>): Promise<T | null> {
    return new Promise((resolve) => {
      const cancel = clock.after(withinMs, () => resolve(null))
      found
        .catch(() => null)
        .then((value) => {
          cancel()
          resolve(value)
        })
    })
  }

  return {
    check: () => check,
    verdict: () => checkState(finished),
    run,
    consider() {
      const { registration, microphone, troubled } = options.surroundings()
      if (troubled) troubledSince = true
      if (isRunning()) return
      if (check === null) {
        const isUp = ['registered', 'refused', 'waiting'].includes(registration.name)
        if (isUp && microphone.name !== 'unknown') run()
        return
      }
      if (!troubled && troubledSince && isWorthRepeating(check)) {
        if (checkState(finished) === 'failed') finished = null
        run()
      }
    },
    override(reason) {
      if (finished === null || isRunning() || failedItems(finished).length === 0) {
        return err(callsError('calls/not-possible-now', 'never', 'check'))
      }
      finished = { ...finished, override: { reason, at: clock.now() } }
      check = finished
      log.info('phone.check-overridden', { failed: failedItems(finished).join(',') })
      options.onChange()
      return ok(null)
    },
    withOverride(request) {
      if (request.name !== 'ready' || finished === null || finished.override === null) return request
      return { ...request, override: { failed: failedItems(finished), reason: finished.override.reason } }
    },
    forget() {
      check = null
      finished = null
      troubledSince = false
    },
  }
}

function now<M extends Measurement>(found: M): Promise<M> {
  return Promise.resolve(found)
}
