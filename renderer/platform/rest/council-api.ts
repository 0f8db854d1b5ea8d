import { z } from 'zod'
import type { CouncilApi, EventStreamNews, Probe } from '#shared/cases/council-api.ts'
import type { CasesErrorCode } from '#shared/cases/errors.ts'
import { clockAheadMs } from '#shared/cases/sync-rules.ts'
import {
  agentStateAnswer,
  alert,
  type Change,
  callHistory,
  callStatus,
  change,
  changesPage,
  directory,
  handOver,
  type Me,
  me,
  type OperationResult,
  operationResult,
  operationsAnswer,
  problem,
  scriptUse,
  serverEvent,
} from '#shared/contract/rest.ts'
import { signposts } from '#shared/contract/signposts.ts'
import { versions } from '#shared/contract/versions.ts'
import { appError, type Retry } from '#shared/kernel/app-error.ts'
import type { Cancel, Clock } from '#shared/kernel/clock.ts'
import type { Log } from '#shared/kernel/log.ts'
import { err, ok, type Result } from '#shared/kernel/result.ts'
import { createEventStreamParser } from './event-stream.ts'
import { createResidentsApi } from './residents-api.ts'
import { createUploadsApi, type Sha256 } from './uploads-api.ts'
import type { Call, Wire } from './wire.ts'

export interface CouncilApiOptions {
  /** Base address, for example `https://desk.example.org`. */
  readonly baseUrl: string
  /** An access token; `force` after the backend answered 401. Fails with `cases/sign-in-needed` or as unreachable. */
  readonly token: (force: boolean) => Promise<Result<string>>
  readonly fetch: typeof fetch
  readonly clock: Clock
  readonly log: Log
  /** False when this desk knows that it has no network. */
  readonly online: () => boolean
  /** The platform's own when none is given. */
  readonly sha256?: Sha256
}

const contractHeader = 'Adviser-Desktop-Contract'
const answerTimeoutMs = 10_000
const pageTimeoutMs = 30_000
const silentStreamMs = 40_000

const failure = (code: CasesErrorCode, retry: Retry, detail?: string, retryAfterMs?: number): Result<never> =>
  err(appError(code, retry, detail, retryAfterMs))

/** Delay in milliseconds from a `Retry-After` header (RFC 9110 §10.2.3): seconds or a date. */
export function retryAfterMs(header: string | null, nowMs: number): number | undefined {
  if (header === null) return undefined
  const text = header.trim()
  if (/^\d+$/.test(text)) return Number(text) * 1000
  const at = Date.parse(text)
  return Number.isNaN(at) ? undefined : Math.max(0, at - nowMs)
}

/** Sent again, exactly this request would be answered the same. */
const unreadable: ReadonlySet<number> = new Set([400, 413, 422])

const isJson = (response: Response): boolean =>
  /^application\/([\w.-]+\+)?json\b/i.test(response.headers.get('content-type') ?? '')

/** An answer before its results are looked at one by one. */
const openAnswer = operationsAnswer.extend({ results: z.array(z.looseObject({ id: z.string() })) })

/** What a newer service answers in a way that this desk does not know is kept, for whoever can read it. */
function resultOf(raw: { readonly id: string }): OperationResult {
  const known = operationResult.safeParse(raw)
  if (known.success) return known.data
  const title = 'The council’s service answered in a way that this desk does not know. Update this desk'
  const problem = { type: 'about:blank', title, status: 200, code: 'cases/unknown-answer' }
  return { id: raw.id, outcome: 'refused', problem }
}

/** A page before its changes are looked at one by one. */
const openPage = changesPage.extend({ changes: z.array(z.unknown()) })

/** The schema of a change by its kind: trying every member of the union for every record takes three times as long. */
const recordSchemas = new Map<unknown, z.ZodType<Change>>()
const deletionSchemas = new Map<unknown, z.ZodType<Change>>()
for (const option of change.options) {
  const { kind } = option.shape
  if (kind instanceof z.ZodLiteral) for (const each of kind.values) recordSchemas.set(each, option)
  else for (const each of kind.options) deletionSchemas.set(each, option)
}

/** Kinds of records that a newer service may send and this desk does not know yet have no schema. */
function schemaOf(raw: unknown): z.ZodType<Change> | undefined {
  if (typeof raw !== 'object' || raw === null || !('kind' in raw)) return change
  return ('deleted' in raw ? deletionSchemas : recordSchemas).get(raw.kind)
}

/** The council's REST contract over `fetch`. */
export function createCouncilApi(options: CouncilApiOptions): CouncilApi {
  const { clock, log } = options
  const base = options.baseUrl.replace(/\/+$/, '')
  /** As far as answers have told: what this machine's clock is ahead of the service's, and the service's contract. */
  let aheadMs = 0
  let serviceContract: number = versions.rest

  function unreachable(detail: string): Result<never> {
    return options.online()
      ? failure('cases/council-unreachable', 'later', detail)
      : failure('cases/no-network', 'later', detail)
  }

  /** One HTTP exchange without reading the body. `signal` ends it for any reason, its own time-out included. */
  async function exchange(call: Call, token: string, signal: AbortSignal): Promise<Result<Response>> {
    try {
      const response = await options.fetch(`${base}${call.path}`, {
        method: call.method,
        signal,
        cache: 'no-store',
        credentials: 'omit',
        headers: {
          Accept: call.accept ?? 'application/json',
          Authorization: `Bearer ${token}`,
          [contractHeader]: String(versions.rest),
          ...(call.body === undefined ? {} : { 'Content-Type': 'application/json' }),
          ...(call.ifNoneMatch === undefined ? {} : { 'If-None-Match': call.ifNoneMatch }),
          ...call.headers,
        },
        ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
        ...(call.bytes === undefined ? {} : { body: call.bytes }),
      })
      return ok(response)
    } catch {
      return unreachable(signal.aborted ? 'timed-out' : 'no-answer')
    }
  }

  /** Sends with a token, and once more with a fresh one when the backend does not take it. */
  async function authorised(call: Call, signal: AbortSignal): Promise<Result<Response>> {
    for (const force of [false, true]) {
      const token = await options.token(force)
      if (!token.ok) return token
      const answer = await exchange(call, token.value, signal)
      if (!answer.ok || answer.value.status !== 401) return answer
      await answer.value.body?.cancel()
    }
    return failure('cases/sign-in-needed', 'now', '401')
  }

  /** Somebody else answered: a page of HTML is that of a network which wants a sign-in of its own. */
  function notTheCouncil({ status, headers }: Response): Result<never> {
    const type = headers.get('content-type') ?? ''
    return /^text\/html\b/i.test(type)
      ? failure('cases/captive-portal', 'later', `web page ${status}`)
      : unreachable(`not-the-council ${status}`)
  }

  async function refusal(call: Call, response: Response): Promise<Result<never>> {
    const { status } = response
    const waitMs = retryAfterMs(response.headers.get('retry-after'), clock.now() - aheadMs)
    const told = isJson(response) ? problem.safeParse(await response.json().catch(() => null)) : null
    const code = told?.success ? (told.data.code ?? '') : ''
    const detail = `${call.method} ${call.path.split('?')[0]} ${status} ${code}`.trim()
    if (status === 408 || status === 429 || status >= 500) {
      return failure('cases/council-error', 'later', detail, waitMs)
    }
    if (status === 410 && call.path.startsWith('/v1/changes')) {
      return failure('cases/cursor-unknown', 'now', detail)
    }
    if (!told?.success && !isJson(response)) return notTheCouncil(response)
    return failure(
      unreadable.has(status) ? 'cases/request-invalid' : 'cases/request-refused',
      'never',
      detail,
    )
  }

  /** A request with its time limit; `read` makes of any response what the caller wants. */
  async function send<T>(
    call: Call,
    read: (response: Response, signal: AbortSignal) => Promise<Result<T>>,
  ): Promise<Result<T>> {
    const controller = new AbortController()
    const stop = clock.after(call.timeoutMs ?? answerTimeoutMs, () => controller.abort())
    try {
      const answer = await authorised(call, controller.signal)
      return answer.ok ? await read(answer.value, controller.signal) : answer
    } catch {
      return unreachable(controller.signal.aborted ? 'timed-out' : 'cut-off')
    } finally {
      stop()
    }
  }

  /** The JSON of a response, which follows `schema`. */
  async function readJson<T>(
    call: Call,
    schema: z.ZodType<T>,
    response: Response,
    signal: AbortSignal,
  ): Promise<Result<T>> {
    if (!response.ok) return refusal(call, response)
    if (!isJson(response)) return notTheCouncil(response)
    serviceContract = Number(response.headers.get(contractHeader)) || serviceContract
    const body: unknown = await response.json().catch((error: unknown) => {
      if (signal.aborted) throw error
      return undefined
    })
    const checked = schema.safeParse(body)
    return checked.success ? ok(checked.data) : malformed(call, checked.error)
  }

  const ask = <T>(call: Call, schema: z.ZodType<T>): Promise<Result<T>> =>
    send(call, (response, signal) => readJson(call, schema, response, signal))

  /** Null when it is still the one with `heldEtag`. */
  function askUnlessHeld<T, R>(
    path: string,
    schema: z.ZodType<T>,
    heldEtag: string | null,
    tagged: (value: T, etag: string | null) => R,
  ): Promise<Result<R | null>> {
    const held = heldEtag === null ? {} : { ifNoneMatch: heldEtag }
    const call: Call = { method: 'GET', path, ...held }
    return send(call, async (response, signal) => {
      if (response.status === 304 && heldEtag !== null) return ok(null)
      const read = await readJson(call, schema, response, signal)
      return read.ok ? ok(tagged(read.value, response.headers.get('etag'))) : read
    })
  }

  /** A council that has none says 404, as one does that does not know the address. */
  function askWhisper(queueId: string): Promise<Result<ArrayBuffer | null>> {
    const path = `/v1/queues/${encodeURIComponent(queueId)}/whisper`
    const call: Call = { method: 'GET', path, accept: 'audio/*' }
    return send(call, async (response) => {
      if (response.status === 404) {
        await response.body?.cancel()
        return ok(null)
      }
      if (!response.ok) return refusal(call, response)
      const isSound = response.headers.get('content-type')?.startsWith('audio/')
      return isSound ? ok(await response.arrayBuffer()) : notTheCouncil(response)
    })
  }

  async function askMe(): Promise<Result<Me>> {
    const sentAt = clock.now()
    const answer = await ask({ method: 'GET', path: '/v1/me' }, me)
    if (answer.ok) aheadMs = clockAheadMs(sentAt, clock.now(), answer.value.serverTime)
    return answer
  }

  async function probeOnce(): Promise<Result<Probe>> {
    const sentAt = clock.now()
    const answer = await askMe()
    return answer.ok ? ok({ roundTripMs: clock.now() - sentAt, clockAheadMs: aheadMs }) : answer
  }

  async function probe(): Promise<Result<Probe>> {
    const first = await probeOnce()
    const second = first.ok ? await probeOnce() : first
    return first.ok && second.ok && first.value.roundTripMs < second.value.roundTripMs ? first : second
  }

  /** Says where an answer breaks the contract; never what it held. */
  function malformed(call: Call, error: z.ZodError): Result<never> {
    const issue = error.issues[0]
    const where = issue?.path.filter((part) => typeof part !== 'number').join('.') ?? ''
    const detail = `${call.method} ${call.path.split('?')[0]} ${issue?.code ?? ''} ${where}`.trim()
    log.error('cases/malformed-answer', { detail })
    return failure('cases/malformed-answer', 'later', detail)
  }

  /** Reads the body of an event stream until it ends, falls silent or is closed. */
  async function follow(listener: (news: EventStreamNews) => void, controller: AbortController) {
    const call: Call = { method: 'GET', path: '/v1/events', accept: 'text/event-stream' }
    let stopWatch = clock.after(answerTimeoutMs, () => controller.abort())
    const watch = () => {
      stopWatch()
      stopWatch = clock.after(silentStreamMs, () => controller.abort())
    }
    try {
      const answer = await authorised(call, controller.signal)
      const response = answer.ok ? answer.value : null
      const type = response?.headers.get('content-type') ?? ''
      if (!response?.ok || !response.body || !type.startsWith('text/event-stream')) {
        await response?.body?.cancel()
        return
      }
      watch()
      listener({ type: 'opened' })
      const decoder = new TextDecoder()
      const parse = createEventStreamParser(({ event, data }) => {
        const read = readEvent(event, data)
        if (read) listener({ type: 'event', event: read })
      })
      const reader = response.body.getReader()
      for (;;) {
        const { done, value } = await reader.read()
        if (done) return
        watch()
        listener({ type: 'alive' })
        parse(decoder.decode(value, { stream: true }))
      }
    } catch {
      // Cut off, silent for too long or closed by us: all the same to the caller.
    } finally {
      stopWatch()
    }
  }

  /** Events of kinds this desk does not know are ignored. */
  function readEvent(kind: string, data: string) {
    let body: unknown
    try {
      body = data === '' ? {} : JSON.parse(data)
    } catch {
      body = null
    }
    const checked = serverEvent.safeParse({ ...(typeof body === 'object' ? body : null), kind })
    if (!checked.success) log.debug('cases/malformed-answer', { detail: `event ${kind}` })
    return checked.success ? checked.data : null
  }

  const wire: Wire = { ask, send, refusal, notTheCouncil }
  return {
    ...createResidentsApi(wire),
    ...createUploadsApi(wire, options.sha256),
    me: askMe,
    agentState: () => ask({ method: 'GET', path: '/v1/me/state' }, agentStateAnswer),
    requestAgentState: (request) =>
      ask({ method: 'PUT', path: '/v1/me/state', body: request }, agentStateAnswer),
    changes: async (cursor, limit) => {
      const query = new URLSearchParams({ limit: String(limit), ...(cursor === null ? {} : { cursor }) })
      const call: Call = { method: 'GET', path: `/v1/changes?${query}`, timeoutMs: pageTimeoutMs }
      const page = await ask(call, openPage)
      if (!page.ok) return page
      const changes: Change[] = []
      for (const raw of page.value.changes) {
        const checked = schemaOf(raw)?.safeParse(raw)
        if (checked?.success) changes.push(checked.data)
        else if (checked) {
          const failed = malformed(call, checked.error)
          // A newer service may say of a record what this desk cannot read; once updated it reads all of it again.
          if (serviceContract <= versions.rest) return failed
        }
      }
      return ok({ ...page.value, changes })
    },
    sendOperations: async (operations) => {
      const call: Call = {
        method: 'POST',
        path: '/v1/operations',
        body: { operations },
        timeoutMs: pageTimeoutMs,
      }
      const answer = await ask(call, openAnswer)
      return answer.ok ? ok(answer.value.results.map(resultOf)) : answer
    },
    script: (scriptId, version) =>
      ask(
        { method: 'GET', path: `/v1/scripts/${encodeURIComponent(scriptId)}/versions/${version}` },
        z.record(z.string(), z.unknown()),
      ),
    scriptUse: () => ask({ method: 'GET', path: '/v1/scripts/use' }, scriptUse),
    handOver: (contactId) =>
      ask({ method: 'GET', path: `/v1/contacts/${encodeURIComponent(contactId)}/hand-over` }, handOver),
    alert: (alertId) => ask({ method: 'GET', path: `/v1/alerts/${encodeURIComponent(alertId)}` }, alert),
    acknowledgeAlert: (alertId) =>
      ask({ method: 'POST', path: `/v1/alerts/${encodeURIComponent(alertId)}/acknowledge` }, alert),
    callStatus: (callId) =>
      ask({ method: 'GET', path: `/v1/calls/${encodeURIComponent(callId)}` }, callStatus),
    setRecordingPaused: (callId, paused) =>
      ask(
        { method: 'PUT', path: `/v1/calls/${encodeURIComponent(callId)}/recording`, body: { paused } },
        callStatus,
      ),
    callHistory: () => ask({ method: 'GET', path: '/v1/me/calls' }, callHistory),
    directory: (heldEtag) =>
      askUnlessHeld('/v1/directory', directory, heldEtag, (value, etag) => ({ directory: value, etag })),
    signposts: (heldEtag) =>
      askUnlessHeld('/v1/signposts', signposts, heldEtag, (value, etag) => ({ signposts: value, etag })),
    queueWhisper: askWhisper,
    probe,
    events: (listener): Cancel => {
      const controller = new AbortController()
      let listening = true
      const tell = (news: EventStreamNews) => {
        if (listening) listener(news)
      }
      follow(tell, controller).finally(() => tell({ type: 'closed' }))
      return () => {
        listening = false
        controller.abort()
      }
    },
  }
}
