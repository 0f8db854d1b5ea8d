import { createHash } from 'node:crypto'
import type { PostgresPool, PostgresPoolClient } from 'kysely'
import type { Pool } from 'pg'

/**
 * Connections that keep the plan of every statement with parameters: planning a page of the feed takes PostgreSQL longer
 * than reading it, and the service asks the same few statements again and again.
 */
export function preparedPool(pool: Pool): PostgresPool {
  return {
    connect: async () => {
      const client = await pool.connect()
      const query = (text: string, values: readonly unknown[]) =>
        values.length === 0
          ? client.query(text)
          : client.query({ name: nameOf(text), text, values: [...values] })
      // Cursors are not used.
      return { query: query as unknown as PostgresPoolClient['query'], release: () => client.release() }
    },
    end: () => pool.end(),
  }
}

/** PostgreSQL cuts names after 63 characters. */
const nameOf = (text: string) => createHash('sha256').update(text).digest('base64url')
