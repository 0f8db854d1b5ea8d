import { createRoute, z } from '@hono/zod-openapi'
import { readsPage, viewsRequest, wipeRequest, wipesPage } from '#shared/contract/audit.ts'
import { bearer, failures, json, problems } from './describe.ts'
import type { CouncilApp, Services } from './environment.ts'
import { ProblemError } from './problems.ts'
import { requireRole } from './roles.ts'

const viewsRoute = createRoute({
  method: 'post',
  path: '/v1/views',
  summary: 'Say what the adviser opened on the desk',
  description: 'Kept for audit, once for each identifier. Desks collect views while there is no network.',
  security: bearer,
  request: { body: { required: true, content: { 'application/json': { schema: viewsRequest } } } },
  responses: { 204: { description: 'They are kept' }, ...problems },
})

const name = z
  .string()
  .min(1)
  .max(80)
  .refine((text) => !text.includes('\0'))
  .optional()

const readsRoute = createRoute({
  method: 'get',
  path: '/v1/audit/reads',
  summary: 'Read who looked at what',
  description:
    'For auditors. Newest first, of one record or one adviser when asked so. Reading it is kept as well.',
  security: bearer,
  request: {
    query: z.object({
      recordId: name,
      adviserId: name,
      before: z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER).optional(),
      limit: z.coerce.number().int().min(1).max(500).default(100),
    }),
  },
  responses: { 200: json(readsPage, 'A page'), ...problems, ...failures('role/needed') },
})

const wipeRoute = createRoute({
  method: 'post',
  path: '/v1/advisers/{adviserId}/wipe',
  summary: 'Make an adviser’s desks forget what they hold',
  description:
    'For auditors and supervisors: every desk on which the adviser is signed in, also one that is off and comes back later. ' +
    'Who signs in afterwards begins afresh.',
  security: bearer,
  request: {
    params: z.object({ adviserId: z.string().max(80) }),
    body: { required: true, content: { 'application/json': { schema: wipeRequest } } },
  },
  responses: {
    204: { description: 'They are told' },
    ...problems,
    ...failures('role/needed', 'adviser/unknown'),
  },
})

const wipesRoute = createRoute({
  method: 'get',
  path: '/v1/audit/wipes',
  summary: 'Read whose desks were told to forget',
  description: 'For auditors and supervisors: who ordered it and why, and when desks heard it.',
  security: bearer,
  responses: { 200: json(wipesPage, 'Orders'), ...problems, ...failures('role/needed') },
})

export function auditRoutes(app: CouncilApp, { readAudit, sessions, wipes }: Services): void {
  app.openapi(wipeRoute, async (c) => {
    requireRole(c.var.signedIn, 'auditor', 'supervisor')
    const { adviserId } = c.req.valid('param')
    const isKnown = await wipes.order(c.var.signedIn, adviserId, c.req.valid('json').reason)
    if (!isKnown) throw new ProblemError('adviser/unknown')
    sessions.forget(adviserId)
    return c.body(null, 204)
  })

  app.openapi(wipesRoute, async (c) => {
    requireRole(c.var.signedIn, 'auditor', 'supervisor')
    return c.json({ wipes: [...(await wipes.list())] }, 200)
  })

  app.openapi(viewsRoute, async (c) => {
    await readAudit.viewed(c.var.signedIn.adviser.id, c.req.valid('json').views)
    return c.body(null, 204)
  })

  app.openapi(readsRoute, async (c) => {
    const { signedIn } = c.var
    requireRole(signedIn, 'auditor')
    const wanted = c.req.valid('query')
    await readAudit.opened(signedIn.adviser.id, 'audit', wanted.recordId ?? null)
    return c.json(await readAudit.read(wanted), 200)
  })
}
