import { z } from 'zod'
import { isoTime } from './rest.ts'

/* Who looked at what. Reads leave no trace in the records, so they are kept apart, for auditors. */

const id = z.string().min(1).max(80)

/**
 * POST /v1/views: what the adviser opened on the desk, also from its cache and with no network. Sending a view twice
 * keeps it once.
 */
export const viewsRequest = z.object({
  views: z
    .array(
      z.object({
        /** Made by the desk. */
        id: z.uuid(),
        kind: z.enum(['resident', 'case', 'contact', 'warning']),
        recordId: id,
        /** By the desk's clock. */
        at: isoTime,
      }),
    )
    .min(1)
    .max(100),
})

/** One look at one thing. */
export const readEntry = z.object({
  /** Rises from one entry to the next. */
  number: z.number().int().positive(),
  at: isoTime,
  adviserId: id,
  adviserName: z.string(),
  kind: z.enum([
    'resident',
    'case',
    'contact',
    'warning',
    'hand-over',
    'attachment',
    'search',
    'duplicates',
    'merge-preview',
    'audit',
  ]),
  /** Null for searches, and for readings of the audit that named no record. */
  recordId: id.nullable(),
  /** What was looked for (nothing of a would-be record whose duplicates were), and the identifiers of what was found. */
  search: z.object({ text: z.string(), found: z.array(z.string()) }).nullable(),
})

/** GET /v1/audit/reads: newest first; `before` is the number to go on from, null at the end. */
export const readsPage = z.object({ reads: z.array(readEntry), before: z.number().int().nullable() })

/**
 * POST /v1/advisers/{adviserId}/wipe, by auditors and supervisors: every desk on which the adviser signed in before
 * forgets what it holds and signs out. An open event stream says `wipe` at once; a desk that was off is told so at its next
 * contact, until then the order is kept. Requests of those sign-ins are answered 403 `desk/wipe-ordered`.
 */
export const wipeRequest = z.object({ reason: z.string().min(3).max(300) })

/** GET /v1/audit/wipes: newest first, the latest 200. */
export const wipe = z.object({
  id: z.number().int().positive(),
  adviserId: id,
  adviserName: z.string(),
  orderedAt: isoTime,
  orderedBy: z.string(),
  reason: z.string(),
  /** When desks were told, one for each sign-in. */
  toldAt: z.array(isoTime),
})
export const wipesPage = z.object({ wipes: z.array(wipe) })

export type Wipe = z.infer<typeof wipe>
export type View = z.infer<typeof viewsRequest>['views'][number]
export type ReadEntry = z.infer<typeof readEntry>
export type ReadsPage = z.infer<typeof readsPage>
