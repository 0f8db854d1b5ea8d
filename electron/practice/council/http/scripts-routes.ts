import { createRoute, z } from '@hono/zod-openapi'
import { scriptEntry } from '#shared/contract/rest.ts'
import { bearer, json, problems } from './describe.ts'
import { holds } from './entity-tags.ts'
import type { CouncilApp, Services } from './environment.ts'
import { ProblemError } from './problems.ts'

const listRoute = createRoute({
  method: 'get',
  path: '/v1/scripts',
  summary: 'The newest version of every published script',
  security: bearer,
  responses: { 200: json(z.object({ scripts: z.array(scriptEntry) }), 'Scripts'), ...problems },
})

const documentRoute = createRoute({
  method: 'get',
  path: '/v1/scripts/{id}/versions/{version}',
  summary: 'A published script document; it never changes',
  security: bearer,
  request: {
    params: z.object({
      id: z.string().max(80),
      version: z.coerce
        .number()
        .int()
        .positive()
        .max(2 ** 31 - 1),
    }),
  },
  responses: {
    200: json(z.looseObject({ id: z.string(), version: z.number() }), 'Document'),
    304: { description: 'The caller has it' },
    ...problems,
  },
})

export function scriptsRoutes(app: CouncilApp, { scripts }: Services): void {
  app.openapi(listRoute, async (c) => c.json({ scripts: [...(await scripts.list())] }, 200))

  app.openAPIRegistry.registerPath(documentRoute)
  app.get('/v1/scripts/:id/versions/:version', async (c) => {
    const params = documentRoute.request.params.safeParse(c.req.param())
    if (!params.success || params.data.id.includes('\0')) throw new ProblemError('script/unknown')
    const { id, version } = params.data
    const hash = await scripts.hash(id, version)
    if (!hash) throw new ProblemError('script/unknown')
    c.header('etag', `"${hash}"`)
    c.header('cache-control', 'private, max-age=31536000, immutable')
    if (holds(c.req.header('if-none-match'), hash)) return c.body(null, 304)
    const script = await scripts.read(id, version)
    if (!script) throw new ProblemError('script/unknown')
    return c.body(script.document, 200, { 'content-type': 'application/json' })
  })
}
