import type { Bridge, RequestName, RequestOf, ResponseOf } from '#shared/contract/ipc.ts'
import { appError } from '#shared/kernel/app-error.ts'
import { err, type Result } from '#shared/kernel/result.ts'
import { allowOwnScripts } from './own-scripts.ts'

// Every page imports the bridge, so the rule stands before a page starts its worker.
allowOwnScripts(globalThis)

declare global {
  interface Window {
    /** Absent when the page was opened outside the app. */
    readonly bridge?: Bridge
  }
}

/** The door to the main process. Throws outside the app, where no page of ours can work. */
export function getBridge(): Bridge {
  if (!window.bridge) throw new Error('window.bridge is missing: this page only works inside Adviser Desktop')
  return window.bridge
}

/**
 * Asks the main process. Never rejects: a main process that cannot be reached is `ipc/no-answer`.
 * Codes of the door itself: `ipc/unknown-request`, `ipc/wrong-sender`, `ipc/wrong-arguments`, `ipc/failed`.
 */
export async function invoke<N extends RequestName>(
  name: N,
  request: RequestOf<N>,
): Promise<Result<ResponseOf<N>>> {
  try {
    return await getBridge().invoke(name, request)
  } catch {
    return err(appError('ipc/no-answer', 'now', name))
  }
}
