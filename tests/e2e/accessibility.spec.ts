import type { Page } from '@playwright/test'
import { answerCall, answerStep, goReady, letCall, missedBinAnswers, signIn } from '#build/tour/adviser.ts'
import { isAccessible } from '#tests/support/accessible.ts'
import { expect, test } from '#tests/support/app.ts'

/** Nothing needs scrolling sideways, and no control is cut off at the right. */
async function fits(desk: Page, what: string): Promise<void> {
  const cut = await desk.evaluate(() => {
    const controls = [...document.querySelectorAll<HTMLElement>('button, input, select, textarea')]
    return {
      sideways: document.documentElement.scrollWidth > window.innerWidth,
      controls: controls
        .filter(
          (each) => each.offsetParent !== null && each.getBoundingClientRect().right > window.innerWidth + 1,
        )
        .map((each) => each.textContent),
    }
  })
  expect(cut, what).toEqual({ sideways: false, controls: [] })
}

/** A second call waits; then someone is asked. Everything stays in its place at every size. */
async function severalCalls(desk: Page): Promise<void> {
  await desk.evaluate(() => window.bridge?.invoke('practice.call', { scenarioId: 'direct-call' }))
  await desk.getByText(/^Waiting: /).waitFor()
  await isAccessible(desk, 'a call that waits')
  await fits(desk, 'a call that waits')
  await desk.keyboard.press('Control+F2')
  await desk.getByText(/^Waiting: /).waitFor({ state: 'detached' })
  await desk.keyboard.press('Control+d')
  await desk.getByRole('dialog', { name: /^Keypad/ }).waitFor()
  await isAccessible(desk, 'keypad')
  await desk.keyboard.press('Escape')
  await desk.keyboard.press('F3')
  await desk.keyboard.type('supervisor')
  await isAccessible(desk, 'transfer')
  await desk.keyboard.press('Enter')
  await desk.getByRole('button', { name: 'Pass on', exact: true, disabled: false }).waitFor()
  await isAccessible(desk, 'asking someone')
  await fits(desk, 'asking someone')
  await desk.keyboard.press('F2')
  await desk.getByRole('button', { name: 'Resume' }).waitFor()
  await desk.keyboard.press('F7')
  await desk.getByRole('button', { name: 'Hold' }).waitFor()
}

test('every page of a call is accessible in light and dark, and fits from 1280×720 to 2560×1440 and at 200 % text', async ({
  desk,
}) => {
  test.setTimeout(300_000)
  await desk.getByRole('button', { name: 'Sign in' }).waitFor({ timeout: 120_000 })
  await isAccessible(desk, 'sign-in')
  await signIn(desk)
  await isAccessible(desk, 'between calls')
  await goReady(desk)

  await desk.getByRole('button', { name: /^My state/ }).click()
  await desk.getByRole('menu').waitFor()
  await isAccessible(desk, 'state menu')
  await desk.keyboard.press('Escape')

  for (const [key, title] of [
    ['F1', 'Keys'],
    ['F3', 'Call someone'],
    ['F10', 'Calls'],
  ] as const) {
    await desk.keyboard.press(key)
    await desk.getByRole('dialog', { name: title }).waitFor()
    await isAccessible(desk, title)
    await desk.keyboard.press('Escape')
  }
  await desk.getByRole('button', { name: /display and sign out$/ }).click()
  await desk.getByRole('menuitem', { name: /^Sound devices/ }).click()
  await desk.getByText('In use:').first().waitFor()
  await isAccessible(desk, 'sound devices')
  await desk.keyboard.press('Escape')

  await letCall(desk, 'missed-bin')
  await desk.locator('.ringing').waitFor()
  await isAccessible(desk, 'ringing')
  await answerCall(desk)
  await isAccessible(desk, 'greeting')
  for (const step of missedBinAnswers.slice(0, 2)) await answerStep(desk, step)
  await desk.locator('.caller .choice').first().click()
  await desk.locator('.verify input:focus').waitFor()
  await isAccessible(desk, 'identity check')
  for (const key of ['1', '1', 'Enter']) await desk.keyboard.press(key)
  await desk.locator('.step__title', { hasText: 'Collection was due' }).waitFor()
  await isAccessible(desk, 'a step to type in')
  await desk.keyboard.press('Shift+F12')
  await desk.getByRole('button', { name: 'Ask first' }).waitFor()
  await desk.keyboard.press('Alt+r')
  await desk.getByLabel('What is wrong or unclear?').waitFor()
  await isAccessible(desk, 'help at once, and a word on the step')
  await fits(desk, 'help at once, and a word on the step')
  await desk.keyboard.press('Escape')
  await desk.keyboard.press('Backspace')
  await desk.locator('.step__title', { hasText: 'Collection was due' }).waitFor()

  await severalCalls(desk)

  await desk.keyboard.press('Control+k')
  await desk.getByRole('dialog', { name: 'Find anything' }).waitFor()
  await isAccessible(desk, 'find a resident')
  await desk.keyboard.press('Escape')
  await desk.locator('.caller__cases .choice').first().click()
  await desk.getByRole('dialog').waitFor()
  await isAccessible(desk, 'an existing case')
  await desk.keyboard.press('Escape')

  for (const [width, height] of [
    [1280, 720],
    [1366, 768],
    [1920, 1080],
    [2560, 1440],
  ] as const) {
    await desk.setViewportSize({ width, height })
    await fits(desk, `${width}×${height}`)
  }
  await desk.setViewportSize({ width: 1280, height: 720 })
  await desk.getByRole('button', { name: /display and sign out$/ }).click()
  await desk.getByRole('menuitem', { name: /^Display/ }).click()
  await desk.getByLabel('Text size').selectOption('200 %')
  await isAccessible(desk, 'display dialog at 200 %')
  await desk.getByRole('button', { name: 'Done' }).click()
  await fits(desk, '1280×720 at 200 % text')
  await isAccessible(desk, '1280×720 at 200 % text')
  await desk.getByRole('button', { name: 'Case', exact: true }).click()
  await expect(desk.getByLabel('Note', { exact: true })).toBeVisible()
  await fits(desk, 'case pane at 200 % text')
})
