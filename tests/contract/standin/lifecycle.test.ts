import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import type { Page } from '@playwright/test'
import { afterEach, describe, expect, it, vi } from 'vitest'
import {
  countProcesses,
  type Demo,
  type DemoMain,
  type DemoPage,
  demoArgs,
  launchDemo,
  newUserData,
  standIn,
} from '#tests/support/standin-demo/launch-demo.ts'

const started: { kill: (signal: 'SIGKILL') => boolean }[] = []

afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL')
})

async function launch(...args: Parameters<typeof launchDemo>): Promise<Demo> {
  const demo = await launchDemo(...args)
  started.push(demo.app.process())
  return demo
}

/** Starts the demo as from a terminal. */
function startByHand(args: readonly string[]): ChildProcess {
  const env = { ...process.env, ADVISER_DESKTOP_HEADLESS: '1' }
  const child = spawn(standIn, args, { env, stdio: ['ignore', 'pipe', 'inherit'] })
  started.push(child)
  return child
}

async function untilUp(child: ChildProcess): Promise<void> {
  if (!child.stdout) throw new Error('the output of the demo is not piped')
  await once(createInterface({ input: child.stdout }), 'line')
}

const noneLeft = (userData: string) =>
  vi.waitFor(() => expect(countProcesses(userData)).toBe(0), { timeout: 5_000 })
const invoke = (page: Page, channel: string, value?: unknown) =>
  page.evaluate(([name, sent]) => (globalThis as unknown as DemoPage).bridge.invoke(name as string, sent), [
    channel,
    value,
  ] as const)
const askWorker = (page: Page, message: Record<string, unknown>) =>
  page.evaluate((sent) => (globalThis as unknown as DemoPage).askWorker(sent), message)

describe('launching with Playwright', () => {
  it('works by its own look-up of the electron package, two apps side by side', async () => {
    const [one, other] = await Promise.all([launch(newUserData(), {}), launch(newUserData())])
    const names = await Promise.all(
      [one, other].map(({ app }) => app.evaluate((electron) => electron.app.getName())),
    )
    expect(names).toEqual(['Stand-in Demo', 'Stand-in Demo'])
    await Promise.all([one.app.close(), other.app.close()])
  })

  it('ends in order when it closes the app', async () => {
    const userData = newUserData()
    const { app } = await launch(userData)
    const exited = once(app.process(), 'exit')
    await app.close()
    expect(await exited).toEqual([0, null])
    await noneLeft(userData)
  })
})

describe('closing a page with Playwright', () => {
  it('closes its window the way the app closes it', async () => {
    const { app, desk, hidden } = await launch(newUserData())
    await hidden.close()
    expect(app.windows()).toEqual([desk])
    const seen = await app.evaluate(({ BrowserWindow }) => ({
      events: (globalThis as unknown as DemoMain).demo.events.filter((name) => name.startsWith('close')),
      left: BrowserWindow.getAllWindows().length,
    }))
    expect(seen).toEqual({ events: ['close', 'closed'], left: 1 })
    await app.close()
  })
})

describe('on a screen', () => {
  it('opens windows without tabs, and keeps a hidden one out of sight', async () => {
    const screen = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1600x1000x24', '-nolisten', 'tcp'], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    })
    started.push(screen)
    const [number] = await once(createInterface({ input: screen.stdio[3] as Readable }), 'line')
    const { app, desk, hidden } = await launch(newUserData(), {
      executablePath: standIn,
      display: `:${number}`,
    })
    const place = (page: Page) => page.evaluate(() => [screenX, screenY, innerWidth, innerHeight])
    expect(await place(desk)).toEqual([0, 0, 900, 700])
    const [x = 0, y = 0, width = 0, height = 0] = await place(hidden)
    expect({ isLeftOfScreen: x + width < 0, isAboveScreen: y + height < 0 }).toEqual({
      isLeftOfScreen: true,
      isAboveScreen: true,
    })
    await app.close()
  })
})

describe('a killed main process', () => {
  it('takes Chromium with it, and loses nothing that was stored', async () => {
    const userData = newUserData()
    const before = await launch(userData)
    expect(await askWorker(before.desk, { kind: 'add', note: 'bin not collected' })).toBe('kept')
    await invoke(before.desk, 'keep secret', 'sesame')
    const exited = once(before.app.process(), 'exit')
    before.app.process().kill('SIGKILL')
    await exited

    // At once, while the Chromium of the killed one may still be on its way out.
    const after = await launch(userData)
    expect(await askWorker(after.desk, { kind: 'all' })).toEqual(['bin not collected'])
    expect(await invoke(after.desk, 'read secret')).toBe('sesame')
    after.app.process().kill('SIGKILL')
    await noneLeft(userData)
  })
})

describe('a start by hand', () => {
  it('quits in order on SIGTERM', async () => {
    const userData = newUserData()
    const child = startByHand(demoArgs(userData))
    await untilUp(child)
    const exited = once(child, 'exit')
    child.kill('SIGTERM')
    expect(await exited).toEqual([0, null])
    await noneLeft(userData)
  })

  it('is the only one with its data: a second one tells the first and leaves', async () => {
    const userData = newUserData()
    const first = await launch(userData)
    const second = startByHand([...demoArgs(userData), 'sip:01632960142@example.org'])
    expect(await once(second, 'exit')).toEqual([3, null])
    await vi.waitFor(async () => {
      const events = await first.app.evaluate(() => (globalThis as unknown as DemoMain).demo.events)
      expect(events).toContain('second-instance sip:01632960142@example.org')
    })
    await first.app.close()
  })

  it('runs an app from the archive it is packaged in', async () => {
    const installed = newUserData()
    const fixture = join(import.meta.dirname, '../../support/standin-demo/packaged')
    await cp(fixture, installed, { recursive: true })
    const child = startByHand([installed, `--user-data-dir=${newUserData()}`, '--greeting'])
    const lines: string[] = []
    if (child.stdout) createInterface({ input: child.stdout }).on('line', (line) => lines.push(line))
    expect(await once(child, 'exit')).toEqual([0, null])
    expect(JSON.parse(lines.join(''))).toEqual({
      name: 'Packaged Demo',
      isPackaged: true,
      resources: join(installed, 'resources'),
      unpacked: 'from outside the archive',
      lastArgument: '--greeting',
    })
    expect(readdirSync(installed)).toEqual(['resources'])
  })
})
