import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type CacheContents, type CaseStore, emptyMeta } from '#shared/cases/case-store.ts'
import type { OpenRequest } from '#shared/contract/records.ts'
import {
  aCase,
  aDraft,
  aNote,
  anAdviser,
  anEntry,
  aResident,
  createOf,
  noteOf,
  putCase,
  putNote,
  putResident,
} from '#tests/support/sim-records.ts'
import { describeCaseStore, unwrap } from './case-store-suite.ts'
import { type Chromium, startChromium } from './chromium.ts'
import { remoteCaseStore } from './remote-case-store.ts'
import type { CaseStores } from './store-page.ts'

const deleteDatabase = (page: Page, name: string): Promise<void> =>
  page.evaluate(
    (database) =>
      new Promise<void>((resolve, reject) => {
        const request = indexedDB.deleteDatabase(database)
        request.onsuccess = () => resolve()
        request.onerror = () => reject(request.error)
      }),
    name,
  )

let browser: Chromium
let page: Page

async function startBrowser(): Promise<void> {
  browser = await startChromium()
  page = await browser.open('store-page')
}

describeCaseStore('the case store in Chromium', {
  start: startBrowser,
  stop: () => browser.close(),
  store: (name) => remoteCaseStore(page, name, 7),
  lose: (name) => deleteDatabase(page, name),
})

describe('the case store on a real disk', () => {
  let disk = ''
  let disks = 0
  let store: CaseStore

  beforeAll(startBrowser)
  afterAll(() => browser.close())
  beforeEach(async () => {
    disks += 1
    disk = `real-${disks}`
    store = await remoteCaseStore(page, disk, 7)
    unwrap(await store.open())
  })

  async function fill(): Promise<void> {
    const records = [putResident(aResident('r1')), putCase(aCase('c1')), putNote(aNote('n1'))]
    unwrap(await store.applyChanges(records, { ...meta('1'), me: { me: anAdviser('a1'), asAt: 1 } }))
    unwrap(await store.save([anEntry(1, createOf(1, 'c2')), anEntry(2, noteOf(2))]))
    unwrap(await store.putDraft(aDraft('k1', { typed: { note: 'half a word' } })))
    unwrap(
      await store.putDocument({
        scriptId: 'missed-bin',
        version: 1,
        document: { say: 'Good morning' },
        fetchedAt: 1,
      }),
    )
  }

  const meta = (cursor: string) => ({ ...emptyMeta, cursor, asAt: 1_000 })

  const many = (count: number) => Array.from({ length: count }, (_, index) => putCase(aCase(`c${index}`)))

  const damagedCount = (): Promise<number> =>
    page.evaluate(() => (globalThis as unknown as { caseStores: CaseStores }).caseStores.damaged())

  /** Lets the store tidy up, until its tables have so many rows. */
  async function tidied(wanted: Readonly<Record<string, number>>): Promise<void> {
    await page.evaluate(() => (globalThis as unknown as { caseStores: CaseStores }).caseStores.idle())
    await expect.poll(async () => (await rawContents()).tables, { timeout: 20_000 }).toMatchObject(wanted)
  }

  async function afterRestart(keyByte = 7): Promise<CacheContents> {
    await store.close()
    store = await remoteCaseStore(page, disk, keyByte)
    return unwrap(await store.open())
  }

  /** Overwrites the last byte of the first value in a table. */
  const damage = (table: string): Promise<void> =>
    page.evaluate(
      ([database, name]) =>
        new Promise<void>((resolve, reject) => {
          const opening = indexedDB.open(database)
          opening.onerror = () => reject(opening.error)
          opening.onsuccess = () => {
            const db = opening.result
            const transaction = db.transaction(name, 'readwrite')
            const cursor = transaction.objectStore(name).openCursor()
            cursor.onsuccess = () => {
              if (!cursor.result) return
              const value = new Uint8Array(cursor.result.value)
              value[value.length - 1] = (value[value.length - 1] ?? 0) ^ 1
              cursor.result.update(value)
            }
            transaction.oncomplete = () => {
              db.close()
              resolve()
            }
          }
        }),
      [disk, table] as const,
    )

  /** Every key and value of the database as text, whatever it is. */
  const rawContents = (): Promise<{ tables: Record<string, number>; text: string }> =>
    page.evaluate(async (name) => {
      const request = <T>(pending: IDBRequest<T>): Promise<T> =>
        new Promise((resolve, reject) => {
          pending.onsuccess = () => resolve(pending.result)
          pending.onerror = () => reject(pending.error)
        })
      const db = await request(indexedDB.open(name))
      const tables: Record<string, number> = {}
      let text = ''
      for (const table of db.objectStoreNames) {
        const objects = db.transaction(table).objectStore(table)
        const keys = await request(objects.getAllKeys())
        const values = await request(db.transaction(table).objectStore(table).getAll())
        tables[table] = values.length
        for (const value of values) {
          if (!(value instanceof Uint8Array)) throw new Error(`a ${typeof value} in ${table}`)
          text += `${new TextDecoder('latin1').decode(value)}\n`
        }
        text += `${keys.join('\n')}\n`
      }
      db.close()
      return { tables, text }
    }, disk)

  const words = ['Okafor', 'Adaeze', 'Elm Road', 'WX1', '1632960142', 'Missed bin', 'lid was', 'half a word']

  it('keeps nothing that can be read in keys or values', async () => {
    await fill()
    const { tables, text } = await rawContents()
    expect(tables).toEqual({
      pages: 0,
      chunks: 0,
      summaries: 0,
      segments: 0,
      log: 1,
      small: 0,
      outbox: 2,
      drafts: 1,
      documents: 1,
      meta: 1,
    })
    expect(text.length).toBeGreaterThan(1_000)
    for (const word of [...words, 'Good morning', 'Adviser', 'missed-bin']) expect(text).not.toContain(word)
  })

  it('writes nothing that can be read anywhere in the profile', async () => {
    await fill()
    await store.close()
    const files = await readdir(browser.profile, { recursive: true, withFileTypes: true })
    let searched = 0
    for (const file of files.filter((each) => each.isFile())) {
      const bytes = await readFile(join(file.parentPath, file.name)).catch(() => Buffer.alloc(0))
      searched += bytes.length
      for (const word of words) {
        expect(bytes.includes(word), `${word} in ${file.name}`).toBe(false)
        expect(bytes.includes(Buffer.from(word, 'utf16le')), `${word} in ${file.name}`).toBe(false)
      }
    }
    expect(searched).toBeGreaterThan(10_000)
  })

  it('fetches everything again when a directory or the log is damaged, and keeps unsent work', async () => {
    await fill()
    await store.close()
    await damage('log')
    const contents = await afterRestart()
    expect(contents.how).toBe('rebuilt')
    expect(await store.records.count()).toBe(0)
    expect(contents.meta.cursor).toBeNull()
    expect(contents.outbox).toHaveLength(2)
    expect(contents.drafts).toHaveLength(1)
    expect((await afterRestart()).how).toBe('opened')
    unwrap(await store.applyChanges(many(1_100), meta('2')))
    await tidied({ chunks: 1 })
    await store.close()
    await damage('chunks')
    expect((await afterRestart()).how).toBe('rebuilt')
    expect(await store.records.count()).toBe(0)
  })

  it('asks for the feed to be read again when a page of records is damaged, and shows the others', async () => {
    unwrap(await store.applyChanges(many(1_100), meta('2')))
    await tidied({ chunks: 1 })
    await store.close()
    await damage('pages')
    expect((await afterRestart()).how).toBe('opened')
    expect(await store.records.caseRecord('c1099')).not.toBeNull()
    expect(await damagedCount()).toBe(0)
    expect(await store.records.caseRecord('c0')).toBeNull()
    expect(await damagedCount()).toBe(1)
    unwrap(await store.startReading({ ...meta('1'), cursor: null, rereading: true }))
    unwrap(await store.applyChanges(many(1_100), meta('3')))
    await afterRestart()
    expect(await store.records.caseRecord('c0')).toEqual(aCase('c0'))
    expect(await store.records.count()).toBe(1_100)
  })

  it('asks for the feed to be read again when what lists show is damaged, and has the records all the same', async () => {
    unwrap(await store.applyChanges(many(1_100), meta('2')))
    await tidied({ chunks: 1 })
    await store.close()
    await damage('summaries')
    expect((await afterRestart()).how).toBe('opened')
    expect(await store.records.caseSummaries(['c1'])).toEqual([])
    expect(await damagedCount()).toBe(1)
    expect(await store.records.caseRecord('c1')).toEqual(aCase('c1'))
    unwrap(await store.startReading({ ...meta('1'), cursor: null, rereading: true }))
    unwrap(await store.applyChanges(many(1_100), meta('3')))
    await afterRestart()
    expect(await store.records.caseSummaries(['c1'])).toMatchObject([{ id: 'c1' }])
    expect(await damagedCount()).toBe(0)
  })

  it('starts reading the feed from the beginning when the cursor is damaged', async () => {
    await fill()
    await store.close()
    await damage('meta')
    const contents = await afterRestart()
    expect(contents.how).toBe('rebuilt')
    expect(contents.meta).toEqual(emptyMeta)
    expect(await store.records.resident('r1')).toBeNull()
  })

  it('loses only the entry that is damaged, for the journal to put back', async () => {
    await fill()
    await store.close()
    await damage('outbox')
    const contents = await afterRestart()
    expect(contents.how).toBe('rebuilt')
    expect(contents.outbox).toHaveLength(1)
    expect(await store.records.caseRecord('c1')).toEqual(aCase('c1'))
    expect((await afterRestart()).outbox).toHaveLength(1)
  })

  it('reads nothing with another key', async () => {
    await fill()
    const contents = await afterRestart(8)
    expect(contents).toMatchObject({ how: 'rebuilt', outbox: [], drafts: [], documents: [], meta: emptyMeta })
    expect(await store.records.count()).toBe(0)
  })

  it('makes a database of a newer program again', async () => {
    await fill()
    await store.close()
    await page.evaluate(
      (name) =>
        new Promise<void>((resolve, reject) => {
          const request = indexedDB.open(name, 9_000)
          request.onerror = () => reject(request.error)
          request.onsuccess = () => {
            request.result.close()
            resolve()
          }
        }),
      disk,
    )
    expect((await afterRestart()).how).toBe('created')
    unwrap(await store.save([anEntry(1, noteOf(1))]))
    expect((await afterRestart()).outbox).toHaveLength(1)
  })

  it('has everything it said was saved when the browser is killed at once', async () => {
    for (let round = 1; round <= 3; round++) {
      const saves: Promise<unknown>[] = []
      for (let number = 1; number <= 20; number++) {
        const sequence = round * 100 + number
        saves.push(store.save([anEntry(sequence, noteOf(sequence, { text: `round ${round}` }))]))
      }
      await Promise.all(saves)
      await browser.killAndStartAgain()
      page = await browser.open('store-page')
      store = await remoteCaseStore(page, disk, 7)
      const contents = unwrap(await store.open())
      expect(contents.how).toBe('opened')
      expect(contents.outbox).toHaveLength(20 * round)
    }
  }, 60_000)

  it('has every change it said was applied when the browser is killed in the middle of tidying up', async () => {
    const startAgain = async () => {
      await browser.killAndStartAgain()
      page = await browser.open('store-page')
      store = await remoteCaseStore(page, disk, 7)
      return unwrap(await store.open())
    }
    unwrap(await store.applyChanges(many(1_100), meta('1')))
    await page.evaluate(() => (globalThis as unknown as { caseStores: CaseStores }).caseStores.idle())
    const changed = putCase(aCase('c7', { version: 2 }))
    unwrap(await store.applyChanges([changed], meta('2')))
    expect((await startAgain()).meta).toEqual(meta('2'))
    expect(await store.records.count()).toBe(1_100)
    expect(await store.records.caseRecord('c7')).toEqual(aCase('c7', { version: 2 }))
    expect(await store.records.caseRecord('c8')).toEqual(aCase('c8'))
    // What was left of it is done now.
    unwrap(await store.applyChanges([], meta('3')))
    await tidied({ chunks: 1 })
    expect(await store.records.caseRecord('c7')).toEqual(aCase('c7', { version: 2 }))
  }, 60_000)

  it.each([1, 2])(
    'carries unsent work over from a database of version %i, and reads the feed again',
    async (version) => {
      await store.close()
      await page.evaluate(
        ([older, name, key]) =>
          (globalThis as unknown as { caseStores: CaseStores }).caseStores.makeOlder(older, name, key),
        [version, `${disk}-old`, 7] as const,
      )
      store = await remoteCaseStore(page, `${disk}-old`, 7)
      const contents = unwrap(await store.open())
      expect(contents).toMatchObject({ how: 'rebuilt', meta: { cursor: null, asAt: null } })
      expect(contents.meta.me?.asAt).toBe(5)
      expect(contents.outbox).toMatchObject([{ operation: { id: 'old-operation' } }])
      expect(contents.drafts).toMatchObject([{ contactId: 'old-contact' }])
      expect(contents.documents).toMatchObject([{ scriptId: 'old-script' }])
      expect(await store.records.count()).toBe(0)
      unwrap(await store.applyChanges([putCase(aCase('c1'))], meta('1')))
      await store.close()
      store = await remoteCaseStore(page, `${disk}-old`, 7)
      expect(unwrap(await store.open())).toMatchObject({ how: 'opened', outbox: [{}], meta: { cursor: '1' } })
    },
  )

  it('never lets practice and live, two councils or two advisers share a database', async () => {
    const here = { councilUrl: 'http://127.0.0.1:1', adviserId: 'a1' }
    const requests: readonly OpenRequest[] = [
      { ...here, mode: 'practice' },
      { ...here, mode: 'practice', councilUrl: 'http://127.0.0.1:2' },
      { ...here, mode: 'live' },
      { ...here, mode: 'live', councilUrl: 'http://127.0.0.1:2' },
      { ...here, mode: 'live', adviserId: 'a2' },
    ]
    const names = await page.evaluate((each) => {
      const { caseStores } = globalThis as unknown as { caseStores: CaseStores }
      return Promise.all(each.map((request) => caseStores.name(request)))
    }, requests)
    // Practice listens somewhere else every time, and is the same council.
    expect(names[0]).toBe(names[1])
    expect(new Set(names).size).toBe(4)
    expect(names.join()).not.toMatch(/a1|127/)
  })
})
