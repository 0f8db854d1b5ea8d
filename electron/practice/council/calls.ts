import type { CallHistory, CallHistoryEntry, CallStatus } from '#shared/contract/rest.ts'
import type { Clock } from '#shared/kernel/clock.ts'
import type { Log } from '#shared/kernel/log.ts'
import type { CallsPort } from '../switchboard/ports.ts'
import type { Db } from './database/schema.ts'

/** A council whose switchboard says nothing of its calls. */
export const noCalls: CallsPort = {
  status: () => null,
  advisersOf: () => [],
  setRecordingPaused: () => Promise.reject(new Error('no such call')),
  onChanged: () => () => {},
  onCallChanged: () => () => {},
}

/** Every adviser's calls: those going on in memory, all of them in the database for as long as the council says. */
export interface CallRecords {
  /** The adviser's own, newest first, at most 200. */
  historyOf(adviserId: string): Promise<CallHistory>
  /** Of the calls going on, as the switchboard says now. */
  statusesOf(adviserId: string): readonly CallStatus[]
  /** Writes what is left to write. */
  stop(): Promise<void>
}

export interface CallRecordsOptions {
  readonly db: Db
  readonly calls: CallsPort
  readonly clock: Clock
  readonly log: Log
  /** How long an entry is kept after its call began. */
  readonly keepDays: number
}

const mostCalls = 200
const dayMs = 86_400_000
const hourMs = 3_600_000

export async function createCallRecords(options: CallRecordsOptions): Promise<CallRecords> {
  const { db, calls, clock, log, keepDays } = options
  const live = new Map<string, Set<string>>()
  /** One write after the other, so that the end of a call is not overtaken by its beginning. */
  let writing: Promise<unknown> = Promise.resolve()
  let prunedAt = Number.NEGATIVE_INFINITY
  const keptFrom = () => clock.now() - keepDays * dayMs

  const write = async ({ adviserId, ...entry }: CallHistoryEntry & { readonly adviserId: string }) => {
    const record = JSON.stringify(entry)
    await db
      .insertInto('call_history')
      .values({
        adviser_id: adviserId,
        call_id: entry.callId,
        started_at: Date.parse(entry.startedAt),
        record,
      })
      .onConflict((conflict) => conflict.columns(['adviser_id', 'call_id']).doUpdateSet({ record }))
      .execute()
    await prune()
  }

  const prune = async () => {
    if (clock.now() - prunedAt < hourMs) return
    prunedAt = clock.now()
    await db.deleteFrom('call_history').where('started_at', '<', keptFrom()).execute()
  }

  // A process without a switchboard knows nothing of the calls that others are holding.
  if (calls !== noCalls) await closeUnfinished(db)
  await prune()
  const stopListening = calls.onCallChanged((entry) => {
    const { adviserId, callId, endedAt } = entry
    const ids = live.get(adviserId) ?? new Set()
    if (endedAt === null) live.set(adviserId, ids.add(callId))
    else ids.delete(callId)
    writing = writing
      .then(() => write(entry))
      .catch((error: unknown) => {
        log.error('calls/not-recorded', { error: error instanceof Error ? error.name : 'unknown' })
      })
  })

  return {
    historyOf: async (adviserId) => {
      await writing
      const rows = await db
        .selectFrom('call_history')
        .select('record')
        .where('adviser_id', '=', adviserId)
        .where('started_at', '>=', keptFrom())
        .orderBy('started_at', 'desc')
        .orderBy('call_id')
        .limit(mostCalls)
        .execute()
      return { calls: rows.map(({ record }) => record) }
    },
    statusesOf: (adviserId) =>
      [...(live.get(adviserId) ?? [])].flatMap((callId) => calls.status(callId) ?? []),
    stop: async () => {
      stopListening()
      await writing
    },
  }
}

/** Calls that were going on when the service before this one ended: nobody knows when they did. */
async function closeUnfinished(db: Db): Promise<void> {
  const rows = await db.selectFrom('call_history').select(['adviser_id', 'call_id', 'record']).execute()
  for (const { adviser_id, call_id, record } of rows) {
    if (record.outcome !== 'in-progress') continue
    const closed: CallHistoryEntry = {
      ...record,
      outcome: record.answeredAt === null ? 'failed' : 'answered',
    }
    await db
      .updateTable('call_history')
      .set({ record: JSON.stringify(closed) })
      .where('adviser_id', '=', adviser_id)
      .where('call_id', '=', call_id)
      .execute()
  }
}
