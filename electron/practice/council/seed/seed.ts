import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import type { Log } from '#shared/kernel/log.ts'
import type { Random } from '#shared/kernel/random.ts'
import { noteChanges, type Touched } from '../database/change-feed.ts'
import type { Db, Tx } from '../database/schema.ts'
import { hashPassword } from '../passwords.ts'
import { seedCallbacks } from './callbacks.ts'
import { seedCases } from './cases.ts'
import { advisers, type PracticeAdviser, practicePassword, queues, staff } from './practice-council.ts'
import { seedResidents } from './residents.ts'
import { createSeededRandom } from './seeded-random.ts'

const seedNumber = 20_260_101

export interface SeedOptions {
  readonly db: Db
  readonly random: Random
  readonly log: Log
  /** Milliseconds since 1970; the seed's dates lead up to it. */
  readonly now: number
}

/** Fills an empty database with the practice council. Answers the database's identifier. */
export async function seedOnce(options: SeedOptions): Promise<string> {
  const id = await seededId(options)
  await addStaff(options.db)
  return id
}

/** All in one transaction: a start that is interrupted leaves nothing half done. */
async function seededId({ db, random, log, now }: SeedOptions): Promise<string> {
  const known = await db.selectFrom('council').select('id').executeTakeFirst()
  if (known) return known.id
  const accounts = await Promise.all(
    advisers.map(async (adviser) => ({ adviser, passwordHash: await hashPassword(practicePassword) })),
  )
  const id = await db.transaction().execute((tx) => seedIn(tx, random.uuid(), accounts, now))
  // PGlite has no autovacuum: without statistics every page of the feed is a walk through all of it.
  await sql`analyze change (seq, case_id, only_for), case_record (id)`.execute(db)
  log.info('council/seeded')
  return id
}

/** Also to a database that was seeded before they came. */
async function addStaff(db: Db): Promise<void> {
  const known = await db.selectFrom('adviser').select('id').execute()
  const missing = staff.filter(({ id }) => !known.some((each) => each.id === id))
  if (missing.length === 0) return
  const rows = missing.map(async (person) => ({
    ...accountRow({ adviser: person, passwordHash: await hashPassword(practicePassword) }),
    roles: JSON.stringify(person.roles),
  }))
  await db
    .insertInto('adviser')
    .values(await Promise.all(rows))
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

type Account = { readonly adviser: PracticeAdviser; readonly passwordHash: string }

const accountRow = ({ adviser, passwordHash }: Account) => ({
  id: adviser.id,
  username: adviser.username,
  name: adviser.name,
  languages: JSON.stringify(adviser.languages),
  queue_ids: JSON.stringify(adviser.queueIds),
  password_hash: passwordHash,
  sip_username: adviser.username,
  sip_password: randomBytes(18).toString('base64url'),
  roles: '[]',
})

async function seedIn(tx: Tx, id: string, accounts: readonly Account[], now: number): Promise<string> {
  // Two services that start on one empty PostgreSQL at the same time: the second finds it done.
  await sql`lock table council in exclusive mode`.execute(tx)
  const done = await tx.selectFrom('council').select('id').executeTakeFirst()
  if (done) return done.id
  await tx
    .insertInto('council')
    .values({ id, seeded_on: new Date(now).toISOString().slice(0, 10) })
    .execute()
  await tx
    .insertInto('queue')
    .values(
      queues.map((queue, position) => ({
        id: queue.id,
        position,
        name: queue.name,
        dialled_number: queue.dialledNumber,
        preferred_script_id: queue.preferredScriptId,
      })),
    )
    .execute()
  await tx.insertInto('adviser').values(accounts.map(accountRow)).execute()
  await seedRecords(tx, now)
  return id
}

async function seedRecords(tx: Tx, now: number): Promise<void> {
  const random = createSeededRandom(seedNumber)
  const residents = seedResidents(random, now)
  const { cases, timeline, counters } = seedCases(random, residents, now)
  await insertAll(residents, (rows) =>
    sql`
    insert into resident (id, record) select value->>'id', value from json_array_elements(${rows}::json)`.execute(
      tx,
    ),
  )
  await insertAll(cases, (rows) =>
    sql`
    insert into case_record (id, record) select value->>'id', value from json_array_elements(${rows}::json)`.execute(
      tx,
    ),
  )
  await insertAll(timeline, (rows) =>
    sql`
    insert into timeline_entry (id, case_id, record)
    select value->>'id', value->>'caseId', value from json_array_elements(${rows}::json)`.execute(tx),
  )
  const callbacks = seedCallbacks(cases, now)
  await insertAll(callbacks, (rows) =>
    sql`
    insert into callback (id, record) select value->>'id', value from json_array_elements(${rows}::json)`.execute(
      tx,
    ),
  )
  await tx
    .insertInto('reference_counter')
    .values([...counters])
    .execute()
  const touched: Touched[] = [
    ...residents.map(({ id }): Touched => ({ kind: 'resident', id, caseId: null })),
    ...cases.map(({ id }): Touched => ({ kind: 'case', id, caseId: id })),
    ...timeline.map(({ id, caseId }): Touched => ({ kind: 'timeline', id, caseId })),
    ...callbacks.map(({ id }): Touched => ({ kind: 'callback', id, caseId: null })),
  ]
  await noteChanges(tx, touched)
}

const rowsAtOnce = 2000

/** A statement per two thousand rows, so that no single parameter grows to many megabytes. */
async function insertAll<T>(items: readonly T[], insert: (rows: string) => Promise<unknown>): Promise<void> {
  for (let from = 0; from < items.length; from += rowsAtOnce) {
    await insert(JSON.stringify(items.slice(from, from + rowsAtOnce)))
  }
}
