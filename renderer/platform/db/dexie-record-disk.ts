import type { Table } from 'dexie'
import type { CaseDatabase } from './case-database.ts'
import { rowsOfChunk } from './chunk-format.ts'
import { browserPace, type Pace, restAsLongAsSince } from './pace.ts'
import type { DiskChange, DiskContents, Keyed, RecordDisk, Sealed } from './record-disk.ts'

export const metaKey = 'cache'

/** A chunk has at most as many pages as rows. */
const firstPageKey = (chunk: number): number => chunk * rowsOfChunk

/** The browser does nothing else for a database meanwhile. */
const pagesDeletedAtATime = 16
const entriesDeletedAtATime = 64

/** The tables of confirmed records. `database` throws when there is no connection; what is deleted in steps keeps the pace. */
export function dexieRecordDisk(database: () => CaseDatabase, pace = browserPace): RecordDisk {
  return {
    read: () => read(database()),
    change: (change) => write(database(), change),
    pages: async (wanted) => {
      const values = await database().pages.bulkGet(
        wanted.map(({ chunk, page }) => firstPageKey(chunk) + page),
      )
      return values.map((value) => value ?? null)
    },
    summaries: async (chunk) => (await database().summaries.get(chunk)) ?? null,
    segment: async (chunk) => (await database().segments.get(chunk)) ?? null,
    putPages: async (chunk, pages) => {
      const keys = pages.map(([page]) => firstPageKey(chunk) + page)
      await database().pages.bulkPut(
        pages.map(([, sealed]) => sealed),
        keys,
      )
    },
    putRest: async (chunk, rest) => {
      const { summaries, segments } = database()
      await database().transaction('rw', [summaries, segments], () =>
        Promise.all([summaries.put(rest.summaries, chunk), segments.put(rest.segment, chunk)]),
      )
    },
    deleteRest: (chunk) => deleteRest(database(), chunk, pace),
    deleteLog: async (before) => {
      const { log } = database()
      const keys = await log.where(':id').below(before).primaryKeys()
      await deleteInSteps(log, keys, entriesDeletedAtATime, pace)
    },
    sweep: (keepChunks) => sweep(database(), keepChunks),
    clear: async (meta) => {
      const { pages, chunks, summaries, segments, log, small, documents, meta: metaTable } = database()
      const tables = [pages, chunks, summaries, segments, log, small, documents, metaTable]
      await database().transaction('rw', tables, async () => {
        await Promise.all(tables.map((table) => table.clear()))
        if (meta) await metaTable.put(meta, metaKey)
      })
    },
  }
}

async function read(database: CaseDatabase): Promise<DiskContents> {
  const { chunks, log, small, meta } = database
  return database.transaction('r', [chunks, log, small, meta], async () => {
    const [directories, changes, smallRecords, cacheMeta] = await Promise.all([
      all(chunks),
      all(log),
      all(small),
      meta.get(metaKey),
    ])
    return { chunks: directories, log: changes, small: smallRecords, meta: cacheMeta ?? null }
  })
}

async function all<K extends string | number>(table: Table<Sealed, K, Sealed>): Promise<readonly Keyed<K>[]> {
  const [keys, values] = await Promise.all([table.toCollection().primaryKeys(), table.toArray()])
  return keys.map((key, index): Keyed<K> => {
    const value: unknown = values[index]
    if (!(value instanceof Uint8Array)) throw new TypeError('not a sealed value')
    return [key, value as Sealed]
  })
}

async function write(database: CaseDatabase, change: DiskChange): Promise<void> {
  const { chunks, log, small, meta } = database
  const isOfChunks = change.deleteChunks.length + change.putChunks.length > 0
  const isOfSmall = change.deleteSmall.length + change.putSmall.length > 0
  // The fewer tables, the sooner it begins: a change of one record needs the log and the cursor alone.
  const tables = [log, meta, ...(isOfChunks ? [chunks] : []), ...(isOfSmall ? [small] : [])]
  await database.transaction('rw', tables, async () => {
    // Requests of a transaction run in their order: none has to be waited for before the next is made.
    const requests: PromiseLike<unknown>[] = []
    if (change.deleteChunks.length > 0) requests.push(chunks.bulkDelete([...change.deleteChunks]))
    for (const { number, directory } of change.putChunks) requests.push(chunks.put(directory, number))
    if (change.appendLog.length > 0) requests.push(putAll(log, change.appendLog))
    if (change.deleteSmall.length > 0) requests.push(small.bulkDelete([...change.deleteSmall]))
    if (change.putSmall.length > 0) requests.push(putAll(small, change.putSmall))
    requests.push(meta.put(change.meta, metaKey))
    await Promise.all(requests)
  })
}

function putAll<K extends string | number>(
  table: Table<Sealed, K, Sealed>,
  entries: readonly Keyed<K>[],
): PromiseLike<unknown> {
  return table.bulkPut(
    entries.map(([, value]) => value),
    entries.map(([key]) => key),
  )
}

async function deleteRest(database: CaseDatabase, chunk: number, pace: Pace): Promise<void> {
  const { pages, summaries, segments } = database
  const keys = await pages
    .where(':id')
    .between(firstPageKey(chunk), firstPageKey(chunk + 1), true, false)
    .primaryKeys()
  await deleteInSteps(pages, keys, pagesDeletedAtATime, pace)
  await summaries.delete(chunk)
  await segments.delete(chunk)
}

async function deleteInSteps(
  table: Table<Sealed, number, Sealed>,
  keys: readonly number[],
  atATime: number,
  pace: Pace,
): Promise<void> {
  for (let from = 0; from < keys.length; from += atATime) {
    const before = performance.now()
    await table.bulkDelete(keys.slice(from, from + atATime))
    await restAsLongAsSince(before, pace)
  }
}

async function deletePagesBetween(database: CaseDatabase, from: number, to: number): Promise<void> {
  await database.pages.where(':id').between(firstPageKey(from), firstPageKey(to), true, false).delete()
}

/** What a crash left behind lies between chunks that count, or above them. */
async function sweep(database: CaseDatabase, keepChunks: readonly number[]): Promise<void> {
  const { pages, summaries, segments } = database
  await database.transaction('rw', [pages, summaries, segments], async () => {
    let from = 0
    for (const keep of [...keepChunks, Number.MAX_SAFE_INTEGER / (2 * rowsOfChunk)]) {
      if (keep > from) {
        await deletePagesBetween(database, from, keep)
        for (const table of [summaries, segments])
          await table.where(':id').between(from, keep, true, false).delete()
      }
      from = keep + 1
    }
  })
}
