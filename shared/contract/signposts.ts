import { z } from 'zod'
import { isoTime } from './rest.ts'

/*
 * Services outside the council that residents are sent to, in the shape of Open Referral UK (Human Services Data
 * Specification 3.0, UK profile). The names of members are that standard's. Other members it has are kept and passed on.
 */

const id = z.string().min(1).max(80)

const phone = z.looseObject({
  id,
  number: z.string(),
  description: z.string().optional(),
})

/** One rule of RFC 5545: on these days of the week, between these times of the day in Europe/London. */
const schedule = z.looseObject({
  id,
  freq: z.enum(['WEEKLY', 'MONTHLY']).optional(),
  /** `MO,TU,WE`. */
  byday: z.string().optional(),
  /** `HH:MM`. */
  opens_at: z.string().optional(),
  closes_at: z.string().optional(),
  description: z.string().optional(),
})

const location = z.looseObject({
  id,
  name: z.string(),
  addresses: z.array(
    z.looseObject({
      id,
      address_1: z.string(),
      city: z.string(),
      postal_code: z.string(),
      country: z.string(),
      address_type: z.string(),
    }),
  ),
})

export const signpostService = z.looseObject({
  id,
  name: z.string(),
  status: z.enum(['active', 'inactive', 'defunct', 'temporarily closed']),
  description: z.string(),
  url: z.string().optional(),
  email: z.string().optional(),
  eligibility_description: z.string().optional(),
  /** How to ask for it, such as by referral alone. */
  application_process: z.string().optional(),
  fees_description: z.string().optional(),
  /** The day on which somebody last made sure that all this is right, `YYYY-MM-DD`. */
  assured_date: z.iso.date(),
  last_modified: isoTime,
  phones: z.array(phone),
  schedules: z.array(schedule),
  service_at_locations: z.array(z.looseObject({ id, location })),
  languages: z.array(z.looseObject({ id, code: z.string(), name: z.string() })).optional(),
  /** What it is about, by the terms of a taxonomy. */
  attributes: z.array(
    z.looseObject({
      id,
      taxonomy_term: z.looseObject({ id, code: z.string(), name: z.string(), taxonomy: z.string() }),
    }),
  ),
})

/** GET /v1/signposts. ETag. */
export const signposts = z.object({ asAt: isoTime, services: z.array(signpostService) })

export type SignpostService = z.infer<typeof signpostService>
export type Signposts = z.infer<typeof signposts>
