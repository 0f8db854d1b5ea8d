import { createRoute, z } from '@hono/zod-openapi'
import { scriptEntry, scriptUse } from '#shared/contract/rest.ts'
import { scriptReports } from '#shared/contract/script-lifecycle.ts'
import { readScriptUse } from '../script-use.ts'
import { bearer, failures, json, problems } from './describe.ts'
import { holds } from './entity-tags.ts'
import type { CouncilApp, Services } from './environment.ts'
import { ProblemError } from './problems.ts'
import { requireRole } from './roles.ts'

const listRoute = createRoute({
  method: 'get',
  path: '/v1/scripts',
  summary: 'The version in force of every published script',
  security: bearer,
  responses: { 200: json(z.object({ scripts: z.array(scriptEntry) }), 'Scripts'), ...problems },
})

const useRoute = createRoute({
  method: 'get',
  path: '/v1/scripts/use',
  summary: 'How many of today’s contacts in the adviser’s queues each script was used for, most first',
  security: bearer,
  responses: { 200: json(scriptUse, 'Use'), ...problems },
})

const reportsRoute = createRoute({
  method: 'get',
  path: '/v1/scripts/{id}/reports',
  summary: 'What advisers found wrong or unclear, newest first; for editors and approvers',
  security: bearer,
  request: { params: z.object({ id: z.string().max(80) }) },
  responses: { 200: json(scriptReports, 'Reports'), ...problems },
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
    ...failures('script/unknown'),
  },
})

const mostReports = 200

export function scriptsRoutes(app: CouncilApp, { clock, db, scripts }: Services): void {
  app.openapi(listRoute, async (c) => c.json({ scripts: [...(await scripts.list())] }, 200))

  app.openapi(useRoute, async (c) =>
    c.json(await readScriptUse(db, c.var.signedIn.queueIds, clock.now()), 200),
  )

  app.openapi(reportsRoute, async (c) => {
    requireRole(c.var.signedIn, 'editor', 'approver')
    const rows = await db
      .selectFrom('script_report')
      .select(['id', 'version', 'step_id as stepId', 'comment', 'by_name as by', 'at'])
      .where('script_id', '=', c.req.valid('param').id.replaceAll('\0', ''))
      .orderBy('at', 'desc')
      .limit(mostReports)
      .execute()
    return c.json({ reports: rows }, 200)
  })

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
