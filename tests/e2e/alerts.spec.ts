import { randomUUID } from 'node:crypto'
import type { Page } from '@playwright/test'
import { deskIsUp, firstStartMs, soonMs } from '#build/tour/adviser.ts'
import { newDraft } from '#shared/cases/new-draft.ts'
import { raiseAlert, riskLine } from '#shared/cases/risk.ts'
import { expect, type TestedApp, test } from '#tests/support/app.ts'
import {
  acknowledgeAlert,
  type CouncilAccess,
  practiceCouncil,
  sendOperations,
} from '#tests/support/council-client.ts'

// The practice council goes with the first desk.
test.use({
  appOptions: { expectedProblems: [/ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE/] },
})

const random = { next: Math.random, uuid: randomUUID }

/** Another adviser at risk: their lines reach the council as their own desk would send them. */
function adviserAtRisk(access: CouncilAccess) {
  const contactId = randomUUID()
  const now = () => new Date().toISOString()
  const draft = newDraft({
    contactId,
    startedAt: Date.now(),
    channel: 'telephone',
    direction: 'inbound',
    residentId: null,
  })
  const line = (text: string) => riskLine({ draft, caseId: null }, text, now(), random)
  return {
    contactId,
    write: (text: string) => sendOperations(access, [line(text)]),
    raise: (...lines: readonly string[]) =>
      sendOperations(access, [...lines.map(line), raiseAlert(contactId, now(), random)]),
  }
}

async function signInAs(desk: Page, username: string): Promise<void> {
  const button = desk.getByRole('button', { name: 'Sign in' })
  await button.waitFor({ timeout: firstStartMs })
  await desk.getByLabel('User name').fill(username)
  await button.click()
  await deskIsUp(desk)
}

const lockScreen = (app: TestedApp) =>
  app.current.electron.evaluate(({ powerMonitor }) => {
    powerMonitor.emit('lock-screen')
  })

const alerts = (desk: Page) => desk.getByRole('region', { name: 'Risks to life' })
const waiting = (desk: Page, adviser: string) =>
  desk.getByRole('alert').filter({ hasText: `Risk to life: ${adviser} needs a supervisor.` })

test('a risk to life stands on a supervisor’s desk until somebody takes it up', async ({
  app,
  desk: first,
}) => {
  test.setTimeout(300_000)
  let desk = first
  desk.setDefaultTimeout(soonMs)
  await signInAs(desk, 'morgan.supervisor')
  const sam = await practiceCouncil(desk)
  const one = adviserAtRisk(sam)

  await test.step('it names the adviser, where and how to reach the person, and the newest line as it is written', async () => {
    await one.raise('Where: 14 Elm Road, Wexcombe', 'Number: 01632 960142', 'Calling 999')
    await waiting(desk, 'Sam Practice').waitFor()
    await expect(alerts(desk)).toContainText('14 Elm Road, Wexcombe')
    await expect(alerts(desk)).toContainText('01632 960142')
    await one.write('Help is on its way')
    await alerts(desk).getByText('Help is on its way').waitFor()
  })

  await test.step('it is there again on a desk that was loaded again', async () => {
    await desk.reload()
    await waiting(desk, 'Sam Practice').waitFor()
  })

  await test.step('under the lock it is told of without a name, and it is there when the lock opens', async () => {
    await lockScreen(app)
    const lock = desk.getByRole('dialog', { name: 'Locked' })
    await lock.getByText('A risk to life waits for a supervisor').waitFor()
    await expect(desk.getByText('Sam Practice')).toHaveCount(0)
    await expect(desk.getByText('14 Elm Road')).toHaveCount(0)
    await desk.getByLabel('Password').fill(sam.password)
    await desk.keyboard.press('Enter')
    await expect(lock).toBeHidden()
    await waiting(desk, 'Sam Practice').waitFor()
  })

  await test.step('a supervisor who was away is told when the desk is started again', async () => {
    await app.relaunch()
    desk = await app.page('desk')
    desk.setDefaultTimeout(soonMs)
    await deskIsUp(desk)
    await waiting(desk, 'Sam Practice').waitFor()
  })

  const two = adviserAtRisk({ ...(await practiceCouncil(desk)), username: 'nia.practice' })

  await test.step('a second one stands beside a dialog, and the key takes up the first', async () => {
    await desk.keyboard.press('F10')
    const dialog = desk.getByRole('dialog', { name: 'Calls' })
    await dialog.waitFor()
    await two.raise('Told: a fall on the stairs')
    await waiting(desk, 'Nia Practice').waitFor()
    await desk.keyboard.press('Control+F12')
    await alerts(desk).getByText('You took up the alert of Sam Practice').waitFor()
    await expect(waiting(desk, 'Nia Practice')).toBeVisible()
    await expect(dialog).toBeVisible()
  })

  await test.step('somebody else takes up the second, and the desk says who and that there is nothing to do', async () => {
    await acknowledgeAlert({ ...(await practiceCouncil(desk)), username: 'bethan.supervisor' }, two.contactId)
    await alerts(desk).getByText('Bethan Marsh took up the alert of Nia Practice').waitFor()
    await desk.keyboard.press('Escape')
  })

  await test.step('the log goes on to be read by whoever took it up', async () => {
    await alerts(desk)
      .getByRole('article')
      .filter({ hasText: 'You took up' })
      .getByRole('button', { name: 'Open the log' })
      .click()
    const log = desk.getByRole('dialog').getByRole('list', { name: 'Log' })
    await log.getByText('Calling 999').waitFor()
    await one.write('Help is with the person')
    await log.getByText('Help is with the person').waitFor()
    await desk.keyboard.press('Escape')
  })

  await test.step('the adviser is one button away', async () => {
    await alerts(desk).getByRole('button', { name: 'Ring them' }).click()
    await desk.getByRole('option', { name: /Sam Practice/ }).waitFor()
    await desk.keyboard.press('Escape')
  })

  await test.step('what somebody else took up goes by itself, and the rest when it is closed', async () => {
    await expect(alerts(desk).getByText('Nia Practice')).toBeHidden({ timeout: 30_000 })
    await alerts(desk).getByRole('button', { name: 'Close' }).click()
    await expect(alerts(desk)).toHaveCount(0)
  })
})
