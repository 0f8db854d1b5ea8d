import type { Page } from '@playwright/test'
import { answerStep, goReady, signIn, soonMs } from '#build/tour/adviser.ts'
import { phoneSnapshot, phoneUntil } from '#build/tour/desk-view.ts'
import type { Line, PhoneSnapshot } from '#shared/contract/phone.ts'
import { expect, test } from '#tests/support/app.ts'
import { practiceCouncil, readCouncil, readHandOver } from '#tests/support/council-client.ts'
import { anotherCall, endByKey } from '#tests/support/telephone-steps.ts'

const titled = (desk: Page, words: string) => desk.getByRole('heading', { name: words, exact: true })

/** Types into the box that has the focus and takes the first script. */
async function chooseScript(desk: Page, words: string, wanted: string): Promise<void> {
  await expect(desk.getByRole('combobox', { name: 'What the resident says' })).toBeFocused()
  await desk.keyboard.type(words)
  await expect(desk.getByRole('dialog').getByRole('option', { selected: true })).toContainText(wanted)
  await desk.keyboard.press('Enter')
}

const typed = (words: string) => async (desk: Page) => {
  await desk.keyboard.type(words)
  await desk.keyboard.press('Enter')
}

const operator = ({ lines }: PhoneSnapshot): Line | undefined =>
  lines.find(({ remote, state }) => remote.displayName === '999' && state.name !== 'ended')
const foodSafety = ({ lines }: PhoneSnapshot): Line | undefined =>
  lines.find(({ purpose, state }) => purpose.name === 'consult' && state.name !== 'ended')
const caller = ({ lines }: PhoneSnapshot): Line | undefined =>
  lines.find(({ direction }) => direction === 'inbound')

test('scripts are found, changed and left beside a letter, and a risk to life has one key from anywhere', async ({
  desk,
}) => {
  test.setTimeout(240_000)
  const begunAt = new Date().toISOString()
  desk.setDefaultTimeout(soonMs)
  await signIn(desk)
  const note = desk.getByLabel('Note', { exact: true })
  const openContacts = desk.getByRole('navigation', { name: 'Open contacts' })
  const step = (title: string) => desk.locator('.step__title', { hasText: new RegExp(`^${title}$`) })

  await test.step('an email is begun by key, its script found in words with a typing error', async () => {
    await desk.keyboard.press('Shift+F9')
    await chooseScript(desk, 'libary books', 'Library')
    await titled(desk, 'Library').waitFor()
    await desk.getByText(/^Email: when all is written/).waitFor()
    await note.fill('half a sen')
  })

  await test.step('a direct call has no script: the six most used are offered, and the search', async () => {
    await goReady(desk)
    await anotherCall(desk, 'direct-call')
    await phoneUntil(desk, (phone) => caller(phone)?.state.name === 'ringing', 'a call rings', soonMs)
    await desk.keyboard.press('F2')
    await phoneUntil(desk, (phone) => caller(phone)?.state.name === 'active', 'it is answered', soonMs)
    await titled(desk, 'What is it about?').waitFor()
    await expect(desk.locator('.shortcuts .option')).toHaveCount(6)
    await desk.keyboard.press('Control+Shift+K')
    await chooseScript(desk, 'bin wasnt emptied', 'Missed bin collection')
    await titled(desk, 'Missed bin collection').waitFor()
    await answerStep(desk, { title: 'Greeting', give: () => desk.keyboard.press('Enter') })
  })

  await test.step('the email is one key away while the call goes on, with its half sentence', async () => {
    await desk.keyboard.press('Control+F7')
    await titled(desk, 'Library').waitFor()
    await expect(note).toHaveValue('half a sen')
    await desk.keyboard.press('Control+F7')
    await titled(desk, 'Missed bin collection').waitFor()
    await expect(openContacts.getByRole('button')).toHaveText([/^Email/, /^Telephone/])
    expect(caller(await phoneSnapshot(desk))?.state.name).toBe('active')
  })

  await test.step('another script asks which case goes on, and going back restores the answers', async () => {
    await answerStep(desk, { title: 'Which bin', give: () => desk.keyboard.press('2') })
    await desk.keyboard.press('Control+s')
    await desk.getByText(/^Saved \d/).waitFor()
    await desk.keyboard.press('Control+Shift+K')
    await chooseScript(desk, 'blue bage', 'Blue Badge')
    await titled(desk, 'A case was begun already').waitFor()
    await desk.keyboard.press('Enter')
    await titled(desk, 'Blue Badge').waitFor()
    const back = desk.getByRole('button', { name: 'Back to Missed bin collection' })
    await back.focus()
    await desk.keyboard.press('Enter')
    await titled(desk, 'Missed bin collection').waitFor()
    await desk.getByRole('list', { name: 'Answered so far' }).getByText('Recycling').waitFor()
  })

  const stepBefore = await desk.locator('.step__title').first().textContent()
  const pane = desk.getByRole('dialog', { name: 'Risk to life' })
  const log = pane.getByRole('list', { name: 'Log' })

  await test.step('one key opens the pane over another dialog, and 999 is called beside the resident, who is not held', async () => {
    await desk.keyboard.press('F10')
    await desk.getByRole('dialog', { name: 'Calls' }).waitFor()
    await desk.keyboard.press('F12')
    await expect(pane.getByLabel('Where are they now?')).toBeFocused()
    await desk.keyboard.type('14 Elm Road, Wexcombe')
    await desk.keyboard.press('Alt+9')
    await pane.getByText('the person is at 14 Elm Road, Wexcombe.').waitFor()
    const phone = await phoneUntil(
      desk,
      (each) => operator(each)?.state.name === 'active',
      '999 is up',
      soonMs,
    )
    expect(caller(phone)?.state.name).toBe('active')
    await pane.getByText('They do not hear the operator').waitFor()
  })

  await test.step('the log is written by key; neither Escape nor a key of the telephone undoes anything', async () => {
    await desk.keyboard.press('Alt+3')
    await log.getByText('Not breathing or unconscious').waitFor()
    await pane.getByLabel('Write what is said or happens').focus()
    await desk.keyboard.type('Neighbour is starting chest compressions')
    await desk.keyboard.press('Escape')
    await pane.getByText('These words are not kept yet').waitFor()
    await desk.keyboard.press('F2')
    await desk.keyboard.press('F4')
    await desk.keyboard.press('Enter')
    await log.getByText('Neighbour is starting chest compressions').waitFor()
    await log.getByText('Emergency operator: answered').waitFor()
    await expect(log.getByRole('textbox')).toHaveCount(0)
    expect(caller(await phoneSnapshot(desk))?.state.name).toBe('active')
    await pane
      .getByRole('region', { name: 'Supervisors' })
      .getByText(/^Taken up by /)
      .waitFor()
  })

  await test.step('leaving it comes back to the same step, and it can be gone to again', async () => {
    await desk.keyboard.press('F12')
    await pane.waitFor({ state: 'detached' })
    await desk.keyboard.press('Escape')
    await expect(desk.locator('.step__title').first()).toHaveText(stepBefore ?? '')
    await desk.getByText(/the record begun at .* is open. 999 is on the line/).waitFor()
    await desk.keyboard.press('F12')
    await log.getByText('Neighbour is starting chest compressions').waitFor()
  })

  await test.step('once it is over the adviser is asked how they are, and nothing is forced', async () => {
    await pane.getByRole('button', { name: 'End 999' }).focus()
    await desk.keyboard.press('Enter')
    await log.getByText('Emergency operator: call ended').waitFor()
    await pane.getByRole('button', { name: 'It is over: close the record' }).focus()
    await desk.keyboard.press('Enter')
    await titled(desk, 'That was a hard call').waitFor()
    await desk.keyboard.press('Escape')
    await expect(desk.locator('.step__title').first()).toHaveText(stepBefore ?? '')
    expect(caller(await phoneSnapshot(desk))?.state.name).toBe('active')
  })

  await test.step('a script’s transfer step passes the call on with one key, and the reason goes along', async () => {
    await desk.keyboard.press('Control+Shift+K')
    await chooseScript(desk, 'rats', 'Noise or pests')
    await titled(desk, 'A case was begun already').waitFor()
    await desk.keyboard.press('Enter')
    await answerStep(desk, { title: 'Noise or pests', give: () => desk.keyboard.press('2') })
    await answerStep(desk, { title: 'Which pest', give: () => desk.keyboard.press('1') })
    await answerStep(desk, { title: 'Where', give: () => desk.keyboard.press('4') })
    await step('Food safety team').waitFor()
    await desk.keyboard.press('1')
    await desk.keyboard.press('a')
    await desk.getByText(/^You are asking Food safety team\./).waitFor()
    await phoneUntil(desk, (phone) => foodSafety(phone)?.state.name === 'active', 'they answer', soonMs)
    expect(caller(await phoneSnapshot(desk))?.state.name).toBe('held')
    await endByKey(desk)
    await phoneUntil(desk, (phone) => foodSafety(phone) === undefined, 'asking is over', soonMs)
    await desk.keyboard.press('F4')
    await phoneUntil(desk, (phone) => caller(phone)?.state.name === 'active', 'the caller is back', soonMs)

    await step('Food safety team').click()
    await desk.keyboard.press('p')
    const dialog = desk.getByRole('dialog', { name: 'Pass the call on to Food safety team' })
    await expect(dialog.getByLabel('Why, for your colleague')).toBeFocused()
    await desk.keyboard.type('Rats in a takeaway kitchen')
    await desk.keyboard.press('Enter')
    await desk.getByText('The call has been passed on.').waitFor()
    const passedOn = caller(await phoneSnapshot(desk))
    expect(passedOn?.state).toMatchObject({ name: 'ended', reason: 'transferred' })
    expect(await readHandOver(await practiceCouncil(desk), passedOn?.contactId ?? '')).toMatchObject({
      by: 'Sam Practice',
      reason: 'Rats in a takeaway kitchen',
    })
    await answerStep(desk, { title: 'Food safety team', give: () => desk.keyboard.press('Enter') })
    await step('Put through').waitFor()
    await desk.keyboard.press('Enter')
    await expect(desk.getByLabel('How the contact ended')).toHaveValue('transferred')
    await desk.keyboard.press('F9')
    await desk.getByRole('heading', { name: 'Unfinished contacts (1)' }).waitFor()
  })

  await test.step('the email is carried to its end: written, noted, its case made, finished', async () => {
    await desk.keyboard.press('Control+F7')
    await titled(desk, 'Library').waitFor()
    await desk.getByText(/begin the reply with their name/).waitFor()
    await titled(desk, 'Who it is from').waitFor()
    await answerStep(desk, { title: 'Greeting', give: () => desk.keyboard.press('Enter') })
    await desk.getByText('Write or say').waitFor()
    await answerStep(desk, { title: 'What it is about', give: () => desk.keyboard.press('6') })
    await answerStep(desk, { title: 'Why books should come home', give: () => desk.keyboard.press('1') })
    await answerStep(desk, {
      title: 'What they like to read',
      async give() {
        await desk.keyboard.press('2')
        await desk.keyboard.press('Enter')
      },
    })
    await answerStep(desk, { title: 'Address', give: typed('9 Mill Lane, Wexcombe') })
    await answerStep(desk, { title: 'Number to call', give: typed('01632 960155') })
    await answerStep(desk, { title: 'What happens next', give: () => desk.keyboard.press('Enter') })
    await answerStep(desk, { title: 'Anything else', give: () => desk.keyboard.press('2') })
    await answerStep(desk, { title: 'Survey', give: () => desk.keyboard.press('2') })
    await step('Books brought home').waitFor()
    await desk.keyboard.press('Enter')
    await desk.getByText('Promised to the caller').waitFor()
    await note.fill('Large print, and nothing sad.')
    await desk.keyboard.press('Control+Enter')
    await expect(note).toHaveValue('')
    await desk.keyboard.press('Control+s')
    await desk.getByText(/^Saved \d.*, sent$/).waitFor()
    await desk.keyboard.press('F9')
    await expect(titled(desk, 'Library')).toHaveCount(0)
  })

  await test.step('the council has every line of the risk with its second, and the email with its end', async () => {
    const access = await practiceCouncil(desk)
    /** All that the council holds is read, which takes seconds: once is enough when all was sent. */
    const kept = async () => {
      const { contacts, cases, timeline } = await readCouncil(access)
      const email = contacts.find(({ channel, startedAt }) => channel === 'email' && startedAt >= begunAt)
      return {
        risk: timeline.filter(({ kind }) => kind === 'risk').map(({ text }) => text),
        email,
        emailCase: cases.find(({ id }) => id === email?.caseId),
        written: timeline
          .filter(({ contactId }) => contactId === email?.id)
          .map(({ kind, text }) => (kind === 'note' ? text : kind))
          .toSorted(),
      }
    }
    await expect.poll(kept, { timeout: 60_000 }).toMatchObject({
      risk: expect.arrayContaining([
        'Calling 999',
        'Supervisors are told by this desk',
        'Not breathing or unconscious',
        'Neighbour is starting chest compressions',
        'Record closed by the adviser',
      ]),
      email: { disposition: 'case-raised', script: { id: 'library' }, endedAt: expect.any(String) },
      emailCase: { serviceCode: 438, status: 'open', fields: { address: '9 Mill Lane, Wexcombe' } },
      written: ['Large print, and nothing sad.', 'contact'],
    })
  })
})
