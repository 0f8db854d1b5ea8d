import { describe, expect, it } from 'vitest'
import { createFlightRecorder } from '#renderer/phone/flight-recorder.ts'
import { newSnapshot } from '#shared/calls/snapshot.ts'
import type { Line } from '#shared/contract/phone.ts'
import { activeLine, fakeClock, lineThat, memoryStorage, recordingLog } from './samples.ts'

function setUp(storage = memoryStorage(), clock = fakeClock()) {
  const recorder = createFlightRecorder({ storage, clock, log: recordingLog() })
  const look = (...lines: Line[]) => recorder.look({ ...newSnapshot('x', clock.now()), lines })
  const whats = () => recorder.report(activeLine.contactId)?.events.map(({ what }) => what)
  return { storage, clock, recorder, look, whats }
}

const ended = lineThat({ state: { name: 'ended', at: 9_000, reason: 'hung-up-there' } })

describe('the flight recorder', () => {
  it('takes down a call from its first message to its end', () => {
    const { recorder, look, whats, clock } = setUp()
    recorder.phoneEvent({
      at: clock.now(),
      source: 'sip',
      what: 'INVITE received',
      facts: {},
      callId: activeLine.callId,
      lineId: null,
    })
    look(lineThat())
    look(activeLine)
    recorder.happened('network', 'network offline')
    look(ended)
    recorder.happened('network', 'network online')
    expect(whats()).toEqual([
      'INVITE received',
      'line ringing',
      'line active',
      'network offline',
      'line ended',
    ])
    expect(recorder.report(activeLine.contactId)?.endedAt).toBe(9_000)
  })

  it('keeps a call over a telephone that died, and says that it did', () => {
    const first = setUp()
    first.look(lineThat())
    first.look(activeLine)
    first.clock.advance(2_000)
    const second = setUp(first.storage, first.clock)
    expect(second.whats()).toEqual(['line ringing', 'line active', 'telephone restarted'])
    expect(second.recorder.reports()[0]?.causes).toMatchObject([{ code: 'call-lost' }])
  })

  it('forgets the calls of a shift that is over, but for one that is still up', () => {
    const { recorder, look, storage, clock } = setUp()
    const other = lineThat({ id: '3', contactId: '33333333-3333-4333-8333-333333333333', callId: 'call-2' })
    look(ended, other)
    clock.advance(2_000)
    recorder.clear()
    expect(recorder.reports().map(({ contactId }) => contactId)).toEqual([other.contactId])
    expect(storage.length).toBe(1)
  })

  it('passes over what an older version kept', () => {
    const storage = memoryStorage()
    storage.setItem('phone.flight.x', '{"events":1}')
    storage.setItem('phone.flight.y', '{')
    expect(setUp(storage).recorder.reports()).toEqual([])
    expect(storage.length).toBe(0)
  })

  it('keeps no more calls than it may, the newest first', () => {
    const { recorder, look, clock } = setUp()
    for (let call = 10; call < 60; call += 1) {
      const id = `${call}111111-1111-4111-8111-111111111111`
      look(lineThat({ id, contactId: id, callId: `call-${call}` }))
      clock.advance(3_000)
    }
    const reports = recorder.reports()
    expect(reports).toHaveLength(40)
    expect(reports[0]?.callId).toBe('call-59')
  })
})
