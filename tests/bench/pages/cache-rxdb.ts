import type { CaseRecord, Resident } from '#shared/contract/rest.ts'
import { serve } from '../cache/serve.ts'

/*
 * RxDB over Dexie as its documentation has it. It indexes no lists and no null: a resident is found by the first
 * telephone number, and a case of nobody has an empty adviser.
 */

interface Query {
  readonly selector: object
  readonly sort?: readonly object[]
  readonly index?: readonly string[]
  readonly limit?: number
}

interface Collection {
  bulkInsert(records: readonly object[]): Promise<{ readonly error: readonly unknown[] }>
  upsert(record: object): Promise<unknown>
  find(query: Query): { exec(): Promise<readonly { toJSON(): unknown }[]> }
}

/** As much of RxDB 17 as is used; the package is there only while benchmarks run. */
export interface RxDb {
  readonly getRxStorageDexie: () => object
  readonly createRxDatabase: (
    options: object,
  ) => Promise<{ addCollections(collections: object): Promise<Readonly<Record<string, Collection>>> }>
}

const text = (maxLength: number) => ({ type: 'string', maxLength })

const residentSchema = {
  version: 0,
  primaryKey: 'id',
  type: 'object',
  properties: {
    id: text(36),
    phone: text(16),
    address: { type: 'object', properties: { postcode: text(10) }, required: ['postcode'] },
  },
  required: ['id', 'phone', 'address'],
  indexes: ['phone', 'address.postcode'],
}

const caseSchema = {
  version: 0,
  primaryKey: 'id',
  type: 'object',
  properties: {
    id: text(36),
    reference: text(20),
    residentId: text(36),
    status: text(24),
    updatedAt: text(24),
    assignedTo: text(24),
  },
  required: ['id', 'reference', 'residentId', 'status', 'updatedAt', 'assignedTo'],
  indexes: ['reference', 'residentId', ['status', 'updatedAt'], ['assignedTo', 'updatedAt']],
}

const stored = (record: CaseRecord) => ({ ...record, assignedTo: record.assignedTo ?? '' })

export function serveRxDb({ createRxDatabase, getRxStorageDexie }: RxDb): void {
  let collections: Readonly<Record<string, Collection>> = {}
  const collection = (name: string): Collection => {
    const found = collections[name]
    if (!found) throw new Error(`no ${name}`)
    return found
  }
  const insert = async (name: string, records: readonly object[]): Promise<void> => {
    if (records.length === 0) return
    const { error } = await collection(name).bulkInsert(records)
    if (error.length > 0) throw new Error('not all were taken')
  }
  const find = async (name: string, query: Query): Promise<readonly unknown[]> =>
    (await collection(name).find(query).exec()).map((document) => document.toJSON())

  serve({
    open: async () => {
      const database = await createRxDatabase({
        name: 'rxdb',
        storage: getRxStorageDexie(),
        multiInstance: false,
      })
      collections = await database.addCollections({
        residents: { schema: residentSchema },
        cases: { schema: caseSchema },
      })
    },
    load: async (residents, cases) => {
      await insert(
        'residents',
        residents.map((record) => ({ ...record, phone: record.phones[0] ?? '' })),
      )
      await insert('cases', cases.map(stored))
    },
    popByPhone: async (e164) => {
      const [resident] = (await find('residents', { selector: { phone: e164 }, limit: 1 })) as Resident[]
      if (!resident) throw new Error('nobody has this number')
      const cases = (await find('cases', { selector: { residentId: resident.id } })) as CaseRecord[]
      return cases.toSorted((a, b) => (a.updatedAt < b.updatedAt ? 1 : -1))[0] ?? null
    },
    newestOf: async (status, limit) => {
      const index = ['status', 'updatedAt']
      const query = { selector: { status }, sort: [{ status: 'desc' }, { updatedAt: 'desc' }], index, limit }
      return (await find('cases', query)).length
    },
    change: async (record) => {
      await collection('cases').upsert(stored(record))
    },
  })
}
