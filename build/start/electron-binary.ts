import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { access } from 'node:fs/promises'
import { join } from 'node:path'
import type { Say } from './ensure.ts'

const packageFolder = join(import.meta.dirname, '../../node_modules/electron')
const cacheFolder = join(import.meta.dirname, '../../node_modules/.cache/adviser-desktop')

// Networks that drop packets silently never answer no; without a byte for this long there is nothing to wait for.
const NO_BYTES_MS = 15_000
const WHOLE_DOWNLOAD_MS = 10 * 60_000
const LOOK_EVERY_MS = 1_000
const FAILURE_FORGOTTEN_MS = 24 * 60 * 60_000

/** Electron's executable, when the package has its binary. */
export async function installedElectron(): Promise<string | undefined> {
  try {
    const executable = join(packageFolder, 'dist', readFileSync(join(packageFolder, 'path.txt'), 'utf8'))
    await access(executable)
    return executable
  } catch {
    return undefined
  }
}

/** Why the binary cannot run here (a missing system library, say), or undefined when it can. */
export function whyElectronFails(executable: string): string | undefined {
  const asked = spawnSync(executable, ['--version', ...rootSwitches()], { encoding: 'utf8', timeout: 20_000 })
  if (asked.status === 0) return undefined
  return (asked.stderr || asked.error?.message || `it exits with ${asked.status}`).trim().split('\n')[0]
}

/** Chromium has no sandbox for root, and says so instead of starting. */
export const rootSwitches = (): string[] => (process.getuid?.() === 0 ? ['--no-sandbox'] : [])

/**
 * Lets the electron package fetch its own binary. A failure is remembered for a day, so that the next start on a
 * closed network does not wait for it again.
 */
export async function downloadElectron(say: Say): Promise<boolean> {
  const remembered = join(cacheFolder, `electron-${electronVersion()}-not-downloaded`)
  if (ageMs(remembered) < FAILURE_FORGOTTEN_MS) return false
  say(`Downloading Electron ${electronVersion()} (about 120 MB, once)`)
  mkdirSync(cacheFolder, { recursive: true })
  const temporary = mkdtempSync(join(cacheFolder, 'download-'))
  try {
    const problem = await runInstallScript(temporary, say)
    if (problem === undefined) return true
    say(`Electron could not be downloaded: ${problem}. The next try is in a day, or with --runtime=electron.`)
    writeFileSync(remembered, '')
    return false
  } finally {
    rmSync(temporary, { recursive: true, force: true })
  }
}

/** Asks again for what failed within the last day. */
export function forgetFailedDownload(): void {
  rmSync(join(cacheFolder, `electron-${electronVersion()}-not-downloaded`), { force: true })
}

/** Resolves with what went wrong, or undefined. */
function runInstallScript(temporary: string, say: Say): Promise<string | undefined> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(packageFolder, 'install.js')], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, TMPDIR: temporary, TEMP: temporary, TMP: temporary },
    })
    const endWithUs = () => child.kill('SIGKILL')
    process.once('exit', endWithUs)
    const startedAt = performance.now()
    let errors = ''
    let bytes = 0
    let grewAt = startedAt
    let stopped: string | undefined
    child.stderr.on('data', (chunk: Buffer) => {
      errors += chunk
    })
    const watch = setInterval(() => {
      const now = performance.now()
      const size = folderSize(temporary)
      if (size > bytes) {
        if (Math.floor(size / 20e6) > Math.floor(bytes / 20e6)) say(`  ${Math.round(size / 1e6)} MB`)
        bytes = size
        grewAt = now
      }
      // Once everything is fetched it is unpacked elsewhere, and the folder stops growing for a while.
      const patienceMs = bytes === 0 ? NO_BYTES_MS : 4 * NO_BYTES_MS
      if (now - grewAt > patienceMs) stopped = 'no data arrives'
      if (now - startedAt > WHOLE_DOWNLOAD_MS) stopped = 'it takes too long'
      if (stopped) child.kill('SIGKILL')
    }, LOOK_EVERY_MS)
    const done = (problem: string | undefined) => {
      clearInterval(watch)
      process.off('exit', endWithUs)
      resolve(problem)
    }
    child.once('error', (error) => done(error.message))
    child.once('close', (code) => done(stopped ?? (code === 0 ? undefined : reasonIn(errors))))
  })
}

/** The cause in a stack trace, for people: `getaddrinfo ENOTFOUND …` rather than fifteen lines. */
function reasonIn(errors: string): string {
  const lines = errors.split('\n').map((line) => line.trim())
  const cause = lines.find((line) => /E[A-Z]{5,}|HTTP|status/.test(line)) ?? lines.find((line) => line !== '')
  return cause?.replace(/^(\[cause\]: )?(\w*Error: )?/, '').slice(0, 160) ?? 'no reason given'
}

const electronVersion = (): string =>
  (JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')) as { version: string }).version

function ageMs(file: string): number {
  try {
    return Date.now() - statSync(file).mtimeMs
  } catch {
    return Number.POSITIVE_INFINITY
  }
}

function folderSize(folder: string): number {
  let bytes = 0
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    try {
      bytes += statSync(join(folder, name)).size
    } catch {
      // Moved away while we look.
    }
  }
  return bytes
}
