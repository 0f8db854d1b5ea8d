import type { z } from '@hono/zod-openapi'
import { problem } from '#shared/contract/rest.ts'

/** Parts of route descriptions that repeat. */
export const json = <T extends z.ZodType>(schema: T, description: string) => ({
  description,
  content: { 'application/json': { schema } },
})

export const problems = {
  default: {
    description: 'Any failure, as RFC 9457 problem',
    content: { 'application/problem+json': { schema: problem } },
  },
} as const

export const bearer = [{ bearer: [] }]
