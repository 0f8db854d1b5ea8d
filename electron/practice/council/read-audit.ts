import { sql } from 'kysely'
import type { ReadEntry, ReadsPage, View } from '#shared/contract/audit.ts'
import type { SearchAnswer } from '#shared/contract/rest.ts'
import type { Clock } from '#shared/kernel/clock.ts'
import type { Db } from './database/schema.ts'

/** Who looked at what, kept in SQL and nowhere else: the log never has what was looked for. */
export interface ReadAudit {
  opened(
    adviserId: string,
    kind: 'hand-over' | 'attachment' | 'merge-preview' | 'audit',
    recordId: string | null,
  ): Promise<void>
  searched(adviserId: string, text: string, answer: SearchAnswer): Promise<void>
  /** What was asked is of a record that may never be made, so only what was found is kept. */
  duplicatesFound(adviserId: string, found: readonly string[]): Promise<void>
  /** What was opened on the desk. A view that is known already, or quotes what cannot be kept, is passed over. */
  viewed(adviserId: string, views: readonly View[]): Promise<void>
  /** Newest first. A record is found by who opened it and by who had it among the results of a search. */
  read(wanted: ReadsWanted): Promise<ReadsPage>
}

export interface ReadsWanted {
  readonly recordId?: string | undefined
  readonly adviserId?: string | undefined
  /** Entries with lower numbers only. */
  readonly before?: number | undefined
  readonly limit: number
}

export function createReadAudit(db: Db, clock: Clock): ReadAudit {
  const now = () => new Date(clock.now()).toISOString()
  const entry = (adviserId: string, kind: ReadEntry['kind'], recordId: string | null) => ({
    adviser_id: adviserId,
    at: now(),
    kind,
    record_id: recordId,
  })

  return {
    opened: async (adviserId, kind, recordId) => {
      await db
        .insertInto('read_audit')
        .values(entry(adviserId, kind, recordId))
        .execute()
    },

    searched: async (adviserId, text, { residents, cases }) => {
      const search = JSON.stringify({ text, found: [...residents, ...cases].map(({ id }) => id) })
      await db
        .insertInto('read_audit')
        .values({ ...entry(adviserId, 'search', null), search })
        .execute()
    },

    duplicatesFound: async (adviserId, found) => {
      await db
        .insertInto('read_audit')
        .values({
          ...entry(adviserId, 'duplicates', null),
          search: JSON.stringify({ text: '', found }),
        })
        .execute()
    },

    viewed: async (adviserId, views) => {
      const rows = views
        .filter(({ recordId }) => !recordId.includes('\0'))
        .map(({ id, kind, recordId, at }) => ({
          ...entry(adviserId, kind, recordId),
          at: new Date(at).toISOString(),
          view_id: id,
        }))
      if (rows.length === 0) return
      await db
        .insertInto('read_audit')
        .values(rows)
        .onConflict((conflict) => conflict.column('view_id').doNothing())
        .execute()
    },

    read: async ({ recordId, adviserId, before, limit }) => {
      let query = db
        .selectFrom('read_audit')
        .innerJoin('adviser', 'adviser.id', 'read_audit.adviser_id')
        .select(['number', 'at', 'adviser_id', 'adviser.name', 'kind', 'record_id', 'search'])
        .orderBy('number', 'desc')
        .limit(limit)
      if (before !== undefined) query = query.where('number', '<', before)
      if (adviserId !== undefined) query = query.where('adviser_id', '=', adviserId)
      if (recordId !== undefined) {
        query = query.where(({ eb, or }) =>
          or([
            eb('record_id', '=', recordId),
            sql<boolean>`exists (
              select from json_array_elements_text(search->'found') as found where found = ${recordId}::text
            )`,
          ]),
        )
      }
      const rows = await query.execute()
      const reads = rows.map(({ number, at, adviser_id, name, kind, record_id, search }) => ({
        number,
        at,
        adviserId: adviser_id,
        adviserName: name,
        kind,
        recordId: record_id,
        search,
      }))
      return { reads, before: reads.length === limit ? (reads.at(-1)?.number ?? null) : null }
    },
  }
}
