import { caseOf, phoneOf, residentOf, residentsFor } from './cache-records.ts'
import type { CacheContender } from './contender.ts'

const pageSize = 500
const statuses = ['open', 'in-progress', 'resolved'] as const

export interface CacheCalls {
  /** Milliseconds in the contender's code alone. */
  load(cases: number): Promise<number>
  open(): Promise<number>
  pops(cases: number, times: number): Promise<readonly number[]>
  newest(times: number): Promise<readonly number[]>
  changes(cases: number, times: number, from: number): Promise<readonly number[]>
  searches(texts: readonly string[]): Promise<readonly number[]>
  facts(): Promise<string>
  /** Changes that are saved while the store does other work. */
  changesWhile(work: 'tidy' | 'evict', cases: number, from: number): Promise<readonly number[]>
}

async function timed(run: () => Promise<unknown>): Promise<number> {
  const before = performance.now()
  await run()
  return performance.now() - before
}

/** One that is slow is asked less often. */
const mostMs = 15_000
const leastTimes = 5

async function many(times: number, run: (index: number) => Promise<unknown>): Promise<readonly number[]> {
  const samples: number[] = []
  const until = performance.now() + mostMs
  for (let index = 0; index < times; index++) {
    if (index >= leastTimes && performance.now() > until) break
    samples.push(await timed(() => run(index)))
  }
  return samples
}

function callsOf(contender: CacheContender): CacheCalls {
  const spread = (index: number, of: number): number => Math.floor(((index * 0.618_033_988_75) % 1) * of)
  return {
    async load(cases) {
      const residents = residentsFor(cases)
      let total = 0
      for (let from = 0; from < residents; from += pageSize) {
        const count = Math.min(pageSize, residents - from)
        const page = Array.from({ length: count }, (_, index) => residentOf(from + index))
        total += await timed(() => contender.load(page, [], false))
      }
      for (let from = 0; from < cases; from += pageSize) {
        const count = Math.min(pageSize, cases - from)
        const page = Array.from({ length: count }, (_, index) => caseOf(from + index, cases))
        total += await timed(() => contender.load([], page, from + count >= cases))
      }
      return total
    },
    open: () => timed(() => contender.open()),
    pops: (cases, times) =>
      many(times, async (index) => {
        await contender.popByPhone(phoneOf(spread(index, residentsFor(cases))))
      }),
    newest: (times) => many(times, (index) => contender.newestOf(statuses[index % 3] ?? 'open', 50)),
    changes: (cases, times, from) =>
      many(times, (index) => contender.change(caseOf(spread(from + index, cases), cases, from + index + 1))),
    searches: async (texts) => {
      const samples: number[] = []
      for (const text of texts) samples.push(await timed(async () => contender.search?.(text)))
      return samples
    },
    facts: async () => (await contender.facts?.()) ?? '',
    async changesWhile(work, cases, from) {
      let isDone = false
      const halfway = Date.parse(caseOf(Math.floor(cases / 2), cases).updatedAt)
      const working = (work === 'tidy' ? contender.tidy?.() : contender.evict?.(halfway))?.finally(() => {
        isDone = true
      })
      const samples: number[] = []
      while (!isDone && samples.length < 2_000) {
        const index = from + samples.length
        samples.push(await timed(() => contender.change(caseOf(spread(index, cases), cases, index + 1))))
      }
      await working
      return samples
    },
  }
}

/** Answers the page that started this worker; in a page, puts the calls where a test finds them. */
export const serve = (contender: CacheContender): void => answer(callsOf(contender))

export function answer(calls: object): void {
  if ('document' in globalThis) {
    Object.assign(globalThis, { cacheCalls: calls })
    return
  }
  self.addEventListener('message', async ({ data, ports }) => {
    const { method, args } = data as { method: keyof typeof calls; args: readonly unknown[] }
    try {
      const run = calls[method] as (...parameters: readonly unknown[]) => Promise<unknown>
      ports[0]?.postMessage({ value: await run(...args) })
    } catch (error) {
      ports[0]?.postMessage({ error: String(error) })
    }
  })
  self.postMessage('ready')
}
