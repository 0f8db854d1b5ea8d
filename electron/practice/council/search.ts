import type { Resident, SearchAnswer } from '#shared/contract/rest.ts'
import type { Scope } from './database/change-feed.ts'
import type { Db } from './database/schema.ts'

const mostOfEach = 20

/** Records in which every word of the text occurs; of the cases those that the adviser's feed tells too. */
export async function search(db: Db, scope: Scope, text: string): Promise<SearchAnswer> {
  const patterns = wordsOf(text).map((word) => `%${word.replace(/[\\%_]/g, '\\$&')}%`)
  let residents = db.selectFrom('resident').select(['record', 'merged_into'])
  let cases = db
    .selectFrom('case_record')
    .select('record')
    .where(({ eb, or }) =>
      or([
        eb('queue_id', 'is', null),
        eb('queue_id', 'in', ['', ...scope.queueIds]),
        eb('assigned_to', '=', scope.adviserId),
      ]),
    )
  for (const pattern of patterns) {
    residents = residents.where('search_text', 'like', pattern)
    cases = cases.where('search_text', 'like', pattern)
  }
  const foundResidents = await residents.orderBy('id').limit(mostOfEach).execute()
  const foundCases = await cases.orderBy('id', 'desc').limit(mostOfEach).execute()
  return {
    residents: [...(await goingOn(db, foundResidents))],
    cases: foundCases.map(({ record }) => record),
  }
}

interface FoundResident {
  readonly record: Resident
  readonly merged_into: string | null
}

/** In the place of a record that was merged the one that goes on, once: what was said to the one leads to the other. */
async function goingOn(db: Db, found: readonly FoundResident[]): Promise<readonly Resident[]> {
  const byId = new Map<string, Resident>()
  for (const each of found) {
    let { record, merged_into: next } = each
    while (next !== null) {
      const into = await db
        .selectFrom('resident')
        .select(['record', 'merged_into'])
        .where('id', '=', next)
        .executeTakeFirstOrThrow()
      record = into.record
      next = into.merged_into
    }
    byId.set(record.id, record)
  }
  return [...byId.values()]
}

/** A telephone number is one word however it is spaced, and national or international. */
function wordsOf(text: string): readonly string[] {
  const lower = text.toLowerCase()
  const digits = lower.replace(/[\s()-]/g, '')
  if (/^(\+|0)\d{5,}$/.test(digits)) return [digits.replace(/^(\+44|0)/, '')]
  return lower.split(/\s+/).slice(0, 10)
}
