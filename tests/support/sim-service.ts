import { operation } from '#shared/contract/rest.ts'
import type { FakeCouncil } from './fake-council.ts'
import type { SimRandom } from './sim-clock.ts'

/** No service reads a batch with an operation like this in it. */
export const poisonWords = 'unreadable'

export interface ServiceRequest {
  readonly method: string
  /** With the query. */
  readonly path: string
  readonly token: string
  readonly body: string
}

export interface ServiceAnswer {
  readonly status: number
  readonly type: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body: string
}

const changesPerPage = 7
const agentState = { name: 'ready', since: '2026-05-04T09:00:00.000Z' } as const

export const json = (
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): ServiceAnswer => ({
  status,
  type: status < 400 ? 'application/json' : 'application/problem+json',
  headers,
  body: JSON.stringify(body),
})

export const problem = (status: number, code: string, headers: Readonly<Record<string, string>> = {}) =>
  json(status, { title: code, status, code }, headers)

/** A council as one adviser's desk meets it over HTTP: access tokens, problems, JSON. */
export class SimService {
  readonly #council: FakeCouncil
  readonly #adviserId: string
  readonly #random: SimRandom
  #tokens = 1
  /** Share of batches that are applied in part before the service fails. */
  failsMidway = 0

  constructor(council: FakeCouncil, adviserId: string, random: SimRandom) {
    this.#council = council
    this.#adviserId = adviserId
    this.#random = random
  }

  /** The only access token that is taken. */
  get token(): string {
    return `${this.#adviserId} ${this.#tokens}`
  }

  /** The token that the desk has is taken no more. */
  expireToken(): void {
    this.#tokens += 1
  }

  answer({ method, path, token, body }: ServiceRequest): ServiceAnswer {
    if (token !== this.token) return problem(401, 'session/expired')
    const url = new URL(path, 'http://council')
    switch (`${method} ${url.pathname}`) {
      case 'GET /v1/me':
        return json(200, this.#council.me(this.#adviserId))
      case 'GET /v1/me/state':
        return json(200, { state: agentState, pending: null })
      case 'GET /v1/changes':
        return this.#changes(url.searchParams.get('cursor'))
      case 'POST /v1/operations':
        return this.#operations(body)
      case 'GET /v1/directory':
        return json(200, this.#council.directory(), { etag: 'one' })
      case 'GET /v1/me/calls':
        return json(200, { calls: [] })
      case 'GET /v1/scripts/use':
        return json(200, { since: agentState.since, counts: [] })
      default:
        return problem(404, 'route/unknown')
    }
  }

  #changes(cursor: string | null): ServiceAnswer {
    const page = this.#council.changes(this.#adviserId, cursor, changesPerPage)
    return page === null ? problem(410, 'changes/cursor-gone') : json(200, page)
  }

  #operations(body: string): ServiceAnswer {
    if (body.includes(poisonWords)) return problem(422, 'request/malformed')
    const { operations } = JSON.parse(body) as { operations: unknown[] }
    // A service that fails half-way has applied what came before.
    const until = this.#random.chance(this.failsMidway)
      ? this.#random.below(operations.length + 1)
      : operations.length
    const results = operations
      .slice(0, until)
      .map((each) => this.#council.apply(this.#adviserId, operation.parse(each)))
    return until < operations.length ? problem(500, 'council/failed') : json(200, { results })
  }
}
