import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { readLibrary } from '#build/scripts/library-files.ts'
import { schemaText, scriptJsonSchema } from '#build/scripts/schema.ts'

const scripts = new URL('../../../shared/guidance/scripts/', import.meta.url)
const { scripts: files, parts } = readLibrary()

interface Described {
  readonly description?: string | undefined
  readonly properties?: Readonly<Record<string, Described>> | undefined
  readonly [key: string]: unknown
}

function undescribed(schema: Described, at: string): readonly string[] {
  const own = Object.entries(schema.properties ?? {}).flatMap(([name, line]) => [
    ...(line.description === undefined ? [`${at}.${name}`] : []),
    ...undescribed(line, `${at}.${name}`),
  ])
  const inner = [schema.items, schema.additionalProperties, schema.anyOf, schema.oneOf].flat()
  return [
    ...own,
    ...inner.flatMap((each) =>
      typeof each === 'object' && each !== null ? undescribed(each as Described, at) : [],
    ),
  ]
}

describe('the JSON Schema of scripts', () => {
  it('is the one that the code makes: after a change, npm run scripts:schema', () => {
    expect(readFileSync(new URL('script.schema.json', scripts), 'utf8')).toBe(schemaText())
  })

  it('says in words what every line is for', () => {
    expect([...new Set(undescribed(scriptJsonSchema(), ''))]).toEqual([])
  })

  it('takes every script and part of the library, and the example of the guide', () => {
    const schema = z.fromJSONSchema(JSON.parse(schemaText()))
    const guide = readFileSync(new URL('README.md', scripts), 'utf8')
    const example: unknown = parse(/```yaml\n(#[^\n]*\nkind: script[\s\S]*?)```/.exec(guide)?.[1] ?? '')
    const refused = [...files, ...parts, example].filter((file) => !schema.safeParse(file).success)
    expect(refused).toEqual([])
    expect(schema.safeParse({ ...(example as object), formatVersion: 1 }).success).toBe(false)
    expect(schema.safeParse({ ...(example as object), step: {} }).success).toBe(false)
  })

  it('is named at the top of the guide’s example, of every script and of every part', () => {
    const named = (file: string) => readFileSync(new URL(file, scripts), 'utf8').split('\n')[0]
    const ids = files.map((file) => `${(file as { id: string }).id}.yaml`)
    const partIds = parts.map((file) => `parts/${(file as { id: string }).id}.yaml`)
    expect(new Set(ids.map(named))).toEqual(new Set(['# yaml-language-server: $schema=script.schema.json']))
    expect(new Set(partIds.map(named))).toEqual(
      new Set(['# yaml-language-server: $schema=../script.schema.json']),
    )
    expect(readFileSync(new URL('README.md', scripts), 'utf8')).toContain(
      '```yaml\n# yaml-language-server: $schema=script.schema.json\nkind: script',
    )
  })
})
