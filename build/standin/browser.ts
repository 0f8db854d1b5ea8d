import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import { CdpConnection } from './cdp.ts'
import type { CommandLine } from './command-line.ts'

export interface BrowserOptions {
  readonly executable: string
  readonly profileFolder: string
  readonly commandLine: CommandLine
  readonly isHeaded: boolean
}

export interface Browser {
  readonly connection: CdpConnection
  /** Headed only: has the running browser open a window without tabs. */
  readonly openAppWindow: ((url: string) => void) | undefined
  /** Ends the browser in order, so that what pages stored is on disk. */
  readonly close: () => Promise<void>
}

const CLOSE_WITHIN_MS = 5_000
const FREE_WITHIN_MS = 10_000

// A closed network, nobody to ask, and an embedder's freedoms where Electron takes them too.
const ALWAYS = [
  '--no-first-run',
  '--no-default-browser-check',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-component-extensions-with-background-pages',
  '--disable-default-apps',
  '--disable-domain-reliability',
  '--disable-extensions',
  '--disable-field-trial-config',
  '--disable-quic',
  '--disable-search-engine-choice-screen',
  '--disable-sync',
  '--disable-dev-shm-usage',
  '--disable-back-forward-cache',
  '--disable-hang-monitor',
  '--disable-popup-blocking',
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
  '--metrics-recording-only',
  '--password-store=basic',
  '--use-mock-keychain',
  '--autoplay-policy=no-user-gesture-required',
  // app:// is not https and has no mixed content; the https origin standing for it would.
  '--allow-running-insecure-content',
  // Keeps Chromium from showing a bar about unsupported flags.
  '--test-type',
]

const DISABLED_FEATURES = [
  'HttpsUpgrades',
  'HttpsFirstBalancedModeAutoEnable',
  'MediaRouter',
  'OptimizationHints',
  'Translate',
  'AimEnabled',
  'NetworkTimeServiceQuerying',
  'PreconnectToSearch',
]

function flagsOf({ commandLine, profileFolder, isHeaded }: BrowserOptions): string[] {
  commandLine.appendSwitch('disable-features', DISABLED_FEATURES.join(','))
  const isRoot = process.getuid?.() === 0
  const debuggingPort = commandLine.getSwitchValue('remote-debugging-port')
  const language = commandLine.getSwitchValue('lang')
  return [
    ...ALWAYS,
    `--user-data-dir=${profileFolder}`,
    ...(isHeaded ? [] : ['--headless']),
    // The renderer sandbox refuses to work for root.
    ...(isRoot || commandLine.hasSwitch('no-sandbox') ? ['--no-sandbox'] : []),
    ...(debuggingPort ? [`--remote-debugging-port=${debuggingPort}`] : []),
    ...(language ? [`--accept-lang=${language}`] : []),
    ...commandLine.forChromium(),
  ]
}

/** Starts Chromium without a window, tied to this process by a pipe: when this process ends, so does Chromium. */
export async function launchBrowser(options: BrowserOptions): Promise<Browser> {
  mkdirSync(options.profileFolder, { recursive: true })
  const flags = flagsOf(options)
  const giveUpAtMs = performance.now() + FREE_WITHIN_MS
  for (;;) {
    const started = await startBrowser(options, flags)
    if ('connection' in started) return started
    // The Chromium of an app killed a moment ago may still hold the profile: a later one then hands over to it.
    const isHandedOver = started.exitCode === 0
    if (!isHandedOver || performance.now() > giveUpAtMs) {
      const said = started.lastLines.join('\n')
      throw new Error(`${options.executable} did not start (exit code ${started.exitCode})\n${said}`)
    }
    await delay(100)
  }
}

interface FailedStart {
  readonly exitCode: number | null
  readonly lastLines: readonly string[]
}

async function startBrowser(
  options: BrowserOptions,
  flags: readonly string[],
): Promise<Browser | FailedStart> {
  const { executable, isHeaded } = options
  const child = spawn(executable, [...flags, '--remote-debugging-pipe', '--no-startup-window'], {
    // A process group of its own: a Ctrl-C at the terminal is for the app, which then closes Chromium in order.
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'],
  })
  const lastLines = relayStderr(child)
  const exited = new Promise<number | null>((resolve) => {
    child.once('exit', (code) => resolve(code))
    child.once('error', (error) => {
      lastLines.push(error.message)
      resolve(1)
    })
  })
  const [, , , output, input] = child.stdio
  const connection = new CdpConnection(output as Writable, input as Readable)
  try {
    await connection.browser.send('Browser.getVersion')
  } catch {
    return { exitCode: await exited, lastLines }
  }
  return {
    connection,
    openAppWindow: isHeaded
      ? (url) => spawn(executable, [...flags, `--app=${url}`], { stdio: 'ignore' }).on('error', () => {})
      : undefined,
    close: () => closeBrowser(child, connection, exited),
  }
}

async function closeBrowser(
  child: ChildProcess,
  connection: CdpConnection,
  exited: Promise<unknown>,
): Promise<void> {
  connection.browser.send('Browser.close').catch(() => {})
  const late = setTimeout(() => child.kill('SIGKILL'), CLOSE_WITHIN_MS)
  await exited
  clearTimeout(late)
}

/** Playwright reads the address of the debugging port from our stderr; the rest is kept for when a start fails. */
function relayStderr(child: ChildProcess): string[] {
  const lastLines: string[] = []
  if (!child.stderr) return lastLines
  createInterface({ input: child.stderr }).on('line', (line) => {
    const isWanted = line.startsWith('DevTools listening on ') || process.env.ADVISER_DESKTOP_STANDIN_LOG
    if (isWanted) process.stderr.write(`${line}\n`)
    lastLines.push(line)
    if (lastLines.length > 20) lastLines.shift()
  })
  return lastLines
}
