import { z } from 'zod'
import { mergeField } from './rest-operations.ts'
import { resident } from './rest-records.ts'
import { id } from './rest-values.ts'

/* Residents with more than one record: finding them, and seeing what a merge would do. */

/** POST /v1/residents/duplicates: a would-be record as far as it is known. Kept for audit like a search. */
export const duplicatesRequest = resident
  .pick({ givenName: true, familyName: true, phones: true, email: true, dateOfBirth: true })
  .partial()
  .extend({
    address: resident.shape.address.partial().optional(),
    /** A record that exists already is no duplicate of itself. */
    exceptId: id.optional(),
  })

export const duplicateReason = z.enum([
  'same-number',
  'same-email',
  'same-name-and-postcode',
  'sounds-alike-and-same-birthday',
  'same-property-and-similar-name',
])

/** Likeliest first, at most 10. `score` is from 0 to 1; from 0.8 on it is very likely the same person. */
export const duplicatesAnswer = z.object({
  candidates: z.array(z.object({ resident, score: z.number(), reasons: z.array(duplicateReason).min(1) })),
})

/** GET /v1/residents/{keptId}/merge-preview?goneId= */
export const mergePreview = z.object({
  kept: resident,
  gone: resident,
  /** How many of each would become the kept one's, also of queues that the adviser does not take. */
  moves: z.object({
    cases: z.number().int(),
    contacts: z.number().int(),
    timeline: z.number().int(),
    callbacks: z.number().int(),
    warnings: z.number().int(),
  }),
  /** Fields in which the two differ. */
  differing: z.array(mergeField),
})

export type DuplicatesRequest = z.infer<typeof duplicatesRequest>
export type DuplicateReason = z.infer<typeof duplicateReason>
export type DuplicatesAnswer = z.infer<typeof duplicatesAnswer>
export type DuplicateCandidate = DuplicatesAnswer['candidates'][number]
export type MergePreview = z.infer<typeof mergePreview>
