import { DexieCaseStore } from '#renderer/platform/db/dexie-case-store.ts'
import { type CacheMeta, emptyMeta } from '#shared/cases/case-store.ts'
import type { Change } from '#shared/contract/rest.ts'
import type { Result } from '#shared/kernel/result.ts'
import { answer } from '../cache/serve.ts'
import { queriesFor } from '../search/queries.ts'
import { benchRecords } from '../search/records.ts'

/* The product's store in a worker, with the records of the search's bench, asked as the search box asks it. */

export interface SearchCalls {
  /** Reads them all as a first sync does; answers what will be typed, by kind. */
  load(
    cases: number,
    each: number,
  ): Promise<readonly { readonly kind: string; readonly texts: readonly string[] }[]>
  /** Milliseconds until the first answer. */
  start(text: string): Promise<number>
  /** Milliseconds of each text in one round. */
  round(texts: readonly string[]): Promise<readonly number[]>
}

function unwrap<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.error.code} ${result.error.detail}`)
  return result.value
}

const pageSize = 500
const store = await DexieCaseStore.create('search', new Uint8Array(32).fill(7))
const reading: CacheMeta = { ...emptyMeta, cursor: '1' }

async function find(text: string): Promise<number> {
  const before = performance.now()
  await store.records.find(text, 20)
  return performance.now() - before
}

const calls: SearchCalls = {
  async load(cases, each) {
    const records = benchRecords(cases)
    const changes: Change[] = records.residents.map((record) => ({ kind: 'resident', id: record.id, record }))
    let note = 0
    for (const record of records.cases) {
      changes.push({ kind: 'case', id: record.id, record })
      for (let next = records.notes[note]; next?.caseId === record.id; next = records.notes[note]) {
        changes.push({ kind: 'timeline', id: next.id, record: next })
        note += 1
      }
    }
    unwrap(await store.open())
    for (let from = 0; from < changes.length; from += pageSize) {
      const isLast = from + pageSize >= changes.length
      const meta = isLast ? { ...reading, asAt: 1 } : reading
      unwrap(await store.applyChanges(changes.slice(from, from + pageSize), meta))
    }
    return queriesFor(records, each)
  },
  async start(text) {
    const before = performance.now()
    unwrap(await store.open())
    await find(text)
    return performance.now() - before
  },
  async round(texts) {
    const samples: number[] = []
    for (const text of texts) samples.push(await find(text))
    return samples
  },
}

answer(calls)
