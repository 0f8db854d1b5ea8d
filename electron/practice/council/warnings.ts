import { isInForce, withWarnings } from '#shared/cases/resident-record.ts'
import type { Clock } from '#shared/kernel/clock.ts'
import type { Log } from '#shared/kernel/log.ts'
import { noteChanges } from './database/change-feed.ts'
import type { Db, Tx } from './database/schema.ts'

const hourMs = 3_600_000

const londonDay = new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/London' })
/** The council's day, `YYYY-MM-DD`. */
export const councilDay = (now: number): string => londonDay.format(now)

/**
 * Takes warnings out of the records on the day they end, now and at every full hour: midnight in London is one. What
 * they said stays in `warning_event`. Returns the function that stops it.
 */
export async function expireWarnings(options: { db: Db; clock: Clock; log: Log }): Promise<() => void> {
  const { db, clock, log } = options
  let stop = () => {}
  const watch = () => {
    stop = clock.after(hourMs - (clock.now() % hourMs), () => {
      watch()
      expireAll(db, clock.now()).catch(() => log.error('warning/not-expired'))
    })
  }
  await expireAll(db, clock.now())
  watch()
  return () => stop()
}

async function expireAll(db: Db, now: number): Promise<void> {
  const today = councilDay(now)
  const warned = await db
    .selectFrom('resident')
    .select(['id', 'record'])
    .where('has_warnings', '=', true)
    .execute()
  for (const { id, record } of warned) {
    if (record.warnings?.every((warning) => isInForce(warning, today))) continue
    await db.transaction().execute((tx) => expireOf(tx, id, now))
  }
}

async function expireOf(tx: Tx, id: string, now: number): Promise<void> {
  const today = councilDay(now)
  const at = new Date(now).toISOString()
  const held = await tx
    .selectFrom('resident')
    .select('record')
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  const ended = held?.record.warnings?.filter((warning) => !isInForce(warning, today)) ?? []
  if (!held || ended.length === 0) return
  const { record } = held
  const left = withWarnings(record, (warning) => isInForce(warning, today))
  await tx
    .updateTable('resident')
    .set({ record: JSON.stringify({ ...left, version: record.version + 1, updatedAt: at }) })
    .where('id', '=', id)
    .execute()
  await tx
    .insertInto('warning_event')
    .values(
      ended.map((warning) => ({
        resident_id: id,
        warning_id: warning.id,
        action: 'expired' as const,
        adviser_id: null,
        at,
        warning: JSON.stringify(warning),
        reason: null,
      })),
    )
    .execute()
  await noteChanges(tx, [{ kind: 'resident', id, caseId: null }])
}
