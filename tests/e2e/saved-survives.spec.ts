import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import {
  answerCall,
  deskIsUp,
  firstStartMs,
  goReady,
  letCall,
  saveNote,
  signIn,
  throughMissedBin,
} from '#build/tour/adviser.ts'
import { expect, type TestedApp, test } from '#tests/support/app.ts'
import { type CouncilContent, practiceCouncil, readCouncil } from '#tests/support/council-client.ts'

test.use({
  appOptions: {
    expectedProblems: [/ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE|page crashed/],
  },
})

const note = 'Side gate is always open.'

/** Saves a case and a note while the council cannot be reached, so that nothing of it has left this computer. */
async function savedButNotSent(desk: Page): Promise<void> {
  await signIn(desk)
  await goReady(desk)
  await letCall(desk, 'missed-bin')
  await answerCall(desk)
  await throughMissedBin(desk)
  await desk.getByRole('button', { name: 'Cut the network' }).click()
  await desk.getByText('No connection to the switchboard').waitFor()
  await desk.keyboard.press('Control+s')
  await desk
    .locator('.case__head')
    .getByText(/^Saved .*not sent yet/)
    .waitFor()
  await saveNote(desk, note)
  await desk.locator('.timeline__entry', { hasText: note }).waitFor()
}

/** After everything was killed: the work is on the desk, goes out by itself, and the council has it once. */
async function comesBack(app: TestedApp, startedAt: string): Promise<CouncilContent> {
  await app.relaunch()
  const desk = await app.page('desk')
  await desk.getByRole('heading', { name: 'Unfinished contacts (1)' }).waitFor({ timeout: firstStartMs })
  await deskIsUp(desk)
  await desk.getByRole('button', { name: 'Go on with it' }).click()
  await desk.locator('.timeline__entry', { hasText: note }).waitFor()
  await expect(desk.locator('.case__subject')).toContainText('Recycling')

  const council = await readCouncil(await practiceCouncil(desk))
  expect(council.cases.filter((each) => each.openedAt >= startedAt)).toMatchObject([
    { fields: { binType: 'recycling', outInTime: 'yes' }, status: 'open' },
  ])
  expect(council.contacts.filter((each) => each.startedAt >= startedAt)).toHaveLength(1)
  expect(council.timeline.filter((each) => each.text === note)).toHaveLength(1)
  return council
}

test('work that was Saved survives a power cut and is sent once', async ({ desk, app }) => {
  test.setTimeout(240_000)
  const startedAt = new Date().toISOString()
  await savedButNotSent(desk)
  await app.kill9()
  await comesBack(app, startedAt)
})

test('work that was Saved survives a power cut that takes the browser database with it', async ({
  desk,
  app,
}) => {
  test.setTimeout(240_000)
  const startedAt = new Date().toISOString()
  await savedButNotSent(desk)
  await app.kill9()
  expect(deleteBrowserDatabases(app.userDataFolder)).toBeGreaterThan(0)

  await app.relaunch()
  const again = await app.page('desk')
  await deskIsUp(again)
  const council = await readCouncil(await practiceCouncil(again))
  const made = council.cases.filter((each) => each.openedAt >= startedAt)
  expect(made).toMatchObject([{ fields: { binType: 'recycling', outInTime: 'yes' }, status: 'open' }])
  expect(council.contacts.filter((each) => each.startedAt >= startedAt)).toMatchObject([
    { caseId: made[0]?.id },
  ])
  expect(council.timeline.filter((each) => each.text === note)).toHaveLength(1)
})

test('killing everything the moment the desk says Saved loses nothing and doubles nothing', async ({
  desk,
  app,
}) => {
  test.setTimeout(240_000)
  const startedAt = new Date().toISOString()
  await signIn(desk)
  await goReady(desk)
  await letCall(desk, 'missed-bin')
  await answerCall(desk)
  await throughMissedBin(desk)
  await saveNote(desk, note)
  await desk.keyboard.press('Control+s')
  await desk
    .locator('.case__head')
    .getByText(/^Saved /)
    .waitFor()
  await app.kill9()
  await comesBack(app, startedAt)
})

/** Removes every IndexedDB folder of the profile. Answers how many there were. */
function deleteBrowserDatabases(folder: string): number {
  const found = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith('IndexedDB'),
  )
  for (const path of found) rmSync(join(folder, path), { recursive: true })
  return found.length
}
