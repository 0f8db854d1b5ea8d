import * as Comlink from 'comlink'
import { caseDatabaseName } from '#renderer/platform/db/case-database.ts'
import { DexieCaseStore } from '#renderer/platform/db/dexie-case-store.ts'
import { DexieFileStore } from '#renderer/platform/db/dexie-file-store.ts'
import { browserPace } from '#renderer/platform/db/pace.ts'
import { createCouncilApi } from '#renderer/platform/rest/council-api.ts'
import type { CasesErrorCode } from '#shared/cases/errors.ts'
import { type RecordsApi, type RecordsNews, recordsChannelName } from '#shared/contract/records.ts'
import { type AppError, appError } from '#shared/kernel/app-error.ts'
import { err } from '#shared/kernel/result.ts'
import { HostLink } from './host-link.ts'
import { RecordsService } from './records-service.ts'
import { systemClock, systemRandom } from './system.ts'

/*
 * The records worker: wires the service to IndexedDB, fetch and the message ports of the pages. Nothing is decided here.
 */

const host = new HostLink(systemClock)
const channel = new BroadcastChannel(recordsChannelName)

/** Only the main process knows why there is no token; what is not final is taken for the network's fault. */
function noToken({ code, retry, retryAfterMs }: AppError): AppError {
  const isFinal = code.startsWith('session/') && retry === 'never'
  if (isFinal) return appError('cases/sign-in-needed' satisfies CasesErrorCode, 'now', code)
  const told: CasesErrorCode = navigator.onLine ? 'cases/council-unreachable' : 'cases/no-network'
  return appError(told, 'later', code, retryAfterMs)
}

const service = new RecordsService({
  host,
  openStore: async (request, dataKey, onDamaged) =>
    DexieCaseStore.create(await caseDatabaseName(request), new Uint8Array(dataKey), { onDamaged }),
  openFiles: async (request, dataKey) =>
    DexieFileStore.create(`${await caseDatabaseName(request)}-files`, new Uint8Array(dataKey)),
  connectCouncil: (councilUrl) =>
    createCouncilApi({
      baseUrl: councilUrl,
      token: async (force) => {
        const token = await host.token(force)
        return token.ok ? token : err(noToken(token.error))
      },
      fetch: (input, init) => fetch(input, init),
      clock: systemClock,
      log: host.log,
      online: () => navigator.onLine,
    }),
  publish: (news: RecordsNews) => channel.postMessage(news),
  clock: systemClock,
  random: systemRandom,
  breathe: browserPace.breathe,
})

self.addEventListener('online', () => service.networkChanged())

self.addEventListener('connect', (event) => {
  const [port] = (event as MessageEvent).ports
  if (port) Comlink.expose(service satisfies RecordsApi, port)
})
