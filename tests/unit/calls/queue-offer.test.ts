import { describe, expect, it } from 'vitest'
import { queueOffer } from '#shared/calls/queue-offer.ts'

describe('the queue a call is offered by', () => {
  it('is read from the switchboard’s headers', () => {
    expect(queueOffer({ queueId: 'waste', queueName: 'Waste and recycling', waitedMs: '18250' })).toEqual({
      queue: { id: 'waste', name: 'Waste and recycling' },
      waitedMs: 18_250,
    })
  })

  it('is nothing for a call outside any queue', () => {
    expect(queueOffer({ queueId: undefined, queueName: undefined, waitedMs: undefined })).toEqual({
      queue: null,
      waitedMs: null,
    })
  })

  it('takes headers that make no sense as absent', () => {
    expect(queueOffer({ queueId: '\u0000\u202e', queueName: 'x', waitedMs: '-1' })).toEqual({
      queue: null,
      waitedMs: null,
    })
    expect(queueOffer({ queueId: 'waste', queueName: ' ', waitedMs: '1e9' })).toEqual({
      queue: { id: 'waste', name: 'waste' },
      waitedMs: null,
    })
    expect(queueOffer({ queueId: 'waste', queueName: 'W', waitedMs: '999999999' }).waitedMs).toBeNull()
  })
})
