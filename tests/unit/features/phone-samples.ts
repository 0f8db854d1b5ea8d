import { newLine } from '#shared/calls/line.ts'
import { newSnapshot } from '#shared/calls/snapshot.ts'
import type { Line, PhoneSnapshot } from '#shared/contract/phone.ts'

const at = Date.parse('2026-11-03T10:00:00Z')

/** A line being talked on, changed as a test needs it. */
export function sampleLine(change: Partial<Line> = {}): Line {
  return {
    ...newLine({
      id: '10000000-0000-4000-8000-000000000001',
      contactId: '20000000-0000-4000-8000-000000000001',
      callId: 'call-1',
      direction: 'inbound',
      state: { name: 'active', since: at },
      remote: { number: '+441632960142', withheld: false },
      at,
    }),
    queue: { id: 'waste', name: 'Waste and recycling' },
    waitedMs: 18_000,
    sound: {
      inbound: 'flowing',
      outbound: 'flowing',
      since: at,
      inboundEnergy: 1,
      packetsReceived: 100,
      packetsSent: 100,
    },
    times: { invitedAt: at - 5_000, answeredAt: at, firstInboundAt: at, twoWayAt: at },
    ...change,
  }
}

export function sampleSnapshot(change: Partial<PhoneSnapshot> = {}): PhoneSnapshot {
  return {
    ...newSnapshot('30000000-0000-4000-8000-000000000001', at),
    registration: { name: 'registered', since: at },
    microphone: { name: 'live', label: 'Headset' },
    readinessProblems: [],
    agent: { state: { name: 'ready', since: '2026-11-03T09:59:00Z' }, pending: null, asAt: at },
    ...change,
  }
}

/** The id of the nth sample line. */
export const lineId = (n: number): string => `10000000-0000-4000-8000-${String(n).padStart(12, '0')}`

/** The nth line, on which someone is asked about the call of line `forLine`. */
export function consultLine(n: number, forLine: number, change: Partial<Line> = {}): Line {
  return sampleLine({
    id: lineId(n),
    direction: 'outbound',
    queue: null,
    waitedMs: null,
    remote: { displayName: 'Housing repairs', withheld: false },
    purpose: { name: 'consult', forLineId: lineId(forLine) },
    ...change,
  })
}
