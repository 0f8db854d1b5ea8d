import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { _electron, type ElectronApplication, type Page } from '@playwright/test'
import { afterAll, expect, vi } from 'vitest'

export const standIn = join(import.meta.dirname, '../../../build/standin/electron')
export const demoFolder = import.meta.dirname

/** What main.cjs keeps for tests, on the main process's globalThis. */
export interface DemoMain {
  readonly demo: {
    allowMicrophone: boolean
    allowNetwork: boolean
    vetoClose: boolean
    vetoQuit: boolean
    readonly events: string[]
    readonly permissions: { permission: string; url: string; mediaTypes?: string[] }[]
    readonly opened: string[]
    readonly window: Electron.BrowserWindow
    readonly hidden: Electron.BrowserWindow
  }
}

/** What the demo's pages have on their globalThis, put there by the preload and by their own scripts. */
export interface DemoPage {
  readonly bridge: {
    invoke(channel: string, value?: unknown): Promise<unknown>
    ping(count: number): void
    onPong(listener: (count: number) => void): () => void
    countLetters(): number
  }
  readonly bridgeAtStart: string
  readonly inlineRan?: boolean
  readonly leaked?: string
  readonly require?: unknown
  askWorker(message: Record<string, unknown>): Promise<unknown>
  echoOverWebSocket(url: string, text: string): Promise<string>
  microphone(): Promise<string>
  callAndMeasure(): Promise<number>
}

export interface Demo {
  readonly app: ElectronApplication
  readonly desk: Page
  readonly hidden: Page
}

const folders: string[] = []

// Registered first, so it runs last: after the test files' own hooks have closed their apps.
afterAll(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
})

/** A folder of its own for one app's data, gone when the tests of this file have ended. */
export function newUserData(): string {
  const folder = mkdtempSync(join(tmpdir(), 'standin-demo-'))
  folders.push(folder)
  return folder
}

export const demoArgs = (userData: string): string[] => [
  demoFolder,
  `--user-data-dir=${userData}`,
  '--use-fake-device-for-media-stream',
]

/** Launches the demo and waits for both its pages. */
export async function launchDemo(
  userData: string,
  how: { readonly executablePath?: string; readonly display?: string } = { executablePath: standIn },
): Promise<Demo> {
  const { executablePath, display } = how
  const app = await _electron.launch({
    ...(executablePath ? { executablePath } : {}),
    args: demoArgs(userData),
    env: {
      ...process.env,
      ...(display ? { DISPLAY: display, ADVISER_DESKTOP_HEADLESS: '' } : { ADVISER_DESKTOP_HEADLESS: '1' }),
    } as Record<string, string>,
  })
  const findPage = (name: string) =>
    vi.waitFor(
      async () => {
        const page = app.windows().find((window) => window.url().endsWith(name))
        expect(page, name).toBeDefined()
        return page as Page
      },
      { timeout: 20_000 },
    )
  const [desk, hidden] = await Promise.all([findPage('index.html'), findPage('hidden.html')])
  await Promise.all([desk.waitForLoadState(), hidden.waitForLoadState()])
  return { app, desk, hidden }
}

/** How many processes have this folder on their command line. */
export function countProcesses(folder: string): number {
  const listed = execFileSync('ps', ['-A', '-ww', '-o', 'args'], { encoding: 'utf8' })
  return listed.split('\n').filter((line) => line.includes(folder)).length
}
