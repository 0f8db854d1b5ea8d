import { createRoute, z } from '@hono/zod-openapi'
import { reasonRequest, rollBackRequest, scriptHistory } from '#shared/contract/script-lifecycle.ts'
import { bearer, json, problems } from './describe.ts'
import type { CouncilApp, Services } from './environment.ts'
import { requireRole } from './roles.ts'

const id = z
  .string()
  .max(80)
  .regex(/^[^\0]*$/)
const version = z.coerce
  .number()
  .int()
  .positive()
  .max(2 ** 31 - 1)
const historyAnswer = { 200: json(scriptHistory, 'Versions and what happened, by whom and why'), ...problems }

const historyRoute = createRoute({
  method: 'get',
  path: '/v1/scripts/{id}/history',
  summary: 'Read which versions of a script there are and who did what, when and why',
  security: bearer,
  request: { params: z.object({ id }) },
  responses: historyAnswer,
})

const withdrawRoute = createRoute({
  method: 'post',
  path: '/v1/scripts/{id}/versions/{version}/withdraw',
  summary: 'Withdraw a version for good; the newest of the others is in force',
  security: bearer,
  request: {
    params: z.object({ id, version }),
    body: { required: true, content: { 'application/json': { schema: reasonRequest } } },
  },
  responses: historyAnswer,
})

const rollBackRoute = createRoute({
  method: 'post',
  path: '/v1/scripts/{id}/roll-back',
  summary: 'Put an earlier version in force again by withdrawing every later one',
  security: bearer,
  request: {
    params: z.object({ id }),
    body: { required: true, content: { 'application/json': { schema: rollBackRequest } } },
  },
  responses: historyAnswer,
})

export function scriptVersionsRoutes(app: CouncilApp, { scriptVersions }: Services): void {
  app.openapi(historyRoute, async (c) => {
    requireRole(c.var.signedIn, 'editor', 'approver')
    return c.json(await scriptVersions.history(c.req.valid('param').id), 200)
  })

  app.openapi(withdrawRoute, async (c) => {
    requireRole(c.var.signedIn, 'editor', 'approver')
    const { id, version } = c.req.valid('param')
    const { why } = c.req.valid('json')
    return c.json(await scriptVersions.withdraw(id, version, why, c.var.signedIn.adviser), 200)
  })

  app.openapi(rollBackRoute, async (c) => {
    requireRole(c.var.signedIn, 'editor', 'approver')
    const { to, why } = c.req.valid('json')
    return c.json(
      await scriptVersions.rollBack(c.req.valid('param').id, to, why, c.var.signedIn.adviser),
      200,
    )
  })
}
