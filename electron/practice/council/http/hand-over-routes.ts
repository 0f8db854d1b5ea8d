import { createRoute, z } from '@hono/zod-openapi'
import { handOver } from '#shared/contract/rest.ts'
import { bearer, failures, json, problems } from './describe.ts'
import type { CouncilApp, Services } from './environment.ts'
import { ProblemError } from './problems.ts'

const route = createRoute({
  method: 'get',
  path: '/v1/contacts/{contactId}/hand-over',
  summary: 'Read what goes with a call that was passed on',
  description: 'The newest of the contact. Every reading is kept for audit.',
  security: bearer,
  request: { params: z.object({ contactId: z.string().max(80) }) },
  responses: {
    200: json(handOver, 'What was handed over'),
    ...problems,
    ...failures('contact/no-hand-over'),
  },
})

export function handOverRoutes(app: CouncilApp, { db, log, readAudit }: Services): void {
  app.openapi(route, async (c) => {
    const { contactId } = c.req.valid('param')
    const found = contactId.includes('\0')
      ? undefined
      : await db
          .selectFrom('hand_over')
          .select('record')
          .where('contact_id', '=', contactId)
          .executeTakeFirst()
    if (!found) throw new ProblemError('contact/no-hand-over')
    const adviserId = c.var.signedIn.adviser.id
    await readAudit.opened(adviserId, 'hand-over', contactId)
    log.info('hand-over/read', { adviserId })
    return c.json(found.record, 200)
  })
}
