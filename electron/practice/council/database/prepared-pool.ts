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
const nameOf = (text: string): string => {
  const known = names.get(text)
  if (known !== undefined) return known
  const name = createHash('sha256').update(text).digest('base64url')
  // Statements with a list of their own length are many; those that matter come back.
  if (names.size >= mostNames) names.clear()
  names.set(text, name)
  return name
}

const names = new Map<string, string>()
const mostNames = 1000
