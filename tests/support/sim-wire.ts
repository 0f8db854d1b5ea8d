import type { CouncilApi, EventStreamNews } from '#shared/cases/council-api.ts'
import type { CasesErrorCode } from '#shared/cases/errors.ts'
import { appError } from '#shared/kernel/app-error.ts'
import { err, ok, type Result } from '#shared/kernel/result.ts'
import type { FakeCouncil } from './fake-council.ts'
import type { SimClock, SimRandom } from './sim-clock.ts'

/** Shares of requests, from 0 to 1, that meet each fault. */
export interface WireFaults {
  /** Never arrives: the desk waits for its time-out. */
  readonly lostRequest: number
  /** Arrives and takes effect, and the answer does not come back. */
  readonly lostAnswer: number
  /** Arrives a second time, later. */
  readonly duplicated: number
  readonly serverError: number
  readonly malformed: number
  readonly signedOut: number
  readonly streamClosed: number
}

export const noFaults: WireFaults = {
  lostRequest: 0,
  lostAnswer: 0,
  duplicated: 0,
  serverError: 0,
  malformed: 0,
  signedOut: 0,
  streamClosed: 0,
}

const timeoutMs = 10_000
const heartbeatMs = 15_000
/** No service reads a batch with an operation like this in it. */
export const poisonWords = 'unreadable'

const failed = (code: CasesErrorCode, detail: string, retryAfterMs?: number): Result<never> =>
  err(appError(code, 'later', detail, retryAfterMs))

/** The way from one adviser's desk to the council, with everything that goes wrong on it. */
export class SimWire {
  readonly #council: FakeCouncil
  readonly #adviserId: string
  readonly #clock: SimClock
  readonly #random: SimRandom
  faults: WireFaults = noFaults
  /** No connection at all. */
  cut = false
  readonly #closeStreams = new Set<() => void>()

  constructor(council: FakeCouncil, adviserId: string, clock: SimClock, random: SimRandom) {
    this.#council = council
    this.#adviserId = adviserId
    this.#clock = clock
    this.#random = random
  }

  setCut(cut: boolean): void {
    this.cut = cut
    if (cut) for (const close of [...this.#closeStreams]) close()
  }

  /** The api of one worker process: after its death nothing of it is heard any more. */
  api(isAlive: () => boolean): CouncilApi {
    const council = this.#council
    const adviserId = this.#adviserId
    return {
      me: () => this.#request(isAlive, () => ok(council.me(adviserId))),
      agentState: () => this.#request(isAlive, () => ok({ state: agentState, pending: null })),
      requestAgentState: () => this.#request(isAlive, () => ok({ state: agentState, pending: null })),
      changes: (cursor) =>
        this.#request(isAlive, () => {
          const page = council.changes(cursor, 7)
          return page === null ? err(appError('cases/cursor-unknown', 'now')) : ok(page)
        }),
      sendOperations: (operations) =>
        this.#request(isAlive, () => {
          if (JSON.stringify(operations).includes(poisonWords)) {
            return err(appError('cases/request-invalid', 'never', '422'))
          }
          // A service that fails half-way has applied what came before.
          const until = this.#random.chance(this.faults.serverError)
            ? this.#random.below(operations.length + 1)
            : operations.length
          const results = operations.slice(0, until).map((each) => council.apply(adviserId, each))
          return until < operations.length
            ? failed('cases/council-error', '500')
            : ok(structuredClone(results))
        }),
      script: () => this.#request(isAlive, () => err(appError('cases/request-refused', 'never', '404'))),
      callStatus: (callId) => this.#request(isAlive, () => ok(council.callStatus(callId))),
      setRecordingPaused: (callId) => this.#request(isAlive, () => ok(council.callStatus(callId))),
      callHistory: () => this.#request(isAlive, () => ok({ calls: [] })),
      directory: (heldEtag) => this.#request(isAlive, () => ok(council.directory(heldEtag))),
      signposts: () => this.#request(isAlive, () => ok(null)),
      scriptUse: () => this.#request(isAlive, () => ok({ since: agentState.since, counts: [] })),
      handOver: () => this.#request(isAlive, () => err(appError('cases/request-refused', 'never', '404'))),
      alert: () => this.#request(isAlive, () => err(appError('cases/request-refused', 'never', '404'))),
      queueWhisper: () => this.#request(isAlive, () => ok(null)),
      probe: () => this.#request(isAlive, () => ok({ roundTripMs: 1, clockAheadMs: 0 })),
      events: (listener) => this.#stream(isAlive, listener),
    }
  }

  async #request<T>(isAlive: () => boolean, run: () => Result<T>): Promise<Result<T>> {
    const random = this.#random
    this.#council.requests += 1
    await this.#clock.delay(1 + random.below(200))
    const { faults } = this
    if (this.cut) return failed('cases/council-unreachable', 'no-answer')
    if (random.chance(faults.lostRequest)) return this.#timedOut()
    if (random.chance(faults.signedOut)) return failed('cases/sign-in-needed', '401')
    if (random.chance(faults.serverError)) {
      return failed('cases/council-error', '503', random.chance(0.5) ? 2_000 : undefined)
    }
    const answer = run()
    if (random.chance(faults.duplicated)) this.#clock.after(random.below(30_000), () => run())
    await this.#clock.delay(1 + random.below(200))
    if (!isAlive()) return new Promise(() => {})
    if (this.cut || random.chance(faults.lostAnswer)) return this.#timedOut()
    if (random.chance(faults.malformed)) return failed('cases/malformed-answer', 'cut short')
    return answer
  }

  async #timedOut(): Promise<Result<never>> {
    await this.#clock.delay(timeoutMs)
    return failed('cases/council-unreachable', 'timed-out')
  }

  #stream(isAlive: () => boolean, listener: (news: EventStreamNews) => void): () => void {
    const random = this.#random
    let open = true
    const tell = (news: EventStreamNews) => {
      if (open && isAlive()) listener(news)
    }
    const stop = this.#council.onChanged(() => {
      this.#clock.after(1 + random.below(100), () => tell({ type: 'event', event: { kind: 'changed' } }))
    })
    const end = () => {
      if (!open) return
      stop()
      this.#closeStreams.delete(end)
      tell({ type: 'closed' })
      open = false
    }
    this.#closeStreams.add(end)
    const beat = () => {
      if (!open || !isAlive()) return
      if (random.chance(this.faults.streamClosed)) return end()
      tell({ type: 'alive' })
      this.#clock.after(heartbeatMs, beat)
    }
    this.#clock.after(1 + random.below(100), () => {
      if (this.cut) return end()
      tell({ type: 'opened' })
      beat()
    })
    return () => {
      stop()
      this.#closeStreams.delete(end)
      open = false
    }
  }
}

const agentState = { name: 'ready', since: '2026-05-04T09:00:00.000Z' } as const
