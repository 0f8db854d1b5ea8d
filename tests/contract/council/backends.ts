import { createHash, randomUUID } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { cp, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { inject } from 'vitest'
import { emptyDatabaseFile } from '#build/bundle/empty-database.ts'
import { startCouncil } from '#electron/practice/council/council.ts'
import { lockFolder } from '#electron/practice/council/database/folder-lock.ts'
import type { DatabasePlace } from '#electron/practice/council/database/open-database.ts'
import { systemClock, systemRandom } from '#electron/practice/node-ports.ts'
import { silentLog } from '#shared/kernel/log.ts'
import { root, scriptsFolder, seededAt } from './places.ts'

export interface Place {
  readonly database: DatabasePlace
  /** Ends every connection from the server's side, as its restart would; where there is a server. */
  dropConnections?(): Promise<void>
  dispose(): Promise<void>
}

export interface Backend {
  readonly name: string
  /** A seeded database of one's own. */
  seeded(): Promise<Place>
  empty(): Promise<Place>
}

// Tests of other parts that use these places have no server.
const postgresUrl = inject('postgresUrl') ?? null

/** PGlite always, PostgreSQL where it is installed or `TEST_DATABASE_URL` names a server. */
export const backends: readonly Backend[] = [
  { name: 'PGlite', seeded: seededFolder, empty: emptyFolder },
  ...(postgresUrl === null ? [] : [postgres(postgresUrl)]),
]

/** What only a server can do, such as being used by several processes. */
export const servers = backends.filter(({ name }) => name === 'PostgreSQL')

export const startSeeding = (database: DatabasePlace, scripts = scriptsFolder) =>
  startCouncil({
    database,
    scriptsFolder: scripts,
    sip: { domain: 'practice.example.org', servers: ['ws://127.0.0.1:1/sip'] },
    clock: systemClock,
    random: systemRandom,
    log: silentLog,
    now: seededAt,
  })

async function emptyFolder(): Promise<Place & { folder: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'council-test-'))
  const database = { folder, emptyDatabase: await emptyDatabaseFile() }
  return { folder, database, dispose: () => rm(folder, { recursive: true, force: true }) }
}

async function seededFolder(): Promise<Place> {
  const place = await emptyFolder()
  await cp(await seededTemplate(), place.folder, { recursive: true })
  return place
}

/**
 * Seeding takes seconds, most of them for the empty database, so it is done once for a state of the sources and
 * copied from then on. Whoever comes first makes it, the others wait.
 */
async function seededTemplate(): Promise<string> {
  const cache = join(root, 'node_modules/.cache/council-test')
  const template = join(cache, fingerprint())
  const lock = await lockFolder(cache, 60_000)
  try {
    const known = await readdir(cache)
    if (known.includes(fingerprint())) return template
    for (const outdated of known) await rm(join(cache, outdated), { recursive: true, force: true })
    const half = `${template}.half`
    await mkdir(half)
    const council = await startSeeding({ folder: half, emptyDatabase: await emptyDatabaseFile() })
    await council.stop()
    await rename(half, template)
    return template
  } finally {
    await lock.release()
  }
}

function fingerprint(): string {
  const hash = createHash('sha256')
  for (const folder of ['electron/practice/council', 'shared/practice', 'shared/guidance/scripts']) {
    const files = readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    for (const file of files.filter((entry) => entry.isFile())) {
      hash.update(readFileSync(join(file.parentPath, file.name)))
    }
  }
  hash.update(readFileSync(join(root, 'node_modules/@electric-sql/pglite/package.json')))
  return hash.digest('hex').slice(0, 16)
}

function postgres(serverUrl: string): Backend {
  const asAdmin = async <T>(work: (client: pg.Client) => Promise<T>): Promise<T> => {
    const client = new pg.Client({ connectionString: serverUrl })
    await client.connect()
    try {
      return await work(client)
    } finally {
      await client.end()
    }
  }
  const admin = (statement: string) => asAdmin((client) => client.query(statement))
  const urlOf = (name: string) => {
    const url = new URL(serverUrl)
    url.pathname = `/${name}`
    return url.href
  }
  const made = async (template: string): Promise<Place> => {
    const name = `council_test_${randomUUID().replaceAll('-', '')}`
    await admin(`create database ${name} template ${template}`)
    return {
      database: { url: urlOf(name) },
      dropConnections: async () => {
        await admin(`select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'`)
      },
      dispose: async () => {
        await admin(`drop database ${name} with (force)`)
      },
    }
  }
  /** Seeded once for a state of the sources; every other database is a copy of it. */
  const template = () =>
    asAdmin(async (client) => {
      const name = `council_template_${fingerprint()}`
      await client.query('select pg_advisory_lock(1)')
      const known = await client.query('select from pg_database where datname = $1', [name])
      if (known.rowCount === 1) return name
      await client.query(`drop database if exists ${name}_half with (force)`)
      await client.query(`create database ${name}_half`)
      const council = await startSeeding({ url: urlOf(`${name}_half`) })
      await council.stop()
      await client.query(`alter database ${name}_half rename to ${name}`)
      return name
    })
  return {
    name: 'PostgreSQL',
    empty: () => made('template1'),
    seeded: async () => made(await template()),
  }
}
