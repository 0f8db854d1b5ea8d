import { createHash } from 'node:crypto'
import { createRoute } from '@hono/zod-openapi'
import { signposts } from '#shared/contract/signposts.ts'
import { signpostServices } from '../seed/signposts.ts'
import { bearer, json, problems } from './describe.ts'
import { holds } from './entity-tags.ts'
import type { CouncilApp, Services } from './environment.ts'

const route = createRoute({
  method: 'get',
  path: '/v1/signposts',
  summary: 'Services outside the council, in the shape of Open Referral UK',
  security: bearer,
  responses: {
    200: json(signposts, 'Services'),
    304: { description: 'The caller has them' },
    ...problems,
  },
})

export function signpostsRoutes(app: CouncilApp, { clock }: Services): void {
  // Of the services: `asAt` alone is no change.
  const hash = createHash('sha256').update(JSON.stringify(signpostServices)).digest('base64url')
  app.openAPIRegistry.registerPath(route)
  app.get(route.path, (c) => {
    c.header('etag', `W/"${hash}"`)
    c.header('cache-control', 'private, no-cache')
    if (holds(c.req.header('if-none-match'), hash)) return c.body(null, 304)
    const asAt = new Date(clock.now()).toISOString()
    return c.json({ asAt, services: [...signpostServices] }, 200)
  })
}
