import type { EndReason, Transfer } from '../contract/phone.ts'
import { assertNever } from '../kernel/assert-never.ts'

/** What has happened to a transfer. `at` is milliseconds since 1970. */
export type TransferEvent =
  | { readonly name: 'transfer-asked'; readonly to: string; readonly at: number }
  | { readonly name: 'transfer-progressed'; readonly progress: 'trying' | 'ringing'; readonly at: number }
  | {
      readonly name: 'transfer-failed'
      readonly at: number
      readonly reason: EndReason
      readonly status?: number
    }
  | { readonly name: 'transfer-dismissed' }

/** A far end that tells nothing more about its call to the target for this long has failed to make it. */
export const transferNewsWithinMs = 30_000

/**
 *   null, failed ──asked──▶ asking ──progressed──▶ trying ──progressed──▶ ringing
 *   asking, trying, ringing ──failed──▶ failed ──dismissed──▶ null
 *
 * An event that means nothing in the present state gives back the same object.
 */
export function nextTransfer(transfer: Transfer | null, event: TransferEvent): Transfer | null {
  switch (event.name) {
    case 'transfer-asked':
      return isUnderWay(transfer) ? transfer : { name: 'asking', to: event.to, since: event.at }
    case 'transfer-progressed':
      if (transfer === null || transfer.name === 'failed' || transfer.name === 'ringing') return transfer
      if (transfer.name === event.progress) return transfer
      return { name: event.progress, to: transfer.to, since: event.at }
    case 'transfer-failed':
      if (transfer === null || transfer.name === 'failed') return transfer
      return {
        name: 'failed',
        to: transfer.to,
        at: event.at,
        reason: event.reason,
        ...(event.status === undefined ? {} : { status: event.status }),
      }
    case 'transfer-dismissed':
      return transfer?.name === 'failed' ? null : transfer
    default:
      return assertNever(event)
  }
}

/** The far end has been asked and has not told how it ended. */
export function isUnderWay(transfer: Transfer | null): boolean {
  return transfer !== null && transfer.name !== 'failed'
}

/**
 * The status that a NOTIFY of a REFER reports: the status line of its message/sipfrag body (RFC 3420); null when there
 * is none. Only this counts: some telephones say that the subscription is over with every report.
 */
export function referredStatus(body: string): number | null {
  const status = /^\s*SIP\/2\.0 ([1-6]\d\d)\b/i.exec(body)?.[1]
  return status === undefined ? null : Number(status)
}
