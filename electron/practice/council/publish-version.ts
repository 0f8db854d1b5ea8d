import type { ScriptDocument } from '#shared/guidance/format.ts'
import { subjectsOf } from '#shared/guidance/subjects.ts'
import { noteChanges } from './database/change-feed.ts'
import type { Tx } from './database/schema.ts'
import { hashOf } from './script-library.ts'

export interface NewVersion {
  readonly script: ScriptDocument
  /** SHA-256 of the files it was made from. */
  readonly sourceHash: string
  readonly testFacts: Readonly<Record<string, string>>
  /** Who publishes it; no adviser is the library itself. */
  readonly by: { readonly adviserId: string | null; readonly name: string }
  /** ISO 8601. */
  readonly at: string
}

/** The document as it is published, and what tells it from any other. */
export function sealed(script: ScriptDocument): { readonly document: string; readonly hash: string } {
  const document = JSON.stringify(script)
  return { document, hash: hashOf(document) }
}

/** `taken`: the version is published with another content, and stays as it is. */
export async function publishVersion(tx: Tx, version: NewVersion): Promise<'published' | 'known' | 'taken'> {
  const { script, sourceHash, testFacts, by, at } = version
  const { document, hash } = sealed(script)
  const added = await tx
    .insertInto('script')
    .values({
      id: script.id,
      version: script.version,
      title: script.title,
      service_code: script.service.lgsl,
      service_name: script.service.name,
      aliases: JSON.stringify([...script.aliases.en, ...script.aliases.cy]),
      subjects: JSON.stringify(subjectsOf(script)),
      withdrawn: false,
      hash,
      source_hash: sourceHash,
      test_facts: JSON.stringify(testFacts),
      document,
      published_at: at,
    })
    .onConflict((conflict) => conflict.columns(['id', 'version']).doNothing())
    .returning('id')
    .executeTakeFirst()
  if (added) {
    await tx
      .insertInto('script_event')
      .values({
        script_id: script.id,
        version: script.version,
        action: 'published',
        adviser_id: by.adviserId,
        by_name: by.name,
        at,
      })
      .execute()
    await noteChanges(tx, [{ kind: 'script', id: script.id, caseId: null }])
    return 'published'
  }
  // Another wording of the file, such as a comment, may still make the same document.
  const same = await tx
    .updateTable('script')
    .set({ source_hash: sourceHash, test_facts: JSON.stringify(testFacts) })
    .where('id', '=', script.id)
    .where('version', '=', script.version)
    .where('hash', '=', hash)
    .returning('id')
    .executeTakeFirst()
  return same ? 'known' : 'taken'
}
