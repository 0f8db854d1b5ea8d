import { DexieCaseStore } from '#renderer/platform/db/dexie-case-store.ts'
import { browserPace } from '#renderer/platform/db/pace.ts'
import { type CacheMeta, emptyMeta } from '#shared/cases/case-store.ts'
import type { Change } from '#shared/contract/rest.ts'
import type { Result } from '#shared/kernel/result.ts'
import { serve } from '../cache/serve.ts'

/* The product's store, encrypted and searchable, by the calls that the sync loop makes. */

function unwrap<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.error.code} ${result.error.detail}`)
  return result.value
}

let idle: (() => void) | null = null
let breaths = 0
const store = await DexieCaseStore.create('ours', new Uint8Array(32).fill(7), {
  pace: {
    breathe: (leastMs) => {
      breaths += 1
      return browserPace.breathe(leastMs)
    },
    whenIdle: (run) => {
      idle = run
      return () => {}
    },
  },
})
const reading: CacheMeta = { ...emptyMeta, cursor: '1' }
const current: CacheMeta = { ...reading, asAt: 1 }

serve({
  open: async () => {
    unwrap(await store.open())
  },
  load: async (residents, cases, isLast) => {
    const changes: readonly Change[] = [
      ...residents.map((record): Change => ({ kind: 'resident', id: record.id, record })),
      ...cases.map((record): Change => ({ kind: 'case', id: record.id, record })),
    ]
    unwrap(await store.applyChanges(changes, isLast ? current : reading))
  },
  popByPhone: async (e164) => {
    const [resident] = await store.records.residentsByPhone(e164)
    if (!resident) throw new Error('nobody has this number')
    const cases = await store.records.casesOfResident(resident.id)
    const [newest] = cases.toSorted((a, b) => b.updatedAt - a.updatedAt)
    return newest ? store.records.caseRecord(newest.id) : null
  },
  newestOf: async (status, limit) => (await store.records.newestCases({ status }, limit)).length,
  change: async (record) => {
    unwrap(await store.applyChanges([{ kind: 'case', id: record.id, record }], current))
  },
  search: async (text) => (await store.records.find(text, 20)).total,
  tidy: async () => {
    const before = breaths
    idle?.()
    // It breathes as long as it works.
    let quiet = 0
    let seen = before
    while (quiet < 20) {
      await new Promise((resolve) => setTimeout(resolve, 10))
      quiet = seen === breaths ? quiet + 1 : 0
      seen = breaths
    }
  },
  evict: async (notChangedSince) => {
    unwrap(await store.evict(notChangedSince))
  },
})
