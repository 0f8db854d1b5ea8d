import type { TestProject } from 'vitest/node'
import { findPostgres, startPostgres } from '#tests/support/postgres-server.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** A server where databases may be created; null where there is none, and then only PGlite is tested. */
    readonly postgresUrl: string | null
  }
}

/** One server for all test files; each takes a database of its own. */
export async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const given = process.env.TEST_DATABASE_URL
  if (given !== undefined || findPostgres() === null) {
    if (given === undefined)
      console.warn('PostgreSQL is not installed: the service is tested on PGlite alone')
    project.provide('postgresUrl', given ?? null)
    return undefined
  }
  const server = await startPostgres()
  project.provide('postgresUrl', server.url)
  return server.stop
}
