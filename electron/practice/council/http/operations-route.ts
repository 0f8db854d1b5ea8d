import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import {
  type OperationResult,
  operation,
  operationsAnswer,
  operationsRequest,
} from '#shared/contract/rest.ts'
import { applyOperation } from '../operations/apply-operation.ts'
import { refusal } from '../operations/refusals.ts'
import { bearer, failures, json, problems } from './describe.ts'
import type { CouncilApp, Services } from './environment.ts'
import { invalid } from './problems.ts'

const route = createRoute({
  method: 'post',
  path: '/v1/operations',
  summary: 'Apply operations',
  description:
    'In order, each by itself and once, however often it is sent; one result each. One that is refused or malformed does not ' +
    'hold up the others.',
  security: bearer,
  request: { body: { required: true, content: { 'application/json': { schema: operationsRequest } } } },
  responses: {
    200: json(operationsAnswer, 'Results'),
    ...problems,
    ...failures('request/malformed', 'request/too-large'),
  },
})

/**
 * The batch is checked loosely and each operation by itself, so that one that is malformed is refused alone and
 * does not hold up the rest of a desk's unsent work.
 */
const batch = z.object({
  operations: z
    .array(z.looseObject({ id: z.string().min(1).max(80) }))
    .min(1)
    .max(100),
})

export function operationsRoute(app: CouncilApp, { db, clock, log }: Services): void {
  app.openAPIRegistry.registerPath(route)
  app.post(route.path, async (c) => {
    const body = batch.safeParse(await c.req.json())
    if (!body.success) throw invalid(body.error)
    const { adviser, queueIds } = c.var.signedIn
    const results: OperationResult[] = []
    for (const raw of body.data.operations) {
      const parsed = operation.safeParse(raw)
      if (!parsed.success) {
        results.push(refusal(raw.id, 'operation/malformed', invalid(parsed.error).detail))
        continue
      }
      const context = { db, adviser, queueIds, now: clock.now() }
      const { result, isNew } = await applyOperation(context, parsed.data, raw)
      results.push(result)
      log.info('operation/answered', { kind: parsed.data.kind, outcome: result.outcome, isNew })
    }
    return c.json({ results }, 200)
  })
}
