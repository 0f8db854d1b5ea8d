import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { answerCall, audibleEnergy, goReady, letCall, signIn, soonMs } from '#build/tour/adviser.ts'
import { phoneSnapshot, phoneUntil } from '#build/tour/desk-view.ts'
import { type Line, type PhoneSnapshot, phoneChannelName } from '#shared/contract/phone.ts'
import { expect, test } from '#tests/support/app.ts'
import { anotherCall, endByKey, isLive, logOf, openLink } from '#tests/support/telephone-steps.ts'

/** The greeting, the resident's words and the switchboard's notice of them, on a busy machine. */
const messageLeftMs = 60_000
const cardDigits = '49290011'

const live = (phone: PhoneSnapshot, name: string): Line | undefined =>
  phone.lines.find((line) => isLive(line) && line.remote.displayName === name)

const until = (desk: Page, what: string, wanted: (phone: PhoneSnapshot) => boolean): Promise<PhoneSnapshot> =>
  phoneUntil(desk, wanted, what, soonMs)

const noCall = (desk: Page): Promise<PhoneSnapshot> =>
  until(desk, 'no call', ({ lines }) => !lines.some(isLive))

/** What comes in on the line is speech. */
async function speechOf(desk: Page, name: string): Promise<void> {
  const before = live(await phoneSnapshot(desk), name)?.sound.inboundEnergy ?? 0
  await until(
    desk,
    `speech of ${name}`,
    (phone) => (live(phone, name)?.sound.inboundEnergy ?? 0) - before > audibleEnergy,
  )
}

async function dialByKeys(desk: Page, text: string, name: string): Promise<void> {
  await desk.keyboard.press('F3')
  const box = desk.getByRole('combobox', { name: 'Name, team, or telephone number' })
  await expect(box).toBeFocused()
  await desk.keyboard.type(text)
  await expect(desk.getByRole('option', { name })).toHaveAttribute('aria-selected', 'true')
  await desk.keyboard.press('Enter')
  await until(desk, name, (phone) => live(phone, name)?.state.name === 'active')
}

async function chooseState(desk: Page, entry: RegExp): Promise<void> {
  await desk.getByRole('button', { name: /^My state: / }).press('Enter')
  await desk.getByRole('menuitem', { name: entry }).click()
}

async function finishContact(desk: Page, how: string): Promise<void> {
  await desk.getByText('The call has ended').waitFor()
  await desk.getByLabel('How the contact ended').selectOption({ label: how })
  await desk.keyboard.press('F9')
  await desk.getByRole('button', { name: 'Let a resident call' }).waitFor()
}

test('a shift’s other half: not to be disturbed, voicemail, links, redial, a supervisor, a call alone again, reports', async ({
  app,
  desk,
}) => {
  test.setTimeout(240_000)
  desk.setDefaultTimeout(soonMs)
  const button = (name: string | RegExp) => desk.getByRole('button', { name })
  await signIn(desk)
  const watch = await desk.evaluateHandle((name) => {
    const seen = { ringing: false }
    new BroadcastChannel(name).onmessage = ({ data }) => {
      const lines: Line[] = data.type === 'snapshot' ? data.snapshot.lines : []
      seen.ringing ||= lines.some(({ state }) => state.name === 'ringing')
    }
    return seen
  }, phoneChannelName)

  await test.step('a break shows how long it has lasted and may last', async () => {
    await chooseState(desk, /^Break/)
    await expect(button(/^My state: Not ready: break/)).toContainText(/\d:\d\d of 15:00/)
  })

  await test.step('who is not to be disturbed is not rung, not even on a call of one’s own', async () => {
    await chooseState(desk, /^Do not disturb/)
    await button(/^My state: Not ready: do not disturb/).waitFor()
    await dialByKeys(desk, 'payment', 'Payment line')
    await button(/^My state: On a call/).waitFor()
    await anotherCall(desk, 'direct-call')
    const refused = 'residents/call-ended {"scenario":"direct-call"}'
    await expect.poll(() => logOf(app), { timeout: soonMs }).toContain(refused)
    expect(await watch.evaluate(({ ringing }) => ringing)).toBe(false)
  })

  await test.step('the payment line hears the digits, and says that it was paid', async () => {
    await desk.keyboard.press('Control+d')
    await expect(desk.getByLabel(/^Digits sent/)).toBeFocused()
    await desk.keyboard.type(`${cardDigits}#`)
    await expect(desk.getByLabel(/^Digits sent/)).toHaveValue(`${cardDigits}#`)
    await expect
      .poll(() => logOf(app).includes('residents/cued {"id":"payment-line","line":"paid"}'), {
        timeout: soonMs,
      })
      .toBe(true)
    await speechOf(desk, 'Payment line')
    await button('Done').press('Enter')
    await endByKey(desk)
    await noCall(desk)
  })

  await test.step('whom one rings asks for another to be called, and nobody is called before the adviser agrees', async () => {
    const question = desk.getByText('Council operator asks to be put through to supervisor. Call them?')
    await dialByKeys(desk, 'council operator', 'Council operator')
    await question.waitFor()
    await desk.getByRole('button', { name: 'No', exact: true }).click()
    await question.waitFor({ state: 'detached' })
    expect((await phoneSnapshot(desk)).lines.filter(isLive)).toHaveLength(1)
    await endByKey(desk)
    await noCall(desk)
    await dialByKeys(desk, 'council operator', 'Council operator')
    await question.waitFor()
    expect((await phoneSnapshot(desk)).lines.filter(isLive)).toHaveLength(1)
    await button('Yes, call').press('Enter')
    await until(
      desk,
      'the supervisor instead',
      ({ lines }) => lines.filter(isLive).length === 1 && lines.at(-1)?.state.name === 'active',
    )
    await button('End call').click()
    await noCall(desk)
  })

  await test.step('a link of another program asks first, and is dialled when the adviser says so', async () => {
    await openLink(app, 'tel:+44-1632-960188')
    await desk.getByRole('dialog', { name: 'Call 01632 960188?' }).waitFor()
    const linked = ({ lines }: PhoneSnapshot) =>
      lines.find(({ remote }) => remote.number === '+441632960188')?.state.name
    expect(linked(await phoneSnapshot(desk))).toBeUndefined()
    await expect(desk.getByRole('button', { name: 'Call', exact: true })).toBeFocused()
    await desk.keyboard.press('Enter')
    await until(desk, 'the number unknown', (phone) => linked(phone) === 'ended')
    await finishContact(desk, 'Wrong number')
  })

  await test.step('the message that was left meanwhile is announced and heard', async () => {
    await button('1 new voicemail').click({ timeout: messageLeftMs })
    await desk.getByText('1 new message waits for you.').waitFor()
    await button('Call voicemail').press('Enter')
    await until(desk, 'voicemail', (phone) => live(phone, 'Voicemail')?.state.name === 'active')
    await speechOf(desk, 'Voicemail')
    const heard = await noCall(desk)
    expect(heard.lines.at(-1)?.state).toMatchObject({ reason: 'hung-up-there' })
    await until(desk, 'no new message', ({ voicemail }) => voicemail?.newMessages === 0)
    await button('1 new voicemail').waitFor({ state: 'detached' })
    expect((await phoneSnapshot(desk)).voicemail).toEqual({ newMessages: 0, oldMessages: 1 })
    expect(await watch.evaluate(({ ringing }) => ringing)).toBe(false)
  })

  await test.step('the call that was missed is listed, and called', async () => {
    await desk.keyboard.press('F10')
    await desk.getByLabel('Only missed calls').check()
    const missed = desk.getByRole('listitem').filter({ hasText: '01632 960142' })
    await expect(missed).toContainText('in · missed')
    await expect(missed).toHaveCount(1)
    const theResident = ({ lines }: PhoneSnapshot) => {
      const line = lines.find(isLive)
      return line?.remote.number === '+441632960142' && line.times.twoWayAt !== null
    }
    await button('Call 01632 960142').press('Enter')
    await until(desk, 'the resident', theResident)
    await button('End call').click()
    await finishContact(desk, 'Information given')
    await desk.getByRole('button', { name: 'Calls', exact: true }).click()
    await button('Call 01632 960142').first().click()
    await until(desk, 'the resident again', theResident)
    await button('End call').click()
    await finishContact(desk, 'Information given')
  })

  await test.step('a caller who puts the adviser on hold and comes back is shown, and heard again', async () => {
    await goReady(desk)
    await letCall(desk, 'puts-you-on-hold')
    const { id } = await answerCall(desk)
    const isIn = (phone: PhoneSnapshot, name: Line['state']['name']) =>
      phone.lines.some((line) => line.id === id && line.state.name === name)
    await desk.getByText(/^The caller put you on hold/).waitFor()
    await until(desk, 'the hold', (phone) => isIn(phone, 'held'))
    const back = await until(desk, 'the caller back', (phone) => isIn(phone, 'active'))
    const heard = (phone: PhoneSnapshot) =>
      phone.lines.find((line) => line.id === id)?.sound.inboundEnergy ?? 0
    await until(desk, 'the caller’s voice', (phone) => heard(phone) - heard(back) > audibleEnergy)
    await button('End call').click()
    await finishContact(desk, 'Information given')
  })

  await test.step('a supervisor in the call is said, in every way there is', async () => {
    await goReady(desk)
    await letCall(desk, 'supervisor-listens')
    await answerCall(desk)
    await desk.getByText('A supervisor is listening to this call.').waitFor()
    for (const [entry, words] of [
      ['The supervisor speaks to you', 'A supervisor is speaking to you. The caller does not hear it.'],
      ['The supervisor speaks to everybody', 'A supervisor is speaking in this call. Everybody hears it.'],
    ] as const) {
      await button(/^Practice: /).press('Enter')
      await desk.getByRole('menuitem', { name: entry }).click()
      await desk.getByText(words).waitFor()
    }
    await button(/^Practice: /).press('Enter')
    await desk.getByRole('menuitem', { name: 'The supervisor leaves' }).click()
    await desk.getByText(/^A supervisor is /).waitFor({ state: 'detached' })
  })

  await test.step('before calling one sees who is on a call, free, away or not there', async () => {
    await dialByKeys(desk, 'interpreting', 'Interpreting service')
    await desk.keyboard.press('F3')
    const option = (name: string) => desk.getByRole('option', { name })
    await expect(option('Interpreting service')).toContainText('On a call')
    await expect(option('Council Tax team')).toContainText('Free')
    await expect(option('Planning team')).toContainText('Away')
    await expect(option('Nia Practice')).toContainText('Not signed in')
    await desk.keyboard.press('Escape')
  })

  await test.step('calls that were joined are parted: one alone, the other on hold', async () => {
    await desk.keyboard.press('Shift+F7')
    await desk.getByText('You and 2 others, joined').waitFor()
    await button('Speak with Interpreting service alone').press('Enter')
    await until(desk, 'the two apart', ({ lines }) => {
      const states = lines.filter(isLive).map(({ remote, state, conferenceId }) => {
        const who = remote.displayName === 'Interpreting service' ? 'interpreter' : 'resident'
        return `${who} ${state.name} ${conferenceId === null ? 'apart' : 'joined'}`
      })
      return states.join(', ') === 'resident held apart, interpreter active apart'
    })
    await speechOf(desk, 'Interpreting service')
  })

  await test.step('the report of every call names its file, and holds nobody’s name, number or digits', async () => {
    await button(/display and sign out$/).press('Enter')
    await desk.getByRole('menuitem', { name: 'Report a bad call' }).press('Enter')
    const calls = desk.getByRole('dialog').getByRole('combobox', { name: 'Call' })
    const ids = await calls
      .getByRole('option')
      .evaluateAll((all) => all.map((each) => each.getAttribute('value')))
    expect(ids).toHaveLength(9)
    for (const id of ids) {
      await calls.selectOption(id)
      await desk.getByLabel('In your own words').fill('It crackled.')
      await button('Save the report').press('Enter')
      const { lastReport } = await until(desk, 'the report', (phone) => phone.lastReport?.contactId === id)
      const { folder = '', file = '' } = lastReport ?? {}
      await desk.getByText(`The report is kept on this computer as ${file}.`).waitFor()
      await desk.getByText(folder, { exact: true }).waitFor()
      expect(folder).toBe(join(app.userDataFolder, 'call-reports'))
      const text = readFileSync(join(folder, file), 'utf8')
      expect(text).toMatch(/In the adviser’s words\n {2}It crackled\./)
      const json = readFileSync(join(folder, file.replace(/txt$/, 'json')), 'utf8')
      for (const kept of [text, json]) {
        expect(kept).not.toMatch(
          /Raman|Priya|Okafor|Michael|Payment line|Interpreting|Voicemail|Sam Practice/,
        )
        expect(kept).not.toMatch(/960188|960142|sam\.practice/)
        expect(kept).not.toContain(cardDigits.slice(0, 6))
      }
      const events = text.slice(text.indexOf('What happened'))
      expect(events).not.toMatch(/\d{5}/)
    }
  })
})
