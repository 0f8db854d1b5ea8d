import * as Comlink from 'comlink'
import type { RecordsApi } from '#shared/contract/records.ts'

/**
 * Connects a page to the records worker, starting it when no other page has. The worker ends with the last page.
 * Build tools find the worker by this exact expression, so its options are literals.
 */
export function connectRecords(): Comlink.Remote<RecordsApi> {
  const worker = new SharedWorker(new URL('./worker.ts', import.meta.url), {
    type: 'module',
    name: 'records',
  })
  return Comlink.wrap<RecordsApi>(worker.port)
}
