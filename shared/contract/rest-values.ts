import { z } from 'zod'

/* Values that every part of the contract is made of. */

export const isoTime = z.iso.datetime({ offset: true })
export const e164 = z.string().regex(/^\+[1-9]\d{4,14}$/)
export const id = z.string().min(1).max(80)

/** RFC 9457. `code` is ours: `feature/what`. */
export const problem = z.object({
  type: z.string().default('about:blank'),
  title: z.string(),
  status: z.number().int(),
  detail: z.string().optional(),
  code: z.string().optional(),
})

export type Problem = z.infer<typeof problem>
