import { createRoute, z } from '@hono/zod-openapi'
import { alert } from '#shared/contract/rest.ts'
import { bearer, json, problems } from './describe.ts'
import type { CouncilApp, Services } from './environment.ts'
import { ProblemError } from './problems.ts'
import { requireRole } from './roles.ts'

const params = z.object({ alertId: z.string().max(80) })

const readRoute = createRoute({
  method: 'get',
  path: '/v1/alerts/{alertId}',
  summary: 'Read an alert and who has taken it up; for supervisors and whoever raised it',
  security: bearer,
  request: { params },
  responses: { 200: json(alert, 'Alert'), ...problems },
})

const acknowledgeRoute = createRoute({
  method: 'post',
  path: '/v1/alerts/{alertId}/acknowledge',
  summary: 'Take up an alert, as a supervisor; the first who does is named',
  security: bearer,
  request: { params },
  responses: { 200: json(alert, 'Alert'), ...problems },
})

export function alertsRoutes(app: CouncilApp, { alerts }: Services): void {
  app.openapi(readRoute, async (c) => {
    const { adviser, roles } = c.var.signedIn
    const found = await alerts.read(c.req.valid('param').alertId)
    const isTheirs = found?.raiserId === adviser.id || roles.includes('supervisor')
    if (!found || !isTheirs) throw new ProblemError('alert/unknown')
    return c.json(found.alert, 200)
  })

  app.openapi(acknowledgeRoute, async (c) => {
    requireRole(c.var.signedIn, 'supervisor')
    const taken = await alerts.acknowledge(c.req.valid('param').alertId, c.var.signedIn.adviser.name)
    if (!taken) throw new ProblemError('alert/unknown')
    return c.json(taken, 200)
  })
}
