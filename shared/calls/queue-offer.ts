import type { Line } from '../contract/phone.ts'
import { plainText } from './plain-text.ts'

/** Values of X-Queue-Id, X-Queue-Name and X-Waited-Ms, which the switchboard adds when a queue offers a call. */
export interface QueueHeaders {
  readonly queueId: string | undefined
  readonly queueName: string | undefined
  readonly waitedMs: string | undefined
}

const longestWaitMs = 24 * 60 * 60 * 1000

/** Which queue offered the call and how long the caller waited; a header that makes no sense counts as absent. */
export function queueOffer(headers: QueueHeaders): Pick<Line, 'queue' | 'waitedMs'> {
  const id = plainText(headers.queueId ?? '', 80)
  const name = plainText(headers.queueName ?? '', 80)
  const waited = headers.waitedMs?.trim() ?? ''
  const waitedMs = /^\d{1,9}$/.test(waited) ? Number(waited) : null
  return {
    queue: id === '' ? null : { id, name: name === '' ? id : name },
    waitedMs: waitedMs !== null && waitedMs <= longestWaitMs ? waitedMs : null,
  }
}
