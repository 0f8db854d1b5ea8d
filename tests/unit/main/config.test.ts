import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parseConfig, readConfig } from '#electron/main/config.ts'
import { configPlace, isOnThisComputer } from '#electron/main/startup.ts'
import { temporaryFolder } from './fakes.ts'

const live = { mode: 'live', council: { name: 'Anytown Council', url: 'https://desk.example.org' } }

describe('config file', () => {
  test('means practice mode when nobody named one and there is none', () => {
    const file = join(temporaryFolder(), 'adviser-desktop.json')
    expect(readConfig({ file, isNamed: false })).toEqual({ ok: true, value: { mode: 'practice' } })
  })

  test('is a problem when it was named and is missing', () => {
    const file = join(temporaryFolder(), 'desk.json')
    expect(readConfig({ file, isNamed: true })).toEqual({
      ok: false,
      error: { file, field: '', problem: 'There is no such file.', fix: expect.stringContaining('--config') },
    })
  })

  test('is a problem when it cannot be read', () => {
    const file = join(temporaryFolder(), 'desk.json')
    mkdirSync(file)
    expect(readConfig({ file, isNamed: false })).toMatchObject({
      ok: false,
      error: { problem: 'The file cannot be read (EISDIR).' },
    })
  })

  test('is read from the disk, also with the byte order mark Windows editors write', () => {
    const file = join(temporaryFolder(), 'desk.json')
    writeFileSync(file, `\uFEFF${JSON.stringify(live)}`)
    expect(readConfig({ file, isNamed: true })).toEqual({ ok: true, value: live })
  })

  test.each([
    ['', '', 'line 1'],
    ['{\n  "mode": "practice",\n}', '', 'line 3'],
    ['{\n  "mode": "live"\n  "council": {}\n}', '', 'line 3'],
    ['{\n  "mode": "practice"\n', '', 'line 2'],
    ['// desk\n{}', '', 'line 1'],
    ['"practice"', '', 'must be one JSON object'],
    ['null', '', 'must be one JSON object'],
    ['[]', '', 'must be one JSON object'],
    ['{\n"mode": "practice"\n}\n}', '', 'line 4'],
    ['{\n"mode": "prac\ntice"}', '', 'line 3'],
    ['{}', 'mode', '“mode” is missing'],
    ['{"mode":"Live"}', 'mode', 'must be "practice" or "live"'],
    ['{"mode":"live"}', 'council', '“council” is missing'],
    ['{"mode":"live","council":"x"}', 'council', 'must be an object with "name" and "url"'],
    ['{"mode":"live","council":{"url":"https://desk.example.org"}}', 'council.name', 'is missing'],
    ['{"mode":"live","council":{"name":"","url":"https://desk.example.org"}}', 'council.name', 'must be'],
    ['{"mode":"live","council":{"name":"A"}}', 'council.url', 'is missing'],
    ['{"mode":"live","council":{"name":"A","url":"desk.example.org"}}', 'council.url', 'https://'],
    ['{"mode":"live","council":{"name":"A","url":"ftp://desk.example.org"}}', 'council.url', 'https://'],
    ['{"mode":"practice","councl":{}}', 'councl', 'not a setting'],
    [
      '{"mode":"live","council":{"name":"A","url":"https://desk.example.org","sip":""}}',
      'council.sip',
      'not a setting',
    ],
  ])('%j names %j and says %j', (text, field, words) => {
    const result = parseConfig(text, '/etc/desk.json')
    if (result.ok) throw new Error('accepted')
    expect(result.error.file).toBe('/etc/desk.json')
    expect(result.error.field).toBe(field)
    expect(result.error.problem).toContain(words)
    expect(result.error.fix.length).toBeGreaterThan(10)
  })
})

describe('place of the config file', () => {
  test.each([
    ['/a.json', { ADVISER_DESKTOP_CONFIG: '/b.json' }, { file: '/a.json', isNamed: true }],
    ['', { ADVISER_DESKTOP_CONFIG: '/b.json' }, { file: '/b.json', isNamed: true }],
    ['', {}, { file: join('/profile', 'adviser-desktop.json'), isNamed: false }],
  ])('switch %j and environment %j', (named, environment, place) => {
    expect(configPlace(named, environment, '/profile')).toEqual(place)
  })
})

describe('a council on this computer', () => {
  test.each([
    ['http://127.0.0.1:4040', true],
    ['http://localhost:4040/api', true],
    ['http://[::1]:4040', true],
    ['https://desk.example.org', false],
    ['https://127.0.0.1.example.org', false],
  ])('%s: %j', (url, expected) => {
    expect(isOnThisComputer({ mode: 'live', council: { name: 'A', url } })).toBe(expected)
  })

  test('is what practice mode has', () => {
    expect(isOnThisComputer({ mode: 'practice' })).toBe(true)
  })
})
