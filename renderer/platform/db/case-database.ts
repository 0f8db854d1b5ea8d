import { Dexie, type Table } from 'dexie'
import type { OpenRequest } from '#shared/contract/records.ts'
import { versions } from '#shared/contract/versions.ts'
import type { Sealed } from './record-disk.ts'

/** Keys lie outside the values: a value is nothing but a sealed byte array. */
export class CaseDatabase extends Dexie {
  /** 32 records each, by number of their chunk and of the page in it. */
  declare readonly pages: Table<Sealed, number, Sealed>
  /** Directories, by number. */
  declare readonly chunks: Table<Sealed, number, Sealed>
  /** What lists show of records, by number of the chunk. */
  declare readonly summaries: Table<Sealed, number, Sealed>
  /** For the search, by number of the chunk. */
  declare readonly segments: Table<Sealed, number, Sealed>
  /** Changes since the last chunk, in their order. */
  declare readonly log: Table<Sealed, number, Sealed>
  /** Scripts and callbacks, one each. */
  declare readonly small: Table<Sealed, string, Sealed>
  declare readonly outbox: Table<Sealed, string, Sealed>
  declare readonly drafts: Table<Sealed, string, Sealed>
  declare readonly documents: Table<Sealed, string, Sealed>
  declare readonly meta: Table<Sealed, string, Sealed>

  constructor(name: string, durability: 'strict' | 'relaxed') {
    super(name, { autoOpen: false, chromeTransactionDurability: durability })
    const kept = { outbox: '', drafts: '', documents: '', meta: '' }
    this.version(1).stores({ records: '', ...kept })
    // Confirmed records are told again by the feed; everything else is sealed as before.
    const records = { pages: '', chunks: '', segments: '', log: '', small: '' }
    this.version(2).stores({ records: null, ...records, ...kept })
    this.version(versions.database)
      .stores({ ...records, summaries: '', ...kept })
      .upgrade(async (transaction) => {
        await Promise.all(Object.keys(records).map((table) => transaction.table(table).clear()))
      })
  }
}

/** Two connections to one database, because Dexie sets the durability of transactions for a connection. */
export interface Connections {
  /** Outbox and drafts: on the disk before anyone is told so. */
  readonly strict: CaseDatabase
  /** What can be fetched again. */
  readonly relaxed: CaseDatabase
}

/** Native versions are ten times Dexie's. */
const nativeVersion = versions.database * 10

/** A database of a newer version of this program is not ours to read: it is made again, as after a loss. */
export async function connect(name: string): Promise<Connections> {
  const connections = {
    strict: new CaseDatabase(name, 'strict'),
    relaxed: new CaseDatabase(name, 'relaxed'),
  }
  try {
    await connections.strict.open()
    await connections.relaxed.open()
    if (connections.strict.backendDB().version === nativeVersion) return connections
  } catch (error) {
    if (error instanceof Error && error.name === 'QuotaExceededError') throw error
  }
  connections.strict.close()
  connections.relaxed.close()
  await Dexie.delete(name)
  await connections.strict.open()
  await connections.relaxed.open()
  return connections
}

export function disconnect({ strict, relaxed }: Connections): void {
  strict.close()
  relaxed.close()
}

/**
 * Names the database so that practice and live, two councils and two advisers of one desk can never meet. Practice is
 * one council wherever it listens. The name does not tell who uses the desk.
 */
export async function caseDatabaseName(request: OpenRequest): Promise<string> {
  const { mode, councilUrl, adviserId } = request
  const council = mode === 'practice' ? mode : councilUrl.replace(/\/+$/, '')
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(`${council}\n${adviserId}`))
  const hash = [...new Uint8Array(digest, 0, 8)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return `cases-${mode}-${hash}`
}
