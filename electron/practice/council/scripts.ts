import type { ScriptEntry } from '#shared/contract/rest.ts'
import type { Db } from './database/schema.ts'
import { scriptEntryJson } from './database/script-entry.ts'

export interface PublishedScript {
  readonly document: string
  readonly hash: string
}

export interface Scripts {
  /** Of every script the version in force, or the newest when all are withdrawn. */
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
        .select(scriptEntryJson.as('entry'))
        .orderBy('id')
        .orderBy('withdrawn')
        .orderBy('version', 'desc')
        .execute()
      return rows.map(({ entry }) => entry)
    },
    read: (id, version) => find(id, version).select(['document', 'hash']).executeTakeFirst(),
    hash: async (id, version) => (await find(id, version).select('hash').executeTakeFirst())?.hash,
  }
}
