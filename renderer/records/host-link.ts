import type { CasesErrorCode } from '#shared/cases/errors.ts'
import type { Journal } from '#shared/cases/journal.ts'
import type { RecordsHost } from '#shared/contract/records.ts'
import { appError } from '#shared/kernel/app-error.ts'
import type { Cancel, Clock } from '#shared/kernel/clock.ts'
import type { Log, LogFacts, LogLevel } from '#shared/kernel/log.ts'
import { err, ok, type Result } from '#shared/kernel/result.ts'

/** A host that has not answered for this long is taken for dead: a message port does not tell. */
const hostAnswerMs = 5_000
/** How long a call waits with no host at all. */
const hostAbsenceMs = 10_000
const entriesPerAppend = 100
const idsPerSettle = 500

/** Says "no host" apart from what a host answered. */
const noHost: CasesErrorCode = 'cases/journal-unavailable'

/**
 * The worker's way to the main process through whichever page offers itself as the host. Calls on a host that died
 * are repeated on the next one, so everything asked of a host has to bear being asked twice.
 */
export class HostLink {
  readonly #clock: Clock
  #host: RecordsHost | null = null
  readonly #waiting = new Set<(host: RecordsHost) => void>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  provide(host: RecordsHost): void {
    this.#host = host
    for (const take of [...this.#waiting]) take(host)
  }

  token(force: boolean): Promise<Result<string>> {
    return this.#call((host) => host.token(force))
  }

  dataKey(): Promise<Result<Uint8Array>> {
    return this.#call((host) => host.dataKey())
  }

  wiped(): Promise<Result<null>> {
    return this.#call((host) => host.wiped())
  }

  readonly journal: Journal = {
    append: (entries) =>
      this.#inParts(entries, entriesPerAppend, (part) => this.#call((host) => host.journalAppend(part))),
    read: () => this.#call((host) => host.journalRead()),
    settle: (ids) =>
      this.#inParts(ids, idsPerSettle, (part) => this.#call((host) => host.journalSettle(part))),
  }

  readonly log: Log = {
    error: (code, facts) => this.#write('error', code, facts),
    info: (code, facts) => this.#write('info', code, facts),
    debug: (code, facts) => this.#write('debug', code, facts),
  }

  #write(level: LogLevel, code: string, facts: LogFacts = {}): void {
    const said = Object.fromEntries(
      Object.entries(facts).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])),
    )
    this.#host?.log(level, code, said).catch(() => {})
  }

  async #inParts<T>(
    items: readonly T[],
    size: number,
    run: (part: readonly T[]) => Promise<Result<null>>,
  ): Promise<Result<null>> {
    for (let start = 0; start < items.length; start += size) {
      const answer = await run(items.slice(start, start + size))
      if (!answer.ok) return answer
    }
    return ok(null)
  }

  /** The first answer of any host asked; an error once there has been no host for `hostAbsenceMs`. */
  #call<T>(run: (host: RecordsHost) => Promise<Result<T>>): Promise<Result<T>> {
    return new Promise((resolve) => {
      let stopTimer: Cancel = () => {}
      const finish = (answer: Result<T>) => {
        stopTimer()
        this.#waiting.delete(ask)
        resolve(answer)
      }
      const waitForHost = () => {
        stopTimer()
        stopTimer = this.#clock.after(hostAbsenceMs, () => finish(err(appError(noHost, 'later', 'no host'))))
      }
      const ask = (host: RecordsHost) => {
        stopTimer()
        const dead = () => {
          if (this.#host === host) this.#host = null
          if (this.#host === null) waitForHost()
        }
        stopTimer = this.#clock.after(hostAnswerMs, dead)
        // A late answer still counts: the host was slow, not dead.
        run(host).then(finish, dead)
      }
      this.#waiting.add(ask)
      if (this.#host) ask(this.#host)
      else waitForHost()
    })
  }
}
