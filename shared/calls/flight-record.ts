import type { CallReport, FlightEvent } from '../contract/call-report.ts'
import type { Line } from '../contract/phone.ts'
import { causesOf } from './flight-causes.ts'
import type { RawEvent } from './flight-events.ts'

/** The record of one call while it is kept; `dropped` events of its middle made room for later ones. */
export interface Flight {
  readonly contactId: string
  readonly callId: string
  readonly direction: CallReport['direction']
  readonly startedAt: number
  readonly endedAt: number | null
  readonly events: readonly FlightEvent[]
  readonly dropped: number
}

/** A call keeps this many events: how it began, and what happened last. */
export const mostEvents = 300
const keptFromTheBeginning = 60
const longestFact = 120

export function newFlight(line: Pick<Line, 'contactId' | 'callId' | 'direction' | 'times'>): Flight {
  return {
    contactId: line.contactId,
    callId: withoutPersonalData(line.callId.replace(/@.*$/s, ''), 'id'),
    direction: line.direction,
    startedAt: line.times.invitedAt,
    endedAt: null,
    events: [],
    dropped: 0,
  }
}

/** With one more event, redacted. An event that only repeats the last one adds nothing. */
export function withEvent(flight: Flight, raw: RawEvent): Flight {
  const event = redactedEvent(raw)
  const last = flight.events.at(-1)
  if (last !== undefined && sayTheSame(last, event)) return flight
  const events = [...flight.events, event]
  if (events.length <= mostEvents) return { ...flight, events }
  events.splice(keptFromTheBeginning, 1)
  return { ...flight, events, dropped: flight.dropped + 1 }
}

export function ended(flight: Flight, at: number): Flight {
  return flight.endedAt === null ? { ...flight, endedAt: at } : flight
}

/** For IT and for the desk, with causes. A comment is made as safe as the rest. */
export function reportOf(flight: Flight, comment?: string): CallReport {
  const { dropped, events, ...call } = flight
  const inOrder = events.toSorted((a, b) => a.at - b.at)
  return {
    ...call,
    events: inOrder,
    causes: causesOf(inOrder),
    ...(comment === undefined ? {} : { comment: withoutPersonalData(comment, 'text').slice(0, 1_000) }),
  }
}

function redactedEvent({ at, source, what, facts = {} }: RawEvent): FlightEvent {
  return {
    at,
    source,
    what: withoutPersonalData(what, 'text').slice(0, 80),
    facts: Object.fromEntries(
      Object.entries(facts).map(([name, value]) => [
        name,
        typeof value === 'string' ? withoutPersonalData(value, 'text').slice(0, longestFact) : value,
      ]),
    ),
  }
}

/**
 * Takes out what could tell who was called or where from: runs of five digits or more however they are grouped,
 * network addresses, host names and what stands before an @. An `id` is random and keeps its digits.
 */
export function withoutPersonalData(text: string, kind: 'text' | 'id'): string {
  const places = text
    .replace(/\b(?:sips?|tel|mailto):\S+/gi, '…')
    .replace(/[^\s<>"]+@[^\s<>"]+/g, '…')
    .replace(/\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b/g, '…')
    .replace(/\b(?:[0-9a-f]{0,4}:){3,7}[0-9a-f]{0,4}\b/gi, '…')
    .replace(/\b(?:[a-z0-9-]+\.)+(?:[a-z]{2,})\b/gi, '…')
  return kind === 'id' ? places : places.replace(/\+?\d(?:[\s().-]{0,2}\d){4,}/g, '…')
}

function sayTheSame(a: FlightEvent, b: FlightEvent): boolean {
  return a.source === b.source && a.what === b.what && JSON.stringify(a.facts) === JSON.stringify(b.facts)
}
