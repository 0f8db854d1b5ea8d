import { describe, expect, it } from 'vitest'
import { lineEvents, type RawEvent, surroundingEvents } from '#shared/calls/flight-events.ts'
import {
  type Flight,
  mostEvents,
  newFlight,
  reportOf,
  withEvent,
  withoutPersonalData,
} from '#shared/calls/flight-record.ts'
import { newLine } from '#shared/calls/line.ts'
import { reportText } from '#shared/calls/report-text.ts'
import { newSnapshot } from '#shared/calls/snapshot.ts'
import { callReport } from '#shared/contract/call-report.ts'
import type { Line } from '#shared/contract/phone.ts'

const line: Line = newLine({
  id: '11111111-1111-4111-8111-111111111111',
  contactId: '22222222-2222-4222-8222-222222222222',
  callId: '4711ab@192.0.2.7',
  direction: 'inbound',
  state: { name: 'ringing', since: 1_000 },
  remote: { number: '+441632960142', displayName: 'A. Okafor', withheld: false },
  at: 1_000,
})

const recordOf = (...events: RawEvent[]): Flight => events.reduce(withEvent, newFlight(line))
const event = (at: number, what: string, facts: RawEvent['facts'] = {}): RawEvent => ({
  at,
  source: 'sip',
  what,
  facts,
})

describe('the flight record of a call', () => {
  it('fits the contract, in order of time', () => {
    const report = reportOf(
      recordOf(event(3_000, 'ACK received'), event(2_000, 'INVITE received')),
      'It crackled.',
    )
    expect(callReport.parse(report)).toEqual(report)
    expect(report.events.map(({ at }) => at)).toEqual([2_000, 3_000])
    expect(report.comment).toBe('It crackled.')
  })

  it('keeps how the call began and what happened last, and never more than it may', () => {
    const flight = Array.from({ length: 1_000 }, (_, at) => event(at, 'turn', { at })).reduce(
      withEvent,
      newFlight(line),
    )
    expect(flight.events).toHaveLength(mostEvents)
    expect(flight.events[0]?.at).toBe(0)
    expect(flight.events.at(-1)?.at).toBe(999)
    expect(flight.dropped).toBe(1_000 - mostEvents)
  })

  it('says a thing once when nothing else happened in between', () => {
    expect(recordOf(event(1, 'x'), event(2, 'x'), event(3, 'y'), event(4, 'x')).events).toHaveLength(3)
  })

  it.each([
    ['call +44 1632 960142 back', 'call … back'],
    ['01632-960-142', '…'],
    ['rang 960 14', 'rang …'],
    ['status 488, 12 s', 'status 488, 12 s'],
    ['sip:a.okafor@example.org;tag=1', '…'],
    ['host 192.0.2.7:5060 and 2001:db8:0:1::7', 'host … and …'],
    ['wss://pbx.example.org/ws', 'wss://…/ws'],
    ['a.okafor@example.org', '…'],
  ])('takes out of %j what could tell who or where', (text, safe) => {
    expect(withoutPersonalData(text, 'text')).toBe(safe)
  })

  it('holds nobody’s number, name or address, in the comment neither', () => {
    const told = lineEvents(null, line, 1_000)
    const flight = recordOf(
      ...told,
      event(2, 'INVITE received', { from: 'sip:+441632960142@192.0.2.7', host: 'pbx.example.org' }),
    )
    const report = reportOf(flight, 'Mrs O on 01632 960142 could not hear me')
    const text = JSON.stringify(report) + reportText(report)
    expect(text).not.toMatch(/960142|960 142|Okafor|192\.0|example\.org/)
  })
})

describe('what two looks at a line say', () => {
  const up: Line = { ...line, state: { name: 'active', since: 2_000 } }
  const whats = (before: Line | null, after: Line) =>
    lineEvents(before, after, 5_000).map(({ at, what, facts }) => [at, what, facts])

  it('is nothing when nothing but figures moved', () => {
    expect(whats(up, { ...up, sound: { ...up.sound, packetsReceived: 9 } })).toEqual([])
  })

  it('is each step of the call', () => {
    expect(whats(null, line)).toEqual([[5_000, 'line ringing', { direction: 'inbound', fromQueue: false }]])
    expect(whats(line, up)).toEqual([[5_000, 'line active', {}]])
    expect(whats(up, { ...up, signalling: 'lost', muted: true })).toEqual([
      [5_000, 'signalling lost', undefined],
      [5_000, 'muted', undefined],
    ])
    expect(whats(up, { ...up, state: { name: 'ended', at: 5_000, reason: 'busy', status: 486 } })).toEqual([
      [5_000, 'line ended', { reason: 'busy', status: 486 }],
    ])
    const over = (reason: 'transferred' | 'hung-up-there'): Line => ({
      ...up,
      state: { name: 'ended', at: 5_000, reason },
    })
    expect(whats(over('transferred'), over('transferred'))).toEqual([])
    expect(whats(over('transferred'), over('hung-up-there'))).toEqual([
      [5_000, 'line ended', { reason: 'hung-up-there' }],
    ])
  })

  it('is silence since the last packet', () => {
    const silent = { ...up, sound: { ...up.sound, inbound: 'silent' as const, since: 2_900 } }
    expect(whats(up, silent)).toEqual([[2_900, 'sound from the caller', { is: 'silent' }]])
  })

  it('is the figures when an alert begins, and again when it ends', () => {
    const quality = (alerts: NonNullable<Line['quality']>['alerts']): Line => ({
      ...up,
      quality: { at: 1, mos: 2.04, lossPercent: 8, jitterMs: 41.2, roundTripMs: null, codec: 'opus', alerts },
    })
    expect(whats(up, quality([]))).toEqual([[5_000, 'codec agreed', { codec: 'opus' }]])
    expect(whats(quality([]), quality(['loss', 'mos']))).toEqual([
      [5_000, 'quality', { alerts: 'loss mos', mos: 2, lossPercent: 8, jitterMs: 41 }],
    ])
    expect(whats(quality(['loss']), quality(['loss']))).toEqual([])
  })

  it('is a device that changed, without its name', () => {
    const before = newSnapshot('x', 0)
    const using = { ...before.devices.using, microphone: { id: 'a', label: 'Jo’s headset' } }
    const one = { ...before, devices: { ...before.devices, using } }
    const other = {
      ...one,
      devices: { ...one.devices, using: { ...using, microphone: { id: 'b', label: 'Al’s headset' } } },
    }
    expect(surroundingEvents(one, other, 1)).toEqual([
      { at: 1, source: 'device', what: 'another microphone in use' },
    ])
  })
})
