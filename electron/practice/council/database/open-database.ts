import { existsSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { PGlite } from '@electric-sql/pglite'
import { Kysely, PostgresDialect, sql } from 'kysely'
import type { Log } from '#shared/kernel/log.ts'
import { readEmptyDatabase } from './empty-database.ts'
import { lockFolder } from './folder-lock.ts'
import { createPgliteDialect } from './pglite-dialect.ts'
import { listenOnPostgres, type NoticeListener } from './postgres-listener.ts'
import { preparedPool } from './prepared-pool.ts'
import type { Database, Db } from './schema.ts'

/**
 * PGlite in a folder of this machine, or PostgreSQL at a `postgres://` address. A new database in a folder begins as a
 * copy of `emptyDatabase`, a file of empty-database.ts, when there is one.
 */
export type DatabasePlace =
  | { readonly folder: string; readonly emptyDatabase?: string | undefined }
  | { readonly url: string }

export interface OpenDatabase {
  readonly db: Db
  /** Hears what any process notifies on the channel, until the database is closed. */
  listen(channel: string, listener: NoticeListener): Promise<void>
  close(): Promise<void>
}

const int8 = 20

export function openDatabase(place: DatabasePlace, log: Log): Promise<OpenDatabase> {
  return 'folder' in place ? openPglite(place, log) : openPostgres(place.url, log)
}

interface FolderPlace {
  readonly folder: string
  readonly emptyDatabase?: string | undefined
}

async function openPglite({ folder, emptyDatabase }: FolderPlace, log: Log): Promise<OpenDatabase> {
  const lock = await lockFolder(folder)
  const { PGlite } = await import('@electric-sql/pglite')
  const make = () =>
    makeWhole(folder, async (dataFolder, isNew) => {
      const options = {
        // PGlite's default, named because saved work depends on it.
        relaxedDurability: false,
        parsers: { [int8]: Number },
        // The default of 128 MB is more than the whole database.
        startParams: [...PGlite.defaultStartParams, '-c', 'shared_buffers=32MB'],
      }
      const packed = isNew && emptyDatabase !== undefined && existsSync(emptyDatabase)
      if (!packed) return PGlite.create(dataFolder, options)
      try {
        const loadDataDir = await readEmptyDatabase(emptyDatabase)
        return await PGlite.create(dataFolder, { ...options, loadDataDir })
      } catch (error) {
        // The long way is always open.
        log.error('council/empty-database-unusable', { error: error instanceof Error ? error.name : '' })
        await rm(dataFolder, { recursive: true, force: true })
        return PGlite.create(dataFolder, options)
      }
    })
  let pglite: PGlite | undefined
  const open = async () => {
    pglite = await make()
    return pglite
  }
  const db = new Kysely<Database>({ dialect: createPgliteDialect(open) })
  return {
    db,
    listen: async (channel, { heard }) => {
      // Opened by its first statement.
      await sql`select 1`.execute(db)
      await pglite?.listen(channel, heard)
    },
    close: async () => {
      await db.destroy()
      await lock.release()
    },
  }
}

/**
 * A database whose making was interrupted cannot be opened ever after. It holds nothing yet, so it is made again;
 * the mark is there only while it is being made.
 */
async function makeWhole<T>(
  folder: string,
  open: (dataFolder: string, isNew: boolean) => Promise<T>,
): Promise<T> {
  const dataFolder = join(folder, 'database')
  const mark = join(folder, 'being-made')
  if (existsSync(mark)) await rm(dataFolder, { recursive: true, force: true })
  if (existsSync(dataFolder)) return open(dataFolder, false)
  await writeFile(mark, '')
  const opened = await open(dataFolder, true)
  await rm(mark)
  return opened
}

async function openPostgres(url: string, log: Log): Promise<OpenDatabase> {
  const { default: pg } = await import('pg')
  const types = new pg.TypeOverrides()
  types.setTypeParser(int8, Number)
  const pool = new pg.Pool({ connectionString: url, types, max: 10, connectionTimeoutMillis: 5000 })
  // Without listeners, a server that goes away would end the process: the pool's is for idle connections, the
  // connection's own for those at work between two statements. The statement that fails says so to its request.
  pool.on('error', () => log.error('council/database-connection-lost'))
  pool.on('connect', (connection) => connection.on('error', () => {}))
  const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool: preparedPool(pool) }) })
  const closing = new AbortController()
  return {
    db,
    listen: (channel, listener) => listenOnPostgres({ url, channel, listener, log, signal: closing.signal }),
    close: async () => {
      closing.abort()
      await db.destroy()
    },
  }
}
