import { flatten } from './flatten.ts'
import { partSource, type ScriptDocument, scriptSource } from './format.ts'
import { migrateScript } from './migrate.ts'
import { loadScript } from './run.ts'

/** What an editor's preview is shown of a file: more than may be published, less than cannot be run. */
export interface Previewed {
  readonly document: ScriptDocument
  /** Council facts of the test calls, for the words that quote them. */
  readonly facts: Readonly<Record<string, string>>
}

/**
 * A script that can be run, whether or not its proofs and test calls hold yet. Null when its shape is wrong or a
 * step leads nowhere.
 */
export function previewed(script: unknown, parts: readonly unknown[]): Previewed | null {
  const source = scriptSource.safeParse(migrateScript(script))
  if (!source.success) return null
  const read = parts.flatMap((part) => partSource.safeParse(migrateScript(part)).data ?? [])
  const flat = flatten(source.data, read)
  const loaded = flat.ok ? loadScript(flat.document) : null
  if (loaded === null || !loaded.ok) return null
  return { document: loaded.value, facts: source.data.testFacts }
}
