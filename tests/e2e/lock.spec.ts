import type { Page } from '@playwright/test'
import {
  answerCall,
  answerStep,
  goReady,
  letCall,
  missedBinAnswers,
  signIn,
  soonMs,
  theLine,
} from '#build/tour/adviser.ts'
import { phoneSnapshot, phoneUntil } from '#build/tour/desk-view.ts'
import { isAccessible } from '#tests/support/accessible.ts'
import { expect, type TestedApp, test } from '#tests/support/app.ts'

/** The operating system locks its screen. */
const lockScreen = (app: TestedApp) =>
  app.current.electron.evaluate(({ powerMonitor }) => {
    powerMonitor.emit('lock-screen')
  })

/** Waits for the worker's word that it has forgotten the keys. */
const recordsClose = (desk: Page) =>
  desk.evaluate(
    () =>
      new Promise<void>((resolve) => {
        const channel = new BroadcastChannel('records')
        channel.onmessage = ({ data }) => {
          if (data.type === 'closed') resolve()
        }
      }),
  )

const lock = (desk: Page) => desk.getByRole('dialog', { name: 'Locked' })

test('a locked desk shows nothing, lets a call go on, forgets the key, and opens where it was', async ({
  app,
  desk,
}) => {
  test.setTimeout(240_000)
  desk.setDefaultTimeout(soonMs)
  await signIn(desk)
  const password = await desk.evaluate(async () => {
    const status = await window.bridge.invoke('practice.status', {})
    return status.ok && status.value.name === 'running' ? status.value.password : ''
  })
  await goReady(desk)
  await letCall(desk, 'missed-bin')
  await answerCall(desk)
  for (const step of missedBinAnswers.slice(0, 3)) await answerStep(desk, step)
  await desk.getByLabel('Note', { exact: true }).fill('The lid is bro')

  await test.step('the screen is locked during a call: the sound goes on and the call can be held', async () => {
    await lockScreen(app)
    await expect(lock(desk)).toBeVisible()
    await expect(desk.getByLabel('Password')).toBeFocused()
    await isAccessible(desk, 'the lock')
    const { packetsReceived } = theLine(await phoneSnapshot(desk)).sound
    await phoneUntil(
      desk,
      (phone) => theLine(phone).sound.packetsReceived > packetsReceived + 25,
      'sound goes on',
      soonMs,
    )
    await desk.keyboard.press('F4')
    expect(theLine(await phoneSnapshot(desk)).state.name).toBe('active')
    await lock(desk).getByRole('button', { name: 'Hold' }).click()
    await phoneUntil(desk, (phone) => theLine(phone).state.name === 'held', 'held', soonMs)
    await lock(desk).getByRole('button', { name: 'Resume' }).click()
  })

  await test.step('nothing of the caller can be seen or reached by keys', async () => {
    const seen = await desk.evaluate(() => {
      const [x, y] = [window.innerWidth / 6, window.innerHeight / 2]
      return document.elementFromPoint(x, y)?.closest('dialog') !== null
    })
    expect(seen).toBe(true)
    await desk.keyboard.press('Escape')
    await expect(lock(desk)).toBeVisible()
  })

  await test.step('a wrong password says so; when the call ends the records close', async () => {
    await desk.getByLabel('Password').fill('not it')
    await desk.keyboard.press('Enter')
    await expect(lock(desk).getByText('That is not your password')).toBeVisible()
    const closed = recordsClose(desk)
    await lock(desk).getByRole('button', { name: 'End call' }).click()
    await closed
    const key = await (await app.page('phone')).evaluate(() => window.bridge.invoke('vault.dataKey', {}))
    expect(key).toMatchObject({ ok: false, error: { code: 'session/locked' } })
  })

  await test.step('the password opens it where it was', async () => {
    await desk.getByLabel('Password').fill(password)
    await desk.keyboard.press('Enter')
    await expect(lock(desk)).toBeHidden()
    await expect(desk.getByLabel('Note', { exact: true })).toHaveValue('The lid is bro')
    await expect(desk.locator('.caller__name')).toContainText('Raman')
    await desk.getByText('All changes sent').waitFor()
  })
})
