import { answerCall, goReady, letCall, signIn, soonMs } from '#build/tour/adviser.ts'
import { phoneUntil } from '#build/tour/desk-view.ts'
import { expect, test } from '#tests/support/app.ts'
import { practiceCouncil, readHandOver } from '#tests/support/council-client.ts'

test('a resident passed on arrives identified, is masked when somebody else speaks, and is passed on again', async ({
  desk,
}) => {
  test.setTimeout(240_000)
  desk.setDefaultTimeout(soonMs)
  const caller = desk.getByRole('region', { name: 'Caller' })
  const closed = caller.getByText('Details open after the identity check')
  const opened = caller.getByText('Amara Okafor', { exact: false }).and(desk.locator('.caller__name'))
  await signIn(desk)
  await goReady(desk)
  await letCall(desk, 'passed-on-identified')
  const line = await answerCall(desk)

  await test.step('who checked, when, on what and why it was passed on is said, and the record is open', async () => {
    await caller.getByText(/^Jo Practice passed this call on at \d\d:\d\d$/).waitFor()
    const checked = /Identity: standard, checked by Jo Practice at \d\d:\d\d on name, address/
    await caller.getByText(checked).waitFor()
    await caller.getByText('Passed on because: Lives alone since October and asks for the discount').waitFor()
    await opened.waitFor()
    await caller.getByRole('heading', { name: /^Open cases/ }).waitFor()
  })

  await test.step('somebody else on the telephone is not the resident: all of it is masked again', async () => {
    await caller.getByText('Speaking: the resident').click()
    await caller.getByLabel('Speaking').selectOption('Somebody for them')
    await closed.waitFor()
    await expect(opened).toHaveCount(0)
    await expect(caller.getByRole('heading', { name: /^Open cases/ })).toHaveCount(0)
    await caller.getByLabel('Speaking').selectOption('The resident')
    await opened.waitFor()
  })

  await test.step('a relay call is not hurried', async () => {
    await caller.getByLabel('Helped by').selectOption('Relay UK')
    await caller.getByText('Speaking: the resident, helped by Relay UK').waitFor()
    await desk.getByText('Relay UK call: do not hang up').waitFor()
    await expect(desk.getByRole('button', { name: /^My state: On a call/ })).not.toHaveText(/\d:\d\d/)
    await opened.waitFor()
  })

  await test.step('passed on by the keyboard, the reason and the level go along', async () => {
    await desk.keyboard.press('F3')
    await desk.keyboard.type('council tax team')
    await desk.getByRole('option', { name: /Council Tax team/ }).waitFor()
    await desk.keyboard.press('Control+Enter')
    const dialog = desk.getByRole('dialog', { name: 'Pass the call on to Council Tax team' })
    await expect(dialog.getByLabel('Why, for your colleague')).toBeFocused()
    await dialog.getByText(/^Identity: standard, checked by Jo Practice/).waitFor()
    await desk.keyboard.type('Wants the discount from October')
    await desk.keyboard.press('Enter')
    await phoneUntil(
      desk,
      ({ lines }) =>
        lines.some(
          ({ id, state }) => id === line.id && state.name === 'ended' && state.reason === 'transferred',
        ),
      'the call passed on',
      soonMs,
    )
  })

  expect(await readHandOver(await practiceCouncil(desk), line.contactId)).toMatchObject({
    by: 'Sam Practice',
    reason: 'Wants the discount from October',
    residentId: 'cast-amara-okafor',
    assistance: 'relay',
    identity: { level: 'standard', method: 'name, address', handedOver: { by: 'Jo Practice' } },
  })
})
