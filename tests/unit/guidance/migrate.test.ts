import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { versions } from '#shared/contract/versions.ts'
import { migrateScript } from '#shared/guidance/migrate.ts'
import { loadScript, viewRun } from '#shared/guidance/run.ts'
import { contextWith, goOn, play, value } from './scripts.ts'

/** Documents as they were published when each format was the present one. They are never made again. */
const published = (format: number): unknown =>
  JSON.parse(
    readFileSync(new URL(`published/general-enquiry-format-${format}.json`, import.meta.url), 'utf8'),
  )

const oldFormats = [
  [1, '29a250f1a391c3d4'],
  [2, 'ced02eaf5192aa7c'],
] as const

describe('a document published in an older format', () => {
  it('is kept here for every format there was', () => {
    expect(oldFormats.map(([format]) => format)).toEqual(
      Array.from({ length: versions.script - 1 }, (_, index) => index + 1),
    )
  })

  it.each(oldFormats)(
    'of version %i becomes the same document of the present format, for ever',
    (format, hash) => {
      const migrated = migrateScript(published(format))
      expect(createHash('sha256').update(JSON.stringify(migrated)).digest('hex').slice(0, 16)).toBe(hash)
      expect(migrated).toMatchObject({ formatVersion: versions.script })
      expect(migrateScript(migrated)).toEqual(migrated)
    },
  )

  it.each(oldFormats)('of version %i can still be run to its end', (format) => {
    const loaded = loadScript(published(format))
    if (!loaded.ok) throw new Error(loaded.error.detail)
    const script = loaded.value
    const run = play(script, [
      ['greeting-hello', goOn],
      ['about', value('A lost key')],
      ['identity-check', { kind: 'declined' }],
      ['caller-name', value('R. Sample')],
      ['call-back-number', value('01632 960142')],
      ['best-time', value('morning')],
      ['message-next', goOn],
      ['closing-anything-else', value('no')],
      ['message-taken', goOn],
    ])
    expect(viewRun(script, run, contextWith()).finished).toBe(true)
  })

  it('is given back as it is when its format is not known', () => {
    for (const other of [null, 'text', [], { formatVersion: 99 }, { formatVersion: versions.script }]) {
      expect(migrateScript(other)).toBe(other)
    }
  })
})
