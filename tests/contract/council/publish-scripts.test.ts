import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type OpenDatabase, openDatabase } from '#electron/practice/council/database/open-database.ts'
import { publishScripts } from '#electron/practice/council/publish-scripts.ts'
import { createScripts } from '#electron/practice/council/scripts.ts'
import type { Log, LogFacts } from '#shared/kernel/log.ts'
import { SimClock } from '#tests/support/sim-clock.ts'
import { backends, type Place } from './backends.ts'
import { scriptsFolder } from './places.ts'

describe.each(backends)('publishing scripts, on $name', (backend) => {
  let place: Place
  let database: OpenDatabase
  let folder: string
  let errors: { code: string; facts: LogFacts | undefined }[]

  beforeAll(async () => {
    place = await backend.seeded()
    database = await openDatabase(place.database, silent())
  })
  afterAll(async () => {
    await database.close()
    await place.dispose()
  })
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'scripts-test-'))
    await cp(scriptsFolder, folder, { recursive: true })
    errors = []
    return () => rm(folder, { recursive: true, force: true })
  })

  const silent = (): Log => ({
    error: (code, facts) => void errors.push({ code, facts }),
    info: () => {},
    debug: () => {},
  })
  const publish = () => publishScripts({ db: database.db, folder, clock: new SimClock(), log: silent() })
  const scripts = () => createScripts(database.db)
  const edit = async (change: (text: string) => string) => {
    const file = join(folder, 'missed-bin.yaml')
    await writeFile(file, change(await readFile(file, 'utf8')))
  }
  const newestVersion = async () => {
    const list = await scripts().list()
    return list.find(({ id }) => id === 'missed-bin')?.version ?? 0
  }

  test('publishes what is published already once', async () => {
    const before = await scripts().list()
    await publish()
    expect(await scripts().list()).toEqual(before)
    expect(errors).toEqual([])
  })

  test('answers the facts of the test calls, also of scripts that are published already', async () => {
    expect(await publish()).toMatchObject({ binOutBy: expect.any(String) })
    await edit((text) => `# For editors.\n${text}`)
    const read = await publish()
    expect(await publish()).toEqual(read)
  })

  test('a changed file under a published version is an error, and the published one stays', async () => {
    const version = await newestVersion()
    const before = await scripts().read('missed-bin', version)
    await edit((text) => text.replace('title: ', 'title: New '))
    await publish()
    expect(errors).toMatchObject([{ code: 'script/changed-after-publishing', facts: { version } }])
    expect(await scripts().read('missed-bin', version)).toEqual(before)
  })

  test('a comment in the file changes nothing', async () => {
    await edit((text) => `# For editors: see the style guide.\n${text}`)
    await publish()
    expect(errors).toEqual([])
  })

  test('a new version stands beside the old one and is the one that is listed', async () => {
    const version = await newestVersion()
    await edit((text) => text.replace(`version: ${version}`, `version: ${version + 1}`))
    await publish()
    expect(errors).toEqual([])
    expect(await newestVersion()).toBe(version + 1)
    expect(await scripts().read('missed-bin', version)).toBeDefined()
  })

  test.each([
    ['not YAML', 'a: [b'],
    ['not a script', 'id: nothing'],
    ['empty', ''],
  ])('a file that is %s is an error, and the others are published', async (_, text) => {
    await writeFile(join(folder, 'aaa.yaml'), text)
    await publish()
    expect(errors).toMatchObject([{ code: 'script/not-publishable', facts: { file: 'aaa.yaml' } }])
  })

  test('a script that fails its proofs is not published', async () => {
    const version = await newestVersion()
    await edit((text) =>
      text.replace(/^start: .*$/m, 'start: nowhere').replace(`version: ${version}`, 'version: 99'),
    )
    await publish()
    expect(errors).toMatchObject([{ code: 'script/not-publishable' }])
    expect(await newestVersion()).toBe(version)
  })

  test('a folder that is not there has no scripts', async () => {
    await rm(folder, { recursive: true })
    await publish()
    expect(errors).toEqual([])
  })
})
