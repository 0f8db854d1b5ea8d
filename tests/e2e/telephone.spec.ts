import type { Page } from '@playwright/test'
import { answerCall, goReady, letCall, signIn, soonMs } from '#build/tour/adviser.ts'
import { phoneSnapshot, phoneUntil } from '#build/tour/desk-view.ts'
import type { Line, PhoneSnapshot } from '#shared/contract/phone.ts'
import { expect, test } from '#tests/support/app.ts'
import { anotherCall, endByKey, isLive } from '#tests/support/telephone-steps.ts'

/** Energy that a second of a colleague's or resident's speech brings at the least; silence brings a thousandth of it. */
const heardEnergy = 1e-4

const named = (phone: PhoneSnapshot, name: string): Line | undefined =>
  phone.lines.find(({ remote, state }) => remote.displayName === name && state.name !== 'ended')

const until = (desk: Page, what: string, wanted: (phone: PhoneSnapshot) => boolean): Promise<PhoneSnapshot> =>
  phoneUntil(desk, wanted, what, soonMs)

const wrapUpEnd = ({ agent }: PhoneSnapshot): number =>
  agent?.state.name === 'wrap-up' ? Date.parse(agent.state.until) : Number.NaN

/** Opens the menu of my state by its key, and goes to the entry that begins with these words. */
async function chooseState(desk: Page, words: string): Promise<void> {
  await desk.keyboard.press('Shift+F8')
  const entry = desk.getByRole('menuitem', { name: new RegExp(`^${words}`) })
  await entry.waitFor()
  await desk.keyboard.type(words)
  await expect(entry).toBeFocused()
  await desk.keyboard.press('Enter')
  await entry.waitFor({ state: 'detached' })
}

/** Opens the dialog by its key, types whom to call and presses what is to be done. */
async function dialByKeys(desk: Page, text: string, keys: 'Enter' | 'Control+Enter'): Promise<void> {
  await desk.keyboard.press('F3')
  const box = desk.getByRole('combobox', { name: 'Name, team, or telephone number' })
  await expect(box).toBeFocused()
  await desk.keyboard.type(text)
  await expect(
    desk.getByRole('listbox', { name: 'Whom to call' }).getByRole('option').first(),
  ).toHaveAttribute('aria-selected', 'true')
  await desk.keyboard.press(keys)
  await box.waitFor({ state: 'detached' })
}

test('a shift by the keyboard alone: two calls, a failed and a good transfer, three joined, 999', async ({
  desk,
}) => {
  test.setTimeout(240_000)
  desk.setDefaultTimeout(soonMs)
  await signIn(desk)
  await goReady(desk)
  await test.step('a call that is declined makes the adviser Not ready; one key later it rings again', async () => {
    await letCall(desk, 'council-tax-transfer')
    await desk.locator('.ringing').waitFor()
    await desk.keyboard.press('Control+F2')
    await desk.getByText(/^You missed a call at /).waitFor()
    await desk.getByRole('button', { name: /^My state: Not ready: you missed a call/ }).waitFor()
    await desk.keyboard.press('F8')
  })
  const resident = await answerCall(desk)
  const residentIs = (phone: PhoneSnapshot, name: Line['state']['name']) =>
    phone.lines.some(({ id, state }) => id === resident.id && state.name === name)

  await test.step('the recording pauses when the recorder has said so, and goes on', async () => {
    await desk.getByText('Recording', { exact: true }).waitFor()
    await desk.keyboard.press('Shift+F6')
    await desk.getByText(/Recording paused \d:\d\d, goes on at \d\d:\d\d/).waitFor()
    await desk.keyboard.press('Shift+F6')
    await desk.getByText('Recording', { exact: true }).waitFor()
  })

  await test.step('a break after this call is asked for, and taken back', async () => {
    await chooseState(desk, 'Break')
    await until(desk, 'the wish', ({ agent }) => agent?.pending?.name === 'not-ready')
    await chooseState(desk, 'Ready')
    await until(desk, 'no wish', ({ agent }) => agent?.pending?.name !== 'not-ready')
  })

  await test.step('the figures of the sound are read, and the next call to this resident promised', async () => {
    await desk.getByRole('button', { name: /^Sound: / }).press('Enter')
    await desk.getByText(/of 4\.5 \(MOS\)/).waitFor()
    await desk.keyboard.press('Escape')
    await desk.getByRole('button', { name: 'More for this call' }).press('Enter')
    await desk.getByRole('menuitem', { name: 'Promise a call back' }).press('Enter')
    await expect(desk.getByLabel('Telephone number')).toHaveValue('01632 960142')
    await expect(desk.getByLabel('Whom to ask for')).toBeFocused()
    await desk.keyboard.type('Mrs Sample')
    await desk.keyboard.press('Enter')
    await desk.getByRole('dialog').waitFor({ state: 'detached' })
    await desk.keyboard.press('F10')
    await desk.getByRole('tab', { name: 'Recent' }).press('ArrowRight')
    await desk.getByText('Mrs Sample, 01632 960142').waitFor()
    await desk.keyboard.press('Escape')
  })

  await test.step('a second call waits, is answered, and F7 goes back and forth with the words of each', async () => {
    await desk.getByLabel('Note', { exact: true }).fill('of the first call')
    await anotherCall(desk, 'direct-call')
    await desk
      .getByRole('alert')
      .getByText(/^Waiting: /)
      .waitFor()
    await desk.keyboard.press('Shift+F2')
    await until(desk, 'the first call on hold', (phone) => residentIs(phone, 'held'))
    await expect(desk.getByLabel('Note', { exact: true })).toHaveValue('')
    await desk.keyboard.press('F7')
    await until(desk, 'the first call back', (phone) => residentIs(phone, 'active'))
    await expect(desk.getByLabel('Note', { exact: true })).toHaveValue('of the first call')
    await desk.keyboard.press('Alt+Shift+2')
    await until(
      desk,
      'the first call on hold again',
      (phone) => residentIs(phone, 'held') && phone.lines.at(-1)?.state.name === 'active',
    )
    await expect(desk.getByLabel('Note', { exact: true })).toHaveValue('')
    await endByKey(desk)
    await until(desk, 'the second call over', (phone) => phone.lines.filter(isLive).length === 1)
    await desk.keyboard.press('F7')
    await until(desk, 'the first call back', (phone) => residentIs(phone, 'active'))
  })

  await test.step('passed on to a team that is busy, the resident is back on hold with the reason', async () => {
    await dialByKeys(desk, 'benefits', 'Control+Enter')
    await expect(desk.getByLabel('Why, for your colleague')).toBeFocused()
    await desk.keyboard.press('Enter')
    await desk
      .getByText(/Benefits team did not take the call: busy\. .* is back with you, on hold\./)
      .waitFor()
    expect(residentIs(await phoneSnapshot(desk), 'held')).toBe(true)
    await desk.keyboard.press('F4')
    await until(desk, 'the resident off hold', (phone) => residentIs(phone, 'active'))
    await desk.getByRole('button', { name: 'Understood' }).press('Enter')
  })

  await test.step('an interpreter is asked and joined, and everybody is heard', async () => {
    await dialByKeys(desk, 'interpreting', 'Enter')
    await desk.getByText('Asking Interpreting service').waitFor()
    await until(
      desk,
      'the interpreter',
      (phone) => named(phone, 'Interpreting service')?.state.name === 'active',
    )
    expect(residentIs(await phoneSnapshot(desk), 'held')).toBe(true)
    await desk.keyboard.press('Shift+F7')
    await desk.getByText('You and 2 others, joined').waitFor()
    const joined = await until(
      desk,
      'all joined',
      (phone) => phone.lines.filter(({ conferenceId }) => conferenceId !== null).length === 2,
    )
    const before = new Map(joined.lines.map(({ id, sound }) => [id, sound.inboundEnergy]))
    await until(desk, 'the voices of both', (phone) =>
      phone.lines
        .filter(isLive)
        .every(({ id, sound }) => sound.inboundEnergy - (before.get(id) ?? 0) > heardEnergy),
    )
    await desk.getByRole('button', { name: 'Take Interpreting service out and end that call' }).press('Enter')
    await until(desk, 'the interpreter gone', (phone) => phone.lines.filter(isLive).length === 1)
  })

  await test.step('999 is dialled in a call without a question, and the caller stays on the line until the adviser holds them', async () => {
    await desk.keyboard.press('F3')
    await desk.keyboard.type('999')
    await desk.getByText('This telephone does not know where the caller is').waitFor()
    await desk.getByText('Your caller stays on the line: they hear you, not the operator.').waitFor()
    await desk.keyboard.press('Enter')
    await until(desk, 'the operator', (phone) => named(phone, '999')?.state.name === 'active')
    expect(residentIs(await phoneSnapshot(desk), 'active')).toBe(true)
    await desk.keyboard.press('F4')
    await until(desk, 'the caller on hold', (phone) => residentIs(phone, 'held'))
    expect(named(await phoneSnapshot(desk), '999')?.state.name).toBe('active')
    await endByKey(desk)
    await until(desk, 'the operator gone', (phone) => named(phone, '999') === undefined)
    await desk.keyboard.press('F7')
    await until(desk, 'the resident back', (phone) => residentIs(phone, 'active'))
  })

  await test.step('the team is asked, and the resident passed on to them', async () => {
    await dialByKeys(desk, 'council tax team', 'Enter')
    await until(desk, 'the team', (phone) => named(phone, 'Council Tax team')?.state.name === 'active')
    await desk.keyboard.press('F7')
    await until(desk, 'back with the resident', (phone) => residentIs(phone, 'active'))
    await desk.keyboard.press('F7')
    await until(desk, 'back with the team', (phone) => residentIs(phone, 'held'))
    await desk.keyboard.press('Shift+F3')
    await expect(desk.getByLabel('Why, for your colleague')).toBeFocused()
    await desk.keyboard.press('Enter')
    const passed = await until(desk, 'the resident passed on', (phone) => residentIs(phone, 'ended'))
    expect(passed.lines.find(({ id }) => id === resident.id)?.state).toMatchObject({ reason: 'transferred' })
    await desk.getByText('The call has ended').waitFor()
    await expect(desk.getByLabel('Note', { exact: true })).toHaveValue('of the first call')
  })

  await test.step('wrap-up is made longer', async () => {
    const before = wrapUpEnd(await until(desk, 'wrap-up', (phone) => wrapUpEnd(phone) > 0))
    await chooseState(desk, 'One more minute')
    await until(desk, 'a minute more', (phone) => wrapUpEnd(phone) >= before + 60_000)
  })

  await test.step('999 is dialled in wrap-up too', async () => {
    await desk.keyboard.press('F3')
    await desk.keyboard.type('999')
    await desk.keyboard.press('Enter')
    await until(desk, 'the operator', (phone) => named(phone, '999')?.state.name === 'active')
    await endByKey(desk)
    await until(desk, 'no call', (phone) => phone.lines.filter(isLive).length === 0)
  })
})

/** Runs in the phone page: descriptions that were offered or answered. */
function countNegotiations() {
  const seen = { count: 0 }
  type SetDescription = (
    this: RTCPeerConnection,
    description?: RTCLocalSessionDescriptionInit,
  ) => Promise<void>
  const connection: { setLocalDescription: SetDescription } = RTCPeerConnection.prototype
  const set = connection.setLocalDescription
  connection.setLocalDescription = function (description) {
    seen.count += 1
    return set.call(this, description)
  }
  return seen
}

/** Runs in the phone page: lengths in seconds of what is played once, and not as a tone again and again. */
function keepClips(): void {
  const played: number[] = []
  Object.assign(window, { played })
  const start = AudioBufferSourceNode.prototype.start
  AudioBufferSourceNode.prototype.start = function (...when) {
    if (!this.loop && this.buffer !== null) played.push(this.buffer.duration)
    start.apply(this, when)
  }
}

test('a shift by the mouse: a call missed, keypad, asking and passing on, calls made again, a promised call', async ({
  desk,
  phone,
}) => {
  test.setTimeout(240_000)
  desk.setDefaultTimeout(soonMs)
  const button = (name: string | RegExp) => desk.getByRole('button', { name })
  await signIn(desk)
  await button('Ready for calls').click()
  await button('My state: Ready').waitFor()

  await test.step('a call that is declined makes the adviser Not ready; one click later it rings again', async () => {
    await letCall(desk, 'pays-by-telephone')
    await desk.locator('.ringing').getByRole('button', { name: 'Decline' }).click()
    await button('My state: Not ready: you missed a call').waitFor()
    await button('Ready for calls').click()
  })

  await test.step('who may be calling is shown while it rings, and the queue’s name is heard over the first words', async () => {
    const ringing = desk.locator('.ringing')
    await ringing.getByText('Waste and recycling').waitFor()
    await desk.getByText(/^One person is recorded with/).waitFor()
    await phone.evaluate(keepClips)
    await ringing.getByRole('button', { name: 'Answer' }).click()
    await until(desk, 'two-way sound', ({ lines }) => lines.at(-1)?.times.twoWayAt !== null)
    const played = () => phone.evaluate(() => (window as unknown as { played: number[] }).played)
    await expect.poll(played, { timeout: soonMs }).toEqual([expect.any(Number)])
  })

  await test.step('mute is one truth, and what comes after this call can be asked for during it', async () => {
    const isMuted = (wanted: boolean) =>
      until(desk, 'mute', ({ lines }) => lines.at(-1)?.muted === wanted).then(() => {})
    await button('Mute').click()
    await desk.getByText(/^You are muted/).waitFor()
    await isMuted(true)
    await desk.keyboard.press('F6')
    await isMuted(false)
    await button(/^My state: On a call/).click()
    await desk.getByRole('menuitem', { name: /^Break/ }).click()
    await until(desk, 'the wish', ({ agent }) => agent?.pending?.name === 'not-ready')
  })

  await test.step('the sound is shown with its figures and codec', async () => {
    await button(/^Sound: /).click()
    await desk.getByText(/of 4\.5 \(MOS\)/).waitFor()
    await desk.getByText(/^(Opus|G\.7)/).waitFor()
    await desk.keyboard.press('Escape')
  })

  await test.step('the caller is put on hold and taken back, and the recording paused', async () => {
    await button('Hold').click()
    await desk.getByText(/^On hold 0:\d\d$/).waitFor()
    await button('Resume').click()
    await until(desk, 'the caller back', ({ lines }) => lines.at(-1)?.state.name === 'active')
    await button('Pause').click()
    await desk.getByText(/^Recording paused \d:\d\d/).waitFor()
    await button('Record again').click()
    await desk.getByText('Recording', { exact: true }).waitFor()
  })

  await test.step('another microphone takes over in the middle of the call, and nothing is negotiated again', async () => {
    const negotiations = await phone.evaluateHandle(countNegotiations)
    const { devices } = await phoneSnapshot(desk)
    const other = devices.microphones.find(
      ({ id }) => !['default', 'communications', devices.using.microphone?.id].includes(id),
    )
    await button(/display and sign out$/).click()
    await desk.getByRole('menuitem', { name: /^Sound devices/ }).click()
    await desk.locator('#devices-microphone ~ .device-order select').selectOption(other?.id ?? '')
    const moved = await until(desk, 'the other', (each) => each.devices.using.microphone?.id === other?.id)
    await button('Done').click()
    const packets = ({ lines }: PhoneSnapshot) => lines.at(-1)?.sound.packetsSent ?? 0
    await until(desk, 'a second of the voice', (each) => packets(each) > packets(moved) + 50)
    expect((await phoneSnapshot(desk)).lines.at(-1)).toMatchObject({
      state: { name: 'active' },
      sound: { inbound: 'flowing', outbound: 'flowing' },
    })
    expect(await negotiations.evaluate(({ count }) => count)).toBe(0)
  })

  await test.step('the payment line is asked, and understands digits that are typed and pasted', async () => {
    await button('Transfer').click()
    await desk.getByRole('combobox', { name: /^Name, team/ }).fill('payment')
    await desk.getByRole('option', { name: /Payment line/ }).click()
    await button('Ask first').click()
    await desk.getByText(/^Resident: on hold \d:\d\d/).waitFor()
    await until(desk, 'the payment line', (phone) => named(phone, 'Payment line')?.state.name === 'active')
    await button('More for this call').click()
    await desk.getByRole('menuitem', { name: 'Keypad' }).click()
    await desk.getByRole('button', { name: '4', exact: true }).click()
    await desk.getByRole('button', { name: '9', exact: true }).click()
    await desk.keyboard.type('12#')
    await expect(desk.getByLabel(/^Digits sent/)).toHaveValue('4912#')
    await button('Done').click()
    await expect(desk.locator('.desk__notices')).not.toContainText('cannot receive digits')
    await button('Back to resident').click()
    await until(desk, 'the resident', (phone) => phone.lines[0]?.state.name === 'active')
    await button('Pass on').click()
    await desk.getByRole('dialog').getByRole('button', { name: 'Pass on' }).click()
    await desk.getByText('The call has ended').waitFor()
  })

  await test.step('wrap-up is made longer, the contact is finished, and the break begins', async () => {
    const before = wrapUpEnd(await until(desk, 'wrap-up', (phone) => wrapUpEnd(phone) > 0))
    await button(/^My state: Wrap-up/).click()
    await desk.getByRole('menuitem', { name: 'One more minute of wrap-up' }).click()
    await until(desk, 'a minute more', (phone) => wrapUpEnd(phone) >= before + 60_000)
    await desk.getByLabel('How the contact ended').selectOption({ label: 'Transferred' })
    await button('Finish this contact').click()
    await button(/^My state: Not ready: break/).waitFor()
  })

  await test.step('a call is promised', async () => {
    await desk.getByRole('button', { name: 'Calls', exact: true }).click()
    await desk.getByText(/in · passed on/).waitFor()
    await desk.getByRole('tab', { name: /^Promised/ }).click()
    await button(/^Promise a call$/).click()
    await desk.getByLabel('Telephone number').fill('01632 960 199')
    await desk.getByLabel('Whom to ask for').fill('Mrs Example')
    await desk.getByLabel('Day', { exact: true }).fill('2099-11-03')
    await desk.getByLabel('Between').fill('10:00')
    await desk.getByLabel('and', { exact: true }).fill('12:00')
    await button('Save the promise').click()
    await desk.getByRole('dialog').waitFor({ state: 'detached' })
  })

  await test.step('the promised call is made in a contact of its own, then marked as done', async () => {
    await button(/promised calls?$/).click()
    await button('Call Mrs Example now').click()
    const dialled = await until(desk, 'the call', (phone) =>
      phone.lines.some((line) => line.direction === 'outbound'),
    )
    expect(dialled.lines.at(-1)?.remote.number).toBe('+441632960199')
    await desk
      .getByText(/number not known|no answer|the call has ended/i)
      .first()
      .waitFor()
    await desk.getByLabel('How the contact ended').selectOption({ label: 'Caller hung up' })
    await button('Finish this contact').click()
    await button(/promised calls?$/).click()
    await button('The call to Mrs Example is done').click()
    await desk.getByText(/^Mrs Example/).waitFor({ state: 'detached' })
    await button('Close').click()
    await expect(desk.getByRole('heading', { name: /^Unfinished contacts/ })).toHaveCount(0)
  })

  await test.step('999 is called', async () => {
    await button('Call someone').click()
    await desk.getByRole('combobox', { name: /^Name, team/ }).fill('999')
    await button('Call 999 now').click()
    await until(desk, 'the operator', (each) => named(each, '999')?.state.name === 'active')
    await button('End call').click()
    await until(desk, 'no call', ({ lines }) => !lines.some(isLive))
    await expect(desk.getByRole('heading', { name: /^Unfinished contacts/ })).toHaveCount(0)
  })

  const chooseColleague = async (text: string, name: string, what: string) => {
    await button('Transfer').click()
    await desk.getByRole('combobox', { name: /^Name, team/ }).fill(text)
    await desk.getByRole('option', { name }).click()
    await button(what).click()
  }
  const nextCall = async (story: string) => {
    await button('Ready for calls').click()
    await letCall(desk, story)
    await desk.locator('.ringing').getByRole('button', { name: 'Answer' }).click()
    await until(desk, 'two-way sound', ({ lines }) => lines.at(-1)?.times.twoWayAt != null)
  }
  const passedOn = async () => {
    await desk.getByRole('dialog').getByRole('button', { name: 'Pass on' }).click()
    await desk.getByText('The call has ended').waitFor()
    const { lines } = await phoneSnapshot(desk)
    expect(lines.map(({ state }) => (state.name === 'ended' ? state.reason : state.name))).toContain(
      'transferred',
    )
    await button(/^My state: Wrap-up/).click()
    await desk.getByRole('menuitem', { name: /^Break/ }).click()
    await desk.getByLabel('How the contact ended').selectOption({ label: 'Transferred' })
    await button('Finish this contact').click()
    await button('Ready for calls').waitFor()
    await button(/^My state: Not ready: break/).waitFor()
    await expect(desk.getByRole('heading', { name: /^Unfinished contacts/ })).toHaveCount(0)
  }

  await test.step('an interpreter is asked, all are joined, and the two are left talking', async () => {
    await nextCall('needs-interpreter')
    await chooseColleague('interpreting', 'Interpreting service', 'Ask first')
    await until(
      desk,
      'the interpreter',
      (each) => named(each, 'Interpreting service')?.state.name === 'active',
    )
    await button('Join all').click()
    await desk.getByText('You and 2 others, joined').waitFor()
    await desk.screenshot({ path: test.info().outputPath('joined.png') })
    await button('Leave them talking').click()
    await passedOn()
  })

  await test.step('a call is passed on without asking, and leaves the desk once it was taken', async () => {
    await nextCall('missed-bin')
    await chooseColleague('housing repairs', 'Housing repairs', 'Pass on without asking')
    await passedOn()
  })
})
