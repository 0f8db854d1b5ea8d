import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { err, ok, type Result } from '#shared/kernel/result.ts'

const PROGRESS_EVERY_MS = 3_000

export type Say = (line: string) => void

/** What is missing and the one command that brings it. */
export interface Missing {
  readonly packages: readonly string[]
  readonly command: string
}

/** How packages are installed here: as root, through sudo without a password, or not at all. */
type Installer = 'root' | 'sudo' | 'none'

export interface Debian {
  /** False on any other system, where `installed` and `install` are never asked. */
  readonly here: boolean
  installed(name: string): boolean
  installer(): Installer
  apt(args: readonly string[], installer: Installer, say: Say): Promise<AptEnd>
}

export interface AptEnd {
  readonly code: number
  readonly errors: string
}

/**
 * Makes sure that Debian packages are there, installing them where this user may.
 * The lists of packages are brought up to date only when an installation fails without that.
 */
export async function ensureDebianPackages(
  packages: readonly string[],
  say: Say,
  debian: Debian = thisDebian,
): Promise<Result<void, Missing>> {
  const command = `apt-get update && apt-get install -y --no-install-recommends ${packages.join(' ')}`
  if (!debian.here)
    return err({ packages, command: `install ${packages.join(', ')} with your package manager` })
  const missing = packages.filter((name) => !debian.installed(name))
  if (missing.length === 0) return ok(undefined)
  const installer = debian.installer()
  const byHand = { packages: missing, command: installer === 'root' ? command : asOtherUser(command) }
  if (installer === 'none') return err(byHand)
  say(`Installing ${missing.join(', ')} (Debian packages, once)`)
  const install = ['install', '-y', '--no-install-recommends', ...missing]
  // A fresh machine has no lists yet, so a first failure says nothing worth reading.
  if ((await debian.apt(install, installer, say)).code === 0) return ok(undefined)
  say('Bringing the list of Debian packages up to date')
  for (const args of [['update'], install]) {
    const { code, errors } = await debian.apt(args, installer, say)
    if (code !== 0) {
      say(errors)
      return err(byHand)
    }
  }
  return ok(undefined)
}

const asOtherUser = (command: string) => `sudo sh -c '${command}'`

const thisDebian: Debian = {
  here: process.platform === 'linux' && existsSync('/usr/bin/dpkg-query') && existsSync('/usr/bin/apt-get'),
  installed(name) {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg-query's own placeholder.
    const asked = spawnSync('dpkg-query', ['-W', '-f', '${db:Status-Status}', name], { encoding: 'utf8' })
    return asked.status === 0 && asked.stdout === 'installed'
  },
  installer() {
    if (process.getuid?.() === 0) return 'root'
    return spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0 ? 'sudo' : 'none'
  },
  apt: runApt,
}

/** Quiet while it is quick; then a line now and again with what apt said last. */
function runApt(args: readonly string[], installer: Installer, say: Say): Promise<AptEnd> {
  // Another installation may hold dpkg's lock for a while; apt waits rather than fails.
  const full = ['apt-get', '-q', '-o', 'DPkg::Lock::Timeout=300', ...args]
  const command = installer === 'sudo' ? ['sudo', '-n', 'DEBIAN_FRONTEND=noninteractive', ...full] : full
  const [program = 'apt-get', ...rest] = command
  return new Promise((resolve) => {
    const child = spawn(program, rest, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    })
    const startedAt = performance.now()
    let output = ''
    let errors = ''
    child.stdout.on('data', (chunk: Buffer) => {
      output = `${output}${chunk}`.slice(-20_000)
    })
    child.stderr.on('data', (chunk: Buffer) => {
      errors += chunk
    })
    const progress = setInterval(() => {
      const seconds = Math.round((performance.now() - startedAt) / 1000)
      say(`  ${seconds} s  ${lastLine(output)}`)
    }, PROGRESS_EVERY_MS)
    const done = (code: number) => {
      clearInterval(progress)
      resolve({ code, errors: errors.trim() })
    }
    child.once('error', () => done(127))
    child.once('close', (code) => done(code ?? 1))
  })
}

const lastLine = (text: string) => text.trim().split('\n').at(-1)?.slice(0, 100) ?? ''
