import { createRoute, z } from '@hono/zod-openapi'
import { searchAnswer } from '#shared/contract/rest.ts'
import { search } from '../search.ts'
import { bearer, json, problems } from './describe.ts'
import type { CouncilApp, Services } from './environment.ts'
import { ProblemError } from './problems.ts'

const route = createRoute({
  method: 'get',
  path: '/v1/search',
  summary: 'Residents by name, address or number, cases by reference or subject; at most 20 of each',
  security: bearer,
  request: { query: z.object({ q: z.string().max(200) }) },
  responses: { 200: json(searchAnswer, 'Found'), ...problems },
})

export function searchRoute(app: CouncilApp, { db }: Services): void {
  app.openapi(route, async (c) => {
    const text = c.req.valid('query').q.replaceAll('\0', ' ').trim()
    if (text.length < 2) throw new ProblemError('search/too-short')
    return c.json(await search(db, text), 200)
  })
}
