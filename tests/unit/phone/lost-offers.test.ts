import { describe, expect, it } from 'vitest'
import { createLostOffers } from '#renderer/phone/lost-offers.ts'
import type { Bridge } from '#shared/contract/ipc.ts'
import type { LostCall } from '#shared/contract/phone.ts'
import { activeLine, recordingLog, settled } from './samples.ts'

const lostCall: LostCall = {
  contactId: activeLine.contactId,
  direction: 'inbound',
  remote: activeLine.remote,
  queue: null,
  answeredAt: 2_000,
  lostAt: 3_000,
}

function setUp(lost: readonly LostCall[]) {
  const told: unknown[] = []
  const bridge = {
    async invoke(name: string, request: unknown) {
      if (name === 'calls.lost') return { ok: true, value: { calls: lost } }
      told.push(request)
      return { ok: true, value: {} }
    },
    on: () => () => {},
  } as unknown as Bridge
  const offers = createLostOffers({ bridge, log: recordingLog(), onChange: () => {} })
  return { offers, told }
}

describe('calls offered back', () => {
  it('come from the telephone before this one, until they are taken or dismissed', async () => {
    const { offers } = setUp([lostCall])
    await settled()
    expect(offers.offers()).toEqual([lostCall])
    offers.follow([])
    expect(offers.offers()).toHaveLength(1)
    offers.follow([activeLine])
    expect(offers.offers()).toEqual([])
    const dismissed = setUp([lostCall]).offers
    await settled()
    dismissed.dismiss(lostCall.contactId)
    expect(dismissed.offers()).toEqual([])
  })

  it('are told to main for the next telephone, once for each change', async () => {
    const { offers, told } = setUp([])
    offers.follow([activeLine])
    offers.follow([{ ...activeLine, muted: true }])
    offers.follow([])
    await settled()
    expect(told).toMatchObject([{ calls: [{ contactId: activeLine.contactId }] }, { calls: [] }])
  })
})
