import { describe, expect, it } from 'vitest'
import { isUnderWay, nextTransfer, referredStatus, type TransferEvent } from '#shared/calls/transfer.ts'
import type { Transfer } from '#shared/contract/phone.ts'

const asked: TransferEvent = { name: 'transfer-asked', to: 'Jo Doe', at: 1 }
const asking: Transfer = { name: 'asking', to: 'Jo Doe', since: 1 }
const trying: TransferEvent = { name: 'transfer-progressed', progress: 'trying', at: 2 }
const ringing: TransferEvent = { name: 'transfer-progressed', progress: 'ringing', at: 3 }
const failed: TransferEvent = { name: 'transfer-failed', reason: 'busy', status: 486, at: 4 }
const run = (...events: TransferEvent[]) =>
  events.reduce<Transfer | null>((transfer, event) => nextTransfer(transfer, event), null)

describe('a transfer', () => {
  it('goes from asking over trying to ringing, and never back', () => {
    expect(run(asked)).toEqual(asking)
    expect(run(asked, trying)).toEqual({ name: 'trying', to: 'Jo Doe', since: 2 })
    expect(run(asked, ringing, trying)).toEqual({ name: 'ringing', to: 'Jo Doe', since: 3 })
  })

  it('fails with its reason from anywhere, is let go of, and may be asked for again', () => {
    const failure = { name: 'failed', to: 'Jo Doe', at: 4, reason: 'busy', status: 486 }
    expect(run(asked, failed)).toEqual(failure)
    expect(run(asked, ringing, failed, trying)).toEqual(failure)
    expect(run(asked, failed, { name: 'transfer-dismissed' })).toBeNull()
    expect(run(asked, failed, { ...asked, at: 5 })).toEqual({ ...asking, since: 5 })
  })

  it('is not begun by news of one that nobody asked for, nor dismissed while it goes on', () => {
    expect(run(trying)).toBeNull()
    expect(run(failed)).toBeNull()
    expect(nextTransfer(asking, { name: 'transfer-dismissed' })).toBe(asking)
    expect(nextTransfer(asking, { ...asked, to: 'Someone else' })).toBe(asking)
    expect([null, asking, run(asked, failed)].map(isUnderWay)).toEqual([false, true, false])
  })
})

it.each([
  ['SIP/2.0 100 Trying\r\n', 100],
  ['SIP/2.0 200 OK', 200],
  ['\r\nsip/2.0 486 Busy Here\r\nFrom: x', 486],
  ['SIP/2.0 999 Odd', null],
  ['SIP/3.0 200 OK', null],
  ['', null],
])('reads the status that %j reports', (body, status) => {
  expect(referredStatus(body)).toBe(status)
})
