import type { CaseRecord, Resident } from '#shared/contract/rest.ts'
import { serve } from '../cache/serve.ts'

/* SQLite on the origin's private files: a record is a row of JSON, in plain, with a column and an index for each look-up. */

interface Statement {
  bind(values: readonly unknown[]): Statement
  step(): boolean
  stepReset(): void
  reset(): void
  getString(column: number): string
}

interface Database {
  exec(sql: string): void
  prepare(sql: string): Statement
  selectValue(sql: string): unknown
}

/** As much of it as is used; the package is there only while benchmarks run. */
export type StartSqlite = () => Promise<{
  installOpfsSAHPoolVfs(options: object): Promise<{ OpfsSAHPoolDb: new (name: string) => Database }>
}>

const tables = `
create table if not exists residents (id text primary key, postcode text, record text) without rowid;
create table if not exists phones (phone text, resident text, primary key (phone, resident)) without rowid;
create table if not exists cases (id text primary key, reference text, resident text, status text, assignee text,
  updated text, record text);
create index if not exists residentsByPostcode on residents (postcode);
create index if not exists casesByReference on cases (reference);
create index if not exists casesByResident on cases (resident);
create index if not exists casesByStatus on cases (status, updated);
create index if not exists casesByAssignee on cases (assignee, updated);
`

export function serveSqlite(start: StartSqlite): void {
  let database: Database
  let statements: Record<'resident' | 'phone' | 'case' | 'byPhone' | 'ofResident' | 'newest', Statement>

  const putCase = (record: CaseRecord): void => {
    const { id, reference, residentId, status, assignedTo, updatedAt } = record
    statements.case
      .bind([id, reference, residentId, status, assignedTo, updatedAt, JSON.stringify(record)])
      .stepReset()
  }
  const putResident = (record: Resident): void => {
    statements.resident.bind([record.id, record.address.postcode, JSON.stringify(record)]).stepReset()
    for (const phone of record.phones) statements.phone.bind([phone, record.id]).stepReset()
  }
  const all = (statement: Statement, values: readonly unknown[]): readonly string[] => {
    const found: string[] = []
    statement.bind(values)
    while (statement.step()) found.push(statement.getString(0))
    statement.reset()
    return found
  }

  serve({
    open: async () => {
      const sqlite = await start()
      const pool = await sqlite.installOpfsSAHPoolVfs({ initialCapacity: 6 })
      database = new pool.OpfsSAHPoolDb('/cache.db')
      // Without shared memory the log's index is in this process alone, which has to be said before.
      database.exec('pragma locking_mode=exclusive; pragma journal_mode=wal; pragma synchronous=normal')
      database.exec(tables)
      statements = {
        resident: database.prepare('insert or replace into residents values (?, ?, ?)'),
        phone: database.prepare('insert or replace into phones values (?, ?)'),
        case: database.prepare('insert or replace into cases values (?, ?, ?, ?, ?, ?, ?)'),
        byPhone: database.prepare('select resident from phones where phone = ?'),
        ofResident: database.prepare(
          'select record from cases where resident = ? order by updated desc limit 1',
        ),
        newest: database.prepare('select record from cases where status = ? order by updated desc limit ?'),
      }
    },
    load: async (residents, cases) => {
      database.exec('begin')
      for (const record of residents) putResident(record)
      for (const record of cases) putCase(record)
      database.exec('commit')
    },
    popByPhone: async (e164) => {
      const [resident] = all(statements.byPhone, [e164])
      if (!resident) throw new Error('nobody has this number')
      const [record] = all(statements.ofResident, [resident])
      return record ? (JSON.parse(record) as CaseRecord) : null
    },
    newestOf: async (status, limit) =>
      all(statements.newest, [status, limit]).map((record) => JSON.parse(record)).length,
    change: async (record) => putCase(record),
    facts: async () => `journal ${database.selectValue('pragma journal_mode')}`,
  })
}
