import { z } from 'zod'
import { party } from '../contract/rest.ts'
import { fieldName, stepId } from './format-names.ts'

/** A call played through the script before it may be published. */
export const testCall = z.strictObject({
  name: z.string().min(1),
  /** By step id. A verify step takes `matched` (what its lowest level needs), `all-matched`, `not-matched` or
   * `declined`. Steps that only read out need none. */
  answers: z.record(stepId, z.union([z.string(), z.number(), z.array(z.string())])),
  /** When the call is, UTC; 3 November 2026, 10:00 when not said. */
  at: z.iso.datetime({ offset: true }).optional(),
  /** Council facts of this call alone. */
  facts: z.record(fieldName, z.string()).optional(),
  /** Step at which the adviser leaves for the escalation. */
  escalateAt: stepId.optional(),
  /** Who speaks; the resident when not said. */
  speaker: party.optional(),
  expect: z.strictObject({
    outcome: stepId,
    case: z.boolean().optional(),
    disposition: z.string().optional(),
    identity: z.enum(['none', 'standard', 'enhanced']).optional(),
    /** Steps of the script itself that are read out or done on the way, in order; those of parts are left out. */
    reads: z.array(stepId).optional(),
    /** By step id, also of parts: words that its English wording has on this call, read aloud or for the adviser. */
    says: z.record(stepId, z.string().min(1)).optional(),
    fields: z
      .record(fieldName, z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]))
      .optional(),
  }),
})

export type TestCall = z.infer<typeof testCall>
