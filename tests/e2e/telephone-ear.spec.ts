import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { audibleEnergy, goReady, letCall, signIn, soonMs } from '#build/tour/adviser.ts'
import { phoneSnapshot, phoneUntil } from '#build/tour/desk-view.ts'
import type { Line, PhoneSnapshot } from '#shared/contract/phone.ts'
import { test as base, expect } from '#tests/support/app.ts'
import { listenAt } from '#tests/support/ear.ts'
import { spokenInto } from '#tests/support/spoken.ts'
import { anotherCall, isLive, logOf, openLink } from '#tests/support/telephone-steps.ts'

/*
 * What the adviser hears beside the voices, and who is said to be calling. Somebody speaks into the microphone all the
 * time; what reaches the headset is measured as sound.
 */

/** Tones of these loudnesses and more are heard; soft ones stay well under a voice, which comes near 1. */
const heard = 0.015
const soft = 0.1
/** Three short tones of a call that waits. */
const threeTonesS = 0.25
const reminderMs = 60_000

const test = base.extend<{ folder: string }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures wanted from this pattern.
  folder: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'adviser-desktop-voice-'))
    await use(folder)
    rmSync(folder, { recursive: true, force: true })
  },
  appOptions: async ({ folder }, use) => use({ args: [spokenInto(folder, 'michael-okafor-hello.wav')] }),
})

const until = (desk: Page, what: string, wanted: (phone: PhoneSnapshot) => boolean): Promise<PhoneSnapshot> =>
  phoneUntil(desk, wanted, what, soonMs)

const live = ({ lines }: PhoneSnapshot): Line[] => lines.filter(isLive)

const noCall = (desk: Page): Promise<PhoneSnapshot> =>
  until(desk, 'no call', (phone) => live(phone).length === 0)

/** Runs in the phone page: digits that were sent in the sound (RFC 4733). */
function watchDigitsInSound() {
  const seen = { digits: '' }
  const insert = RTCDTMFSender.prototype.insertDTMF
  RTCDTMFSender.prototype.insertDTMF = function (digits, ...rest) {
    seen.digits += digits
    insert.call(this, digits, ...rest)
  }
  return seen
}

/** Every call that was answered leaves one. */
async function finishContacts(desk: Page, count = 1): Promise<void> {
  const ending = desk.getByLabel('How the contact ended')
  for (let left = count; left > 0; left -= 1) {
    await desk.getByText('The call has ended').waitFor()
    await expect(ending).toHaveValue('')
    await ending.selectOption({ label: 'Caller hung up' })
    await desk.keyboard.press('F9')
  }
  await desk.getByRole('button', { name: 'Let a resident call' }).waitFor()
}

test('a shift by ear: links, who may be calling, tones, digits, a microphone forgotten muted, a caller forgotten on hold', async ({
  app,
  desk,
  phone,
}) => {
  test.setTimeout(240_000)
  desk.setDefaultTimeout(soonMs)
  const button = (name: string | RegExp) => desk.getByRole('button', { name })
  const whoMayBe = desk.getByRole('region', { name: 'Caller' })
  const candidates = whoMayBe.locator('.caller__candidate')
  await signIn(desk)
  const ear = await listenAt(phone)
  const tone = (hz: number) => ear.tone(hz)
  const team = 'sip:council-tax-team@wexcombe.example.org'

  await test.step('an internet address in a link is asked about first, and called when the adviser says so', async () => {
    const asked = desk.getByRole('dialog', { name: 'Call council-tax-team@wexcombe.example.org?' })
    await openLink(app, team)
    await asked.getByText('internet address').waitFor()
    await asked.getByRole('button', { name: 'Do not call' }).click()
    await asked.waitFor({ state: 'detached' })
    expect((await phoneSnapshot(desk)).lines).toEqual([])

    await openLink(app, team)
    await expect(asked.getByRole('button', { name: 'Call', exact: true })).toBeFocused()
    await desk.keyboard.press('Enter')
    await expect.poll(() => tone(400), { timeout: soonMs }).toBeGreaterThan(heard)
    const before = await until(desk, 'the team', (all) => live(all)[0]?.state.name === 'active')
    const energy = (all: PhoneSnapshot) => live(all)[0]?.sound.inboundEnergy ?? 0
    await until(desk, 'their voice', (all) => energy(all) - energy(before) > audibleEnergy)
    await button('End call').click()
    await noCall(desk)
  })

  await test.step('a link that would do more than call is not even asked about', async () => {
    await openLink(app, `${team}?Replaces=another-call`)
    await expect.poll(() => logOf(app), { timeout: soonMs }).toContain('dial/link-not-understood')
    await expect(desk.getByRole('dialog')).toHaveCount(0)
    expect(live(await phoneSnapshot(desk))).toEqual([])
  })

  await test.step('a withheld number is normal: nobody is offered, nothing is wrong, the queue’s script opens', async () => {
    await goReady(desk)
    await ear.anew()
    await letCall(desk, 'missed-bin-withheld')
    const ringing = desk.locator('.ringing')
    await ringing.getByText('Number withheld').waitFor()
    await ringing.getByText('Waste and recycling').waitFor()
    await whoMayBe.getByText('The number is withheld. That is normal: ask for the name.').waitFor()
    await expect(candidates).toHaveCount(0)
    await expect(desk.getByRole('complementary', { name: 'Messages' })).toBeEmpty()
    await expect.poll(() => tone(400), { timeout: soonMs }).toBeGreaterThan(soft)
    await desk.screenshot({ path: test.info().outputPath('withheld.png') })
    await ringing.getByRole('button', { name: 'Answer' }).click()
    await desk.getByRole('heading', { name: 'Missed bin collection', exact: true }).waitFor()
  })

  await test.step('the queue’s name is whispered into the ear, and not as one of the tones', async () => {
    await until(desk, 'the call', (all) => live(all)[0]?.state.name === 'active')
    await ear.anew()
    await expect
      .poll(async () => (await ear.sound()).energy, { timeout: soonMs })
      .toBeGreaterThan(audibleEnergy)
    await expect(candidates).toHaveCount(0)
    await button('End call').click()
    await finishContacts(desk)
  })

  await test.step('a shared number offers all who live there, and the number that was dialled chooses the script', async () => {
    await letCall(desk, 'put-through')
    const ringing = desk.locator('.ringing')
    await ringing.getByText('A call for you').waitFor()
    await whoMayBe.getByText('2 people are recorded with 01632 960142.').waitFor()
    await expect(candidates).toHaveCount(2)
    await expect(candidates.filter({ hasText: 'Amara Okafor' })).toHaveCount(1)
    await expect(candidates.filter({ hasText: 'Michael Okafor' })).toHaveCount(1)
    await desk.keyboard.press('F2')
    await desk.getByRole('heading', { name: 'Housing repair, damp and mould', exact: true }).waitFor()
    await expect(candidates.locator('[aria-pressed=true]')).toHaveCount(0)
    await desk.screenshot({ path: test.info().outputPath('shared.png') })
  })

  await test.step('who speaks while muted is told so, and no longer when heard again', async () => {
    const hint = desk.getByRole('alert').getByText('You are muted and speaking')
    await button('Mute').click()
    await hint.waitFor()
    await desk.screenshot({ path: test.info().outputPath('muted.png') })
    await button('Unmute').click()
    await hint.waitFor({ state: 'detached' })
    await desk.keyboard.press('F6')
    await hint.waitFor()
    await desk.keyboard.press('F6')
    await expect(desk.getByText(/^You are muted/)).toHaveCount(0)
  })

  let heldSince = Number.NaN
  await test.step('a call that waits is a soft tone in the ear, and never answered by itself', async () => {
    await button(/display and sign out$/).click()
    await desk.getByRole('menuitem', { name: /^Sound devices/ }).click()
    await desk.getByLabel(/^Answer calls that ask for it/).check()
    await button('Done').click()
    await ear.anew()
    await anotherCall(desk, 'supervisor-auto-answer')
    const waiting = desk.getByRole('region', { name: 'Other calls' })
    await waiting.getByText(/^Waiting: /).waitFor()
    await expect
      .poll(async () => (await ear.sound()).seconds, { timeout: soonMs })
      .toBeGreaterThan(threeTonesS)
    expect(await tone(400)).toBeGreaterThan(heard)
    expect(await tone(400)).toBeLessThan(soft)
    expect(await tone(880)).toBeLessThan(heard / 3)
    expect(live(await phoneSnapshot(desk)).map(({ state }) => state.name)).toEqual(['active', 'ringing'])

    await waiting.getByRole('button', { name: 'Answer' }).click()
    const all = await until(
      desk,
      'the two calls',
      (each) =>
        live(each)
          .map(({ state }) => state.name)
          .join() === 'held,active',
    )
    const held = live(all)[0]?.state
    heldSince = held?.name === 'held' ? held.since : Number.NaN
    await waiting.getByText(/^On hold 0:\d\d/).waitFor()
    await ear.anew()
    await button('End call').click()
    await until(desk, 'one call', (each) => live(each).length === 1)
  })

  await test.step('equipment that knows digits only as messages gets them typed, pasted and clicked', async () => {
    const inSound = await phone.evaluateHandle(watchDigitsInSound)
    const note = desk.getByLabel('Note', { exact: true })
    await note.fill('Rent account 0042-17')
    await note.press('Control+A')
    await note.press('Control+X')
    await desk.keyboard.press('F3')
    await desk.keyboard.type('rent line')
    await desk.keyboard.press('Enter')
    await until(desk, 'the rent line', (each) => live(each).at(-1)?.state.name === 'active')
    await desk.keyboard.press('Control+d')
    const sent = desk.getByLabel(/^Digits sent/)
    await expect(sent).toBeFocused()
    await desk.keyboard.press('Control+V')
    await expect(sent).toHaveValue('004217')
    await desk.keyboard.type('9')
    await button('#').click()
    await expect(sent).toHaveValue('0042179#')
    await expect
      .poll(() => logOf(app).includes('residents/cued {"id":"rent-line","line":"paid"}'), { timeout: soonMs })
      .toBe(true)
    expect(await inSound.evaluate(({ digits }) => digits)).toBe('')
    await expect(desk.locator('.desk__notices')).not.toContainText('cannot receive digits')
    await button('Done').click()
    await button('End call').click()
    await until(desk, 'one call', (each) => live(each).length === 1)
  })

  await test.step('after a minute on hold the ear and the desk remind of the caller, and stop once they are back', async () => {
    await expect.poll(() => tone(1_000), { timeout: reminderMs + soonMs }).toBeGreaterThan(heard)
    expect(Date.now() - heldSince).toBeGreaterThanOrEqual(reminderMs)
    expect(await tone(1_000)).toBeLessThan(soft)
    await desk.getByText(/^On hold 1:\d\d: say something to them/).waitFor()
    await desk.screenshot({ path: test.info().outputPath('held.png') })
    await button('Resume').click()
    await until(desk, 'the caller back', (each) => live(each)[0]?.state.name === 'active')
    await expect(desk.getByText(/say something to them/)).toHaveCount(0)
    await button('End call').click()
    await finishContacts(desk, 2)
  })

  await test.step('before a call is answered by itself two notes warn', async () => {
    await ear.anew()
    await letCall(desk, 'supervisor-auto-answer')
    await desk.getByText(/^Answered by itself in/).waitFor()
    await expect.poll(() => tone(880), { timeout: soonMs }).toBeGreaterThan(heard)
    await until(desk, 'the answer', (each) => live(each)[0]?.state.name === 'active')
    await button('End call').click()
    await noCall(desk)
  })
})
