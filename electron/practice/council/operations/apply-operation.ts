import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import type { Adviser, Operation, OperationResult } from '#shared/contract/rest.ts'
import { assertNever } from '#shared/kernel/assert-never.ts'
import { noteChanges, takeFeedLock } from '../database/change-feed.ts'
import type { Db, Tx } from '../database/schema.ts'
import { saveCallback } from './callback-operations.ts'
import { changeCase } from './change-case.ts'
import { createCase } from './create-case.ts'
import { handOverContact, raiseAlert, reportScript } from './guidance-operations.ts'
import { mergeResidents, unmergeResidents } from './merge-operations.ts'
import { Refused, refusal } from './refusals.ts'
import { changeResident, createResident } from './resident-operations.ts'
import { appendTimeline, saveContact } from './simple-operations.ts'
import { removeWarning, saveWarning } from './warning-operations.ts'
import type { Applied, Work } from './work.ts'

export interface OperationContext {
  readonly db: Db
  readonly adviser: Adviser
  readonly queueIds: readonly string[]
  /** Milliseconds since 1970. */
  readonly now: number
}

/**
 * Applies an operation once, in its own transaction, and keeps the result with it. Sent again, also while the first
 * is still at work, it gets the same result: the second waits for the first at the operation's row.
 */
export async function applyOperation(
  context: OperationContext,
  operation: Operation,
  raw: Readonly<Record<string, unknown>>,
): Promise<{ result: OperationResult; isNew: boolean }> {
  if (!isStorable(raw)) return { result: refusal(operation.id, 'operation/unstorable'), isNew: false }
  const { db, adviser } = context
  const hash = hashOf(operation)
  const row = { id: operation.id, adviser_id: adviser.id, kind: operation.kind, hash, result: null }
  try {
    return await db.transaction().execute(async (tx) => {
      const claimed = await tx
        .insertInto('operation')
        .values(row)
        .onConflict((conflict) => conflict.column('id').doNothing())
        .returning('id')
        .executeTakeFirst()
      if (!claimed) return { result: await replay(tx, operation.id, adviser.id, hash), isNew: false }
      const work: Work = { tx, adviser, now: new Date(context.now).toISOString(), raw }
      const { result, touched } = await apply(work, operation)
      await keepResult(tx, result, touched.length > 0)
      await noteChanges(tx, touched, true)
      return { result, isNew: true }
    })
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    const result = refusal(operation.id, error.code)
    await db
      .insertInto('operation')
      .values({ ...row, result: JSON.stringify(result) })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .execute()
    return { result, isNew: true }
  }
}

function apply(work: Work, operation: Operation): Promise<Applied> {
  switch (operation.kind) {
    case 'contact.save':
      return saveContact(work, operation)
    case 'case.create':
      return createCase(work, operation)
    case 'case.change':
      return changeCase(work, operation)
    case 'timeline.append':
      return appendTimeline(work, operation)
    case 'callback.save':
      return saveCallback(work, operation)
    case 'contact.hand-over':
      return handOverContact(work, operation)
    case 'alert.raise':
      return raiseAlert(work, operation)
    case 'script.report':
      return reportScript(work, operation)
    case 'resident.create':
      return createResident(work, operation)
    case 'resident.change':
      return changeResident(work, operation)
    case 'resident.merge':
      return mergeResidents(work, operation)
    case 'resident.unmerge':
      return unmergeResidents(work, operation)
    case 'warning.save':
      return saveWarning(work, operation)
    case 'warning.remove':
      return removeWarning(work, operation)
    default:
      return assertNever(operation)
  }
}

/** With the lock of the feed, when something is to be noted in it: one way to the database and back less. */
async function keepResult(tx: Tx, result: OperationResult, withLock: boolean): Promise<void> {
  await sql`
    update operation set result = ${JSON.stringify(result)} where id = ${result.id}
    ${withLock ? sql`returning ${takeFeedLock}` : sql``}
  `.execute(tx)
}

async function replay(tx: Tx, id: string, adviserId: string, hash: string): Promise<OperationResult> {
  const known = await tx
    .selectFrom('operation')
    .select(['adviser_id', 'hash', 'result'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  // Answering "applied" to something else under the same identifier would make the desk forget unsent work.
  const isTheSame = known.adviser_id === adviserId && known.hash === hash
  return isTheSame && known.result ? known.result : refusal(id, 'operation/reused-id')
}

/** Of the operation as this service understands it, members in order of name. */
function hashOf(operation: Operation): string {
  const text = JSON.stringify(operation, (_, value: unknown) =>
    value !== null && typeof value === 'object' && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  )
  return createHash('sha256').update(text).digest('base64url')
}

/** PostgreSQL's text holds no NUL and no half of a surrogate pair. Nothing sensible nests this deep. */
const deepest = 32
const unstorable = /\p{Surrogate}/u

function isStorable(value: unknown, depth = 0): boolean {
  if (typeof value === 'string') return !value.includes('\0') && !unstorable.test(value)
  if (value === null || typeof value !== 'object') return true
  if (depth === deepest) return false
  return Object.entries(value).every(([name, member]) => isStorable(name) && isStorable(member, depth + 1))
}
