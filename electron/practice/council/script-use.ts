import { sql } from 'kysely'
import { councilMidnight } from '#shared/cases/script-use.ts'
import type { ScriptUse } from '#shared/contract/rest.ts'
import type { Db } from './database/schema.ts'

const dayMs = 86_400_000

/** Contacts of these queues since the council's midnight, by their script, most first. */
export async function readScriptUse(db: Db, queueIds: readonly string[], now: number): Promise<ScriptUse> {
  const since = new Date(councilMidnight(now)).toISOString()
  // Times may carry any offset, so the day as written is the day before, this one or the next.
  const days = [-1, 0, 1].map((by) => new Date(now + by * dayMs).toISOString().slice(0, 10))
  const { rows } = await sql<ScriptUse['counts'][number]>`
    select record->'script'->>'id' as "scriptId", count(*)::int as contacts
    from contact
    where started_on in (${sql.join(days)})
      and (record->>'startedAt')::timestamptz >= ${since}::timestamptz
      and record->>'queueId' in (select json_array_elements_text(${JSON.stringify(queueIds)}::json))
      and record->'script'->>'id' is not null
    group by 1
    order by contacts desc, 1
  `.execute(db)
  return { since, counts: rows }
}
