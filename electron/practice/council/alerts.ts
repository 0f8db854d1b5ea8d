import { sql } from 'kysely'
import type { Alert } from '#shared/contract/rest.ts'
import type { Clock } from '#shared/kernel/clock.ts'
import type { Log } from '#shared/kernel/log.ts'
import type { Db, Tx } from './database/schema.ts'
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

interface Row {
  readonly record: Alert
  readonly adviser_id: string
}

/** Of alerts and of entries alike. */
const contactIdOf = sql<string>`record->>'contactId'`
const kindOf = sql<string>`record->>'kind'`

/** The log of a contact has a new line: its alerts are told again. */
export async function retellAlerts(tx: Tx, contactId: string): Promise<void> {
  const found = await tx.selectFrom('alert').select('id').where(contactIdOf, '=', contactId).execute()
  for (const { id } of found) await notify(tx, { kind: 'alert', alertId: id })
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

  const rows = db.selectFrom('alert').select(['record', 'adviser_id'])

  /** As it is told: with who raised it and the log of its contact. */
  async function withLog({ record, adviser_id }: Row): Promise<RaisedAlert> {
    const entries = await db
      .selectFrom('timeline_entry')
      .select('record')
      .where(contactIdOf, '=', record.contactId)
      .where(kindOf, '=', 'risk')
      .execute()
    const log = entries
      .map(({ record: { id, at, text, by } }) => ({ id, at, text, by }))
      .sort((a, b) => Date.parse(a.at) - Date.parse(b.at))
    return { alert: { ...record, raisedById: adviser_id, log }, raiserId: adviser_id }
  }

  async function read(alertId: string): Promise<RaisedAlert | undefined> {
    if (alertId.includes('\0')) return undefined
    const found = await rows.where('id', '=', alertId).executeTakeFirst()
    return found && withLog(found)
  }

  async function open(): Promise<readonly RaisedAlert[]> {
    const found = await rows.where('acknowledged_at', 'is', null).execute()
    const raised = await Promise.all(found.map(withLog))
    return raised.sort((a, b) => (a.alert.raisedAt < b.alert.raisedAt ? -1 : 1))
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
      return taken && (await read(alertId))?.alert
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
