import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Scope } from '../database/change-feed.ts'
import { ProblemError } from './problems.ts'

/* What a cursor says, to nobody but this service: where in which feed a reader is. */

const content = z.tuple([z.literal(1), z.string(), z.number().int().nonnegative()])

/** An adviser who takes other queues than before has another feed: records may have to go or to be told again. So
 * has one whose desks were told to forget.
 */
function feedName(databaseId: string, { adviserId, queueIds, wipes = 0 }: Scope): string {
  const name = JSON.stringify([databaseId, adviserId, [...queueIds].sort(), ...(wipes === 0 ? [] : [wipes])])
  return createHash('sha256').update(name).digest('base64url').slice(0, 16)
}

/** `seq`: everything up to here has been told. */
export function writeCursor(databaseId: string, scope: Scope, seq: number): string {
  return Buffer.from(JSON.stringify([1, feedName(databaseId, scope), seq])).toString('base64url')
}

/** Throws the problem when it cannot be read, or is of another feed. */
export function readCursor(cursor: string, databaseId: string, scope: Scope): number {
  let read: ReturnType<typeof content.safeParse>
  try {
    read = content.safeParse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')))
  } catch {
    throw new ProblemError('changes/cursor-malformed')
  }
  if (!read.success) throw new ProblemError('changes/cursor-malformed')
  const [, feed, seq] = read.data
  if (feed !== feedName(databaseId, scope)) throw new ProblemError('changes/cursor-gone')
  return seq
}
