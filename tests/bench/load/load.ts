import { spawn } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { sql } from 'kysely'
import { newestChange } from '#electron/practice/council/database/change-feed.ts'
import { type DatabasePlace, openDatabase } from '#electron/practice/council/database/open-database.ts'
import type { Db } from '#electron/practice/council/database/schema.ts'
import { writeCursor } from '#electron/practice/council/http/feed-cursor.ts'
import { silentLog } from '#shared/kernel/log.ts'
import { findPostgres, startPostgres } from '#tests/support/postgres-server.ts'
import { report, type Verdict } from '../report.ts'
import { quantile } from '../statistics.ts'
import type { Account, DesksResult, Sent } from './task.ts'

const saveEveryMs = 30_000
const wantedP95Ms = 250

interface Stage {
  readonly database: DatabasePlace
  dispose(): Promise<void>
}

interface Outcome {
  readonly name: string
  readonly desks: number
  readonly result: DesksResult
  /** What stands in the database. */
  readonly kept: Sent & { readonly operations: number }
  readonly cpuSeconds: number
  readonly memoryMb: number
}

/** Desks of so many advisers at once, each saving every 30 s and pulling when it is told of changes. */
export async function load(seconds: number, counts: readonly number[]): Promise<boolean> {
  const outcomes: Outcome[] = []
  for (const count of counts) {
    if (findPostgres() !== null) outcomes.push(await run('PostgreSQL', await onPostgres(), count, seconds))
    // PGlite does one thing at a time, for one desk; it is here to show how far that goes.
    if (count <= 100 || findPostgres() === null)
      outcomes.push(await run('PGlite', await onPglite(), count, seconds))
  }
  return report(
    'load',
    [
      {
        title: `A save, from sending to answer; every desk saves each 30 s for ${seconds} s`,
        unit: 'ms',
        rows: outcomes.map(({ name, desks, result }) => ({
          contender: `${desks} desks, ${name}`,
          samples: result.saves,
        })),
        verdicts: outcomes.flatMap((outcome) => verdicts(outcome)),
      },
    ],
    {
      runs: outcomes.map(({ name, desks, result, cpuSeconds, memoryMb }) => ({
        name,
        desks,
        seconds,
        p95Ms: p95Of(result),
        pulls: result.pulls,
        changes: result.changes,
        told: result.told,
        errors: result.errors.slice(0, 20),
        serviceCpu: cpuSeconds / seconds,
        desksCpu: result.cpuSeconds / seconds,
        serviceMemoryMb: memoryMb,
      })),
    },
  )
}

const p95Of = ({ saves }: DesksResult) =>
  quantile(
    saves.toSorted((a, b) => a - b),
    0.95,
  )

function verdicts({ name, desks, result, kept, cpuSeconds }: Outcome): Verdict[] {
  const who = `${desks} desks, ${name}`
  const p95 = p95Of(result)
  const sent = total(result.desks.map((desk) => desk.sent))
  const isWhole =
    kept.notes === sent.notes &&
    kept.changes === sent.changes &&
    kept.contacts === sent.contacts &&
    kept.operations === sent.notes + sent.changes + sent.contacts
  const notesOf = new Map<string, number>()
  for (const desk of result.desks)
    notesOf.set(desk.queueId, (notesOf.get(desk.queueId) ?? 0) + desk.sent.notes)
  const complete = result.desks.filter((desk) => desk.seen === notesOf.get(desk.queueId)).length
  const cpu = ((cpuSeconds / Math.max(1, result.saves.length)) * 1000).toFixed(0)
  const desksCpu = ((result.cpuSeconds / Math.max(1, result.saves.length)) * 1000).toFixed(0)
  return [
    {
      wanted: `${who}: 95 of 100 saves within ${wantedP95Ms} ms (${p95.toFixed(0)} ms)`,
      reached: p95 <= wantedP95Ms,
    },
    { wanted: `${who}: no error (${result.errors.length})`, reached: result.errors.length === 0 },
    { wanted: `${who}: ${kept.operations} operations kept, none lost, none doubled`, reached: isWhole },
    {
      wanted: `${who}: ${complete} desks were told every note of their queue, once (${result.changes} changes in ${result.pulls} pulls, ${cpu} ms of the service’s processor a save, ${desksCpu} ms of the desks’)`,
      reached: complete === desks && result.seenTwice === 0,
    },
  ]
}

const total = (sent: readonly Sent[]): Sent => ({
  notes: sent.reduce((sum, { notes }) => sum + notes, 0),
  changes: sent.reduce((sum, { changes }) => sum + changes, 0),
  contacts: sent.reduce((sum, { contacts }) => sum + contacts, 0),
})

async function onPostgres(): Promise<Stage> {
  const server = await startPostgres({ durable: true })
  return { database: { url: server.url }, dispose: server.stop }
}

async function onPglite(): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'load-'))
  return { database: { folder }, dispose: () => rm(folder, { recursive: true, force: true }) }
}

async function run(name: string, stage: Stage, desks: number, seconds: number): Promise<Outcome> {
  console.log(`${desks} desks on ${name}, ${seconds} s`)
  try {
    // The first start seeds, which is not measured either.
    await (await startService(stage.database)).stop()
    const accounts = await onDatabase(stage.database, (db) => signInAll(db, desks))
    const service = await startService(stage.database)
    const before = await service.usage()
    const result = await workAll({ url: service.url, seconds, saveEveryMs, accounts })
    const after = await service.usage()
    await service.stop()
    const kept = await onDatabase(stage.database, countKept)
    return {
      name,
      desks,
      result,
      kept,
      cpuSeconds: after.cpuSeconds - before.cpuSeconds,
      memoryMb: after.memoryMb,
    }
  } finally {
    await stage.dispose()
  }
}

async function onDatabase<T>(place: DatabasePlace, work: (db: Db) => Promise<T>): Promise<T> {
  const { db, close } = await openDatabase(place, silentLog)
  try {
    return await work(db)
  } finally {
    await close()
  }
}

/** Accounts and access tokens straight into the database: the cost of passwords is meant to be high. */
async function signInAll(db: Db, count: number): Promise<Account[]> {
  const { id: databaseId } = await db.selectFrom('council').select('id').executeTakeFirstOrThrow()
  const queues = await db.selectFrom('queue').select('id').orderBy('position').execute()
  const newest = await newestChange(db)
  const casesOf = new Map<string, readonly string[]>()
  for (const { id } of queues) {
    const cases = await db
      .selectFrom('case_record')
      .select('id')
      .where('queue_id', '=', id)
      .orderBy('id')
      .execute()
    casesOf.set(
      id,
      cases.map((each) => each.id),
    )
  }
  const accounts: Account[] = []
  for (let index = 0; index < count; index += 1) {
    const adviserId = `load-${index}`
    const queueId = queues[index % queues.length]?.id ?? ''
    const token = randomBytes(32).toString('base64url')
    const cases = casesOf.get(queueId) ?? []
    // Five of its own while there are enough, else some that colleagues work on too.
    const caseIds = Array.from({ length: 5 }, (_, each) => cases[(index * 5 + each) % cases.length] ?? '')
    await db
      .insertInto('adviser')
      .values({
        id: adviserId,
        username: adviserId,
        name: `Adviser ${index}`,
        languages: '["en"]',
        queue_ids: JSON.stringify([queueId]),
        password_hash: '',
        sip_username: adviserId,
        sip_password: '',
        roles: '[]',
      })
      .execute()
    await db
      .insertInto('token')
      .values({
        hash: createHash('sha256').update(token).digest('base64url'),
        kind: 'access',
        adviser_id: adviserId,
        sign_in_id: adviserId,
        signed_in_at: Date.now(),
        expires_at: Date.now() + 3_600_000,
      })
      .execute()
    const cursor = writeCursor(databaseId, { adviserId, queueIds: [queueId] }, newest)
    accounts.push({ adviserId, token, queueId, cursor, caseIds })
  }
  return accounts
}

async function countKept(db: Db): Promise<Outcome['kept']> {
  const count = async (from: string) => {
    const { rows } = await sql<{ count: number }>`select count(*) as count from ${sql.raw(from)}`.execute(db)
    return Number(rows[0]?.count)
  }
  return {
    operations: await count('operation'),
    notes: await count("timeline_entry where id like 'load-%'"),
    changes: await count("case_field_change where field like 'fields.load-%'"),
    contacts: await count("contact where (record->>'version')::int = 1"),
  }
}

interface Service {
  readonly url: string
  usage(): Promise<{ cpuSeconds: number; memoryMb: number }>
  stop(): Promise<void>
}

async function startService(database: DatabasePlace): Promise<Service> {
  const child = start('council-process.ts', JSON.stringify(database))
  const { url } = await child.said<{ url: string }>()
  return {
    url,
    usage: () => {
      child.write('\n')
      return child.said()
    },
    stop: child.end,
  }
}

async function workAll(task: object): Promise<DesksResult> {
  const child = start('desks-process.ts')
  child.write(`${JSON.stringify(task)}\n`)
  const result = await child.said<DesksResult>()
  await child.end()
  return result
}

function start(script: string, ...args: readonly string[]) {
  const child = spawn(process.execPath, [join(import.meta.dirname, script), ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return {
    write: (text: string) => void child.stdin.write(text),
    said: async <T>(): Promise<T> => {
      const { value, done } = await lines.next()
      if (done) throw new Error(`${script} ended`)
      return JSON.parse(value) as T
    },
    end: async () => {
      child.stdin.end()
      await exited
    },
  }
}
