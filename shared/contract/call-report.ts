import { z } from 'zod'

/*
 * The flight recorder: everything that happened to one call in order, without numbers, names, addresses or anything
 * said. Safe to send to IT as it stands.
 */

export const flightEvent = z.object({
  /** Milliseconds since 1970. */
  at: z.number(),
  /** `sip`: a message passed. `ice`: the media path. `network`, `desk`: the surroundings. */
  source: z.enum(['sip', 'ice', 'sound', 'quality', 'device', 'state', 'network', 'desk', 'recording']),
  /** Short and fixed, such as `INVITE received`, `connection lost`. */
  what: z.string().max(80),
  facts: z.record(z.string(), z.union([z.string().max(120), z.number(), z.boolean()])).default({}),
})

/** What went wrong, in the order it happened, found from the events by rules (shared/calls/flight-causes.ts). */
export const flightCause = z.object({
  code: z.enum([
    'network-changed',
    'connection-lost',
    'switchboard-restarted',
    'computer-slept',
    'desk-restarted',
    'no-sound-from-caller',
    'no-sound-to-caller',
    'poor-network',
    'microphone-changed',
    'microphone-lost',
    'microphone-muted-at-device',
    'no-common-codec',
    'call-lost',
  ]),
  from: z.number(),
  /** When it was over; null when it lasted to the end or still does. */
  until: z.number().nullable(),
})

export const callReport = z.object({
  contactId: z.uuid(),
  callId: z.string(),
  direction: z.enum(['inbound', 'outbound']),
  startedAt: z.number(),
  endedAt: z.number().nullable(),
  events: z.array(flightEvent),
  causes: z.array(flightCause),
  /** The adviser's own words when reporting a bad call. */
  comment: z.string().max(1000).optional(),
})

export type FlightEvent = z.infer<typeof flightEvent>
export type FlightCause = z.infer<typeof flightCause>
export type CallReport = z.infer<typeof callReport>
