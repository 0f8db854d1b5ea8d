import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import type { ScriptEntry } from '#shared/contract/rest.ts'
import type { Clock } from '#shared/kernel/clock.ts'
import type { Log } from '#shared/kernel/log.ts'
import { noteChanges } from './database/change-feed.ts'
import type { Db } from './database/schema.ts'

/** The key facts of a script document. The rest of it is the guidance engine's business. */
const keyFacts = z.looseObject({
  id: z.string().min(1).max(80),
  version: z.number().int().positive(),
  title: z.union([z.string(), z.record(z.string(), z.string())]),
  service: z.looseObject({ lgsl: z.number().int() }),
})

export interface PublishedScript {
  readonly document: string
  readonly hash: string
}

export interface Scripts {
  /** The newest version of every script. */
  list(): Promise<readonly ScriptEntry[]>
  read(id: string, version: number): Promise<PublishedScript | undefined>
  /** Hash of a version's document, to answer a conditional request without reading it. */
  hash(id: string, version: number): Promise<string | undefined>
}

export function createScripts(db: Db): Scripts {
  const find = (id: string, version: number) =>
    db.selectFrom('script').where('id', '=', id).where('version', '=', version)
  return {
    list: async () => {
      const rows = await db
        .selectFrom('script')
        .distinctOn('id')
        .select(['id', 'version', 'title', 'service_code as serviceCode', 'withdrawn'])
        .orderBy('id')
        .orderBy('withdrawn')
        .orderBy('version', 'desc')
        .execute()
      return rows
    },
    read: (id, version) => find(id, version).select(['document', 'hash']).executeTakeFirst(),
    hash: async (id, version) => (await find(id, version).select('hash').executeTakeFirst())?.hash,
  }
}

/**
 * Publishes every script file of the folder. A version once published never changes: a file that differs from what
 * was published under the same version is an error in the log, and what was published stays in force.
 * Answers how many versions are new.
 */
export async function publishScripts(db: Db, folder: string, clock: Clock, log: Log): Promise<number> {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.yaml')).sort()
  let published = 0
  for (const file of files) {
    const text = await readFile(join(folder, file), 'utf8')
    const script = readScript(text)
    if (!script) log.error('script/unreadable', { file })
    else if (await publish(db, script, clock, file, log)) published += 1
  }
  log.info('script/published', { files: files.length, published })
  return published
}

interface ScriptFile {
  readonly id: string
  readonly version: number
  readonly title: string
  readonly serviceCode: number
  readonly document: string
}

function readScript(text: string): ScriptFile | undefined {
  let content: unknown
  try {
    content = parse(text)
  } catch {
    return undefined
  }
  const facts = keyFacts.safeParse(content)
  if (!facts.success) return undefined
  const { id, version, title, service } = facts.data
  return {
    id,
    version,
    title: typeof title === 'string' ? title : (title.en ?? id),
    serviceCode: service.lgsl,
    document: JSON.stringify(content),
  }
}

function publish(db: Db, script: ScriptFile, clock: Clock, file: string, log: Log): Promise<boolean> {
  const { id, version, title, serviceCode, document } = script
  const hash = createHash('sha256').update(document).digest('base64url')
  return db.transaction().execute(async (tx) => {
    const added = await tx
      .insertInto('script')
      .values({
        id,
        version,
        title,
        service_code: serviceCode,
        withdrawn: false,
        hash,
        document,
        published_at: new Date(clock.now()).toISOString(),
      })
      .onConflict((conflict) => conflict.columns(['id', 'version']).doNothing())
      .returning('id')
      .executeTakeFirst()
    if (added) {
      await noteChanges(tx, [{ kind: 'script', id, caseId: null }])
      return true
    }
    const known = await tx
      .selectFrom('script')
      .select('hash')
      .where('id', '=', id)
      .where('version', '=', version)
      .executeTakeFirstOrThrow()
    if (known.hash !== hash) log.error('script/changed-after-publishing', { file, id, version })
    return false
  })
}
