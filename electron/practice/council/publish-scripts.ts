import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { ScriptDocument } from '#shared/guidance/format.ts'
import { publishable } from '#shared/guidance/publish.ts'
import { readScriptFile } from '#shared/guidance/script-file.ts'
import type { Clock } from '#shared/kernel/clock.ts'
import type { Log } from '#shared/kernel/log.ts'
import { noteChanges } from './database/change-feed.ts'
import type { Db } from './database/schema.ts'

export interface PublishOptions {
  readonly db: Db
  /** Holds scripts as `*.yaml`, and the parts they include in `parts/`. */
  readonly folder: string
  readonly clock: Clock
  readonly log: Log
}

/**
 * Publishes every script file of the folder that passes its proofs. A version once published never changes: a file
 * that says something else under the same version is an error in the log, and what was published stays in force. A
 * script that cannot be read or proved is left out, likewise with an error; the others are published.
 */
export async function publishScripts({ db, folder, clock, log }: PublishOptions): Promise<void> {
  const parts = await readYaml(join(folder, 'parts'))
  const partsHash = hashOf(parts.map(({ text }) => text).join('\0'))
  let published = 0
  for (const { file, text } of await readYaml(folder)) {
    const source = parseYaml(text)
    const name = nameOf(source)
    const sourceHash = hashOf(`${partsHash}\0${text}`)
    if (name && (await sourceHashOf(db, name)) === sourceHash) continue
    const proved = publishable(
      source,
      parts.map((part) => parseYaml(part.text)),
    )
    if (!proved.ok) {
      const [first] = proved.error.findings
      log.error('script/not-publishable', {
        file,
        findings: proved.error.findings.length,
        first: first?.problem,
      })
    } else if (await publish(db, proved.value, sourceHash, clock)) {
      published += 1
    } else {
      log.error('script/changed-after-publishing', { file, version: proved.value.version })
    }
  }
  log.info('script/published', { published })
}

const withTestFacts = z.looseObject({ testFacts: z.record(z.string(), z.string()) })

/** Facts of the made-up council that the test calls of the scripts speak of, so that practice can quote them too. */
export async function sampleFacts(folder: string): Promise<Readonly<Record<string, string>>> {
  const files = await readYaml(folder)
  const facts = files.map(({ text }) => withTestFacts.safeParse(parseYaml(text)).data?.testFacts ?? {})
  return Object.assign({}, ...facts)
}

interface YamlFile {
  readonly file: string
  readonly text: string
}

async function readYaml(folder: string): Promise<readonly YamlFile[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  const files = names.filter((name) => name.endsWith('.yaml')).sort()
  return Promise.all(files.map(async (file) => ({ file, text: await readFile(join(folder, file), 'utf8') })))
}

/** What cannot be read is nothing, and nothing is not a script. */
const parseYaml = (text: string): unknown => readScriptFile(text).content

const scriptName = z.looseObject({ id: z.string(), version: z.number().int() })
type ScriptName = z.infer<typeof scriptName>

const nameOf = (source: unknown): ScriptName | undefined => scriptName.safeParse(source).data

const hashOf = (text: string) => createHash('sha256').update(text).digest('base64url')

async function sourceHashOf(db: Db, { id, version }: ScriptName): Promise<string | undefined> {
  const row = await db
    .selectFrom('script')
    .select('source_hash')
    .where('id', '=', id)
    .where('version', '=', version)
    .executeTakeFirst()
  return row?.source_hash
}

/** False when the version is published with another content. */
function publish(db: Db, script: ScriptDocument, sourceHash: string, clock: Clock): Promise<boolean> {
  const { id, version, title, service } = script
  const document = JSON.stringify(script)
  const hash = hashOf(document)
  return db.transaction().execute(async (tx) => {
    const added = await tx
      .insertInto('script')
      .values({
        id,
        version,
        title,
        service_code: service.lgsl,
        withdrawn: false,
        hash,
        source_hash: sourceHash,
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
    // Another wording of the file, such as a comment, may still make the same document.
    const same = await tx
      .updateTable('script')
      .set({ source_hash: sourceHash })
      .where('id', '=', id)
      .where('version', '=', version)
      .where('hash', '=', hash)
      .returning('id')
      .executeTakeFirst()
    return same !== undefined
  })
}
