import { createHash } from 'node:crypto'
import { createCouncilApi } from '#renderer/platform/rest/council-api.ts'
import type { CouncilApi } from '#shared/cases/council-api.ts'
import type { Clock } from '#shared/kernel/clock.ts'
import { silentLog } from '#shared/kernel/log.ts'
import type { Result } from '#shared/kernel/result.ts'
import type { FakeCouncil } from './fake-council.ts'
import type { SimClock, SimRandom } from './sim-clock.ts'
import { json, problem, type ServiceAnswer, type ServiceRequest, SimService } from './sim-service.ts'

/** Shares of requests, from 0 to 1, that meet each fault. */
export interface WireFaults {
  /** Never arrives. */
  readonly lostRequest: number
  /** Arrives long after, when the desk has given it up. */
  readonly lateRequest: number
  /** Arrives and takes effect, and the answer does not come back. */
  readonly lostAnswer: number
  /** Arrives a second time, later: after what was sent meanwhile. */
  readonly duplicated: number
  /** 408, 429, 500, 502 or 503 in place of an answer, with a time to wait or without. */
  readonly serverError: number
  /** The service fails in the middle of a batch. */
  readonly failsMidway: number
  /** The answer ends somewhere in its middle. */
  readonly cutBody: number
  /** JSON that is no answer. */
  readonly malformed: number
  readonly tokenExpired: number
  readonly streamClosed: number
}

export const noFaults: WireFaults = {
  lostRequest: 0,
  lateRequest: 0,
  lostAnswer: 0,
  duplicated: 0,
  serverError: 0,
  failsMidway: 0,
  cutBody: 0,
  malformed: 0,
  tokenExpired: 0,
  streamClosed: 0,
}

const heartbeatMs = 15_000
const loginPage: ServiceAnswer = {
  status: 200,
  type: 'text/html; charset=utf-8',
  body: '<!doctype html><title>Welcome to our guest network</title>',
}
const lineIsDown = () => new TypeError('fetch failed')

/** The way from one adviser's desk to the council, with everything that goes wrong on it; the desk's own REST adapter is at its end. */
export class SimWire {
  readonly service: SimService
  readonly #council: FakeCouncil
  readonly #clock: SimClock
  readonly #random: SimRandom
  /** Notes that a fault happened. */
  readonly #met: (fault: string) => void
  #faults: WireFaults = noFaults
  /** No connection at all. */
  cut = false
  /** A guest network that wants a signature answers everything with its own page. */
  isCaptive = false
  readonly #closeStreams = new Set<() => void>()

  constructor(
    council: FakeCouncil,
    adviserId: string,
    clock: SimClock,
    random: SimRandom,
    met: (fault: string) => void = () => {},
  ) {
    this.service = new SimService(council, adviserId, random)
    this.#council = council
    this.#clock = clock
    this.#random = random
    this.#met = met
  }

  set faults(faults: WireFaults) {
    this.#faults = faults
    this.service.failsMidway = faults.failsMidway
  }

  setCut(cut: boolean): void {
    this.cut = cut
    if (cut) this.#endStreams()
  }

  setCaptive(captive: boolean): void {
    this.isCaptive = captive
    if (captive) this.#endStreams()
  }

  #endStreams(): void {
    for (const close of [...this.#closeStreams]) close()
  }

  /** The api of one worker process: after its death nothing of it is heard any more. */
  api(clock: Clock, token: (force: boolean) => Promise<Result<string>>, isAlive: () => boolean): CouncilApi {
    return createCouncilApi({
      baseUrl: 'https://desk.example.org',
      token,
      fetch: ((url: string, init: RequestInit) => this.#fetch(url, init, isAlive)) as unknown as typeof fetch,
      clock,
      log: silentLog,
      online: () => !this.cut,
      // At once: a digest of its own thread would come at another moment in each run.
      sha256: async (bytes) => createHash('sha256').update(bytes).digest(),
    })
  }

  #fetch(url: string, init: RequestInit, isAlive: () => boolean): Promise<Response> {
    const headers = init.headers as Record<string, string>
    const request: ServiceRequest = {
      method: init.method ?? 'GET',
      path: url.slice('https://desk.example.org'.length),
      token: (headers.Authorization ?? '').slice('Bearer '.length),
      body: typeof init.body === 'string' ? init.body : '',
      bytes: init.body instanceof Uint8Array ? init.body : new Uint8Array(),
      headers,
    }
    return new Promise((resolve, reject) => {
      if (init.signal?.aborted) return reject(lineIsDown())
      init.signal?.addEventListener('abort', () => reject(lineIsDown()))
      const exchange = request.path === '/v1/events' ? this.#stream(request, init) : this.#exchange(request)
      exchange.then(
        (answer) => {
          if (isAlive() && answer !== null) resolve(answer)
        },
        (error) => {
          if (isAlive()) reject(error)
        },
      )
    })
  }

  #meets(fault: keyof WireFaults): boolean {
    const meets = this.#random.chance(this.#faults[fault])
    if (meets) this.#met(fault)
    return meets
  }

  /** Null when nothing ever comes back. */
  async #exchange(request: ServiceRequest): Promise<Response | null> {
    const random = this.#random
    this.#council.requests += 1
    await this.#clock.delay(1 + random.below(200))
    if (this.cut) throw lineIsDown()
    if (this.isCaptive) {
      this.#met('captivePortal')
      return responseOf(loginPage)
    }
    if (this.#meets('lostRequest')) return null
    if (this.#meets('tokenExpired')) this.service.expireToken()
    if (this.#meets('serverError')) return responseOf(this.#serverError())
    if (this.#meets('lateRequest')) await this.#clock.delay(random.below(90_000))
    const answer = this.service.answer(request)
    if (answer.status === 500) this.#met('failsMidway')
    if (this.#meets('duplicated')) {
      this.#clock.after(random.below(30_000), () => void this.service.answer(request))
    }
    await this.#clock.delay(1 + random.below(200))
    if (this.cut || this.#meets('lostAnswer')) return null
    if (this.#meets('malformed')) return responseOf(json(200, { results: 'none' }))
    if (this.#meets('cutBody')) {
      return responseOf({ ...answer, body: answer.body.slice(0, random.below(answer.body.length)) })
    }
    return responseOf(answer)
  }

  #serverError(): ServiceAnswer {
    const random = this.#random
    const retryAfter = random.pick([
      {},
      { 'retry-after': String(1 + random.below(5)) },
      { 'retry-after': new Date(this.#clock.now() + 3_000).toUTCString() },
    ])
    // A gateway in between speaks HTML.
    if (random.chance(0.3)) return { ...loginPage, status: random.pick([502, 503]), headers: retryAfter }
    return problem(random.pick([408, 429, 500, 503]), 'council/unavailable', retryAfter)
  }

  async #stream(request: ServiceRequest, init: RequestInit): Promise<Response> {
    const random = this.#random
    await this.#clock.delay(1 + random.below(100))
    if (this.cut) throw lineIsDown()
    if (this.isCaptive) return responseOf(loginPage)
    if (request.token !== this.service.token) return responseOf(problem(401, 'session/expired'))
    const body = new EventBody()
    const stopListening = this.#council.onChanged(() => {
      this.#clock.after(1 + random.below(100), () => body.write('event: changed\ndata: {}\n\n'))
    })
    const end = () => {
      stopListening()
      this.#closeStreams.delete(end)
      body.end()
    }
    this.#closeStreams.add(end)
    init.signal?.addEventListener('abort', end)
    const beat = () => {
      if (body.hasEnded) return
      if (this.#meets('streamClosed')) return end()
      body.write(': still here\n\n')
      this.#clock.after(heartbeatMs, beat)
    }
    beat()
    return {
      ok: true,
      status: 200,
      headers: new Headers({ 'content-type': 'text/event-stream' }),
      body,
    } as unknown as Response
  }
}

/** As much of a Response as the desk's REST adapter looks at; a real one reads its body in real time. */
function responseOf({ status, type, headers, body }: ServiceAnswer): Response {
  return {
    ok: status >= 200 && status < 300,
    status,
    headers: new Headers({ 'content-type': type, ...headers }),
    json: async (): Promise<unknown> => JSON.parse(body),
    arrayBuffer: async () => new TextEncoder().encode(body).buffer,
    body: { cancel: async () => {} },
  } as unknown as Response
}

/** The body of an event stream, read piece by piece. */
class EventBody {
  readonly #pieces: Uint8Array[] = []
  #waiting: (() => void) | null = null
  hasEnded = false

  write(text: string): void {
    const bytes = new TextEncoder().encode(text)
    // Pieces end where the network likes, not where events do.
    this.#pieces.push(bytes.subarray(0, 5), bytes.subarray(5))
    this.#waiting?.()
  }

  end(): void {
    this.hasEnded = true
    this.#waiting?.()
  }

  async cancel(): Promise<void> {
    this.end()
  }

  getReader() {
    return {
      read: async (): Promise<{ done: boolean; value?: Uint8Array }> => {
        for (;;) {
          const value = this.#pieces.shift()
          if (value) return { done: false, value }
          if (this.hasEnded) return { done: true }
          await new Promise<void>((resolve) => {
            this.#waiting = resolve
          })
        }
      },
    }
  }
}
