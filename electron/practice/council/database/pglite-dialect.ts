import type { PGlite } from '@electric-sql/pglite'
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
} from 'kysely'

/** Kysely's PostgreSQL on PGlite. Closing Kysely closes the database. */
export function createPgliteDialect(open: () => Promise<PGlite>): Dialect {
  return {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => createDriver(open),
    createIntrospector: (db: Kysely<unknown>) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  }
}

/**
 * PGlite is one connection for the whole process, so whoever holds it, for a statement or for a transaction, holds
 * it alone; the others wait in line.
 */
function createDriver(open: () => Promise<PGlite>): Driver {
  let pglite: PGlite | undefined
  let connection: DatabaseConnection | undefined
  let busy = false
  const waiting: (() => void)[] = []

  const execute = (command: string) => async (held: DatabaseConnection) => {
    await held.executeQuery(CompiledQuery.raw(command))
  }

  return {
    init: async () => {
      pglite = await open()
      connection = connectionOf(pglite)
    },
    acquireConnection: async () => {
      if (busy) await new Promise<void>((resolve) => waiting.push(resolve))
      busy = true
      if (!connection) throw new Error('the database is not open')
      return connection
    },
    releaseConnection: async () => {
      const next = waiting.shift()
      if (next) next()
      else busy = false
    },
    beginTransaction: async (held, { isolationLevel, accessMode }) => {
      const isolation = isolationLevel ? ` isolation level ${isolationLevel}` : ''
      await execute(`start transaction${isolation}${accessMode ? ` ${accessMode}` : ''}`)(held)
    },
    commitTransaction: execute('commit'),
    rollbackTransaction: execute('rollback'),
    destroy: async () => {
      await pglite?.close()
      pglite = undefined
      connection = undefined
    },
  }
}

function connectionOf(pglite: PGlite): DatabaseConnection {
  return {
    executeQuery: async <Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> => {
      const { rows, affectedRows } = await pglite.query<Row>(sql, [...parameters])
      return { rows, numAffectedRows: BigInt(affectedRows ?? 0) }
    },
    // biome-ignore lint/correctness/useYield: the interface asks for a generator
    streamQuery: async function* () {
      throw new Error('streaming is not used')
    },
  }
}
