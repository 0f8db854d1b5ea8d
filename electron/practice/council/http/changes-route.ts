import { createHash } from 'node:crypto'
import { createRoute, z } from '@hono/zod-openapi'
import { changesPage } from '#shared/contract/rest.ts'
import { readChanges, type Scope } from '../database/change-feed.ts'
import { bearer, json, problems } from './describe.ts'
import type { CouncilApp, Services } from './environment.ts'
import { ProblemError } from './problems.ts'

const route = createRoute({
  method: 'get',
  path: '/v1/changes',
  summary: 'What changed after the cursor, in commit order; 410 when the cursor is of another feed',
  security: bearer,
  request: {
    query: z.object({
      cursor: z.string().max(500).optional(),
      limit: z.coerce.number().int().min(1).max(1000).default(500),
    }),
  },
  responses: { 200: json(changesPage, 'A page'), ...problems },
})

/** What a cursor says, to nobody but this service. `feed` names the database and the adviser's scope. */
const cursorContent = z.tuple([z.literal(1), z.string(), z.number().int().nonnegative()])

export function changesRoute(app: CouncilApp, { db, databaseId }: Services): void {
  app.openapi(route, async (c) => {
    const { cursor, limit } = c.req.valid('query')
    const { adviser, queueIds } = c.var.signedIn
    const scope: Scope = { adviserId: adviser.id, queueIds }
    const feed = feedName(databaseId, scope)
    const afterSeq = cursor === undefined ? 0 : readCursor(cursor, feed)
    const page = await readChanges(db, scope, afterSeq, limit)
    if (!page) throw new ProblemError('changes/cursor-gone')
    const next = Buffer.from(JSON.stringify([1, feed, page.nextSeq])).toString('base64url')
    return c.json({ changes: [...page.changes], cursor: next, more: page.more }, 200)
  })
}

/** An adviser who takes other queues than before has another feed: records may have to go or to be told again. */
function feedName(databaseId: string, { adviserId, queueIds }: Scope): string {
  const name = JSON.stringify([databaseId, adviserId, [...queueIds].sort()])
  return createHash('sha256').update(name).digest('base64url').slice(0, 16)
}

function readCursor(cursor: string, feed: string): number {
  let content: unknown
  try {
    content = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
  } catch {
    throw new ProblemError('changes/cursor-malformed')
  }
  const read = cursorContent.safeParse(content)
  if (!read.success) throw new ProblemError('changes/cursor-malformed')
  if (read.data[1] !== feed) throw new ProblemError('changes/cursor-gone')
  return read.data[2]
}
