import type { CaseRecord } from '#shared/contract/rest.ts'
import { serve } from '../cache/serve.ts'

/* IndexedDB as it is: a record is a value, in plain, with an index for each look-up. */

const asPromise = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })

const done = (transaction: IDBTransaction): Promise<void> =>
  new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve()
    transaction.onabort = () => reject(transaction.error)
  })

let database: IDBDatabase
const relaxed = { durability: 'relaxed' } as const

serve({
  open: async () => {
    const opening = indexedDB.open('raw', 1)
    opening.onupgradeneeded = () => {
      const residents = opening.result.createObjectStore('residents', { keyPath: 'id' })
      residents.createIndex('phone', 'phones', { multiEntry: true })
      residents.createIndex('postcode', 'address.postcode')
      const cases = opening.result.createObjectStore('cases', { keyPath: 'id' })
      cases.createIndex('reference', 'reference')
      cases.createIndex('resident', 'residentId')
      cases.createIndex('status', ['status', 'updatedAt'])
      cases.createIndex('assignee', ['assignedTo', 'updatedAt'])
    }
    database = await asPromise(opening)
  },
  load: async (residents, cases) => {
    const transaction = database.transaction(['residents', 'cases'], 'readwrite', relaxed)
    for (const record of residents) transaction.objectStore('residents').put(record)
    for (const record of cases) transaction.objectStore('cases').put(record)
    await done(transaction)
  },
  popByPhone: async (e164) => {
    const transaction = database.transaction(['residents', 'cases'])
    const resident = await asPromise(transaction.objectStore('residents').index('phone').get(e164))
    if (!resident) throw new Error('nobody has this number')
    const cases: readonly CaseRecord[] = await asPromise(
      transaction.objectStore('cases').index('resident').getAll(resident.id),
    )
    return cases.toSorted((a, b) => (a.updatedAt < b.updatedAt ? 1 : -1))[0] ?? null
  },
  newestOf: (status, limit) =>
    new Promise((resolve, reject) => {
      const cursor = database
        .transaction('cases')
        .objectStore('cases')
        .index('status')
        .openCursor(IDBKeyRange.bound([status], [status, '￿']), 'prev')
      const found: unknown[] = []
      cursor.onerror = () => reject(cursor.error)
      cursor.onsuccess = () => {
        if (!cursor.result || found.push(cursor.result.value) === limit) resolve(found.length)
        else cursor.result.continue()
      }
    }),
  change: async (record) => {
    const transaction = database.transaction('cases', 'readwrite', relaxed)
    transaction.objectStore('cases').put(record)
    await done(transaction)
  },
})
