import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createFileLog } from '#electron/main/log.ts'
import { temporaryFolder } from './fakes.ts'

describe('log file', () => {
  test('has a line for each code, with its time, level and facts', () => {
    const folder = temporaryFolder()
    const log = createFileLog({ folder, toConsole: false })
    log.info('app/started', { version: '0.1.0', attempt: 1 })
    log.error('journal/disk-full')
    const lines = readFileSync(join(folder, 'adviser-desktop.log'), 'utf8').trim().split('\n')
    expect(lines).toEqual([
      expect.stringMatching(
        /^\d{4}-\d\d-\d\dT[\d:.]+Z info app\/started \{"version":"0\.1\.0","attempt":1\}$/,
      ),
      expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z error journal\/disk-full$/),
    ])
  })

  test('begins anew at a megabyte and keeps five old files', () => {
    const folder = temporaryFolder()
    const log = createFileLog({ folder, toConsole: false })
    const text = 'x'.repeat(120_000)
    for (let line = 0; line < 100; line += 1) log.debug('bench/line', { line, text })
    const names = readdirSync(folder).sort()
    expect(names).toEqual([
      'adviser-desktop.log',
      ...[1, 2, 3, 4, 5].map((number) => `adviser-desktop.log.${number}`),
    ])
    for (const name of names) expect(statSync(join(folder, name)).size).toBeLessThan(1.3 * 1024 * 1024)
    const newest = readFileSync(join(folder, 'adviser-desktop.log'), 'utf8')
    expect(newest).toContain('"line":99')
  })
})
