import { createRoute, z } from '@hono/zod-openapi'
import { changesPage } from '#shared/contract/rest.ts'
import { readChanges, type Scope } from '../database/change-feed.ts'
import { createTurnstile } from '../turnstile.ts'
import { bearer, failures, json, problems } from './describe.ts'
import type { CouncilApp, Services } from './environment.ts'
import { readCursor, writeCursor } from './feed-cursor.ts'
import { invalid, ProblemError } from './problems.ts'

const query = z.object({
  cursor: z.string().max(500).optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(500),
})

const route = createRoute({
  method: 'get',
  path: '/v1/changes',
  summary: 'Read what changed after the cursor',
  description:
    'The adviser’s scope in the order of commits, each record once and as it is now; all of it without a cursor. Answers ' +
    '410 when the cursor is of another feed: begin again without one.',
  security: bearer,
  request: { query },
  responses: {
    200: json(changesPage, 'A page'),
    ...problems,
    ...failures('changes/cursor-malformed', 'changes/cursor-gone'),
  },
})

/** When all desks come for changes at once, those that save still find a connection. */
const readersAtOnce = 4

export function changesRoute(app: CouncilApp, { db, databaseId }: Services): void {
  const takeTurns = createTurnstile(readersAtOnce)
  // Described, and answered by hand: the JSON of records is passed on as it is kept.
  app.openAPIRegistry.registerPath(route)
  app.get(route.path, async (c) => {
    const wanted = query.safeParse(c.req.query())
    if (!wanted.success) throw invalid(wanted.error)
    const { cursor, limit } = wanted.data
    const { adviser, queueIds, wipes } = c.var.signedIn
    const scope: Scope = { adviserId: adviser.id, queueIds, wipes }
    const afterSeq = cursor === undefined ? 0 : readCursor(cursor, databaseId, scope)
    const page = await takeTurns(() => readChanges(db, scope, afterSeq, limit))
    if (!page) throw new ProblemError('changes/cursor-gone')
    const next = writeCursor(databaseId, scope, page.nextSeq)
    const body = `{"changes":[${page.changes.join(',')}],"cursor":${JSON.stringify(next)},"more":${page.more}}`
    return c.body(body, 200, { 'content-type': 'application/json' })
  })
}
