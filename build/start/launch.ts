import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { _electron, type ElectronApplication, type Page } from '@playwright/test'
import { createProcesses } from './processes.ts'
import type { Runtime } from './runtime.ts'

const root = join(import.meta.dirname, '../..')
const LAUNCH_WITHIN_MS = 30_000
const PAGE_WITHIN_MS = 30_000
const CLOSE_WITHIN_MS = 10_000
const LOOK_EVERY_MS = 25

export type PageName = 'desk' | 'phone'

export interface LaunchOptions {
  readonly runtime: Runtime
  readonly userDataFolder: string
  /** A packaged app's folder, in place of the one built here. */
  readonly packagedFolder?: string
  /** Switches for the app and for Chromium. */
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** Shows the windows on this machine's display. Always so in Electron, which has no other way. */
  readonly isHeaded?: boolean
  /** False leaves the desk without any microphone; otherwise Chromium's own made-up one beeps. */
  readonly hasMicrophone?: boolean
}

/** Something written to a console as an error, or thrown and not caught. */
export interface Problem {
  readonly where: 'main' | PageName | 'another page'
  readonly text: string
}

export interface DeskApp {
  readonly electron: ElectronApplication
  readonly problems: readonly Problem[]
  /** What the main process and its children wrote. */
  readonly output: readonly string[]
  /** The window of that name, as soon as it is there. */
  page(name: PageName): Promise<Page>
  /** Quits as an adviser would; kills what has not ended after 10 s. */
  close(): Promise<void>
  /** Kills every process at once, as a power cut would. */
  kill(): Promise<void>
}

/** Starts the built app under Playwright. Throws when it does not start; nothing is left running then. */
export async function launchDesk(options: LaunchOptions): Promise<DeskApp> {
  const {
    runtime,
    userDataFolder,
    packagedFolder,
    args = [],
    env = {},
    isHeaded = false,
    hasMicrophone = true,
  } = options
  const isBuilt = packagedFolder || existsSync(join(root, 'dist/electron/main.cjs'))
  if (!isBuilt) throw new Error('The app is not built: npm run build')
  const processes = createProcesses()
  const electron = await _electron
    .launch({
      // Electron's own binary is found by Playwright, which then makes sure to see its first window.
      ...(runtime.name === 'stand-in' ? { executablePath: runtime.executable } : {}),
      args: [
        packagedFolder ?? root,
        `--user-data-dir=${userDataFolder}`,
        hasMicrophone ? '--use-fake-device-for-media-stream' : '--disable-audio-input',
        ...runtime.switches,
        ...(runtime.name === 'stand-in' && !isHeaded ? ['--headless'] : []),
        ...args,
      ],
      cwd: root,
      env: { ...definedOnly(process.env), ...processes.mark, ...env },
      timeout: LAUNCH_WITHIN_MS,
    })
    .catch((error) => {
      processes.killAll()
      throw error
    })
  const main = electron.process()
  const exited = main.exitCode === null && main.signalCode === null ? once(main, 'exit') : Promise.resolve()
  const { problems, output, endListening } = listen(electron)

  async function kill(): Promise<void> {
    // A page may outlive its switchboard by a moment; what it says of that is not the app's fault.
    endListening()
    processes.killAll()
    main.kill('SIGKILL')
    await exited
    await processes.endAll()
  }

  async function close(): Promise<void> {
    if (main.exitCode !== null || main.signalCode !== null) return
    const asked = electron.close().catch(() => undefined)
    await Promise.race([asked, delay(CLOSE_WITHIN_MS, undefined, { ref: false })])
    await kill()
  }

  return { electron, problems, output, page: (name) => findPage(electron, name), close, kill }
}

/** `app://bundle/desk.html` in Electron, `https://bundle.app.internal/desk.html` in the stand-in. */
function nameOf(page: Page): Problem['where'] {
  const name = /\/(desk|phone)\.html([?#]|$)/.exec(page.url())?.[1]
  return name === 'desk' || name === 'phone' ? name : 'another page'
}

async function findPage(electron: ElectronApplication, name: PageName): Promise<Page> {
  const endsAt = performance.now() + PAGE_WITHIN_MS
  for (;;) {
    const page = electron.windows().find((window) => nameOf(window) === name)
    if (page) return page
    if (performance.now() > endsAt) {
      const open = electron.windows().map((window) => window.url())
      throw new Error(
        `There is no ${name} page after ${PAGE_WITHIN_MS / 1000} s; open: ${open.join(', ') || 'none'}`,
      )
    }
    // A window has its address only some time after it is made, and no event tells.
    await delay(LOOK_EVERY_MS)
  }
}

interface Heard {
  readonly problems: readonly Problem[]
  readonly output: readonly string[]
  /** Problems from now on are nobody's. */
  endListening(): void
}

function listen(electron: ElectronApplication): Heard {
  const problems: Problem[] = []
  const output: string[] = []
  let isListening = true
  const hear = (problem: Problem) => {
    if (isListening) problems.push(problem)
  }
  for (const stream of [electron.process().stdout, electron.process().stderr]) {
    stream?.on('data', (chunk: Buffer) => output.push(String(chunk)))
  }
  electron.on('console', (message) => {
    if (message.type() === 'error') hear({ where: 'main', text: message.text() })
  })
  const listenTo = (page: Page) => {
    page.on('console', (message) => {
      if (message.type() === 'error') hear({ where: nameOf(page), text: message.text() })
    })
    page.on('pageerror', (error) => hear({ where: nameOf(page), text: error.stack ?? error.message }))
    page.on('crash', () => hear({ where: nameOf(page), text: 'the page crashed' }))
  }
  electron.windows().forEach(listenTo)
  electron.on('window', listenTo)
  return {
    problems,
    output,
    endListening: () => {
      isListening = false
    },
  }
}

const definedOnly = (environment: NodeJS.ProcessEnv): Record<string, string> =>
  Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )
