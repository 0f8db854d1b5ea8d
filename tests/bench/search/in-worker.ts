import type { Page } from 'playwright-core'
import type { CacheHost } from '../pages/cache-host.ts'
import type { SearchCalls } from '../pages/search-ours.ts'
import { openStage } from '../stage.ts'
import { summarise } from '../statistics.ts'
import { workerMegabytes } from '../worker-memory.ts'

export interface InWorker {
  /** From opening the store to the first answer. */
  readonly startMs: number
  /** Heap and buffers, after everything was asked. */
  readonly megabytes: number
  /** By kind, a figure for each text: the median of its rounds. */
  readonly kinds: readonly { readonly kind: string; readonly samples: readonly number[] }[]
}

/** The search box's answers by the product's store in a worker of Chromium, started again after its first sync. */
export async function searchInWorker(cases: number, each: number, rounds: number): Promise<InWorker> {
  const stage = await openStage({ pages: ['cache-host', 'search-ours'] })
  try {
    const open = () => stage.open('cache-host', 'cacheHost', { contender: 'search-ours' })
    let page = await open()
    const queries = await call(page, 'load', cases, each)
    await page.close()
    page = await open()
    const startMs = await call(page, 'start', 'hughes')
    const kinds: InWorker['kinds'][number][] = []
    for (const { kind, texts } of queries) {
      const times: (readonly number[])[] = []
      // The first is not counted.
      for (let round = 0; round <= rounds; round += 1) times.push(await call(page, 'round', texts))
      const counted = times.slice(1)
      const samples = texts.map((_, index) => summarise(counted.map((round) => round[index] ?? 0)).median)
      kinds.push({ kind, samples })
    }
    return { startMs, megabytes: await workerMegabytes(page), kinds }
  } finally {
    await stage.close()
  }
}

const call = <K extends keyof SearchCalls>(
  page: Page,
  method: K,
  ...args: Parameters<SearchCalls[K]>
): ReturnType<SearchCalls[K]> =>
  page.evaluate(
    ([name, parameters]) =>
      (globalThis as unknown as { cacheHost: CacheHost }).cacheHost.call(name, parameters),
    [method, args] as const,
  ) as ReturnType<SearchCalls[K]>
