import type { ScriptEntry } from '#shared/contract/rest.ts'
import type { Db } from './database/schema.ts'

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
