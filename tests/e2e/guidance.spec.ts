import type { Page } from '@playwright/test'
import { answerCall, goReady, letCall, signIn, soonMs, theLine } from '#build/tour/adviser.ts'
import { phoneUntil } from '#build/tour/desk-view.ts'
import { expect, test } from '#tests/support/app.ts'
import { changeScript, step } from '#tests/support/guidance-steps.ts'
import { endByKey, isLive, logOf } from '#tests/support/telephone-steps.ts'

const recording = (desk: Page, name: 'recording' | 'paused') =>
  phoneUntil(desk, (phone) => theLine(phone).status?.recording.name === name, `the call is ${name}`, soonMs)

test('a call is led by keyboard alone through pages, a signpost, a payment and the way to help at once', async ({
  app,
  desk,
}) => {
  test.setTimeout(240_000)
  await signIn(desk)
  await goReady(desk)
  await letCall(desk, 'pays-by-telephone')
  await answerCall(desk)
  await step(desk, 'Greeting').waitFor()
  await changeScript(desk, 'sofa', 'Bulky waste')
  await step(desk, 'Greeting').waitFor()

  await test.step('one key leads to help at once, and Back returns to the step that was left', async () => {
    await desk.locator('.step').focus()
    await desk.keyboard.press('Shift+F12')
    await step(desk, 'Someone is at risk').waitFor()
    await expect(desk.getByText('Now, while the caller is on the telephone.')).toBeVisible()
    await expect(desk.getByRole('button', { name: /Bethan Marsh/ })).toBeVisible()
    await expect(desk.getByRole('button', { name: 'Ask first' })).toBeVisible()
    await desk.keyboard.press('Backspace')
    await step(desk, 'Greeting').waitFor()
  })

  await test.step('a page of questions is answered from field to field with one Enter', async () => {
    await desk.keyboard.press('Alt+q')
    await desk.locator('.quick').waitFor()
    await desk.keyboard.press('1')
    await desk.keyboard.press('Enter')
    await step(desk, 'How many items').waitFor()
    await desk.keyboard.type('2')
    await desk.keyboard.press('Enter')
    // The identity check is never part of a page.
    await step(desk, 'Identity').waitFor()
    await expect(desk.locator('.quick')).toHaveCount(0)
    await desk.getByRole('button', { name: 'Carry on without the check' }).click()
    await desk.locator('.quick').waitFor()
    await desk.keyboard.press('Enter')
    await expect(desk.getByRole('alert').filter({ hasText: 'Give an answer first.' })).toHaveCount(2)
    await desk.keyboard.type('14 Elm Road, Wexcombe')
    await desk.keyboard.press('Tab')
    await desk.keyboard.type('01632 960142')
    await desk.keyboard.press('Enter')
    await step(desk, 'Good enough to use').waitFor()
  })

  await test.step('a signpost’s number goes to the telephone', async () => {
    await desk.keyboard.press('y')
    await desk
      .getByRole('button', { name: /^Call .*, 0/ })
      .first()
      .click()
    await desk.getByRole('dialog', { name: /pass the call on/ }).waitFor()
    await expect(desk.getByLabel('Name, team, or telephone number')).toHaveValue(/^0/)
    await desk.keyboard.press('Escape')
    await desk.locator('.step').focus()
    await desk.keyboard.press('Enter')
  })

  await test.step('what is wrong with a step goes to its owner', async () => {
    await desk.keyboard.press('Alt+r')
    await desk.getByLabel('What is wrong or unclear?').waitFor()
    await desk.keyboard.type('Most callers have asked a charity before.')
    await desk.keyboard.press('Control+Enter')
    await desk.getByText(/^(Sent to|Kept, will be sent to) /).waitFor()
    await desk.getByText(/^Sent to /).waitFor()
  })

  await test.step('the recording stands still from the payment step until it is answered', async () => {
    await desk.keyboard.press('y')
    await desk.locator('.quick').waitFor()
    await recording(desk, 'recording')
    await desk.keyboard.press('n')
    await desk.keyboard.press('y')
    await desk.keyboard.press('Enter')
    await step(desk, 'Price and booking').waitFor()
    await desk.keyboard.press('y')
    await recording(desk, 'paused')
    await desk.getByText(/^Recording paused, confirmed at /).waitFor()
    await desk.locator('.step').focus()
    await desk.keyboard.press('a')
    await phoneUntil(
      desk,
      ({ lines }) =>
        lines.some(({ remote, state }) => remote.displayName === 'Payment line' && state.name === 'active'),
      'the payment line',
      soonMs,
    )
    await desk.keyboard.press('Control+d')
    await desk.getByText('hidden during a payment').waitFor()
    await desk.keyboard.type('49290011#')
    await expect(desk.getByLabel(/^Digits sent/)).toHaveValue('•'.repeat(9))
    await expect
      .poll(() => logOf(app).includes('residents/cued {"id":"payment-line","line":"paid"}'), {
        timeout: soonMs,
      })
      .toBe(true)
    await desk.screenshot({ path: test.info().outputPath('hidden-digits.png') })
    await desk.keyboard.press('Escape')
    await endByKey(desk)
    await phoneUntil(desk, ({ lines }) => lines.filter(isLive).length === 1, 'the payment line gone', soonMs)
    await desk.keyboard.press('F4')
    await phoneUntil(
      desk,
      ({ lines }) => lines.some(({ state }) => state.name === 'active'),
      'the caller back',
      soonMs,
    )
    await desk.locator('.step').focus()
    await desk.keyboard.press('Enter')
    await recording(desk, 'recording')
  })

  await test.step('a line of the account keeps the adviser’s words', async () => {
    await step(desk, 'Payment made').waitFor()
    const line = desk.getByLabel('Line 2 of the account')
    await line.fill('Two sofas, one of them new.')
    await desk.locator('.step').focus()
    await desk.keyboard.press('2')
    await expect(line).toHaveValue('Two sofas, one of them new.')
    await desk.getByRole('button', { name: 'Use the script’s words' }).click()
    await expect(line).not.toHaveValue('Two sofas, one of them new.')
  })
})
