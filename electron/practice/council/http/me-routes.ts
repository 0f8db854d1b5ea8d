import { createRoute } from '@hono/zod-openapi'
import { agentStateAnswer, agentStateRequest, me } from '#shared/contract/rest.ts'
import { bearer, failures, json, problems } from './describe.ts'
import type { CouncilApp, Services } from './environment.ts'
import { ProblemError } from './problems.ts'

const meRoute = createRoute({
  method: 'get',
  path: '/v1/me',
  summary: 'Read who is signed in',
  description:
    'The adviser, the telephone account, queues, codes and what scripts may quote about the council.',
  security: bearer,
  responses: { 200: json(me, 'Profile'), ...problems },
})

const readStateRoute = createRoute({
  method: 'get',
  path: '/v1/me/state',
  summary: 'Read where the adviser stands with the queues',
  description: 'What follows after the current call or wrap-up is `pending`.',
  security: bearer,
  responses: { 200: json(agentStateAnswer, 'State'), ...problems },
})

const requestStateRoute = createRoute({
  method: 'put',
  path: '/v1/me/state',
  summary: 'Ask for another state',
  description: 'The answer is the state as it is: what may not be asked for just now changes nothing.',
  security: bearer,
  request: { body: { required: true, content: { 'application/json': { schema: agentStateRequest } } } },
  responses: { 200: json(agentStateAnswer, 'State'), ...problems, ...failures('state/unknown-reason') },
})

export function meRoutes(app: CouncilApp, services: Services): void {
  const { db, clock, log, agents, notReadyReasons } = services
  app.openapi(meRoute, (c) => c.json(services.me(c.var.signedIn), 200))
  app.openapi(readStateRoute, (c) => c.json(agents.answer(c.var.signedIn.adviser.id), 200))
  app.openapi(requestStateRoute, async (c) => {
    const request = c.req.valid('json')
    if (request.name === 'not-ready' && !notReadyReasons.includes(request.reason)) {
      throw new ProblemError('state/unknown-reason')
    }
    if (request.name === 'ready' && request.override) {
      const { failed, reason } = request.override
      const adviserId = c.var.signedIn.adviser.id
      // What cannot be kept for audit is not granted either.
      await db
        .insertInto('readiness_override')
        .values({
          adviser_id: adviserId,
          at: new Date(clock.now()).toISOString(),
          failed: JSON.stringify(failed),
          reason: reason.replaceAll('\0', ' '),
        })
        .execute()
      log.info('agent/readiness-overridden', { adviserId, failed: failed.length })
    }
    return c.json(agents.request(c.var.signedIn.adviser.id, request), 200)
  })
}
