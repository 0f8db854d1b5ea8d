import { createHash } from 'node:crypto'
import type { Selectable } from 'kysely'
import type { Attachment } from '#shared/contract/rest.ts'
import type { Clock } from '#shared/kernel/clock.ts'
import type { Log } from '#shared/kernel/log.ts'
import type { Random } from '#shared/kernel/random.ts'
import { noteChanges, type Scope } from './database/change-feed.ts'
import type { Database, Db, Tx } from './database/schema.ts'

/*
 * Files of cases. Their bytes are rows beside the records: written, listed and deleted in one transaction with them, the
 * same for every process of the service, and whole in every backup.
 */

export const largestFileBytes = 25 * 1024 * 1024
export const fileTypes: readonly string[] = [
  'application/pdf',
  'image/heic',
  'image/jpeg',
  'image/png',
  'image/webp',
  'text/plain',
]
const unfinishedMs = 7 * 86_400_000
const dayMs = 86_400_000

type UploadRow = Selectable<Database['upload']>

export interface Upload {
  readonly id: string
  readonly caseId: string
  readonly name: string
  readonly type: string
  readonly sizeBytes: number
  readonly arrivedBytes: number
  readonly state: UploadRow['state']
  /** Milliseconds since 1970; what has not arrived by then is given up. */
  readonly expiresAt: number
}

export type NewUpload = Pick<Upload, 'caseId' | 'name' | 'type' | 'sizeBytes'>

export interface Uploader {
  readonly id: string
  readonly name: string
}

export interface Attachments {
  /** Undefined when there is no such case in the scope. */
  begin(by: Uploader, scope: Scope, wanted: NewUpload): Promise<Upload | undefined>
  /** The adviser's own, in any state, unless it was given up. */
  own(adviserId: string, id: string): Promise<Upload | undefined>
  /**
   * Adds bytes at the offset, durably; answers how many there are then, or undefined when the upload goes on elsewhere:
   * another request was quicker. With the last byte the case lists the file.
   */
  append(by: Uploader, id: string, offset: number, bytes: Uint8Array): Promise<number | undefined>
  /** A listed file stays listed as deleted. */
  remove(id: string): Promise<void>
  /** Finished or deleted, of a case in the scope. */
  find(scope: Scope, id: string): Promise<Upload | undefined>
  read(id: string): AsyncGenerator<Uint8Array>
  stop(): void
}

export interface AttachmentsOptions {
  readonly db: Db
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
}

const isInScope = (db: Db | Tx, { adviserId, queueIds }: Scope, caseId: string) =>
  db
    .selectFrom('case_record')
    .select('id')
    .where('id', '=', caseId)
    .where(({ eb, or }) =>
      or([
        eb('queue_id', 'is', null),
        eb('queue_id', 'in', ['', ...queueIds]),
        eb('assigned_to', '=', adviserId),
      ]),
    )
    .executeTakeFirst()

export async function createAttachments({
  db,
  clock,
  random,
  log,
}: AttachmentsOptions): Promise<Attachments> {
  const now = () => new Date(clock.now()).toISOString()

  const giveUpAbandoned = async () => {
    const before = clock.now() - unfinishedMs
    await db.deleteFrom('upload').where('state', '=', 'arriving').where('created_at', '<=', before).execute()
  }
  await giveUpAbandoned()
  let stop = () => {}
  const watch = () => {
    stop = clock.after(dayMs, () => {
      watch()
      giveUpAbandoned().catch(() => log.error('attachment/abandoned-not-removed'))
    })
  }
  watch()

  async function changeList(
    tx: Tx,
    caseId: string,
    change: (known: readonly Attachment[]) => Attachment[],
  ): Promise<void> {
    const held = await tx
      .selectFrom('case_record')
      .select('record')
      .where('id', '=', caseId)
      .forUpdate()
      .executeTakeFirstOrThrow()
    const { record } = held
    const attachments = change(record.attachments ?? [])
    const changed = { ...record, version: record.version + 1, updatedAt: now(), attachments }
    await tx
      .updateTable('case_record')
      .set({ record: JSON.stringify(changed) })
      .where('id', '=', caseId)
      .execute()
    await noteChanges(tx, [{ kind: 'case', id: caseId, caseId }])
  }

  async function finish(tx: Tx, row: UploadRow, by: Uploader): Promise<void> {
    const hash = createHash('sha256')
    for await (const bytes of partsOf(tx, row.id)) hash.update(bytes)
    await tx.updateTable('upload').set({ state: 'kept' }).where('id', '=', row.id).execute()
    const { id, name, type, size_bytes: sizeBytes } = row
    const listed = { id, name, type, sizeBytes, at: now(), by: by.name, sha256: hash.digest('hex') }
    await changeList(tx, row.case_id, (known) => [...known, listed])
    log.info('attachment/kept', { bytes: sizeBytes })
  }

  return {
    begin: async (by, scope, { caseId, name, type, sizeBytes }) => {
      if (!(await isInScope(db, scope, caseId))) return undefined
      const row: UploadRow = {
        id: random.uuid(),
        case_id: caseId,
        adviser_id: by.id,
        state: 'arriving',
        name,
        type,
        size_bytes: sizeBytes,
        arrived_bytes: 0,
        created_at: clock.now(),
      }
      await db.transaction().execute(async (tx) => {
        await tx.insertInto('upload').values(row).execute()
        if (sizeBytes === 0) await finish(tx, row, by)
      })
      return uploadOf(row)
    },

    own: async (adviserId, id) => {
      const row = await db
        .selectFrom('upload')
        .selectAll()
        .where('id', '=', id)
        .where('adviser_id', '=', adviserId)
        .executeTakeFirst()
      if (!row || (row.state === 'arriving' && uploadOf(row).expiresAt <= clock.now())) return undefined
      return uploadOf(row)
    },

    append: (by, id, offset, bytes) =>
      db.transaction().execute(async (tx) => {
        const row = await tx
          .selectFrom('upload')
          .selectAll()
          .where('id', '=', id)
          .where('adviser_id', '=', by.id)
          .forUpdate()
          .executeTakeFirst()
        if (row?.state !== 'arriving' || row.arrived_bytes !== offset) return undefined
        const arrived = offset + bytes.length
        if (arrived > row.size_bytes) return undefined
        if (bytes.length > 0) {
          await tx.insertInto('upload_part').values({ upload_id: id, at_byte: offset, bytes }).execute()
        }
        await tx.updateTable('upload').set({ arrived_bytes: arrived }).where('id', '=', id).execute()
        if (arrived === row.size_bytes) await finish(tx, row, by)
        return arrived
      }),

    remove: async (id) => {
      await db.transaction().execute(async (tx) => {
        const row = await tx
          .selectFrom('upload')
          .selectAll()
          .where('id', '=', id)
          .forUpdate()
          .executeTakeFirst()
        if (row?.state === 'arriving') await tx.deleteFrom('upload').where('id', '=', id).execute()
        if (row?.state !== 'kept') return
        await tx.deleteFrom('upload_part').where('upload_id', '=', id).execute()
        await tx.updateTable('upload').set({ state: 'deleted' }).where('id', '=', id).execute()
        await changeList(tx, row.case_id, (known) =>
          known.map((each) => (each.id === id ? { ...each, deleted: true as const } : each)),
        )
        log.info('attachment/deleted')
      })
    },

    find: async (scope, id) => {
      const row = await db
        .selectFrom('upload')
        .selectAll()
        .where('id', '=', id)
        .where('state', '!=', 'arriving')
        .executeTakeFirst()
      if (!row || !(await isInScope(db, scope, row.case_id))) return undefined
      return uploadOf(row)
    },

    read: (id) => partsOf(db, id),
    stop: () => stop(),
  }
}

/** One part at a time, so a file is never in memory as a whole. */
async function* partsOf(db: Db | Tx, id: string): AsyncGenerator<Uint8Array> {
  for (let from = 0; ; ) {
    const part = await db
      .selectFrom('upload_part')
      .select('bytes')
      .where('upload_id', '=', id)
      .where('at_byte', '=', from)
      .executeTakeFirst()
    if (!part) return
    yield part.bytes
    from += part.bytes.length
  }
}

const uploadOf = (row: UploadRow): Upload => ({
  id: row.id,
  caseId: row.case_id,
  name: row.name,
  type: row.type,
  sizeBytes: row.size_bytes,
  arrivedBytes: row.arrived_bytes,
  state: row.state,
  expiresAt: row.created_at + unfinishedMs,
})
