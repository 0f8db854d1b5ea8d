import * as Comlink from 'comlink'
import type { RecordsApi, recordsWorkerName } from '#shared/contract/records.ts'

/**
 * Connects a page to the records worker, starting it when no other page has. The worker ends with the last page.
 * Build tools find the worker by this exact expression, so its options are literals.
 */
export function connectRecords(): Comlink.Remote<RecordsApi> {
  const worker = new SharedWorker(new URL('./worker.ts', import.meta.url), {
    type: 'module',
    name: 'records' satisfies typeof recordsWorkerName,
  })
  return Comlink.wrap<RecordsApi>(worker.port)
}
