import type { Alert } from '#shared/contract/rest.ts'
import type { Clock } from '#shared/kernel/clock.ts'
import type { Log } from '#shared/kernel/log.ts'
import type { Db } from './database/schema.ts'
import { type Notices, notify } from './notices.ts'

export interface RaisedAlert {
  readonly alert: Alert
  readonly raiserId: string
}

/** What supervisors have to know at once. */
export interface Alerts {
  read(alertId: string): Promise<RaisedAlert | undefined>
  /** Nobody has taken them up; oldest first. */
  open(): Promise<readonly RaisedAlert[]>
  /** The first supervisor who takes it up stays named. Undefined when there is no such alert. */
  acknowledge(alertId: string, supervisorName: string): Promise<Alert | undefined>
  /** It was told to this supervisor. */
  shown(alertId: string, supervisorName: string): Promise<void>
  /** An alert was raised, shown to somebody or taken up. Returns the function that stops listening. */
  onNews(listener: (raised: RaisedAlert) => void): () => void
}

export interface AlertsOptions {
  readonly db: Db
  readonly notices: Notices
  readonly clock: Clock
  readonly log: Log
}

export function createAlerts({ db, notices, clock, log }: AlertsOptions): Alerts {
  const listeners = new Set<(raised: RaisedAlert) => void>()
  const tell = (raised: RaisedAlert | undefined) => {
    if (raised) for (const listener of listeners) listener(raised)
  }
  const unread = () => log.error('alert/not-read')
  notices.onHeard((heard) => {
    if (heard.kind === 'alert') read(heard.alertId).then(tell, unread)
    if (heard.kind === 'missed') open().then((all) => all.forEach(tell), unread)
  })

  async function read(alertId: string): Promise<RaisedAlert | undefined> {
    if (alertId.includes('\0')) return undefined
    const found = await db
      .selectFrom('alert')
      .select(['record', 'adviser_id'])
      .where('id', '=', alertId)
      .executeTakeFirst()
    return found && { alert: found.record, raiserId: found.adviser_id }
  }

  async function open(): Promise<readonly RaisedAlert[]> {
    const rows = await db
      .selectFrom('alert')
      .select(['record', 'adviser_id'])
      .where('acknowledged_at', 'is', null)
      .execute()
    return rows
      .map(({ record, adviser_id }) => ({ alert: record, raiserId: adviser_id }))
      .sort((a, b) => (a.alert.raisedAt < b.alert.raisedAt ? -1 : 1))
  }

  const change = (alertId: string, next: (before: Alert) => Alert): Promise<Alert | undefined> =>
    db.transaction().execute(async (tx) => {
      const found = await tx
        .selectFrom('alert')
        .select('record')
        .where('id', '=', alertId)
        .forUpdate()
        .executeTakeFirst()
      if (!found) return undefined
      const after = next(found.record)
      if (after === found.record) return after
      await tx
        .updateTable('alert')
        .set({ record: JSON.stringify(after) })
        .where('id', '=', alertId)
        .execute()
      await notify(tx, { kind: 'alert', alertId })
      return after
    })

  return {
    read,
    open,

    acknowledge: async (alertId, supervisorName) => {
      if (alertId.includes('\0')) return undefined
      const acknowledgedAt = new Date(clock.now()).toISOString()
      const taken = await change(alertId, (before) =>
        before.acknowledgedAt === null
          ? { ...withTold(before, supervisorName), acknowledgedBy: supervisorName, acknowledgedAt }
          : before,
      )
      if (taken?.acknowledgedAt === acknowledgedAt) log.info('alert/acknowledged')
      return taken
    },

    shown: async (alertId, supervisorName) => {
      await change(alertId, (before) => withTold(before, supervisorName))
    },

    onNews: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

const withTold = (alert: Alert, name: string): Alert =>
  alert.toldTo.includes(name) ? alert : { ...alert, toldTo: [...alert.toldTo, name] }
