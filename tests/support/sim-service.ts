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
  readonly bytes: Uint8Array
  readonly headers: Readonly<Record<string, string>>
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

/** Without a body, as tus answers. */
const bare = (status: number, headers: Readonly<Record<string, string>> = {}): ServiceAnswer => ({
  status,
  type: '',
  headers,
  body: '',
})

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

  answer(request: ServiceRequest): ServiceAnswer {
    const { method, path, token, body } = request
    if (token !== this.token) return problem(401, 'session/expired')
    const url = new URL(path, 'http://council')
    if (url.pathname.startsWith('/v1/uploads')) return this.#upload(request)
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

  #upload({ method, path, headers, bytes }: ServiceRequest): ServiceAnswer {
    const { uploads } = this.#council
    const by = this.#adviserId
    if (method === 'POST') {
      const { caseId = '', filename = '' } = metadataIn(headers['Upload-Metadata'])
      const id = uploads.begin(by, { caseId, name: filename, sizeBytes: Number(headers['Upload-Length']) })
      return id === null ? problem(403, 'upload/case-unknown') : bare(201, { location: `/v1/uploads/${id}` })
    }
    const id = path.split('/').at(-1) ?? ''
    if (method === 'DELETE') return uploads.end(by, id) ? bare(204) : problem(404, 'upload/unknown')
    const offset = Number(headers['Upload-Offset'])
    const arrived = method === 'HEAD' ? uploads.arrivedBytes(by, id) : uploads.append(by, id, offset, bytes)
    if (arrived !== null) return bare(method === 'HEAD' ? 200 : 204, { 'upload-offset': String(arrived) })
    return method === 'HEAD' ? problem(404, 'upload/unknown') : problem(409, 'upload/wrong-offset')
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

const metadataIn = (header: string | undefined): Partial<Record<string, string>> =>
  Object.fromEntries(
    (header ?? '').split(',').map((pair) => {
      const [key = '', value = ''] = pair.split(' ')
      return [key, Buffer.from(value, 'base64').toString()]
    }),
  )
