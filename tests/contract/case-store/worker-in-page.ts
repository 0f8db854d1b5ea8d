import type { Page } from 'playwright-core'
import type { RecordsApi, RecordsHost } from '#shared/contract/records.ts'

type Globals = {
  readonly records: RecordsApi
  readonly Comlink: { proxy<T extends object>(value: T): T }
  journal: { operation: { id: string } }[]
}

/** Offers the worker a host that keeps the journal in the page. Each page has a journal of its own. */
export const provideHost = (page: Page, token = 'practice'): Promise<void> =>
  page.evaluate(async (accessToken) => {
    const globals = globalThis as unknown as Globals
    globals.journal = []
    const host: RecordsHost = {
      token: async () => ({ ok: true, value: accessToken }),
      dataKey: async () => ({ ok: true, value: new Uint8Array(32).fill(7) }),
      journalAppend: async (entries) => {
        globals.journal.push(...entries)
        return { ok: true, value: null }
      },
      journalRead: async () => ({ ok: true, value: [] }),
      wiped: async () => ({ ok: true, value: null }),
      journalSettle: async (ids) => {
        globals.journal = globals.journal.filter((entry) => !ids.includes(entry.operation.id))
        return { ok: true, value: null }
      },
      log: async () => {},
    }
    await globals.records.provideHost(globals.Comlink.proxy(host))
  }, token)

export const journalLength = (page: Page): Promise<number> =>
  page.evaluate(() => (globalThis as unknown as Globals).journal.length)

/** Calls the worker behind the page. */
export const call = <K extends keyof RecordsApi>(
  page: Page,
  method: K,
  ...args: Parameters<RecordsApi[K]>
): Promise<Awaited<ReturnType<RecordsApi[K]>>> =>
  page.evaluate(
    ([name, parameters]) => {
      const { records } = globalThis as unknown as { records: Record<string, (...a: unknown[]) => unknown> }
      return records[name]?.(...parameters)
    },
    [method, args] as [string, unknown[]],
  ) as Promise<Awaited<ReturnType<RecordsApi[K]>>>

/** Milliseconds of a call as the page sees it, median and worst of `times`. */
export const timed = <K extends keyof RecordsApi>(
  page: Page,
  method: K,
  argsOfEach: readonly Parameters<RecordsApi[K]>[],
): Promise<{ median: number; worst: number }> =>
  page.evaluate(
    async ([name, list]) => {
      const { records } = globalThis as unknown as { records: Record<string, (...a: unknown[]) => unknown> }
      const tookMs: number[] = []
      for (const parameters of list) {
        const startedAt = performance.now()
        await records[name]?.(...parameters)
        tookMs.push(performance.now() - startedAt)
      }
      tookMs.sort((a, b) => a - b)
      const round = (value: number | undefined) => Math.round((value ?? 0) * 100) / 100
      return { median: round(tookMs[tookMs.length >> 1]), worst: round(tookMs.at(-1)) }
    },
    [method, argsOfEach] as unknown as [string, unknown[][]],
  )
