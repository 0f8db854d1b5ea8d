import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { versions } from '#shared/contract/versions.ts'
import { partSource, scriptDocument, scriptSource } from '#shared/guidance/format.ts'

const hashOf = (schema: z.ZodType) =>
  createHash('sha256')
    .update(JSON.stringify(z.toJSONSchema(schema, { io: 'input' })))
    .digest('hex')
    .slice(0, 16)

describe('the script format', () => {
  it('does not change without a new format version and its migration', () => {
    expect({
      version: versions.script,
      source: hashOf(scriptSource),
      part: hashOf(partSource),
      document: hashOf(scriptDocument),
    }).toEqual({
      version: 3,
      source: 'cb70b4a7ae97dde9',
      part: '76d79158b68ee1bc',
      document: '039a755ce0c916a4',
    })
  })
})
