import { setTimeout as delay } from 'node:timers/promises'
import type { Log } from '#shared/kernel/log.ts'

export interface NoticeListener {
  /** What was notified, after its transaction was committed, in the order of commits. */
  heard(payload: string): void
  /** The connection was lost and is back: what was notified meanwhile is not known. */
  missed(): void
}

export interface PostgresListening {
  readonly url: string
  readonly channel: string
  readonly listener: NoticeListener
  readonly log: Log
  /** Ends the listening. */
  readonly signal: AbortSignal
}

const longestWaitMs = 5000

/** Listens on a connection of its own, which comes back when it is lost. Throws when the first one fails. */
export async function listenOnPostgres(listening: PostgresListening): Promise<void> {
  const { listener, log, signal } = listening
  let connection = await connect(listening)
  const watch = async () => {
    for (;;) {
      await connection.lost
      if (signal.aborted) return
      log.error('council/notices-interrupted')
      const again = await comeBack(listening)
      if (!again) return
      connection = again
      listener.missed()
    }
  }
  void watch()
}

interface Connection {
  /** Fulfilled when the connection is no more, for whatever reason. */
  readonly lost: Promise<void>
}

async function connect({ url, channel, listener, signal }: PostgresListening): Promise<Connection> {
  const { default: pg } = await import('pg')
  // Kept alive by the system: whoever only listens would not notice a server that is gone.
  const client = new pg.Client({ connectionString: url, keepAlive: true, connectionTimeoutMillis: 5000 })
  const hangUp = () => client.end().catch(() => {})
  const lost = new Promise<void>((resolve) => {
    client.on('error', () => resolve())
    client.once('end', () => resolve())
    signal.addEventListener('abort', () => hangUp().then(resolve), { once: true })
  })
  client.on('notification', ({ payload = '' }) => listener.heard(payload))
  try {
    await client.connect()
    await client.query(`listen ${channel}`)
  } catch (error) {
    await hangUp()
    throw error
  }
  return { lost }
}

async function comeBack(listening: PostgresListening): Promise<Connection | undefined> {
  const { signal } = listening
  for (let waitMs = 50; !signal.aborted; waitMs = Math.min(longestWaitMs, waitMs * 2)) {
    try {
      return await connect(listening)
    } catch {
      await delay(waitMs, undefined, { signal }).catch(() => {})
    }
  }
  return undefined
}
