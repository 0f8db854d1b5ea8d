import type { Page } from '@playwright/test'
import { firstStartMs, goReady, letCall, signIn, soonMs } from '#build/tour/adviser.ts'
import { phoneSnapshot, phoneUntil } from '#build/tour/desk-view.ts'
import { usage } from '#renderer/platform/media/hid-reports.ts'
import { expect, test } from '#tests/support/app.ts'
import { installFakeHid } from '#tests/support/fake-hid.ts'
import { endByKey } from '#tests/support/telephone-steps.ts'

/** Bits of the fake headset's report. */
const hookSwitch = 1
const muteButton = 2

async function openDevices(desk: Page): Promise<void> {
  await desk.getByRole('button', { name: /display and sign out$/ }).press('Enter')
  await desk.getByRole('menuitem', { name: /^Sound devices/ }).press('Enter')
  await desk.getByRole('dialog', { name: 'Sound devices' }).waitFor()
}

test('sound devices are chosen, ordered and tried by the keyboard, and hold at once; a headset’s buttons work', async ({
  desk,
  phone,
}) => {
  test.setTimeout(180_000)
  desk.setDefaultTimeout(soonMs)
  // No driver brings a headset that is not there: the page that would have one is given one.
  await phone.addInitScript(installFakeHid, usage)
  await phone.reload()
  await signIn(desk)
  await openDevices(desk)

  await test.step('the meter hears the microphone', async () => {
    await phoneUntil(
      desk,
      ({ devices }) => (devices.microphoneLevel ?? 0) > 0.001,
      'a level of the microphone',
      soonMs,
    )
    await desk
      .getByText(/^In use: .*, as the computer is set\.$/)
      .first()
      .waitFor()
  })

  await test.step('a preferred microphone is used, and its place in the list can be changed', async () => {
    const { devices } = await phoneSnapshot(desk)
    const usable = devices.microphones.filter(({ id }) => id !== 'default' && id !== 'communications')
    expect(usable.length).toBeGreaterThan(1)
    const add = desk.locator('#devices-microphone ~ .device-order select')
    for (const device of usable.slice(0, 2)) await add.selectOption(device.id)
    await phoneUntil(
      desk,
      (phone) => phone.devices.using.microphone?.id === usable[0]?.id,
      'the first choice in use',
      soonMs,
    )
    await desk.getByRole('button', { name: `Prefer ${usable[1]?.label} more` }).press('Enter')
    const moved = await phoneUntil(
      desk,
      (phone) => phone.devices.using.microphone?.id === usable[1]?.id,
      'the other choice in use',
      soonMs,
    )
    expect(moved.devices.choices.microphone.map(({ id }) => id)).toEqual([usable[1]?.id, usable[0]?.id])
    await desk.getByText(`In use: ${usable[1]?.label}, as you chose.`).waitFor()
    await desk.getByRole('button', { name: `Take ${usable[1]?.label} off the list` }).press('Enter')
  })

  await test.step('echo, noise and gain are switched, and calls that ask for it answer themselves from now on', async () => {
    await desk.getByLabel('Take out noise around you').press('Space')
    await desk.getByLabel(/^Answer calls that ask for it/).press('Space')
    await phoneUntil(
      desk,
      ({ devices, autoAnswer }) => !devices.choices.noiseSuppression && autoAnswer,
      'the switches',
      soonMs,
    )
    await desk.getByRole('button', { name: 'Ring once' }).press('Enter')
    await desk.getByText(/^No headset’s buttons are connected/).waitFor()
    await desk.keyboard.press('Escape')
  })

  await test.step('a headset is plugged in, and its button answers', async () => {
    await phone.evaluate(() => window.fakeHid.plug(0x0b0e, 'Example Headset 40'))
    await phoneUntil(desk, ({ headset }) => headset.name === 'connected', 'the headset', soonMs)
    await openDevices(desk)
    await desk.getByText('Example Headset 40 (Jabra): its buttons answer, mute and end calls.').waitFor()
    await desk.keyboard.press('Escape')
    await goReady(desk)
    await letCall(desk, 'missed-bin')
    await desk.locator('.ringing').waitFor()
    await phone.evaluate((bits) => window.fakeHid.say(bits), hookSwitch)
    await phoneUntil(desk, ({ lines }) => lines.at(-1)?.state.name === 'active', 'the answer', soonMs)
  })

  await test.step('who has the headset is said: another program that takes it, and nobody when it is pulled out', async () => {
    const taken = desk.getByText(/^Another program has your headset’s buttons/)
    await expect(taken).toHaveCount(0)
    // Mute was pressed, and another program drops the hook.
    await phone.evaluate((bits) => window.fakeHid.say(bits), muteButton)
    await phone.evaluate(() => window.fakeHid.say(0))
    await taken.waitFor()
    await phone.evaluate(() => {
      const [device] = window.fakeHid.hid.plugged
      if (device) window.fakeHid.unplug(device)
    })
    await taken.waitFor({ state: 'detached' })
    expect((await phoneSnapshot(desk)).headset).toEqual({ name: 'absent' })
    await endByKey(desk)
    await desk.getByLabel('How the contact ended').selectOption({ label: 'Caller hung up' })
    await desk.keyboard.press('F9')
    await desk.getByRole('button', { name: 'Let a resident call' }).waitFor()
  })

  await test.step('a call says that it answers itself, and does', async () => {
    await letCall(desk, 'supervisor-auto-answer')
    await desk.getByText(/^Answered by itself in/).waitFor()
    await phoneUntil(desk, ({ lines }) => lines.at(-1)?.state.name === 'active', 'the answer', soonMs)
  })

  await test.step('the call is reported as a bad one', async () => {
    await desk.getByRole('button', { name: 'More for this call' }).click()
    await desk.getByRole('menuitem', { name: 'Report a bad call' }).click()
    await desk.getByText(/^Everything that happened \(\d+\)/).waitFor()
    await desk.getByLabel('In your own words').fill('The voice broke up.')
    await desk.getByRole('button', { name: 'Save the report' }).click()
    await desk.getByText(/^The report is kept on this computer/).waitFor()
  })
})

test.describe('without a microphone', () => {
  test.use({ appOptions: { hasMicrophone: false, args: ['tel:+441632960188'] } })

  test('the check before the shift says so and lets one go on with a reason; a link asks before it dials', async ({
    desk,
  }) => {
    test.setTimeout(180_000)
    desk.setDefaultTimeout(soonMs)
    await desk.getByRole('button', { name: 'Sign in' }).click({ timeout: firstStartMs })
    await desk.getByRole('dialog', { name: 'Call 01632 960188?' }).waitFor({ timeout: firstStartMs })
    await desk.getByRole('button', { name: 'Do not call' }).press('Enter')
    expect((await phoneSnapshot(desk)).lines).toEqual([])

    const panel = desk.getByRole('region', { name: 'The check before your shift found something' })
    await panel.waitFor()
    await expect(panel.getByRole('listitem').filter({ hasText: 'Microphone' })).toContainText('Not working')
    await panel.getByLabel('Or go on with a reason').fill('New headset is on its way')
    await desk.keyboard.press('Enter')
    await panel.waitFor({ state: 'detached' })
    expect((await phoneSnapshot(desk)).check?.override?.reason).toBe('New headset is on its way')
    await desk.getByText('No microphone found. Ready is off.').waitFor()
  })
})
