import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { launchDesk } from '#build/start/launch.ts'
import { answerCall, firstStartMs, goReady, soonMs } from '#build/tour/adviser.ts'
import { phoneUntil } from '#build/tour/desk-view.ts'
import { type Practice, startPractice } from '#electron/practice/practice.ts'
import { silentLog } from '#shared/kernel/log.ts'
import { benchRuntime } from '../bench-runtime.ts'
import { report } from '../report.ts'
import { summarise } from '../statistics.ts'
import { startCouncilFront } from './council-front.ts'
import { type Blocked, stopWatching, watchMainThread } from './main-thread.ts'
import { keysToLists, textsToLists } from './search-keys.ts'

const root = join(import.meta.dirname, '../../..')
const wantedTaskMs = 50
const wantedListMs = 16

/** The whole app with so many cases: its main thread while they come during a call, then its search box by the keys. */
export async function desk(cases: number): Promise<boolean> {
  const runtime = await benchRuntime()
  const folder = mkdtempSync(join(tmpdir(), 'adviser-desktop-bench-'))
  const stops: (() => Promise<void>)[] = []
  try {
    const practice = await startPractice({
      dataFolder: join(folder, 'council'),
      scriptsFolder: join(root, 'shared/guidance/scripts'),
      clipsFolder: join(root, 'electron/practice/residents/clips'),
      log: silentLog,
      onStep() {},
    })
    stops.push(practice.stop)
    const status = practice.status()
    if (status.name !== 'running') throw new Error('the practice council is not running')
    const front = await startCouncilFront(status.councilUrl, cases)
    stops.push(front.close)
    const configFile = join(folder, 'adviser-desktop.json')
    writeFileSync(
      configFile,
      JSON.stringify({ mode: 'live', council: { name: 'Bench Council', url: front.url } }),
    )
    const app = await launchDesk({
      runtime,
      userDataFolder: join(folder, 'profile'),
      args: [`--config=${configFile}`],
    })
    stops.push(app.close)
    const page = await app.page('desk')
    page.setDefaultTimeout(soonMs)
    await signIn(page, status)
    const blocked = await duringFirstSync(page, practice, front.letFeedGo)
    const ofKeys = await keysToLists(page)
    const ofTexts = await textsToLists(page)
    return reportOn(cases, blocked, { ofKeys, ofTexts })
  } finally {
    for (const stop of stops.reverse()) await stop()
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

async function signIn(
  page: Page,
  { username, password }: { username: string; password: string },
): Promise<void> {
  await page.getByLabel('User name').fill(username, { timeout: firstStartMs })
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

/** The first sync waits until a call is up, and the call goes on until all is here. */
async function duringFirstSync(page: Page, practice: Practice, letFeedGo: () => void): Promise<Blocked> {
  await phoneUntil(page, (phone) => phone.readinessProblems.length === 0, 'telephone ready', firstStartMs)
  await goReady(page)
  await practice.call('missed-bin')
  await answerCall(page)
  await page.evaluate(watchMainThread)
  letFeedGo()
  await page.getByText('All changes sent').waitFor({ timeout: firstSyncMs })
  const blocked = await page.evaluate(stopWatching)
  await page.getByRole('button', { name: 'End call' }).click()
  await page.getByText('The call has ended').waitFor()
  await page.getByLabel('How the contact ended').selectOption({ label: 'Caller hung up' })
  await page.keyboard.press('F9')
  await page.getByText('The call has ended').waitFor({ state: 'detached' })
  return blocked
}

const firstSyncMs = 300_000

interface Lists {
  readonly ofKeys: readonly number[]
  readonly ofTexts: readonly number[]
}

function reportOn(cases: number, blocked: Blocked, { ofKeys, ofTexts }: Lists): boolean {
  const contender = 'Adviser Desktop, whole app'
  const median = summarise(ofKeys).median
  return report(
    `desk-${cases}`,
    [
      {
        title: `First sync with a call up, ${cases} cases in ${(blocked.forMs / 1000).toFixed(1)} s: how long the desk's main thread was busy at a stretch`,
        unit: 'ms',
        rows: [{ contender, samples: blocked.stretchesMs }],
        verdicts: [
          {
            wanted: `no task over ${wantedTaskMs} ms (${blocked.longTasksMs.map((ms) => ms.toFixed(0)).join(', ') || 'none'})`,
            reached: blocked.longTasksMs.length === 0,
          },
        ],
      },
      {
        title: `Key in the search box → its list on the screen, ${cases} cases`,
        unit: 'ms',
        rows: [{ contender, samples: ofKeys }],
        verdicts: [
          { wanted: `at most ${wantedListMs} ms (${median.toFixed(1)})`, reached: median <= wantedListMs },
        ],
      },
      {
        title: `Pasted into the search box → its list on the screen, ${cases} cases`,
        unit: 'ms',
        rows: [{ contender, samples: ofTexts }],
      },
    ],
    { cases },
  )
}
