import { signIn as signInToScripts } from '#build/scripts/script-service.ts'
import { answerStep, goReady, soonMs, theLine } from '#build/tour/adviser.ts'
import { phoneUntil } from '#build/tour/desk-view.ts'
import { practicePassword } from '#electron/practice/council/seed/practice-council.ts'
import { expect } from '#tests/support/app.ts'
import { changeScript, press, step } from '#tests/support/guidance-steps.ts'
import { signInLive, test } from '#tests/support/own-backend.ts'

test('a script goes on while it is withdrawn, the network is gone and the recorder refuses', async ({
  desk,
  backend,
}) => {
  test.setTimeout(240_000)
  desk.setDefaultTimeout(soonMs)
  backend.recorder = 'refuses'
  await signInLive(desk)
  await desk.getByText('All changes sent').waitFor({ timeout: 120_000 })
  await goReady(desk)
  await backend.resident()
  await desk.locator('.ringing').waitFor()
  await desk.keyboard.press('F2')
  await phoneUntil(desk, (phone) => theLine(phone).state.name === 'active', 'it is answered', soonMs)
  await answerStep(desk, { title: 'Greeting', give: press('Enter') })
  await answerStep(desk, { title: 'Which bin', give: press('2') })

  await test.step('without a network it says when the script was last known to be good', async () => {
    await backend.setNetworkCut(true)
    await desk.getByText(/^Script as at /).waitFor()
    await desk.getByRole('button', { name: 'Carry on without the check' }).click()
    await step(desk, 'Address missed').waitFor()
    await backend.setNetworkCut(false)
    await expect(desk.getByText(/^Script as at /)).toHaveCount(0)
  })

  await test.step('a version that is withdrawn in the middle of the call says so, and goes on', async () => {
    const approver = await signInToScripts(backend.council.url, 'robin.approver', practicePassword)
    await approver.withdraw('missed-bin', 2, 'The days are wrong since Monday.')
    await desk.getByText('This script was withdrawn while you are on it').waitFor()
    await desk.getByText('The days are wrong since Monday.').waitFor()
    await desk.keyboard.type('27 Orchard Rise, Marlow Heath ZX3 2HN')
    await desk.keyboard.press('Enter')
    await step(desk, 'Collection was due').waitFor()
    await expect(desk.getByText('This script was withdrawn while you are on it')).toBeInViewport()
  })

  await test.step('nobody is greeted twice, and a withdrawn script is not offered again', async () => {
    await desk.keyboard.press('Control+Shift+k')
    await desk.keyboard.type('bin not emptied')
    await expect(desk.getByRole('option', { name: /^Missed bin/ })).toHaveCount(0)
    await desk.keyboard.press('Escape')
    await changeScript(desk, 'sofa', 'Bulky waste')
    await step(desk, 'What to take').waitFor()
    await expect(desk.getByRole('list', { name: 'Answered so far' })).toContainText('Greeting')
  })

  await test.step('a refused pause stops the script: no key goes on, and the payment line is not offered', async () => {
    await answerStep(desk, {
      title: 'What to take',
      async give() {
        await desk.keyboard.press('1')
        await desk.keyboard.press('Enter')
      },
    })
    await desk.keyboard.type('2')
    await desk.keyboard.press('Enter')
    await step(desk, 'Identity').waitFor()
    await desk.getByRole('button', { name: 'Carry on without the check' }).click()
    await step(desk, 'Collection address').waitFor()
    await desk.keyboard.type('27 Orchard Rise, Marlow Heath ZX3 2HN')
    await desk.keyboard.press('Enter')
    await step(desk, 'Number to call').waitFor()
    await desk.keyboard.type('07700 900467')
    await desk.keyboard.press('Enter')
    await answerStep(desk, { title: 'Good enough to use', give: press('n') })
    await answerStep(desk, { title: 'Lower price', give: press('n') })
    await answerStep(desk, { title: 'Can put it outside', give: press('y') })
    await answerStep(desk, { title: 'Price and booking', give: press('y') })
    await step(desk, 'Payment').waitFor()
    await desk.getByText(/^Still recording: the recorder /).waitFor()
    await expect(desk.getByRole('button', { name: /^Call Payment line/ })).toHaveCount(0)
    await desk.locator('.step').focus()
    await desk.keyboard.press('Enter')
    await desk.keyboard.press('a')
    await expect(step(desk, 'Payment')).toBeVisible()
    await expect(desk.getByText('You are asking', { exact: false })).toHaveCount(0)
  })

  await test.step('asked again and confirmed, it goes on', async () => {
    backend.recorder = 'obeys'
    await desk.getByRole('button', { name: 'Ask again for the pause' }).click()
    await desk.getByText(/^Recording paused, confirmed at /).waitFor()
    await desk.locator('.step').focus()
    await desk.keyboard.press('Enter')
    await step(desk, 'Payment made').waitFor()
    await phoneUntil(
      desk,
      (phone) => theLine(phone).status?.recording.name === 'recording',
      'it is recorded again',
      soonMs,
    )
  })
})
