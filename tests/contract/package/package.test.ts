import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { extractFile, listPackage } from '@electron/asar'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { packageApp } from '#build/package/package.ts'
import { launchDesk } from '#build/start/launch.ts'
import { chooseRuntime } from '#build/start/runtime.ts'

const root = join(import.meta.dirname, '../../..')

let folder: string
let archive: string
let resources: string
/** Files in the archive and beside it, with their paths in the app. */
let files: string[]

// Around a placeholder, so that the result is the same with and without Electron's binary.
describe.skipIf(process.platform !== 'linux')('the packaged app', () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'adviser-desktop-packaged-'))
    // The test runner's own NODE_ENV would end up in the pages.
    const { NODE_ENV: _, ...env } = process.env
    execFileSync(process.execPath, ['build/bundle/bundle.ts'], { cwd: root, env, stdio: 'pipe' })
    await packageApp({ targets: [], outputFolder: folder, isPlaceholder: true, output: 'only when it fails' })
    resources = join(folder, 'linux-unpacked/resources')
    archive = join(resources, 'app.asar')
    const listed = listPackage(archive, { isPack: false }).map((path) => path.slice(1))
    files = listed.filter((path) => !listed.some((other) => other.startsWith(`${path}/`)))
  }, 180_000)

  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it.each([
    'dist/electron/main.cjs',
    'dist/electron/preload.cjs',
    'dist/renderer/desk.html',
    'dist/renderer/phone.html',
    'dist/practice/practice.mjs',
    'package.json',
  ])('holds %s', (path) => {
    expect(files).toContain(path)
  })

  it.each([
    ['scripts for practice', /^dist\/practice\/scripts\/[^/]+\.yaml$/],
    ['the residents’ voices', /^dist\/practice\/clips\/[^/]+\.(wav|ogg|opus)$/],
    ['the records worker', /^dist\/renderer\/assets\/worker[^/]*\.js$/],
  ])('holds %s', (_what, pattern) => {
    expect(files.filter((path) => pattern.test(path))).not.toEqual([])
  })

  it.each(['desk', 'phone'])('holds everything the %s page names', (page) => {
    const html = extractFile(archive, `dist/renderer/${page}.html`).toString()
    const named = [...html.matchAll(/(?:src|href)="\/([^"]+)"/g)].map(([, path]) => `dist/renderer/${path}`)
    expect(named).not.toEqual([])
    expect(named.filter((path) => !files.includes(path))).toEqual([])
  })

  it('holds nothing else: no tests, no stand-in, no sources, no source maps, no development packages', () => {
    const allowed =
      /^(package\.json|dist\/(electron|practice|renderer)\/.*|node_modules\/@electric-sql\/pglite\/.*)$/
    const refused = /\.(map|tsx?|mts|cts|tsbuildinfo)$|standin|stand-in|\.(test|spec)\./
    expect(files.filter((path) => !allowed.test(path) || refused.test(path))).toEqual([])
  })

  it('names no source map', () => {
    const scripts = files.filter((path) => /^dist\/.*\.(js|cjs|mjs|css)$/.test(path))
    const naming = scripts.filter((path) => extractFile(archive, path).includes('sourceMappingURL=', -200))
    expect(naming).toEqual([])
  })

  it('says nothing of development in its package.json', () => {
    const packageFile = JSON.parse(extractFile(archive, 'package.json').toString())
    expect(packageFile).toMatchObject({ name: 'adviser-desktop', main: 'dist/electron/main.cjs' })
    expect(packageFile).not.toHaveProperty('devDependencies')
    expect(packageFile).not.toHaveProperty('scripts')
    expect(Object.keys(packageFile.dependencies)).toEqual(['@electric-sql/pglite'])
  })

  it('has the practice database beside the archive, where its real path is', () => {
    const unpacked = readdirSync(join(resources, 'app.asar.unpacked'), { recursive: true, encoding: 'utf8' })
    const pglite = 'node_modules/@electric-sql/pglite/dist'
    expect(unpacked).toEqual(expect.arrayContaining([`${pglite}/pglite.wasm`, `${pglite}/pglite.data`]))
  })

  it('starts, with its own practice council', async () => {
    const runtime = await chooseRuntime({ only: 'stand-in', mayInstall: false, say: () => {} })
    if (!runtime.ok) throw new Error(runtime.error)
    const app = await launchDesk({
      runtime: runtime.value,
      packagedFolder: join(folder, 'linux-unpacked'),
      userDataFolder: join(folder, 'profile'),
    })
    try {
      expect(await app.electron.evaluate(({ app }) => app.isPackaged)).toBe(true)
      const desk = await app.page('desk')
      await desk.getByRole('heading', { level: 1 }).waitFor()
      // The practice sign-in is offered once database, residents and switchboard are up.
      await desk.getByRole('button', { name: /sign in/i }).waitFor({ timeout: 120_000 })
      expect(app.problems).toEqual([])
    } finally {
      await app.close()
    }
  }, 180_000)

  it('has its executable closed to other uses', () => {
    const executable = readFileSync(join(folder, 'linux-unpacked/adviser-desktop'))
    const mark = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'
    const fuses = executable.subarray(executable.indexOf(mark) + mark.length + 2)
    // In Electron's order: run as Node, cookie encryption, NODE_OPTIONS, --inspect, archive integrity, only from the
    // archive, a V8 snapshot for the main process, file:// privileges.
    expect(fuses.subarray(0, 8).toString()).toBe('01001100')
  })

  it('keeps only the languages it is used in', () => {
    expect(readdirSync(join(folder, 'linux-unpacked/locales')).sort()).toEqual(['en-GB.pak', 'en-US.pak'])
  })

  it('stays small', () => {
    const archiveMb = statSync(archive).size / 1e6
    const besideMb = folderMb(join(resources, 'app.asar.unpacked'))
    console.log(
      `package: app.asar ${archiveMb.toFixed(1)} MB, beside it ${besideMb.toFixed(1)} MB, ${files.length} files`,
    )
    expect(archiveMb).toBeLessThan(30)
    expect(besideMb).toBeLessThan(25)
  })
})

const folderMb = (path: string): number =>
  readdirSync(path, { recursive: true, encoding: 'utf8' }).reduce(
    (sum, name) => sum + sizeMb(join(path, name)),
    0,
  )

function sizeMb(path: string): number {
  const stat = statSync(path)
  return stat.isFile() ? stat.size / 1e6 : 0
}
