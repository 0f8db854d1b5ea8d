import type { Page } from 'playwright-core'
import type { JournalEntry } from '#shared/contract/journal.ts'
import type { RecordsApi, RecordsHost } from '#shared/contract/records.ts'
import type { Operation } from '#shared/contract/rest.ts'
import type { Result } from '#shared/kernel/result.ts'

type Globals = {
  readonly records: RecordsApi
  readonly Comlink: { proxy<T extends object>(value: T): T }
  readonly tellSaved: (ids: readonly string[]) => Promise<void>
}

/** Offers the worker a host whose journal is the process at this address. */
export const provideHost = (page: Page, token: string, journalUrl: string): Promise<void> =>
  page.evaluate(
    async ([accessToken = '', url = '']) => {
      const { records, Comlink } = globalThis as unknown as Globals
      const ask = async <T>(path: string, body: unknown): Promise<Result<T>> => {
        try {
          const answer = await fetch(url + path, { method: 'POST', body: JSON.stringify(body) })
          return (await answer.json()) as Result<T>
        } catch {
          return { ok: false, error: { code: 'journal/gone', retry: 'later' } }
        }
      }
      const host: RecordsHost = {
        token: async () => ({ ok: true, value: accessToken }),
        dataKey: async () => ({ ok: true, value: new Uint8Array(32).fill(7) }),
        journalAppend: (entries) => ask<null>('/append', entries),
        journalRead: () => ask<JournalEntry[]>('/read', []),
        journalSettle: (ids) => ask<null>('/settle', ids),
        wiped: async () => ({ ok: true, value: null }),
        log: async () => {},
      }
      await records.provideHost(Comlink.proxy(host))
    },
    [token, journalUrl],
  )

/** Saves one batch after the other, from two sides at once, and tells of each that was answered as Saved. */
export const saveAll = (page: Page, batches: readonly (readonly Operation[])[]): Promise<void> =>
  page.evaluate(async (all) => {
    const { records, tellSaved } = globalThis as unknown as Globals
    let next = 0
    const side = async () => {
      for (let batch = all[next++]; batch; batch = all[next++]) {
        const saved = await records.save(batch)
        if (saved.ok) await tellSaved(batch.map(({ id }) => id))
      }
    }
    await Promise.all([side(), side()])
  }, batches)
