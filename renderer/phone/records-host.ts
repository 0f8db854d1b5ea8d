import type { Bridge, IpcAnswer, RequestName, RequestOf } from '#shared/contract/ipc.ts'
import type { RecordsHost } from '#shared/contract/records.ts'
import { appError } from '#shared/kernel/app-error.ts'
import { err, ok, type Result } from '#shared/kernel/result.ts'

/** What the records worker needs of the main process: workers have no bridge of their own. */
export function createRecordsHost(bridge: Bridge): RecordsHost {
  async function ask<N extends RequestName>(name: N, request: RequestOf<N>): Promise<IpcAnswer<N>> {
    try {
      return await bridge.invoke(name, request)
    } catch {
      return err(appError('ipc/no-answer', 'now', name))
    }
  }

  return {
    async token(force) {
      return mapped(await ask('session.token', { force }), ({ token }) => token)
    },
    async dataKey() {
      return mapped(await ask('vault.dataKey', {}), ({ key }) => fromBase64(key))
    },
    async journalAppend(entries) {
      return mapped(await ask('journal.append', { entries: [...entries] }), () => null)
    },
    async journalRead() {
      return mapped(await ask('journal.read', {}), ({ entries }) => entries)
    },
    async journalSettle(operationIds) {
      return mapped(await ask('journal.settle', { operationIds: [...operationIds] }), () => null)
    },
    async wiped() {
      return mapped(await ask('session.wiped', {}), () => null)
    },
    async log(level, code, facts) {
      await ask('log.write', { level, code, ...(facts ? { facts } : {}) })
    },
  }
}

function mapped<N extends RequestName, T>(
  answer: IpcAnswer<N>,
  map: (value: Extract<IpcAnswer<N>, { ok: true }>['value']) => T,
): Result<T> {
  return answer.ok ? ok(map(answer.value)) : err(answer.error)
}

function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
}
