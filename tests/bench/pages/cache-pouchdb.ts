import type { CaseRecord, Resident } from '#shared/contract/rest.ts'
import { serve } from '../cache/serve.ts'

/*
 * PouchDB with an index for each look-up, as its documentation has it. It indexes no lists: a resident is found by the
 * first telephone number.
 */

interface Database {
  createIndex(options: { index: { fields: readonly string[] } }): Promise<unknown>
  bulkDocs(documents: readonly object[]): Promise<readonly { readonly error?: unknown }[]>
  find(query: object): Promise<{ readonly docs: readonly unknown[] }>
  get(id: string): Promise<{ readonly _rev: string }>
  put(document: object): Promise<unknown>
}

/** As much of PouchDB 9 as is used; the package is there only while benchmarks run. */
export type PouchDb = new (name: string, options: object) => Database

const indexes = {
  residents: [['phone'], ['address.postcode']],
  cases: [['reference'], ['residentId'], ['status', 'updatedAt'], ['assignedTo', 'updatedAt']],
} as const

const document = ({ id, ...record }: CaseRecord | Resident) => ({ _id: id, ...record })

export function servePouchDb(PouchDB: PouchDb): void {
  const options = { adapter: 'indexeddb', auto_compaction: true, revs_limit: 1 }
  const residents = new PouchDB('residents', options)
  const cases = new PouchDB('cases', options)
  const insert = async (database: Database, records: readonly object[]): Promise<void> => {
    if (records.length === 0) return
    const results = await database.bulkDocs(records)
    if (results.some(({ error }) => error !== undefined)) throw new Error('not all were taken')
  }
  const find = async <T>(database: Database, query: object): Promise<readonly T[]> =>
    (await database.find(query)).docs as readonly T[]
  const newestOf = (status: string, limit: number) =>
    find(cases, {
      selector: { status, updatedAt: { $gt: null } },
      sort: [{ status: 'desc' }, { updatedAt: 'desc' }],
      limit,
    })
  const ofPhone = (phone: string) =>
    find<{ readonly _id: string }>(residents, { selector: { phone }, limit: 1 })

  serve({
    open: async () => {
      for (const fields of indexes.residents) await residents.createIndex({ index: { fields } })
      for (const fields of indexes.cases) await cases.createIndex({ index: { fields } })
    },
    load: async (people, records, isLast) => {
      await insert(
        residents,
        people.map((record) => ({ ...document(record), phone: record.phones[0] ?? '' })),
      )
      await insert(cases, records.map(document))
      if (!isLast) return
      // What is not indexed as it comes is indexed when it is first asked for.
      await ofPhone('')
      await find(residents, { selector: { 'address.postcode': '' } })
      for (const field of ['reference', 'residentId', 'assignedTo'])
        await find(cases, { selector: { [field]: '' } })
      await newestOf('', 1)
    },
    popByPhone: async (e164) => {
      const [resident] = await ofPhone(e164)
      if (!resident) throw new Error('nobody has this number')
      const found = await find<CaseRecord>(cases, { selector: { residentId: resident._id } })
      return found.toSorted((a, b) => (a.updatedAt < b.updatedAt ? 1 : -1))[0] ?? null
    },
    newestOf: async (status, limit) => (await newestOf(status, limit)).length,
    change: async (record) => {
      const { _rev } = await cases.get(record.id)
      await cases.put({ ...document(record), _rev })
    },
  })
}
