import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import * as rest from '#shared/contract/rest.ts'
import { versions } from '#shared/contract/versions.ts'

/** Of every schema that the contract exports, by name. */
function hashOfContract(): string {
  const schemas = Object.entries(rest)
    .flatMap(([name, exported]): [string, z.ZodType][] =>
      exported instanceof z.ZodType ? [[name, exported]] : [],
    )
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, schema]) => [name, z.toJSONSchema(schema, { io: 'input' })])
  return createHash('sha256').update(JSON.stringify(schemas)).digest('hex').slice(0, 16)
}

describe('the REST contract', () => {
  it('does not change without a new version', () => {
    expect({ version: versions.rest, contract: hashOfContract() }).toEqual({
      version: 5,
      contract: '59d6fd6d45a7d5bc',
    })
  })
})
