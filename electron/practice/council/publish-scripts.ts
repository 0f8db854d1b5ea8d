import { z } from 'zod'
import { publishable } from '#shared/guidance/publish.ts'
import { readScriptFile } from '#shared/guidance/script-file.ts'
import type { Clock } from '#shared/kernel/clock.ts'
import type { Log } from '#shared/kernel/log.ts'
import type { Db } from './database/schema.ts'
import { publishVersion } from './publish-version.ts'
import { contentsOf, hashOf, readLibrary, type ScriptText } from './script-library.ts'

export interface PublishOptions {
  readonly db: Db
  readonly folder: string
  readonly clock: Clock
  readonly log: Log
}

type Facts = Readonly<Record<string, string>>

/**
 * Publishes every script file of the folder that passes its proofs. A version once published never changes: a file
 * that says something else under the same version is an error in the log, and what was published stays in force. A
 * script that cannot be read or proved is left out, likewise with an error; the others are published. What is published
 * already is known by its text and not read again.
 *
 * Answers the facts of the made-up council that the test calls of the scripts speak of, so that practice can quote them.
 */
export async function publishScripts({ db, folder, clock, log }: PublishOptions): Promise<Facts> {
  const library = await readLibrary(folder)
  const known = await factsBySourceHash(db)
  let parts: readonly unknown[] | undefined
  let published = 0

  const publish = async ({ file, text }: ScriptText, sourceHash: string): Promise<Facts> => {
    const source = readScriptFile(text).content
    const testFacts = testFactsOf(source)
    parts ??= contentsOf(library.parts)
    const proved = publishable(source, parts)
    if (!proved.ok) {
      const [first] = proved.error.findings
      log.error('script/not-publishable', {
        file,
        findings: proved.error.findings.length,
        first: first?.problem,
      })
      return testFacts
    }
    const script = proved.value
    const by = { adviserId: null, name: 'Library' }
    const at = new Date(clock.now()).toISOString()
    const outcome = await db
      .transaction()
      .execute((tx) => publishVersion(tx, { script, sourceHash, testFacts, by, at }))
    if (outcome === 'published') published += 1
    if (outcome === 'taken') log.error('script/changed-after-publishing', { file, version: script.version })
    return testFacts
  }

  const facts: Facts[] = []
  for (const script of library.scripts) {
    const sourceHash = sourceHashOf(library.partsHash, script.text)
    facts.push(known.get(sourceHash) ?? (await publish(script, sourceHash)))
  }
  log.info('script/published', { published })
  return Object.assign({}, ...facts)
}

export const sourceHashOf = (partsHash: string, text: string): string => hashOf(`${partsHash}\0${text}`)

const withTestFacts = z.looseObject({ testFacts: z.record(z.string(), z.string()) })

export const testFactsOf = (source: unknown): Facts => withTestFacts.safeParse(source).data?.testFacts ?? {}

async function factsBySourceHash(db: Db): Promise<ReadonlyMap<string, Facts>> {
  const rows = await db
    .selectFrom('script')
    .select(['source_hash', 'test_facts'])
    .where('test_facts', 'is not', null)
    .execute()
  return new Map(rows.map(({ source_hash, test_facts }) => [source_hash, test_facts ?? {}]))
}
