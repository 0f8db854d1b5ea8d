import { describe, expect, it } from 'vitest'
import { newLine } from '#shared/calls/line.ts'
import { callsToRemember, withoutReturned } from '#shared/calls/lost-calls.ts'
import type { Line } from '#shared/contract/phone.ts'

const ringing: Line = newLine({
  id: '11111111-1111-4111-8111-111111111111',
  contactId: '22222222-2222-4222-8222-222222222222',
  callId: 'abc',
  direction: 'inbound',
  state: { name: 'ringing', since: 1_000 },
  remote: { number: '+441632960142', withheld: false },
  at: 1_000,
})
const up: Line = {
  ...ringing,
  state: { name: 'active', since: 2_000 },
  times: { ...ringing.times, answeredAt: 2_000 },
}

describe('calls to remember', () => {
  it('are those that were answered and are still up', () => {
    expect(callsToRemember([ringing])).toEqual([])
    expect(callsToRemember([up])).toEqual([
      {
        contactId: up.contactId,
        direction: 'inbound',
        remote: up.remote,
        queue: null,
        answeredAt: 2_000,
      },
    ])
    const ended: Line = { ...up, state: { name: 'ended', at: 3_000, reason: 'hung-up-there' } }
    expect(callsToRemember([ended])).toEqual([])
  })

  it('are no consultations', () => {
    expect(callsToRemember([{ ...up, purpose: { name: 'consult', forLineId: up.id } }])).toEqual([])
  })
})

describe('offers of lost calls', () => {
  const lost = [{ ...callsToRemember([up])[0], lostAt: 3_000 }] as Parameters<typeof withoutReturned>[0]

  it('stay until the same contact is on the telephone again', () => {
    expect(withoutReturned(lost, [])).toBe(lost)
    expect(withoutReturned(lost, [{ ...up, contactId: '33333333-3333-4333-8333-333333333333' }])).toBe(lost)
    expect(withoutReturned(lost, [up])).toEqual([])
  })
})
