import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createCouncilApi, retryAfterMs } from '#renderer/platform/rest/council-api.ts'
import { createEventStreamParser, type ServerSentEvent } from '#renderer/platform/rest/event-stream.ts'
import type { CouncilApi, EventStreamNews } from '#shared/cases/council-api.ts'
import type { CallStatus } from '#shared/contract/rest.ts'
import { versions } from '#shared/contract/versions.ts'
import { appError } from '#shared/kernel/app-error.ts'
import type { Log, LogFacts } from '#shared/kernel/log.ts'
import { err, ok, type Result } from '#shared/kernel/result.ts'
import { SimClock } from '#tests/support/sim-clock.ts'
import { aCase, anAdviser, at, noteOf } from '#tests/support/sim-records.ts'

/* The REST adapter against a real HTTP server that behaves well, badly, or is somebody else's. */

type Handler = (request: IncomingMessage, response: ServerResponse) => void

let server: Server
let origin = ''
let handle: Handler = () => {}
const requests: { url: string; authorization: string | undefined; contract: unknown; body: string }[] = []

beforeAll(async () => {
  server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    const { authorization, 'adviser-desktop-contract': contract } = request.headers
    requests.push({ url: request.url ?? '', authorization, contract, body })
    handle(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterEach(() => {
  requests.length = 0
})
afterAll(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

const json =
  (status: number, body: unknown, headers: Record<string, string> = {}): Handler =>
  (_request, response) => {
    const type = status < 400 ? 'application/json' : 'application/problem+json'
    response.writeHead(status, { 'content-type': type, ...headers })
    response.end(typeof body === 'string' ? body : JSON.stringify(body))
  }

const problem = (status: number, code: string) => ({ title: 'No', status, code })

interface Bench {
  readonly api: CouncilApi
  readonly clock: SimClock
  readonly logged: { code: string; facts: LogFacts | undefined }[]
}

function bench(
  token: (force: boolean) => Promise<Result<string>> = async (force) => ok(force ? 'fresh' : 'old'),
  options: { online?: boolean; baseUrl?: string } = {},
): Bench {
  const clock = new SimClock()
  const logged: Bench['logged'] = []
  const write = (code: string, facts?: LogFacts) => logged.push({ code, facts })
  const log: Log = { error: write, info: write, debug: write }
  const api = createCouncilApi({
    baseUrl: options.baseUrl ?? `${origin}/`,
    token,
    fetch,
    clock,
    log,
    online: () => options.online ?? true,
  })
  return { api, clock, logged }
}

const codeOf = (result: Result<unknown>): string => (result.ok ? 'ok' : result.error.code)

describe('asking the council', () => {
  it('sends the token and the version of the contract, and reads the answer', async () => {
    handle = json(200, anAdviser('a1'))
    expect(await bench().api.me()).toEqual(ok(anAdviser('a1')))
    expect(requests).toEqual([
      { url: '/v1/me', authorization: 'Bearer old', contract: String(versions.rest), body: '' },
    ])
  })

  it('asks once more with a fresh token after a 401', async () => {
    handle = (request, response) =>
      request.headers.authorization === 'Bearer fresh'
        ? json(200, anAdviser('a1'))(request, response)
        : json(401, problem(401, 'session/expired'))(request, response)
    expect(codeOf(await bench().api.me())).toBe('ok')
    expect(requests.map((each) => each.authorization)).toEqual(['Bearer old', 'Bearer fresh'])
  })

  it('says that the adviser has to sign in when a fresh token is not taken either', async () => {
    handle = json(401, problem(401, 'session/expired'))
    expect(codeOf(await bench().api.me())).toBe('cases/sign-in-needed')
    expect(requests).toHaveLength(2)
  })

  it('asks nothing without a token', async () => {
    const refused = err(appError('cases/sign-in-needed', 'now'))
    expect(await bench(async () => refused).api.me()).toEqual(refused)
    expect(requests).toEqual([])
  })

  it('sends operations and reads their results', async () => {
    const results = [{ id: noteOf(1).id, outcome: 'applied' }]
    handle = json(200, { results })
    expect(await bench().api.sendOperations([noteOf(1)])).toEqual(ok(results))
    expect(JSON.parse(requests[0]?.body ?? '')).toEqual({ operations: [noteOf(1)] })
  })

  it('reads a page after a cursor and leaves out kinds of records it does not know', async () => {
    const known = { kind: 'case', id: 'c1', record: { ...aCase('c1'), colour: 'unknown members are fine' } }
    const unknown = { kind: 'petition', id: 'p1', record: { signatures: 9 } }
    handle = json(200, { changes: [known, unknown], cursor: 'b', more: false })
    expect(await bench().api.changes('a/b c', 500)).toEqual(
      ok({ changes: [{ kind: 'case', id: 'c1', record: aCase('c1') }], cursor: 'b', more: false }),
    )
    expect(requests[0]?.url).toBe('/v1/changes?limit=500&cursor=a%2Fb+c')
  })
})

describe('the telephone’s questions', () => {
  const status: CallStatus = {
    callId: 'a/b@c',
    recording: { name: 'recording', since: at(0) },
    supervisor: 'none',
  }

  it('name the call whatever characters it has', async () => {
    handle = json(200, status)
    expect(await bench().api.callStatus('a/b@c')).toEqual(ok(status))
    expect(await bench().api.setRecordingPaused('a/b@c', true)).toEqual(ok(status))
    expect(requests.map(({ url, body }) => [url, body])).toEqual([
      ['/v1/calls/a%2Fb%40c', ''],
      ['/v1/calls/a%2Fb%40c/recording', '{"paused":true}'],
    ])
  })

  it('take up an alert by its id, and learn who did', async () => {
    const taken = {
      id: 'a/1',
      kind: 'risk-to-life',
      contactId: 'a/1',
      raisedAt: at(0),
      raisedBy: 'Sam Rees',
      toldTo: ['Morgan Reeve'],
      acknowledgedBy: 'Morgan Reeve',
      acknowledgedAt: at(1),
    }
    handle = (request, response) => json(request.method === 'POST' ? 200 : 405, taken)(request, response)
    expect(await bench().api.acknowledgeAlert('a/1')).toEqual(ok(taken))
    expect(requests.map(({ url }) => url)).toEqual(['/v1/alerts/a%2F1/acknowledge'])
    handle = json(403, problem(403, 'role/needed'))
    expect(codeOf(await bench().api.acknowledgeAlert('a/1'))).toBe('cases/request-refused')
  })

  it('tell a recorder that will not from one that cannot be reached', async () => {
    handle = json(409, problem(409, 'recording/refused'))
    expect(codeOf(await bench().api.setRecordingPaused('one', true))).toBe('cases/request-refused')
    handle = json(502, problem(502, 'recording/unreachable'))
    expect(codeOf(await bench().api.setRecordingPaused('one', true))).toBe('cases/council-error')
  })

  it('fetch the directory once for as long as it does not change', async () => {
    const directory = { asAt: at(0), entries: [] }
    handle = (request, response) => {
      if (request.headers['if-none-match'] === 'W/"1"') response.writeHead(304).end()
      else {
        response.setHeader('etag', 'W/"1"')
        json(200, directory)(request, response)
      }
    }
    expect(await bench().api.directory(null)).toEqual(ok({ directory, etag: 'W/"1"' }))
    expect(await bench().api.directory('W/"1"')).toEqual(ok(null))
    handle = (_, response) => response.writeHead(304).end()
    expect(codeOf(await bench().api.directory(null))).not.toBe('ok')
  })

  it('take sound for a whisper, and nothing else', async () => {
    handle = (_, response) => response.writeHead(200, { 'content-type': 'audio/wav' }).end('RIFF')
    const sound = await bench().api.queueWhisper('waste')
    expect(sound.ok && sound.value && Buffer.from(sound.value).toString()).toBe('RIFF')
    handle = json(404, problem(404, 'queue/no-whisper'))
    expect(await bench().api.queueWhisper('waste')).toEqual(ok(null))
    handle = (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<p>Sign in')
    expect(codeOf(await bench().api.queueWhisper('waste'))).toBe('cases/captive-portal')
    handle = json(500, problem(500, 'council/failed'))
    expect(codeOf(await bench().api.queueWhisper('waste'))).toBe('cases/council-error')
  })

  it('measure the way to the council by the better of two requests, and how far the clocks are apart', async () => {
    const { api, clock } = bench()
    const tookMs = [300, 40]
    handle = (request, response) => {
      const half = (tookMs.shift() ?? 0) / 2
      clock.run(half).then(async () => {
        const serverTime = new Date(clock.now() - 90_000).toISOString()
        await clock.run(half)
        json(200, { ...anAdviser('a1'), serverTime })(request, response)
      })
    }
    expect(await api.probe()).toEqual(ok({ roundTripMs: 40, clockAheadMs: 90_000 }))
    handle = json(503, problem(503, 'council/unavailable'))
    expect(codeOf(await api.probe())).toBe('cases/council-error')
  })
})

describe('what can go wrong', () => {
  it.each([
    [408, 'request/timeout', 'cases/council-error'],
    [429, 'request/too-many', 'cases/council-error'],
    [500, 'council/failed', 'cases/council-error'],
    [503, 'council/unavailable', 'cases/council-error'],
    [400, 'request/malformed', 'cases/request-invalid'],
    [413, 'request/too-large', 'cases/request-invalid'],
    [422, 'request/invalid', 'cases/request-invalid'],
    [403, 'session/forbidden', 'cases/request-refused'],
    [404, 'route/unknown', 'cases/request-refused'],
  ])('a %i is told as %s → %s', async (status, code, expected) => {
    handle = json(status, problem(status, code))
    const answer = await bench().api.sendOperations([noteOf(1)])
    expect(answer).toMatchObject({ ok: false, error: { code: expected } })
    expect(answer.ok ? '' : answer.error.detail).toBe(`POST /v1/operations ${status} ${code}`)
  })

  it('an expired cursor is told apart', async () => {
    handle = json(410, problem(410, 'changes/cursor-gone'))
    const answer = await bench().api.changes('old', 500)
    expect(answer).toMatchObject({
      ok: false,
      error: { code: 'cases/cursor-unknown', detail: 'GET /v1/changes 410 changes/cursor-gone' },
    })
  })

  it('honours Retry-After in seconds and as a date', async () => {
    handle = json(503, problem(503, 'council/unavailable'), { 'retry-after': '7' })
    expect(await bench().api.me()).toMatchObject({ ok: false, error: { retryAfterMs: 7_000 } })
    const now = Date.UTC(2026, 4, 4, 9, 0, 0)
    expect(retryAfterMs('Mon, 04 May 2026 09:00:30 GMT', now)).toBe(30_000)
    expect(retryAfterMs('Mon, 04 May 2026 08:00:00 GMT', now)).toBe(0)
    expect(retryAfterMs('soon', now)).toBeUndefined()
  })

  it('a time of day to come back at is taken by the service’s clock, not by this one', async () => {
    const { api } = bench()
    handle = json(200, { ...anAdviser('a1'), serverTime: '2026-05-04T10:00:00Z' })
    await api.me()
    handle = json(503, problem(503, 'council/unavailable'), {
      'retry-after': 'Mon, 04 May 2026 10:00:30 GMT',
    })
    expect(await api.me()).toMatchObject({ ok: false, error: { retryAfterMs: 30_000 } })
  })

  it.each([
    ['a page of a captive portal', 200, 'text/html; charset=utf-8', '<h1>Sign in to Wi-Fi</h1>'],
    ['a gateway of somebody else', 403, 'text/html', '<h1>Blocked</h1>'],
  ])('%s is a network that wants a sign-in', async (_what, status, type, body) => {
    handle = (_request, response) => response.writeHead(status, { 'content-type': type }).end(body)
    expect(codeOf(await bench().api.changes(null, 500))).toBe('cases/captive-portal')
    expect(codeOf(await bench().api.sendOperations([noteOf(1)]))).toBe('cases/captive-portal')
    expect(codeOf(await bench().api.queueWhisper('waste'))).toBe('cases/captive-portal')
  })

  it('something else that answers in its place is not the council', async () => {
    handle = (_request, response) => response.writeHead(200, { 'content-type': 'text/plain' }).end('hello')
    expect(codeOf(await bench().api.me())).toBe('cases/council-unreachable')
  })

  it('a token that runs out between two batches is renewed, and the batch sent again as it was', async () => {
    handle = (request, response) =>
      request.headers.authorization === 'Bearer fresh'
        ? json(200, { results: [{ id: noteOf(1).id, outcome: 'applied' }] })(request, response)
        : json(401, problem(401, 'session/expired'))(request, response)
    expect(codeOf(await bench().api.sendOperations([noteOf(1)]))).toBe('ok')
    expect(requests.map((each) => JSON.parse(each.body))).toEqual([
      { operations: [noteOf(1)] },
      { operations: [noteOf(1)] },
    ])
  })

  it('a record of a newer service that cannot be read is passed over, and the others come', async () => {
    const strange = { kind: 'case', id: 'c1', record: { ...aCase('c1'), status: 'on-hold' } }
    const known = { kind: 'case', id: 'c2', record: aCase('c2') }
    handle = json(
      200,
      { changes: [strange, known], cursor: 'b', more: false },
      { 'adviser-desktop-contract': String(versions.rest + 1) },
    )
    expect(await bench().api.changes(null, 500)).toMatchObject({
      value: { changes: [{ id: 'c2' }], cursor: 'b' },
    })
  })

  it('an outcome of a newer service is kept as refused, and the others count', async () => {
    const results = [
      { id: noteOf(1).id, outcome: 'referred', to: 'Housing' },
      { id: noteOf(2).id, outcome: 'applied' },
    ]
    handle = json(200, { results })
    expect(await bench().api.sendOperations([noteOf(1), noteOf(2)])).toMatchObject({
      value: [
        { id: noteOf(1).id, outcome: 'refused', problem: { code: 'cases/unknown-answer' } },
        { id: noteOf(2).id, outcome: 'applied' },
      ],
    })
  })

  it('an answer that breaks the contract is put aside and logged without what it said', async () => {
    const secret = 'Mrs Okafor of 14 Elm Road'
    handle = json(200, {
      changes: [{ kind: 'case', id: 'c1', record: { ...aCase('c1'), status: secret } }],
      cursor: 'b',
      more: false,
    })
    const { api, logged } = bench()
    expect(codeOf(await api.changes(null, 500))).toBe('cases/malformed-answer')
    expect(logged.map((each) => each.code)).toEqual(['cases/malformed-answer'])
    expect(JSON.stringify(logged)).not.toContain('Okafor')
  })

  it.each([
    ['cut-off JSON', '{"results":['],
    ['nothing', ''],
    ['something else', '[]'],
  ])('%s is malformed', async (_what, body) => {
    handle = json(200, body)
    expect(codeOf(await bench().api.sendOperations([noteOf(1)]))).toBe('cases/malformed-answer')
  })

  it('a connection that breaks in the middle of an answer is unreachable', async () => {
    handle = (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' })
      response.write('{"results":')
      setTimeout(() => response.destroy(), 20)
    }
    expect(codeOf(await bench().api.sendOperations([noteOf(1)]))).not.toBe('ok')
  })

  it('nobody there is unreachable, and no network when the desk knows', async () => {
    const baseUrl = 'http://127.0.0.1:9'
    expect(codeOf(await bench(undefined, { baseUrl }).api.me())).toBe('cases/council-unreachable')
    expect(codeOf(await bench(undefined, { baseUrl, online: false }).api.me())).toBe('cases/no-network')
  })

  it.each([
    ['an answer', 10_000, (api: CouncilApi) => api.me()],
    ['a page', 30_000, (api: CouncilApi) => api.changes(null, 500)],
  ])('%s that does not come in time is given up', async (_what, timeoutMs, ask) => {
    let arrived = () => {}
    const arrival = new Promise<void>((resolve) => {
      arrived = resolve
    })
    handle = () => arrived()
    const { api, clock } = bench()
    const answer = ask(api)
    await arrival
    await clock.run(timeoutMs - 1)
    await clock.run(2)
    expect(await answer).toMatchObject({
      ok: false,
      error: { code: 'cases/council-unreachable', detail: 'timed-out' },
    })
  })
})

describe('the event stream', () => {
  /** News as they come; `until` waits for one of a kind. */
  function listen(api: CouncilApi) {
    const news: EventStreamNews[] = []
    let wake = () => {}
    const close = api.events((each) => {
      news.push(each)
      wake()
    })
    const until = async (type: EventStreamNews['type']): Promise<void> => {
      while (!news.some((each) => each.type === type)) {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    }
    return { news, until, close }
  }

  const stream =
    (...chunks: readonly string[]): Handler =>
    (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.flushHeaders()
      for (const chunk of chunks) response.write(chunk)
    }

  it('tells what the council tells, and nothing of what it does not know', async () => {
    const state = { state: { name: 'ready', since: at(0) }, pending: null }
    handle = stream(
      ': heartbeat\n\n',
      'event: changed\ndata: {}\n\n',
      'event: fireworks\ndata: {}\n\n',
      'event: state\ndata: not json\n\n',
      `event: state\ndata: ${JSON.stringify({ answer: state })}\n\n`,
    )
    const { news, until, close } = listen(bench().api)
    while (news.filter((each) => each.type === 'event').length < 2) {
      await until('opened')
      await new Promise((resolve) => setImmediate(resolve))
    }
    close()
    expect(news.filter((each) => each.type === 'event')).toEqual([
      { type: 'event', event: { kind: 'changed' } },
      { type: 'event', event: { kind: 'state', answer: state } },
    ])
    expect(news[0]).toEqual({ type: 'opened' })
    expect(news.some((each) => each.type === 'alive')).toBe(true)
  })

  it('is closed when the council ends it', async () => {
    handle = (request, response) => {
      stream('event: changed\ndata: {}\n\n')(request, response)
      response.end()
    }
    const { news, until } = listen(bench().api)
    await until('closed')
    expect(news.at(-1)).toEqual({ type: 'closed' })
  })

  it('is closed when nothing was heard for forty seconds', async () => {
    handle = stream(': heartbeat\n\n')
    const { api, clock } = bench()
    const { news, until } = listen(api)
    await until('alive')
    await clock.run(39_000)
    expect(news.some((each) => each.type === 'closed')).toBe(false)
    await clock.run(1_500)
    await until('closed')
  })

  it.each([
    ['refused', json(503, problem(503, 'council/unavailable'))],
    ['not an event stream', json(200, {})],
  ])('is closed at once when it is %s', async (_what, handler) => {
    handle = handler
    const { news, until } = listen(bench().api)
    await until('closed')
    expect(news).toEqual([{ type: 'closed' }])
  })

  it('says nothing more once it was closed here', async () => {
    handle = stream('event: changed\ndata: {}\n\n')
    const { news, until, close } = listen(bench().api)
    await until('opened')
    close()
    const count = news.length
    await new Promise((resolve) => setImmediate(resolve))
    expect(news).toHaveLength(count)
  })
})

describe('reading an event stream', () => {
  function parsed(chunks: readonly string[]): readonly ServerSentEvent[] {
    const events: ServerSentEvent[] = []
    const parse = createEventStreamParser((event) => events.push(event))
    for (const chunk of chunks) parse(chunk)
    return events
  }

  const text =
    '\uFEFF: hello\r\nevent: a\r\ndata: one\r\ndata:two\r\rdata\n\nid: 7\nretry: 5\n\nevent:b\ndata:  x\n\ndata: cut'
  const expected = [
    { event: 'a', data: 'one\ntwo' },
    { event: 'message', data: '' },
    { event: 'b', data: ' x' },
  ]

  it('follows the HTML standard', () => {
    expect(parsed([text])).toEqual(expected)
  })

  it('ends the same wherever the chunks are cut', () => {
    for (let cut = 1; cut < text.length; cut++) {
      expect(parsed([text.slice(0, cut), text.slice(cut)]), `cut at ${cut}`).toEqual(expected)
    }
    expect(parsed([...text])).toEqual(expected)
  })
})
