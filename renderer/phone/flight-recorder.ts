import { z } from 'zod'
import { lineEvents, type RawEvent, surroundingEvents, words } from '#shared/calls/flight-events.ts'
import { ended, type Flight, newFlight, reportOf, withEvent } from '#shared/calls/flight-record.ts'
import { isLive } from '#shared/calls/line.ts'
import type { PhoneEvent } from '#shared/calls/phone.ts'
import { type CallReport, flightEvent } from '#shared/contract/call-report.ts'
import type { Line, PhoneSnapshot } from '#shared/contract/phone.ts'
import type { Cancel, Clock } from '#shared/kernel/clock.ts'
import type { Log } from '#shared/kernel/log.ts'

export interface FlightRecorder {
  /** Takes down what has changed since the last look. */
  look(snapshot: PhoneSnapshot): void
  /** What the telephone tells: messages, media path, connection. */
  phoneEvent(event: PhoneEvent): void
  /** Something around the telephone that concerns every call that is up. */
  happened(source: RawEvent['source'], what: string, facts?: RawEvent['facts']): void
  /** Of the calls of this shift, newest first. */
  reports(): CallReport[]
  report(contactId: string, comment?: string): CallReport | null
  /** The shift is over: forgets all but the calls that are still up. */
  clear(): void
}

export interface FlightRecorderOptions {
  /** Records hold nothing personal, so that they may outlive the page here. */
  readonly storage: Storage
  readonly clock: Clock
  readonly log: Log
}

const mostFlights = 40
const keptEveryMs = 2_000
const keyPrefix = 'phone.flight.'
/** Messages come before their line; they wait here for it. */
const mostUnclaimed = 50

const keptFlight = z.object({
  contactId: z.uuid(),
  callId: z.string(),
  direction: z.enum(['inbound', 'outbound']),
  startedAt: z.number(),
  endedAt: z.number().nullable(),
  events: z.array(flightEvent),
  dropped: z.number(),
})

export function createFlightRecorder({ storage, clock, log }: FlightRecorderOptions): FlightRecorder {
  /** By contact, oldest first. */
  let flights = new Map<string, Flight>(keptFlights(storage).map((flight) => [flight.contactId, flight]))
  let before: PhoneSnapshot | null = null
  const dirty = new Set<string>()
  let keeping: Cancel | null = null
  let unclaimed: PhoneEvent[] = []

  function update(contactId: string, next: (flight: Flight) => Flight): void {
    const flight = flights.get(contactId)
    if (flight === undefined) return
    const changed = next(flight)
    if (changed === flight) return
    flights.set(contactId, changed)
    dirty.add(contactId)
    keeping ??= clock.after(keptEveryMs, keep)
  }

  function keep(): void {
    keeping?.()
    keeping = null
    try {
      for (const contactId of dirty) {
        storage.setItem(keyPrefix + contactId, JSON.stringify(flights.get(contactId)))
      }
    } catch {
      // They are still here until the page is closed.
      log.info('phone.flights-not-kept')
    }
    dirty.clear()
  }

  function begin(line: Line): void {
    if (flights.has(line.contactId)) return
    flights.set(line.contactId, newFlight(line))
    for (const event of unclaimed.filter(({ callId }) => callId === line.callId)) add(line.contactId, event)
    unclaimed = unclaimed.filter(({ callId }) => callId !== line.callId)
    for (const oldest of [...flights.keys()].slice(0, -mostFlights)) {
      flights.delete(oldest)
      storage.removeItem(keyPrefix + oldest)
    }
  }

  function add(contactId: string, event: RawEvent): void {
    update(contactId, (flight) => withEvent(flight, event))
  }

  const live = () => before?.lines.filter(isLive) ?? []

  function addToAll(event: RawEvent): void {
    for (const { contactId } of live()) add(contactId, event)
  }

  // A page that died could not say how its calls ended.
  for (const { contactId, endedAt } of flights.values()) {
    if (endedAt !== null) continue
    add(contactId, { at: clock.now(), source: 'desk', what: words.telephoneRestarted })
    update(contactId, (flight) => ended(flight, clock.now()))
  }

  return {
    look(snapshot) {
      const at = clock.now()
      for (const line of snapshot.lines) {
        const was = before?.lines.find(({ id }) => id === line.id) ?? null
        if (was === line) continue
        if (was === null) begin(line)
        for (const event of lineEvents(was, line, at)) add(line.contactId, event)
        if (line.state.name === 'ended') {
          const endedAt = line.state.at
          update(line.contactId, (flight) => ended(flight, endedAt))
        }
      }
      const around = before === null ? [] : surroundingEvents(before, snapshot, at)
      before = snapshot
      for (const event of around) addToAll(event)
    },
    phoneEvent(event) {
      const { callId, lineId, ...raw } = event
      if (callId === null && lineId === null) return addToAll(raw)
      const line = before?.lines.find((each) => each.id === lineId || each.callId === callId)
      if (line !== undefined) return add(line.contactId, raw)
      unclaimed = [...unclaimed.slice(1 - mostUnclaimed), event]
    },
    happened(source, what, facts) {
      addToAll({ at: clock.now(), source, what, facts })
    },
    reports: () => [...flights.values()].toReversed().map((flight) => reportOf(flight)),
    report(contactId, comment) {
      const flight = flights.get(contactId)
      return flight === undefined ? null : reportOf(flight, comment)
    },
    clear() {
      const kept = new Set(live().map(({ contactId }) => contactId))
      for (const contactId of flights.keys())
        if (!kept.has(contactId)) storage.removeItem(keyPrefix + contactId)
      flights = new Map([...flights].filter(([contactId]) => kept.has(contactId)))
    },
  }
}

function keptFlights(storage: Storage): Flight[] {
  const keys = Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? '')
  return keys
    .filter((key) => key.startsWith(keyPrefix))
    .flatMap((key) => {
      const flight = keptFlight.safeParse(parsed(storage.getItem(key)))
      if (!flight.success) storage.removeItem(key)
      return flight.success ? [flight.data] : []
    })
    .toSorted((a, b) => a.startedAt - b.startedAt)
}

function parsed(text: string | null): unknown {
  try {
    return JSON.parse(text ?? '')
  } catch {
    return null
  }
}
