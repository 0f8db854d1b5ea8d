import type { Notification, Session } from 'sip.js'
import { callsError } from '#shared/calls/errors.ts'
import { endReasonOf } from '#shared/calls/line.ts'
import {
  isUnderWay,
  referredStatus,
  type TransferEvent,
  transferNewsWithinMs,
} from '#shared/calls/transfer.ts'
import { userToUserOf } from '#shared/calls/user-to-user.ts'
import type { EndReason, Transfer } from '#shared/contract/phone.ts'
import type { Cancel, Clock } from '#shared/kernel/clock.ts'
import { err, ok, type Result } from '#shared/kernel/result.ts'
import { type AnyResponse, isLocal } from './session-requests.ts'

export interface LineTransferOptions {
  readonly session: Session
  readonly clock: Clock
  transfer(): Transfer | null
  dispatch(event: TransferEvent): void
  /** The far end is talking to the target. */
  done(): void
}

/** Asks the far end of a line to call someone else (RFC 3515), and follows how that goes. */
export interface LineTransfer {
  /** `to` is shown to the adviser. Resolves when the far end has agreed or refused, or after 4 s as begun. */
  refer(to: string, target: ReferTarget): Promise<Result<null>>
  /** A NOTIFY of the far end, of whatever event. */
  heard(notification: Notification): void
  connectionLost(): void
  stop(): void
}

export interface ReferTarget {
  /** SIP URI. */
  readonly uri: string
  /** The dialog whose place the new call is to take (RFC 3891), as the target knows it. */
  readonly replaces?: { readonly callId: string; readonly toTag: string; readonly fromTag: string }
  /** Contact whose hand-over the target may read. */
  readonly contactId?: string | undefined
}

const begunAfterMs = 4_000

export function createLineTransfer(options: LineTransferOptions): LineTransfer {
  const { session, clock, dispatch } = options
  let patience: Cancel = () => {}
  let asked = false

  const underWay = () => isUnderWay(options.transfer())

  function fail(reason: EndReason, status?: number): void {
    patience()
    dispatch({
      name: 'transfer-failed',
      at: clock.now(),
      reason,
      ...(status === undefined ? {} : { status }),
    })
  }

  function progressed(progress: 'trying' | 'ringing'): void {
    dispatch({ name: 'transfer-progressed', progress, at: clock.now() })
    patience()
    patience = clock.after(transferNewsWithinMs, () => fail('no-answer'))
  }

  function refused(message: AnyResponse): Result<null> {
    const status = message.statusCode ?? 500
    if (isLocal(message)) fail('connection-lost')
    else fail(endReasonOf(status), status)
    return err(callsError('calls/far-end-refused', 'now', String(status)))
  }

  function send(target: ReferTarget): Promise<Result<null>> {
    const { dialog, userAgent } = session
    if (dialog === undefined) return Promise.resolve(err(callsError('calls/not-possible-now', 'never')))
    return new Promise((resolve) => {
      dialog.refer(
        {
          onAccept: () => {
            if (underWay()) progressed('trying')
            resolve(ok(null))
          },
          onReject: ({ message }) => resolve(refused(message)),
          onRedirect: ({ message }) => resolve(refused(message)),
        },
        {
          extraHeaders: [
            `Refer-To: <${referTo(target)}>`,
            `Referred-By: <${userAgent.configuration.uri.toString()}>`,
            `Contact: ${userAgent.contact.toString()}`,
          ],
        },
      )
    })
  }

  return {
    refer(to, target) {
      asked = true
      dispatch({ name: 'transfer-asked', to, at: clock.now() })
      const begun = new Promise<Result<null>>((resolve) => clock.after(begunAfterMs, () => resolve(ok(null))))
      return Promise.race([send(target), begun])
    },
    heard({ request }) {
      if (!asked || !/^\s*refer\b/i.test(request.getHeader('event') ?? '')) return
      const status = referredStatus(request.body)
      if (status === null) return
      // A late success counts even after our patience had ended: the far end is gone either way.
      if (status >= 200 && status < 300) {
        patience()
        options.done()
      } else if (underWay()) {
        if (status < 200) progressed(status > 100 ? 'ringing' : 'trying')
        else fail(endReasonOf(status), status)
      }
    },
    connectionLost() {
      if (underWay()) fail('connection-lost')
    },
    stop: () => patience(),
  }
}

/** Headers in the address are those of the new INVITE (RFC 3261 §19.1.1). */
function referTo({ uri, replaces, contactId }: ReferTarget): string {
  const headers = [
    ...(replaces === undefined
      ? []
      : [['Replaces', `${replaces.callId};to-tag=${replaces.toTag};from-tag=${replaces.fromTag}`] as const]),
    ...(contactId === undefined ? [] : [['User-to-User', userToUserOf(contactId)] as const]),
  ]
  const written = headers.map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
  return written.length === 0 ? uri : `${uri}?${written.join('&')}`
}
