import { Dexie, type Table } from 'dexie'
import type { CaseRecord, Resident } from '#shared/contract/rest.ts'
import { serve } from '../cache/serve.ts'

/* Dexie as its documentation has it: plain records and an index for each look-up. */

class Records extends Dexie {
  declare readonly residents: Table<Resident, string>
  declare readonly cases: Table<CaseRecord, string>

  constructor() {
    super('dexie', { chromeTransactionDurability: 'relaxed' })
    this.version(1).stores({
      residents: 'id, *phones, address.postcode',
      cases: 'id, reference, residentId, [status+updatedAt], [assignedTo+updatedAt]',
    })
  }
}

const database = new Records()

serve({
  open: async () => {
    await database.open()
  },
  load: (residents, cases) =>
    database.transaction('rw', database.residents, database.cases, async () => {
      if (residents.length > 0) await database.residents.bulkPut([...residents])
      if (cases.length > 0) await database.cases.bulkPut([...cases])
    }),
  popByPhone: async (e164) => {
    const resident = await database.residents.where('phones').equals(e164).first()
    if (!resident) throw new Error('nobody has this number')
    const cases = await database.cases.where('residentId').equals(resident.id).toArray()
    return cases.toSorted((a, b) => (a.updatedAt < b.updatedAt ? 1 : -1))[0] ?? null
  },
  newestOf: async (status, limit) => {
    const found = await database.cases
      .where('[status+updatedAt]')
      .between([status, Dexie.minKey], [status, Dexie.maxKey])
      .reverse()
      .limit(limit)
      .toArray()
    return found.length
  },
  change: async (record) => {
    await database.cases.put(record)
  },
})
