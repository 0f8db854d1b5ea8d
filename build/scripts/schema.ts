import { z } from 'zod'
import { partSource, scriptSource } from '#shared/guidance/format.ts'
import { schemaWords } from './schema-words.ts'

interface Schema {
  properties?: Record<string, Schema> | undefined
  additionalProperties?: Schema | boolean | undefined
  items?: Schema | undefined
  anyOf?: Schema[] | undefined
  oneOf?: Schema[] | undefined
  const?: unknown
  description?: string | undefined
  [key: string]: unknown
}

/** The format as JSON Schema, for editors that complete and check YAML files by one. */
export function scriptJsonSchema(): Schema {
  const schema = z.toJSONSchema(z.union([scriptSource, partSource]), {
    io: 'input',
    reused: 'inline',
  }) as Schema
  explain(schema, 'file')
  return { $schema: schema.$schema, title: 'A script or a part of scripts', ...schema }
}

/** Every line says what it is for. `owner` is the kind of step, or the line that holds it. */
function explain(schema: Schema, owner: string): void {
  const kind = schema.properties?.kind?.const
  const holder = typeof kind === 'string' ? kind : owner
  for (const [name, line] of Object.entries(schema.properties ?? {})) {
    const words = schemaWords[`${holder}.${name}`] ?? schemaWords[name]
    if (words !== undefined) line.description = words
    explain(line, name)
  }
  const inner = [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), schema.items, schema.additionalProperties]
  for (const each of inner) if (typeof each === 'object') explain(each, holder)
}

/** As it is committed: one line, since nobody reads it but programs. */
export const schemaText = (): string => `${JSON.stringify(scriptJsonSchema())}\n`
