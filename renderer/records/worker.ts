import * as Comlink from 'comlink'
import { caseDatabaseName, DexieCaseStore } from '#renderer/platform/db/dexie-case-store.ts'
import { createCouncilApi } from '#renderer/platform/rest/council-api.ts'
import type { CasesErrorCode } from '#shared/cases/errors.ts'
import { type RecordsApi, type RecordsNews, recordsChannelName } from '#shared/contract/records.ts'
import { appError } from '#shared/kernel/app-error.ts'
import { err } from '#shared/kernel/result.ts'
import { HostLink } from './host-link.ts'
import { RecordsService } from './records-service.ts'
import { systemClock, systemRandom } from './system.ts'

/*
 * The records worker: wires the service to IndexedDB, fetch and the message ports of the pages. Nothing is decided here.
 */

const host = new HostLink(systemClock)
const channel = new BroadcastChannel(recordsChannelName)

const service = new RecordsService({
  host,
  openStore: async ({ mode, adviserId }, dataKey) =>
    DexieCaseStore.create(await caseDatabaseName(mode, adviserId), new Uint8Array(dataKey)),
  connectCouncil: (councilUrl) =>
    createCouncilApi({
      baseUrl: councilUrl,
      // Only the main process knows why there is no token; what it can mend later is the network's fault.
      token: async (force) => {
        const token = await host.token(force)
        if (token.ok) return token
        const { retry, code, retryAfterMs } = token.error
        const told: CasesErrorCode = retry === 'later' ? 'cases/council-unreachable' : 'cases/sign-in-needed'
        return err(appError(told, retry, code, retryAfterMs))
      },
      fetch: (input, init) => fetch(input, init),
      clock: systemClock,
      log: host.log,
      online: () => navigator.onLine,
    }),
  publish: (news: RecordsNews) => channel.postMessage(news),
  clock: systemClock,
  random: systemRandom,
})

self.addEventListener('online', () => service.networkChanged())

self.addEventListener('connect', (event) => {
  const [port] = (event as MessageEvent).ports
  if (port) Comlink.expose(service satisfies RecordsApi, port)
})
