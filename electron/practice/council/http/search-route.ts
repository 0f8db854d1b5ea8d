import { createRoute, z } from '@hono/zod-openapi'
import { searchAnswer } from '#shared/contract/rest.ts'
import { search } from '../search.ts'
import { bearer, failures, json, problems } from './describe.ts'
import type { CouncilApp, Services } from './environment.ts'
import { ProblemError } from './problems.ts'

const route = createRoute({
  method: 'get',
  path: '/v1/search',
  summary: 'Search beyond what the desk holds',
  description:
    'Residents by name, address, property or telephone number; cases of the adviser’s scope by reference, subject or ' +
    'service. At most 20 of each. Every search is kept for audit.',
  security: bearer,
  request: { query: z.object({ q: z.string().max(200) }) },
  responses: { 200: json(searchAnswer, 'Found'), ...problems, ...failures('search/too-short') },
})

export function searchRoute(app: CouncilApp, { db, readAudit }: Services): void {
  app.openapi(route, async (c) => {
    const text = c.req.valid('query').q.replaceAll('\0', ' ').trim()
    if (text.length < 2) throw new ProblemError('search/too-short')
    const { adviser, queueIds } = c.var.signedIn
    const answer = await search(db, { adviserId: adviser.id, queueIds }, text)
    await readAudit.searched(adviser.id, text, answer)
    return c.json(answer, 200)
  })
}
