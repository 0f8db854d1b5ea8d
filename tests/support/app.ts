import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test as base, expect, type Page } from '@playwright/test'
import { emptyDatabaseFile } from '#build/bundle/empty-database.ts'
import {
  type DeskApp,
  type LaunchOptions,
  launchDesk,
  type PageName,
  type Problem,
} from '#build/start/launch.ts'
import { chooseRuntime, type Runtime, readRuntimeName } from '#build/start/runtime.ts'
import { startCouncil } from '#electron/practice/council/council.ts'
import { systemClock, systemRandom } from '#electron/practice/node-ports.ts'
import { silentLog } from '#shared/kernel/log.ts'

export { expect }

export interface AppOptions {
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  readonly hasMicrophone?: boolean
  /** Practice mode makes its database as on a first start. */
  readonly startsFromNothing?: boolean
  /** Problems the test brings about on purpose, on consoles and as errors nobody caught. */
  readonly expectedProblems?: readonly RegExp[]
}

/** The app of one test, on a profile of its own; it may be started again and again. */
export interface TestedApp {
  /** The one running now. */
  readonly current: DeskApp
  readonly userDataFolder: string
  readonly problems: readonly Problem[]
  page(name: PageName): Promise<Page>
  /** Quits and starts on the same profile, with these options in place of the first ones. */
  relaunch(options?: Pick<LaunchOptions, 'args' | 'env' | 'hasMicrophone'>): Promise<void>
  /** Kills every process without warning; `relaunch` starts it again. */
  kill9(): Promise<void>
}

/**
 * A practice council that was started once and closed: every test begins with a copy of its files, instead of
 * waiting for a database to be made and filled. `startsFromNothing` takes the long way.
 */
async function makePracticeTemplate(folder: string): Promise<void> {
  const council = await startCouncil({
    host: '127.0.0.1',
    port: 0,
    database: { folder: join(folder, 'database'), emptyDatabase: await emptyDatabaseFile() },
    scriptsFolder: join(import.meta.dirname, '../../shared/guidance/scripts'),
    sip: { domain: 'practice.example.org', servers: [] },
    clock: systemClock,
    random: systemRandom,
    log: silentLog,
  })
  await council.stop()
}

export interface Fixtures {
  appOptions: AppOptions
  app: TestedApp
  desk: Page
  phone: Page
}

/** Playwright's `test`, with the built app running. A console error that no test expects fails the test. */
export const test = base.extend<Fixtures, { runtime: Runtime; practiceTemplate: string }>({
  appOptions: [{}, { option: true }],

  runtime: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures wanted from this pattern.
    async ({}, use) => {
      const only = readRuntimeName(process.env.ADVISER_DESKTOP_RUNTIME)
      if (!only.ok) throw new Error(only.error)
      const chosen = await chooseRuntime({ only: only.value, mayInstall: false, say: console.log })
      if (!chosen.ok) throw new Error(chosen.error)
      await use(chosen.value)
    },
    { scope: 'worker' },
  ],

  practiceTemplate: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures wanted from this pattern.
    async ({}, use) => {
      const folder = mkdtempSync(join(tmpdir(), 'adviser-desktop-practice-'))
      await makePracticeTemplate(folder)
      await use(folder)
      rmSync(folder, { recursive: true, force: true })
    },
    { scope: 'worker', timeout: 120_000 },
  ],

  app: async ({ runtime, appOptions, practiceTemplate }, use, testInfo) => {
    const userDataFolder = mkdtempSync(join(tmpdir(), 'adviser-desktop-'))
    const started: DeskApp[] = []
    const launch = async (options: Pick<LaunchOptions, 'args' | 'env' | 'hasMicrophone'>) => {
      const app = await launchDesk({ runtime, userDataFolder, ...options })
      started.push(app)
      return app
    }
    const { expectedProblems = [], startsFromNothing = false, ...firstOptions } = appOptions
    if (!startsFromNothing) cpSync(practiceTemplate, join(userDataFolder, 'practice'), { recursive: true })
    try {
      let current = await launch(firstOptions)
      await use({
        get current() {
          return current
        },
        get problems() {
          return started.flatMap(({ problems }) => problems)
        },
        userDataFolder,
        page: (name) => current.page(name),
        async relaunch(options = firstOptions) {
          await current.close()
          current = await launch(options)
        },
        kill9: () => current.kill(),
      })
    } finally {
      for (const app of started) await app.close()
      rmSync(userDataFolder, { recursive: true, force: true, maxRetries: 5 })
    }
    const output = started.flatMap((app) => app.output).join('')
    if (output !== '') await testInfo.attach('main process', { body: output, contentType: 'text/plain' })
    const unexpected = started
      .flatMap(({ problems }) => problems)
      .filter(({ text }) => !expectedProblems.some((expected) => expected.test(text)))
    expect(unexpected, 'errors that the test does not expect').toEqual([])
  },

  desk: async ({ app }, use) => use(await app.page('desk')),
  phone: async ({ app }, use) => use(await app.page('phone')),
})
