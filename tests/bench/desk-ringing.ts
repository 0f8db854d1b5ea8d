import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { type DeskApp, launchDesk } from '#build/start/launch.ts'
import { goReady, letCall, signIn, soonMs, theLine } from '#build/tour/adviser.ts'
import { phoneUntil } from '#build/tour/desk-view.ts'
import { practiceCouncil, readCouncil } from '#tests/support/council-client.ts'
import { benchRuntime } from './bench-runtime.ts'
import { instrumentation } from './instrumentation.ts'

export interface DeskFigures {
  /** Cases, contacts and timeline entries on the desk. */
  readonly records: number
  readonly visibleMs: readonly number[]
  /** From the click to sound in both directions, as the phone page says. */
  readonly twoWayMs: readonly number[]
}

const warmUpRounds = 2

/** The whole app in practice mode, with all the practice council's records: from the socket to the screen. */
export async function deskRinging(rounds: number): Promise<DeskFigures> {
  const runtime = await benchRuntime()
  const userDataFolder = mkdtempSync(join(tmpdir(), 'adviser-desktop-bench-'))
  let app: DeskApp | null = null
  try {
    app = await launchDesk({ runtime, userDataFolder })
    const desk = await app.page('desk')
    const phone = await app.page('phone')
    desk.setDefaultTimeout(soonMs)
    await phone.addInitScript(instrumentation)
    await phone.reload()
    await signIn(desk)
    await goReady(desk)
    const visibleMs: number[] = []
    const twoWayMs: number[] = []
    for (let round = -warmUpRounds; round < rounds; round += 1) {
      const figures = await oneCall(desk, phone)
      if (round < 0) continue
      visibleMs.push(figures.visibleMs)
      twoWayMs.push(figures.twoWayMs)
    }
    // Last, because it signs in as the same adviser, who is then no longer Ready here.
    const council = await readCouncil(await practiceCouncil(desk))
    const records = council.cases.length + council.contacts.length + council.timeline.length
    return { records, visibleMs, twoWayMs }
  } finally {
    await app?.close()
    rmSync(userDataFolder, { recursive: true, force: true, maxRetries: 5 })
  }
}

async function oneCall(desk: Page, phone: Page): Promise<{ visibleMs: number; twoWayMs: number }> {
  const shown = await desk.evaluateHandle(watchForRinging)
  await letCall(desk, 'missed-bin')
  await desk.locator('.ringing').waitFor()
  const shownAt = await shown.evaluate(({ at }) => at)
  const invitedAt = await phone.evaluate(() => window.edge.invitedAt)
  const clicked = await desk.evaluateHandle(watchForClick)
  await desk
    .locator('.ringing')
    .getByRole('button', { name: /^Answer/ })
    .click()
  const heard = await phoneUntil(
    desk,
    (snapshot) => snapshot.lines.at(-1)?.times.twoWayAt != null,
    'sound both ways',
    soonMs,
  )
  const { times } = theLine(heard)
  const clickedAt = await clicked.evaluate(({ at }) => at)
  await desk.getByRole('button', { name: 'End call' }).click()
  await desk.getByText('The call has ended').waitFor()
  await desk.getByLabel('How the contact ended').selectOption({ label: 'Caller hung up' })
  await desk.keyboard.press('F9')
  await desk.getByRole('button', { name: 'My state: Ready' }).waitFor()
  return { visibleMs: shownAt - invitedAt, twoWayMs: (times.twoWayAt ?? 0) - clickedAt }
}

/** When the frame that shows the ringing call has been painted: the first task after it was handed to the screen. */
function watchForRinging(): { at: Promise<number> } {
  const at = new Promise<number>((resolve) => {
    const look = () => {
      const element = document.querySelector<HTMLElement>('.ringing')
      if (element === null || element.offsetParent === null) return
      observer.disconnect()
      requestAnimationFrame(() => setTimeout(() => resolve(performance.timeOrigin + performance.now())))
    }
    const observer = new MutationObserver(look)
    observer.observe(document.body, { subtree: true, childList: true })
    look()
  })
  return { at }
}

function watchForClick(): { at: Promise<number> } {
  const at = new Promise<number>((resolve) => {
    const clicked = () => resolve(performance.timeOrigin + performance.now())
    document.addEventListener('click', clicked, { capture: true, once: true })
  })
  return { at }
}
