import type { Context } from 'hono'
import type { HTTPException } from 'hono/http-exception'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { ZodError } from 'zod'
import type { Problem } from '#shared/contract/rest.ts'

/** RFC 9457. Each `code` and the title people may read; details never carry what was sent. */
const titles = {
  'request/malformed': [400, 'The request cannot be read'],
  'request/invalid': [422, 'The request does not have the expected shape'],
  'request/too-many': [429, 'Too many requests; wait and go on'],
  'request/too-large': [413, 'The body is larger than 1 MB'],
  'route/unknown': [404, 'There is nothing at this address'],
  'route/method': [405, 'This address does not take this method'],
  'session/needed': [401, 'Sign in first'],
  'session/expired': [401, 'The access token is unknown or has expired'],
  'desk/wipe-ordered': [403, 'The desk is to forget what it holds; the event stream says so too'],
  'session/locked': [429, 'Too many wrong passwords'],
  'changes/cursor-malformed': [400, 'The cursor cannot be read'],
  'changes/cursor-gone': [410, 'The cursor belongs to another feed; start again without one'],
  'script/unknown': [404, 'No such version of a script was published'],
  'script/version-taken': [409, 'This version is published already, and a published version never changes'],
  'script/withdrawn-already': [409, 'This version was withdrawn'],
  'script/in-force-already': [409, 'This version is in force: no later one is'],
  'draft/unknown': [404, 'There is no draft of this script'],
  'draft/changed': [412, 'Somebody changed the draft after you read it'],
  'draft/not-seen': [
    428,
    'Say which revision you have seen with If-Match, or If-None-Match: * for a new draft',
  ],
  'draft/another-script': [422, 'The text is of another script'],
  'draft/has-findings': [409, 'The draft does not hold yet'],
  'draft/not-in-review': [409, 'The draft does not wait for approval'],
  'draft/not-approved': [409, 'The draft is not approved'],
  'draft/parts-changed': [409, 'A part it includes was changed after the approval; have it approved again'],
  'approver/unknown': [422, 'There is no approver of this name'],
  'approver/is-author': [409, 'Whoever wrote any of a draft may not approve it'],
  'approver/another': [403, 'Another approver was named for this draft'],
  'contact/no-hand-over': [404, 'Nothing was handed over with this contact'],
  'alert/unknown': [404, 'There is no such alert'],
  'adviser/unknown': [404, 'There is no such adviser'],
  'role/needed': [403, 'This account may not do that'],
  'resident/unknown': [404, 'There is no such resident'],
  'upload/unknown': [404, 'There is no such upload of this adviser'],
  'upload/case-unknown': [404, 'There is no such case in the adviser’s scope'],
  'upload/malformed': [400, 'The upload’s headers cannot be read'],
  'upload/too-large': [413, 'A file has at most 25 MB'],
  'upload/type-refused': [415, 'Files of this type are not kept'],
  'upload/wrong-offset': [409, 'The upload goes on at another offset'],
  'upload/whole': [403, 'All of the upload has arrived'],
  'upload/not-offset-octets': [415, 'Bytes come as application/offset+octet-stream'],
  'upload/checksum-mismatch': [460, 'The bytes are not those of the checksum; none was kept'],
  'upload/checksum-unknown': [400, 'The checksum’s algorithm is not known'],
  'tus/version': [412, 'Uploads are tus 1.0.0'],
  'attachment/unknown': [404, 'There is no such file in the adviser’s scope'],
  'attachment/gone': [410, 'The file was deleted'],
  'search/too-short': [400, 'Search for at least two characters'],
  'state/unknown-reason': [422, 'The reason is none of the council’s not-ready reasons'],
  'call/unknown': [404, 'None of the adviser’s calls has this identifier'],
  'recording/refused': [409, 'The recorder did not do it; the recording is as it was'],
  'recording/unreachable': [502, 'The recorder does not answer'],
  'queue/no-whisper': [404, 'There is nothing to whisper for this queue'],
  'council/unavailable': [503, 'The service cannot answer just now'],
  'council/failed': [500, 'The service failed'],
} as const satisfies Record<string, readonly [number, string]>

export type ProblemCode = keyof typeof titles

export const problemOf = (code: ProblemCode) => {
  const [status, title] = titles[code]
  return { code, status, title }
}

export const allProblems = () => Object.keys(titles).map((code) => problemOf(code as ProblemCode))

/** Thrown by handlers; the service answers it as a problem. */
export class ProblemError extends Error {
  readonly code: ProblemCode
  readonly detail: string | undefined
  readonly headers: Readonly<Record<string, string>>

  constructor(code: ProblemCode, detail?: string, headers: Readonly<Record<string, string>> = {}) {
    super(code)
    this.code = code
    this.detail = detail
    this.headers = headers
  }
}

export function problemResponse(c: Context, { code, detail, headers }: ProblemError): Response {
  const { status, title } = problemOf(code)
  const body: Problem = {
    type: 'about:blank',
    title,
    status,
    code,
    ...(detail === undefined ? {} : { detail }),
  }
  return c.body(JSON.stringify(body), status as ContentfulStatusCode, {
    'content-type': 'application/problem+json',
    ...headers,
  })
}

/** Which fields are wrong, without their values. */
export function invalid(error: ZodError): ProblemError {
  const fields = error.issues.map(({ path, code }) => `${path.join('.') || 'body'}: ${code}`)
  return new ProblemError('request/invalid', fields.slice(0, 5).join('; '))
}

/** What Hono itself throws when a body cannot be parsed. */
export function fromHttpException(error: HTTPException): ProblemError {
  if (error.status === 413) return new ProblemError('request/too-large')
  return error.status < 500 ? new ProblemError('request/malformed') : new ProblemError('council/failed')
}

/** Errors after which the same request may succeed: the database is away, full of work, or chose a victim. */
export function isPassing(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return passingCodes.has(code) || /^(08|53|57P0)/.test(code) || isPoolTimeout(error)
}

const passingCodes = new Set(['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'EPIPE', '40001', '40P01', '55P03'])

const isPoolTimeout = (error: unknown) =>
  error instanceof Error &&
  /timeout exceeded when trying to connect|Connection terminated/.test(error.message)
