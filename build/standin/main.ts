import { existsSync, readFileSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import type { AppDescription } from './app.ts'
import { readArguments } from './arguments.ts'
import { createRuntime, provideModule } from './electron-module.ts'
import { quitOnSignals, untilPlaywrightRuns } from './playwright.ts'
import { exposeRecorded } from './recorded.ts'

interface PackageFile {
  name?: string
  productName?: string
  version?: string
  main?: string
}

interface AppFiles {
  readonly description: AppDescription
  readonly mainPath: string
}

const require = createRequire(import.meta.url)

function readPackage(folder: string): PackageFile {
  const path = join(folder, 'package.json')
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as PackageFile) : {}
}

function findApp(argument: string, executable: string): AppFiles {
  const path = resolve(argument)
  const isFolder = statSync(path).isDirectory()
  const folder = isFolder ? path : dirname(path)
  const { name, productName, version, main } = readPackage(folder)
  return {
    mainPath: isFolder ? join(folder, main ?? 'index.js') : path,
    description: {
      name: productName ?? name ?? 'Electron',
      version: version ?? electronVersion(),
      folder,
      isPackaged: false,
      executable,
    },
  }
}

function electronVersion(): string {
  return (require('electron/package.json') as { version: string }).version
}

/** What Electron adds to Node's `process` in the main process. */
function dressProcess(executable: string, resources: string): void {
  process.argv = [executable, ...process.argv.slice(2)]
  process.execPath = executable
  Object.defineProperty(process, 'type', { value: 'browser' })
  Object.defineProperty(process, 'resourcesPath', { value: resources })
  Object.defineProperty(process, 'defaultApp', { value: true })
  Object.defineProperty(process.versions, 'electron', { value: electronVersion(), enumerable: true })
}

const executable = process.env.ADVISER_DESKTOP_STANDIN_EXE ?? join(import.meta.dirname, 'electron')
const given = readArguments(process.argv.slice(2))
if (!given.app) {
  process.stderr.write('stand-in: name the app to run: a folder with a package.json, or a script\n')
  process.exit(1)
}
const { description, mainPath } = findApp(given.app, executable)
dressProcess(executable, join(import.meta.dirname, 'resources'))
exposeRecorded()
const { app, electron, start } = createRuntime(description, given)
provideModule(electron)
quitOnSignals(app)
const playwrightRuns = untilPlaywrightRuns(given)
const requireFromApp = createRequire(mainPath)
for (const module of given.requires) requireFromApp(module)
requireFromApp(mainPath)
// The app's first turn may still name folders and switches: Chromium starts after it.
setImmediate(async () => {
  try {
    await start()
    await playwrightRuns
    app.becomeReady()
  } catch (error) {
    process.stderr.write(`stand-in: ${error instanceof Error ? error.message : String(error)}\n`)
    process.exit(1)
  }
})
