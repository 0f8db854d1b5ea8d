import type { z } from '@hono/zod-openapi'
import { problem } from '#shared/contract/rest.ts'
import { type ProblemCode, problemOf } from './problems.ts'

/* Parts of route descriptions that repeat. A summary says in the imperative what the route does. */

export const json = <T extends z.ZodType>(schema: T, description: string) => ({
  description,
  content: { 'application/json': { schema } },
})

const failure = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: problem } },
})

/** Failures by their status; those of the same status are one response. */
export function failures(...codes: readonly ProblemCode[]) {
  const byStatus = new Map<number, string[]>()
  for (const code of codes) {
    const { status, title } = problemOf(code)
    byStatus.set(status, [...(byStatus.get(status) ?? []), `${title} (\`${code}\`).`])
  }
  const responses = [...byStatus].map(([status, texts]) => [status, failure(texts.join(' '))])
  // Thrown and not returned, so handlers need not know their shape.
  return Object.fromEntries(responses) as Readonly<Record<never, never>>
}

/** What may happen to any request of somebody signed in. */
export const problems = {
  401: failure('Sign in first (`session/needed`), or renew the access token (`session/expired`).'),
  422: failure(
    'The request does not have the expected shape (`request/invalid`); `detail` names the fields.',
  ),
  429: failure('Too many requests (`request/too-many`); `Retry-After` says when to go on.'),
  default: failure('Any other failure. With 503 and `Retry-After` the same request may succeed later.'),
} as const

export const bearer = [{ bearer: [] }]
