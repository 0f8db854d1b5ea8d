import { existsSync, readFileSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import type { AppDescription } from './app.ts'
import { readArguments } from './arguments.ts'
import { createRuntime, provideModule } from './electron-module.ts'
import { extractApp, findResources } from './packaged.ts'
import { openInspector, quitOnSignals, untilPlaywrightRuns } from './playwright.ts'
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
  readonly resources: string
}

const require = createRequire(import.meta.url)
const electronVersion = (require('electron/package.json') as { version: string }).version
const executable = process.env.ADVISER_DESKTOP_STANDIN_EXE ?? join(import.meta.dirname, 'electron')

function readPackage(folder: string): PackageFile {
  const path = join(folder, 'package.json')
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as PackageFile) : {}
}

/** The app may be a folder with a package.json, a script, or the folder a packaged app is installed in. */
function findApp(argument: string): AppFiles {
  const path = resolve(argument)
  const isFolder = statSync(path).isDirectory()
  const packaged = isFolder ? findResources(path) : undefined
  const folder = packaged ? extractApp(packaged) : isFolder ? path : dirname(path)
  const { name, productName, version, main } = readPackage(folder)
  return {
    mainPath: isFolder ? join(folder, main ?? 'index.js') : path,
    resources: packaged ?? join(import.meta.dirname, 'resources'),
    description: {
      name: productName ?? name ?? 'Electron',
      version: version ?? electronVersion,
      folder,
      isPackaged: packaged !== undefined,
      executable: packaged ? join(path, name ?? 'electron') : executable,
    },
  }
}

/** What Electron adds to Node's `process` in the main process. */
function dressProcess({ description, resources }: AppFiles, appArgument: string): void {
  const args = process.argv.slice(2)
  // A packaged app is its executable: it is not named on its own command line.
  if (description.isPackaged) args.splice(args.indexOf(appArgument), 1)
  process.argv = [description.executable, ...args]
  process.execPath = executable
  Object.defineProperty(process, 'type', { value: 'browser' })
  Object.defineProperty(process, 'resourcesPath', { value: resources })
  if (!description.isPackaged) Object.defineProperty(process, 'defaultApp', { value: true })
  Object.defineProperty(process.versions, 'electron', { value: electronVersion, enumerable: true })
}

const given = readArguments(process.argv.slice(2))
if (!given.app || !existsSync(given.app)) {
  const problem = given.app ? `there is no ${given.app}` : 'no app is named'
  process.stderr.write(`stand-in: ${problem}; name its folder, its script, or where it is installed\n`)
  process.exit(1)
}
const files = findApp(given.app)
dressProcess(files, given.app)
exposeRecorded()
const { app, electron, start } = createRuntime(files.description, given)
provideModule(electron)
quitOnSignals(app)
openInspector(given)
const playwrightRuns = untilPlaywrightRuns(given)
const requireFromApp = createRequire(files.mainPath)
for (const module of given.requires) requireFromApp(module)
requireFromApp(files.mainPath)
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
