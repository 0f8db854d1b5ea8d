import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startVirtualDisplay } from '#build/start/display.ts'
import { createProcesses } from '#build/start/processes.ts'

const root = join(import.meta.dirname, '../../..')
const display = createProcesses()
let displayName: string
let folder: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'adviser-desktop-start-'))
  const started = await startVirtualDisplay(display, () => {})
  if (!started.ok) throw new Error(started.error)
  displayName = started.value
})

afterAll(async () => {
  await display.endAll()
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
})

interface StartRun {
  readonly child: ChildProcess
  readonly exited: Promise<number | null>
  output(): string
  /** Command lines of everything that runs because of this start. */
  running(): string[]
}

function runStart(args: readonly string[], env: Record<string, string | undefined> = {}): StartRun {
  const mark = randomUUID()
  // The test runner's own NODE_ENV would end up in the pages.
  const { NODE_ENV: _, ...ours } = process.env
  const child = spawn(process.execPath, ['build/start/start.ts', ...args], {
    cwd: root,
    env: { ...ours, START_TEST: mark, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (text += chunk))
  const exited = once(child, 'close').then(([code]) => code as number | null)
  return { child, exited, output: () => text, running: () => commandsMarked(`START_TEST=${mark}`) }
}

function commandsMarked(mark: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        if (!readFileSync(`/proc/${name}/environ`, 'utf8').split('\0').includes(mark)) return []
        return [readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ')]
      } catch {
        return []
      }
    })
}

async function until(what: string, isSo: () => boolean): Promise<void> {
  const endsAt = performance.now() + 60_000
  while (!isSo()) {
    if (performance.now() > endsAt) throw new Error(`not within a minute: ${what}`)
    await delay(100)
  }
}

describe.runIf(process.platform === 'linux')('npm start', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)(
    'says which runtime it took, opens the desk, and ends everything it started at %s',
    async (signal) => {
      const run = runStart(['--runtime=stand-in', `--user-data-dir=${join(folder, signal)}`], {
        DISPLAY: displayName,
      })
      try {
        await until('the browser and practice run', () => {
          const commands = run.running()
          return commands.some((command) => command.includes('--app=')) || commands.length >= 5
        })
        expect(run.output()).toMatch(/^Runtime: stand-in, on .*, because it was asked for\.$/m)
        expect(run.output()).toContain('Opening the desk')
        run.child.kill(signal)
        expect(await run.exited).toBe(signal === 'SIGINT' ? 130 : 143)
        expect(run.running()).toEqual([])
      } finally {
        run.child.kill('SIGKILL')
      }
    },
    120_000,
  )

  it('refuses a runtime it does not know', async () => {
    const run = runStart(['--runtime=chrome'])
    expect(await run.exited).toBe(1)
    expect(run.output()).toBe('No runtime is called "chrome": it is electron or stand-in.\n')
  })

  it('says that the browser it was given is none, without a stack trace', async () => {
    const run = runStart(['--runtime=stand-in'], { ADVISER_DESKTOP_BROWSER: join(folder, 'no-browser') })
    expect(await run.exited).toBe(1)
    expect(run.output()).toMatch(/^ADVISER_DESKTOP_BROWSER names .*no-browser, which is not a program/)
    expect(run.output()).not.toContain('    at ')
  })

  it('ends with the exit code of the desk', async () => {
    const run = runStart(['--runtime=stand-in', `--user-data-dir=${join(folder, 'broken')}`], {
      DISPLAY: ':nowhere',
    })
    const code = await run.exited
    expect(code).not.toBe(0)
    expect(run.running()).toEqual([])
  }, 120_000)
})
