import { randomUUID } from 'node:crypto'
import type { Page } from '@playwright/test'
import { answerStep, goReady, soonMs, theLine } from '#build/tour/adviser.ts'
import { phoneUntil } from '#build/tour/desk-view.ts'
import { practicePassword } from '#electron/practice/council/seed/practice-council.ts'
import type { HandOver } from '#shared/contract/rest.ts'
import { expect } from '#tests/support/app.ts'
import { type CouncilAccess, readCouncil, sendOperations } from '#tests/support/council-client.ts'
import { changeScript, chooseScript, press, step } from '#tests/support/guidance-steps.ts'
import { type OwnBackend, signInLive, test } from '#tests/support/own-backend.ts'

const residentId = 'cast-amara-okafor'
const minuteMs = 60_000

/** Jo checked the resident a moment ago, and writes down what goes along with the call. Answers Jo's contact. */
async function passedOnByJo(
  access: CouncilAccess,
  fields: Partial<Pick<HandOver, 'caseId' | 'language' | 'assistance'>>,
): Promise<string> {
  const contactId = randomUUID()
  const now = Date.now()
  const identity = {
    level: 'standard',
    method: 'name, address',
    at: new Date(now - minuteMs).toISOString(),
    until: new Date(now + 44 * minuteMs).toISOString(),
  } as const
  const jo = { ...access, username: 'jo.practice', password: practicePassword }
  const results = await sendOperations(jo, [
    {
      kind: 'contact.hand-over',
      id: randomUUID(),
      at: new Date(now).toISOString(),
      contactId,
      handOver: {
        reason: 'Lives alone since October',
        residentId,
        caseId: null,
        identity,
        language: 'en',
        assistance: null,
        ...fields,
      },
    },
  ])
  expect(results.map(({ outcome }) => outcome)).toEqual(['applied'])
  return contactId
}

async function rings(desk: Page, backend: OwnBackend, handedOverFrom: string): Promise<void> {
  await backend.resident({ scenarioId: 'passed-on-identified', handedOverFrom })
  await desk.locator('.ringing').waitFor()
}

async function answers(desk: Page): Promise<void> {
  await desk.keyboard.press('F2')
  await phoneUntil(desk, (phone) => theLine(phone).state.name === 'active', 'it is answered', soonMs)
}

test('what a colleague wrote comes late, signposts and a risk to life need no network, and checks and facts grow old', async ({
  desk,
  backend,
}) => {
  test.setTimeout(240_000)
  desk.setDefaultTimeout(soonMs)
  const caller = desk.getByRole('region', { name: 'Caller' })
  const opened = caller.locator('.caller__name').getByText('Amara Okafor', { exact: false })
  const caseFacts = desk.locator('.case .facts')
  // Whoever signs in again as the adviser at the desk turns that desk's Ready off.
  const nia = { ...backend.access, username: 'nia.practice' }
  // From its first moment on the desk goes by a clock that the test can put forward; telephone and records keep theirs.
  await desk.clock.install()
  await desk.reload()
  await signInLive(desk)
  await desk.getByText('All changes sent').waitFor({ timeout: 120_000 })
  await goReady(desk)

  await test.step('while the council cannot be asked, a call that was passed on is as any other', async () => {
    const from = await passedOnByJo(backend.access, { language: 'cy', assistance: 'interpreter' })
    await rings(desk, backend, from)
    await backend.council.cut()
    await answers(desk)
    await caller.getByText('What they wrote is not here yet', { exact: false }).waitFor()
    await caller.getByText('Speaking: the resident').click()
    await caller.getByLabel('Helped by').selectOption('Relay UK')
  })

  await test.step('once it can, what was left open is filled, and what the adviser said stays', async () => {
    await changeScript(desk, 'food bank', 'Cost of living')
    await answerStep(desk, { title: 'Greeting', give: press('Enter') })
    await answerStep(desk, { title: 'Safe', give: press('1') })
    await answerStep(desk, {
      title: 'Help needed',
      async give() {
        await desk.keyboard.press('1')
        await desk.keyboard.press('Enter')
      },
    })
    await answerStep(desk, {
      title: 'At home today',
      async give() {
        await desk.keyboard.press('6')
        await desk.keyboard.press('Enter')
      },
    })
    await step(desk, 'Identity').waitFor()
    await backend.council.restore()
    await caller.getByText(/^Jo Practice passed this call on at \d\d:\d\d$/).waitFor({ timeout: 60_000 })
    await step(desk, 'What has happened').waitFor()
    await opened.waitFor()
    await caller.getByText(/Identity: standard, checked by Jo Practice/).waitFor()
    await caller.getByText('Speaking: the resident, helped by Relay UK').waitFor()
  })

  await test.step('services of the council’s list are told about without a network, with their date', async () => {
    await desk.keyboard.press('Enter')
    await answerStep(desk, { title: 'Getting food', give: press('1') })
    await step(desk, 'Food bank').waitFor()
    await backend.setNetworkCut(true)
    await desk.getByText(/^Script as at /).waitFor()
    await desk.getByText(/^Services from the council’s list, as at \d\d:\d\d\.$/).waitFor()
    await desk
      .getByRole('button', { name: /^Note that the resident was told about/ })
      .first()
      .click()
    await desk.getByText(/^Noted/).waitFor()
  })

  await test.step('a risk to life can be written down without a network, and says who does not know yet', async () => {
    await desk.keyboard.press('F12')
    const pane = desk.getByRole('dialog', { name: 'Risk to life' })
    await desk.keyboard.press('Alt+1')
    await pane.getByRole('list', { name: 'Log' }).getByText('Talking to the person').waitFor()
    await desk.keyboard.press('Alt+0')
    await pane.getByText('Tell them aloud', { exact: false }).waitFor()
    await pane.getByText('The connection to them is lost and being restored.', { exact: false }).waitFor()
    await pane.getByText('This telephone has no connection. Use any other telephone for 999.').waitFor()
    await desk.keyboard.press('Alt+9')
    await backend.setNetworkCut(false)
    await pane
      .getByRole('region', { name: 'Supervisors' })
      .getByText(/^(Told: |Sent, but no supervisor)/)
      .waitFor({ timeout: 60_000 })
    await expect
      .poll(async () => (await readCouncil(nia)).timeline.map(({ text }) => text), { timeout: 60_000 })
      .toEqual(expect.arrayContaining(['Talking to the person', 'Supervisors are told by this desk']))
  })

  await test.step('the contact is finished, and the next call is taken', async () => {
    await desk.getByRole('button', { name: 'It is over: close the record' }).click()
    await desk.getByRole('heading', { name: 'That was a hard call' }).waitFor()
    await desk.keyboard.press('Escape')
    await desk.keyboard.press('F2')
    await desk.getByText('The call has ended').waitFor()
    await desk.getByLabel('How the contact ended').selectOption({ label: 'Information given' })
    await desk.keyboard.press('F9')
    await desk.getByRole('button', { name: 'My state: Ready' }).waitFor()
  })

  const known = (await readCouncil(nia)).cases.find(
    (each) => each.residentId === residentId && each.subject.startsWith('Food caddy'),
  )
  const reference = known?.reference ?? 'no such case'
  const subject = known?.subject ?? 'no such case'

  await test.step('a check that runs out masks the case and opens its step, and says so on both sides', async () => {
    await rings(desk, backend, await passedOnByJo(backend.access, { caseId: known?.id ?? null }))
    await answers(desk)
    await opened.waitFor()
    await expect(caseFacts).toContainText(reference)
    await answerStep(desk, { title: 'Greeting', give: press('Enter') })
    await answerStep(desk, { title: 'How they are coping', give: press('1') })
    await answerStep(desk, { title: 'Where it stands', give: press('1') })
    await step(desk, 'What the account says').waitFor()
    const theirCases = desk.getByRole('region', { name: 'Their open cases' })
    await theirCases.waitFor()
    await desk.clock.fastForward('46:00')
    await step(desk, 'Identity').waitFor()
    await desk.getByText('The earlier check has run out').waitFor()
    await caller.getByText('The identity check has run out').waitFor()
    await expect(opened).toHaveCount(0)
    await expect(theirCases).toHaveCount(0)
    await expect(caseFacts).not.toContainText(reference)
    await expect(caseFacts.getByText('Needs identity: standard')).toHaveCount(2)

    await desk.keyboard.press('1')
    await desk.keyboard.press('1')
    await desk.keyboard.press('Enter')
    await step(desk, 'What the account says').waitFor()
    await theirCases.waitFor()
    await expect(caseFacts).toContainText(reference)
    await expect(caller.getByText(/^✓ Identity: standard, \d\d:\d\d$/)).toBeVisible()
  })

  await test.step('another script takes over who was identified, and the case that came along stays as it was', async () => {
    await chooseScript(desk, 'renew my books', 'Library')
    await desk.getByRole('heading', { name: 'A case was begun already' }).waitFor()
    await desk.keyboard.press('Enter')
    await answerStep(desk, { title: 'What it is about', give: press('2') })
    await step(desk, 'Library account').waitFor()
    await expect(desk.getByRole('list', { name: 'Answered so far' })).toContainText(
      'Identity: Standard: name, address (checked before)',
    )
    await opened.waitFor()
    await expect(caller.getByRole('button', { name: subject })).toHaveCount(1)
  })

  await test.step('words that rest on a fact say how old it is once it is', async () => {
    await desk.getByRole('button', { name: /What it is about:/ }).click()
    await answerStep(desk, { title: 'What it is about', give: press('7') })
    await step(desk, 'Opening times').waitFor()
    const words = desk.locator('.read-aloud__text')
    await expect(words).toHaveText(/^“Libraries are open /)
    await desk.getByText(/^The council’s facts here are as at (yesterday|\d+:\d\d this \w+)\.$/).waitFor()
    await desk.clock.fastForward(8 * 24 * 60 * minuteMs)
    await expect(words).toHaveText(/^“As at \d+ \w+: Libraries are open /)
    await desk
      .getByText(/^The council’s facts here are old: as at \d+ \w+\. The words above say so\.$/)
      .waitFor()
  })
})
