import { execFileSync, type SpawnOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync } from 'node:fs'
import { chown, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/* A PostgreSQL server of one's own: a new cluster in a temporary folder, reached by a socket in it and by nothing else. */

export interface PostgresServer {
  /** Of its first database; the user may create others. */
  readonly url: string
  stop(): Promise<void>
}

export interface PostgresOptions {
  /** Writes reach the disk before they are answered, as a council's server does it; tests need not wait for that. */
  readonly durable?: boolean
  readonly maxConnections?: number
}

const debianFolder = '/usr/lib/postgresql'

/** Folder of the server's programs; null where none is installed. */
export function findPostgres(): string | null {
  const versions = existsSync(debianFolder) ? readdirSync(debianFolder) : []
  const newestFirst = versions.toSorted((a, b) => Number(b) - Number(a))
  const folders = newestFirst.map((version) => join(debianFolder, version, 'bin'))
  const onPath = (process.env.PATH ?? '').split(':').filter((folder) => folder !== '')
  return [...folders, ...onPath].find((folder) => existsSync(join(folder, 'initdb'))) ?? null
}

/**
 * Ends the server and removes its folder when this process closes the pipe, however it ended: the server itself does
 * not notice that nobody needs it any more.
 */
const untilPipeCloses = '"$@" & server=$!; cat >/dev/null; kill -QUIT $server; wait $server; rm -rf "$FOLDER"'

/** Throws when there is no PostgreSQL here, or when it does not start. */
export async function startPostgres(options: PostgresOptions = {}): Promise<PostgresServer> {
  const programs = findPostgres()
  if (programs === null) throw new Error('PostgreSQL is not installed')
  const folder = await mkdtemp(join(tmpdir(), 'postgres-'))
  const user = unprivilegedUser()
  if (user) await chown(folder, user.uid, user.gid)
  const data = join(folder, 'data')
  const env = { ...process.env, LC_ALL: 'C', TZ: 'UTC', FOLDER: folder }
  const as: SpawnOptions = { ...user, env, cwd: folder }

  const makeCluster = spawn(
    join(programs, 'initdb'),
    ['--pgdata', data, '--auth', 'trust', '--username', 'council', '--encoding', 'UTF8', '--no-sync'],
    { ...as, stdio: ['ignore', 'ignore', 'inherit'] },
  )
  const [code] = await once(makeCluster, 'exit')
  if (code !== 0) throw new Error('PostgreSQL could not make a cluster')

  const settings = [
    'listen_addresses=',
    `unix_socket_directories=${folder}`,
    `max_connections=${options.maxConnections ?? 100}`,
    'shared_buffers=64MB',
    ...(options.durable
      ? []
      : ['fsync=off', 'full_page_writes=off', 'wal_level=minimal', 'max_wal_senders=0']),
  ]
  const server = spawn(
    'sh',
    ['-c', untilPipeCloses, 'sh', join(programs, 'postgres'), '-D', data].concat(
      settings.flatMap((setting) => ['-c', setting]),
    ),
    { ...as, stdio: ['pipe', 'ignore', 'pipe'] },
  )
  const ended = once(server, 'exit')
  const said = createInterface({ input: server.stderr })
  await new Promise<void>((resolve, reject) => {
    said.on('line', (line) => {
      if (line.includes('ready to accept connections')) resolve()
      if (line.includes('FATAL')) reject(new Error('PostgreSQL did not start'))
    })
    ended.then(() => reject(new Error('PostgreSQL ended at its start')))
  })
  return {
    url: `postgres://council@localhost/postgres?host=${encodeURIComponent(folder)}`,
    stop: async () => {
      server.stdin.end()
      await ended
    },
  }
}

/** The server refuses to run as root; Debian's package brings a user for it. */
function unprivilegedUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined
  const id = (which: string) => Number(execFileSync('id', [which, 'postgres'], { encoding: 'utf8' }))
  return { uid: id('-u'), gid: id('-g') }
}
