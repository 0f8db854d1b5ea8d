import type { Page } from '@playwright/test'
import {
  answerCall,
  answerStep,
  deskIsUp,
  goReady,
  letCall,
  missedBinAnswers,
  signIn,
  soonMs,
  theLine,
} from '#build/tour/adviser.ts'
import { phoneSnapshot, phoneUntil } from '#build/tour/desk-view.ts'
import { expect, test } from '#tests/support/app.ts'

/** Packets of the resident's voice come every 20 ms; this much of them is half a second of sound. */
const halfASecondOfPackets = 25

/** A call with the script at "Collection was due", half a date and half a note typed. */
async function halfwayThroughACall(desk: Page): Promise<void> {
  await signIn(desk)
  await goReady(desk)
  await letCall(desk, 'missed-bin')
  await answerCall(desk)
  for (const step of missedBinAnswers.slice(0, 3)) await answerStep(desk, step)
  await desk.locator('.step__title', { hasText: 'Collection was due' }).waitFor()
  await desk.keyboard.type('last Tu')
  await desk.getByLabel('Note', { exact: true }).fill('The lid is bro')
}

async function isWhereItWas(desk: Page): Promise<void> {
  desk.setDefaultTimeout(soonMs)
  await desk.locator('.step__title', { hasText: 'Collection was due' }).waitFor()
  await expect(desk.getByRole('textbox', { name: 'Collection was due' })).toHaveValue('last Tu')
  await expect(desk.getByLabel('Note', { exact: true })).toHaveValue('The lid is bro')
  await expect(desk.locator('.caller__name')).toContainText('Raman')
  await expect(desk.getByRole('button', { name: 'End call' })).toBeVisible()
}

test('reloading the desk during a call keeps the sound and comes back to the same words', async ({
  desk,
  phone,
}) => {
  test.setTimeout(240_000)
  await halfwayThroughACall(desk)
  const before = theLine(await phoneSnapshot(desk))

  // Asked of the phone page, whose clock runs on while the desk is away.
  const gaps = await phone.evaluateHandle(watchForGaps)
  await desk.reload()
  await isWhereItWas(desk)
  const after = theLine(await phoneSnapshot(desk))
  expect(after.callId).toBe(before.callId)
  expect(after.contactId).toBe(before.contactId)
  expect(after.sound.packetsReceived).toBeGreaterThan(before.sound.packetsReceived)
  expect(await gaps.evaluate((watch) => watch.stop())).toEqual({ quiet: 0, looked: expect.any(Number) })

  await test.step('and the call goes on to its end', async () => {
    await desk.getByRole('button', { name: 'End call' }).click()
    await desk.getByText('The call has ended').waitFor()
  })

  await test.step('a number of the record that is open calls the resident back', async () => {
    await desk
      .getByRole('region', { name: 'Caller' })
      .getByRole('button', { name: /^Call 07700/ })
      .click()
    const number = desk.getByRole('combobox', { name: /^Name, team/ })
    await expect(number).toHaveValue('07700 900467')
    await desk.screenshot({ path: test.info().outputPath('record.png') })
    await number.press('Enter')
    const called = await phoneUntil(
      desk,
      (phone) => theLine(phone).direction === 'outbound' && theLine(phone).times.twoWayAt !== null,
      'the resident called back',
      soonMs,
    )
    expect(theLine(called).remote.number).toBe('+447700900467')
  })
})

test.describe('a crash', () => {
  test.use({ appOptions: { expectedProblems: [/the page crashed/] } })

  test('a desk page that crashes during a call comes back by itself to the same words', async ({
    desk,
    app,
  }) => {
    test.setTimeout(240_000)
    await halfwayThroughACall(desk)
    const before = theLine(await phoneSnapshot(desk))
    await app.current.electron.evaluate(({ BrowserWindow }) => {
      const window = BrowserWindow.getAllWindows().find((one) =>
        one.webContents.getURL().includes('desk.html'),
      )
      window?.webContents.forcefullyCrashRenderer()
    })
    // Playwright gives up a page that crashed, so the desk is looked at from the main process.
    const seen = () =>
      app.current.electron.evaluate(({ BrowserWindow }) => {
        const window = BrowserWindow.getAllWindows().find((one) =>
          one.webContents.getURL().includes('desk.html'),
        )
        const look = `({ step: document.querySelector('.step__title')?.textContent,
        date: document.querySelector('.step input')?.value, note: document.querySelector('.case textarea')?.value })`
        return window?.webContents.executeJavaScript(look).catch(() => null)
      })
    await expect
      .poll(seen, { timeout: soonMs })
      .toEqual({ step: 'Collection was due', date: 'last Tu', note: 'The lid is bro' })
    const phone = await app.page('phone')
    const after = theLine(
      await phoneUntil(
        phone,
        (snapshot) =>
          theLine(snapshot).sound.packetsReceived > before.sound.packetsReceived + halfASecondOfPackets,
        'sound during and after the crash',
        soonMs,
      ),
    )
    expect(after).toMatchObject({
      callId: before.callId,
      state: { name: 'active' },
      sound: { inbound: 'flowing' },
    })
  })
})

test.describe('a restart', () => {
  // The telephone tries the switchboard's address before practice mode is up again.
  test.use({ appOptions: { expectedProblems: [/ERR_CONNECTION_REFUSED/] } })

  test('work in wrap-up is still in hand after a reload, and an unfinished contact after a restart', async ({
    desk,
    app,
  }) => {
    test.setTimeout(240_000)
    await halfwayThroughACall(desk)
    await desk.getByRole('button', { name: 'End call' }).click()
    await desk.getByText('The call has ended').waitFor()
    await desk.reload()
    desk.setDefaultTimeout(soonMs)
    await expect(desk.getByRole('textbox', { name: 'Collection was due' })).toHaveValue('last Tu')

    await app.relaunch()
    const again = await app.page('desk')
    await deskIsUp(again)
    await again.getByRole('heading', { name: 'Unfinished contacts (1)' }).waitFor()
    await again.getByRole('button', { name: 'Go on with it' }).click()
    await expect(again.getByRole('textbox', { name: 'Collection was due' })).toHaveValue('last Tu')
    await expect(again.getByLabel('Note', { exact: true })).toHaveValue('The lid is bro')
  })
})

/** Runs in the phone page: counts the half seconds in which no packet of the resident arrived. */
function watchForGaps() {
  const channel = new BroadcastChannel('phone')
  let packets = -1
  let quiet = 0
  let looked = 0
  channel.onmessage = ({ data }) => {
    const line = data.type === 'snapshot' ? data.snapshot.lines.at(-1) : undefined
    if (line === undefined || line.sound.packetsReceived === packets) return
    packets = line.sound.packetsReceived
    looked += 1
    if (line.sound.inbound !== 'flowing') quiet += 1
  }
  const asking = setInterval(() => channel.postMessage({ type: 'snapshot-wanted' }), 500)
  return {
    stop() {
      clearInterval(asking)
      channel.close()
      return { quiet, looked }
    },
  }
}
