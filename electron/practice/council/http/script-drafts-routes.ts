import { createRoute, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import {
  reasonRequest,
  reviewRequest,
  type ScriptDraft,
  scriptDraft,
} from '#shared/contract/script-lifecycle.ts'
import type { Seen } from '../script-drafts.ts'
import { bearer, json, problems } from './describe.ts'
import type { CouncilApp, Environment, Services } from './environment.ts'
import { ProblemError } from './problems.ts'
import { requireRole } from './roles.ts'

const params = z.object({ id: z.string().max(80) })
const seenHeader = z.object({ 'if-match': z.string().max(40).optional() })
const jsonBody = <T extends z.ZodType>(schema: T) => ({
  required: true,
  content: { 'application/json': { schema } },
})
const draftAnswer = { 200: json(scriptDraft, 'Draft'), ...problems }

const readRoute = createRoute({
  method: 'get',
  path: '/v1/scripts/{id}/draft',
  summary: 'Read the draft of a script, with what stands in the way of publishing it',
  security: bearer,
  request: { params },
  responses: draftAnswer,
})

const saveRoute = createRoute({
  method: 'put',
  path: '/v1/scripts/{id}/draft',
  summary: 'Save a draft as YAML',
  description:
    'Takes `If-Match` with the revision that was read, or `If-None-Match: *` for a new draft; 412 when somebody else ' +
    'was first. A draft with findings is kept; it cannot be sent for review.',
  security: bearer,
  request: {
    params,
    headers: seenHeader.extend({ 'if-none-match': z.literal('*').optional() }),
    body: { required: true, content: { 'text/yaml': { schema: z.string() } } },
  },
  responses: draftAnswer,
})

const reviewRoute = createRoute({
  method: 'post',
  path: '/v1/scripts/{id}/draft/review',
  summary: 'Send a draft without findings to a named approver, who wrote none of it',
  security: bearer,
  request: { params, headers: seenHeader, body: jsonBody(reviewRequest) },
  responses: draftAnswer,
})

const approveRoute = createRoute({
  method: 'post',
  path: '/v1/scripts/{id}/draft/approve',
  summary: 'Approve a draft, as the approver who was named',
  security: bearer,
  request: { params, headers: seenHeader },
  responses: draftAnswer,
})

const returnRoute = createRoute({
  method: 'post',
  path: '/v1/scripts/{id}/draft/return',
  summary: 'Give a draft back to its editors with a note, as the approver who was named',
  security: bearer,
  request: { params, headers: seenHeader, body: jsonBody(reasonRequest) },
  responses: draftAnswer,
})

const publishRoute = createRoute({
  method: 'post',
  path: '/v1/scripts/{id}/draft/publish',
  summary: 'Publish an approved draft: proved again with the parts as they are now, and in force at once',
  security: bearer,
  request: { params, headers: seenHeader },
  responses: {
    200: json(z.object({ scriptId: z.string(), version: z.number().int() }), 'Published'),
    ...problems,
  },
})

type DeskContext = Context<Environment>

export function scriptDraftsRoutes(app: CouncilApp, { scriptDrafts }: Services): void {
  const answer = (c: DeskContext, draft: ScriptDraft) =>
    c.json(draft, 200, { etag: `"${draft.revision}"`, 'cache-control': 'private, no-store' })

  app.openapi(readRoute, async (c) => {
    requireRole(c.var.signedIn, 'editor', 'approver')
    return answer(c, await scriptDrafts.read(scriptIdOf(c)))
  })

  app.openAPIRegistry.registerPath(saveRoute)
  app.put('/v1/scripts/:id/draft', async (c) => {
    requireRole(c.var.signedIn, 'editor')
    const seen = c.req.header('if-none-match') === '*' ? 'none' : seenOf(c)
    const { adviser } = c.var.signedIn
    return answer(c, await scriptDrafts.save(scriptIdOf(c), await c.req.text(), seen, adviser))
  })

  app.openapi(reviewRoute, async (c) => {
    requireRole(c.var.signedIn, 'editor')
    const { approver } = c.req.valid('json')
    const { adviser } = c.var.signedIn
    return answer(c, await scriptDrafts.sendForReview(scriptIdOf(c), seenOf(c), approver, adviser))
  })

  app.openapi(approveRoute, async (c) => {
    requireRole(c.var.signedIn, 'approver')
    return answer(c, await scriptDrafts.approve(scriptIdOf(c), seenOf(c), c.var.signedIn.adviser))
  })

  app.openapi(returnRoute, async (c) => {
    requireRole(c.var.signedIn, 'approver')
    const { why } = c.req.valid('json')
    return answer(c, await scriptDrafts.giveBack(scriptIdOf(c), seenOf(c), why, c.var.signedIn.adviser))
  })

  app.openapi(publishRoute, async (c) => {
    requireRole(c.var.signedIn, 'editor', 'approver')
    const scriptId = scriptIdOf(c)
    const { version } = await scriptDrafts.publish(scriptId, seenOf(c), c.var.signedIn.adviser)
    return c.json({ scriptId, version }, 200)
  })
}

function scriptIdOf(c: DeskContext): string {
  const id = c.req.param('id') ?? ''
  if (!/^[a-z][a-z0-9-]{0,79}$/.test(id)) throw new ProblemError('draft/unknown')
  return id
}

/** RFC 9110 §13.1.1, with one strong tag. */
function seenOf(c: DeskContext): Seen {
  const revision = /^"(\d{1,9})"$/.exec(c.req.header('if-match') ?? '')?.[1]
  if (revision === undefined) throw new ProblemError('draft/not-seen')
  return Number(revision)
}
