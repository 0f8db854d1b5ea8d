import { createRoute, z } from '@hono/zod-openapi'
import { duplicatesAnswer, duplicatesRequest, mergePreview } from '#shared/contract/rest.ts'
import { duplicatesOf, previewMerge } from '../duplicates.ts'
import { bearer, failures, json, problems } from './describe.ts'
import type { CouncilApp, Services } from './environment.ts'
import { ProblemError } from './problems.ts'

const duplicatesRoute = createRoute({
  method: 'post',
  path: '/v1/residents/duplicates',
  summary: 'Find residents who may be the one of a would-be record',
  description:
    'By number, mail, name with postcode, birthday or property; likeliest first, at most 10. It changes nothing; it is kept ' +
    'for audit with what was found, without what was asked.',
  security: bearer,
  request: { body: { required: true, content: { 'application/json': { schema: duplicatesRequest } } } },
  responses: { 200: json(duplicatesAnswer, 'Candidates'), ...problems },
})

const id = z.string().min(1).max(80)

const previewRoute = createRoute({
  method: 'get',
  path: '/v1/residents/{keptId}/merge-preview',
  summary: 'See what merging two residents would do',
  description: 'Both records, where they differ and how much would move. Kept for audit.',
  security: bearer,
  request: { params: z.object({ keptId: id }), query: z.object({ goneId: id }) },
  responses: {
    200: json(mergePreview, 'What would be merged'),
    ...problems,
    ...failures('resident/unknown'),
  },
})

export function residentsRoutes(app: CouncilApp, { db, readAudit }: Services): void {
  app.openapi(duplicatesRoute, async (c) => {
    const wanted = withoutNul(c.req.valid('json'))
    const candidates = await duplicatesOf(db, wanted)
    const found = candidates.map(({ resident }) => resident.id)
    await readAudit.duplicatesFound(c.var.signedIn.adviser.id, found)
    return c.json({ candidates: [...candidates] }, 200)
  })

  app.openapi(previewRoute, async (c) => {
    const { keptId } = c.req.valid('param')
    const { goneId } = c.req.valid('query')
    const isStorable = !`${keptId}${goneId}`.includes('\0')
    const preview = isStorable ? await previewMerge(db, keptId, goneId) : undefined
    if (!preview) throw new ProblemError('resident/unknown')
    const adviserId = c.var.signedIn.adviser.id
    await readAudit.opened(adviserId, 'merge-preview', keptId)
    await readAudit.opened(adviserId, 'merge-preview', goneId)
    return c.json(preview, 200)
  })
}

/** PostgreSQL's text holds none. */
const withoutNul = <T>(value: T): T =>
  JSON.parse(
    JSON.stringify(value, (_, each: unknown) =>
      typeof each === 'string' ? each.replaceAll('\0', '') : each,
    ),
  )
