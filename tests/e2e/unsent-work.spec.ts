import { randomUUID } from 'node:crypto'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { firstStartMs, soonMs } from '#build/tour/adviser.ts'
import { advisers, practicePassword } from '#electron/practice/council/seed/practice-council.ts'
import { isAccessible } from '#tests/support/accessible.ts'
import { expect } from '#tests/support/app.ts'
import { readCouncil, sendOperations } from '#tests/support/council-client.ts'
import { type Gate, startGate } from '#tests/support/gate.ts'
import { test as base, outageProblems, signInLive } from '#tests/support/own-backend.ts'

/** A desk whose way to the council can be shut while colleagues go on working there. */
const test = base.extend<{ gate: Gate }>({
  gate: async ({ backend }, use) => {
    const gate = await startGate(backend.council.url)
    await use(gate)
    await gate.stop()
  },
  appOptions: async ({ gate, backendFolder }, use) => {
    const configFile = join(backendFolder, 'adviser-desktop.json')
    writeFileSync(
      configFile,
      JSON.stringify({ mode: 'live', council: { name: 'Anytown Council', url: gate.url } }),
    )
    await use({ args: [`--config=${configFile}`], expectedProblems: [outageProblems] })
  },
})

async function beginLibrary(desk: Page): Promise<void> {
  await desk.keyboard.press('Shift+F9')
  await desk.getByRole('combobox', { name: 'What the resident says' }).waitFor()
  await desk.keyboard.type('join the library')
  await expect(desk.getByRole('dialog').getByRole('option', { selected: true })).toContainText('Library')
  await desk.keyboard.press('Enter')
  await desk.getByRole('heading', { name: 'Library', exact: true }).waitFor()
}

/** Answers the step that is shown, and waits for the next. */
async function answer(desk: Page, key: string): Promise<void> {
  const title = desk.locator('.step__title').first()
  const before = await title.textContent()
  await desk.keyboard.press(key)
  await expect(title).not.toHaveText(before ?? '')
}

async function saved(desk: Page): Promise<void> {
  await desk.keyboard.press('Control+s')
  await desk
    .locator('.case__head')
    .getByText(/^Saved \d/)
    .waitFor()
}

test('what is not sent is seen, decided and given up, with no network and then with one', async ({
  desk,
  backend,
  gate,
}) => {
  test.setTimeout(240_000)
  desk.setDefaultTimeout(soonMs)
  await signInLive(desk)
  await desk.getByText('All changes sent').waitFor({ timeout: firstStartMs })
  const dialog = desk.getByRole('dialog', { name: 'Not sent yet' })
  const rows = dialog.getByRole('option')
  const startedAt = new Date().toISOString()
  const colleague = { ...backend.access, username: advisers[1]?.username ?? '', password: practicePassword }
  const ownCases = async () =>
    (await readCouncil(backend.access)).cases.filter(({ openedAt }) => openedAt >= startedAt)

  await test.step('with everything sent the list says so', async () => {
    await desk.keyboard.press('Control+u')
    await dialog.getByText('Everything that was saved on this desk has been sent.').waitFor()
    await desk.keyboard.press('Escape')
  })

  await test.step('a case goes out; then the way is shut and a colleague changes the same field', async () => {
    await beginLibrary(desk)
    for (const key of ['Enter', '1', '1']) await answer(desk, key)
    await saved(desk)
    await desk
      .locator('.case__head')
      .getByText(/^Saved .*, sent$/)
      .waitFor()
    expect((await ownCases()).map(({ fields }) => fields.joins)).toEqual(['adult'])
    gate.set(false)
    const made = (await ownCases())[0]
    if (made === undefined) throw new Error('the case was not made')
    const change = { fields: { joins: 'no-address' } }
    const results = await sendOperations(colleague, [
      {
        kind: 'case.change',
        id: randomUUID(),
        at: new Date().toISOString(),
        caseId: made.id,
        baseVersion: made.version,
        change,
      },
    ])
    expect(results).toMatchObject([{ outcome: 'applied' }])
  })

  await test.step('what is saved meanwhile is listed in words, with its age and its tries', async () => {
    await desk.getByRole('button', { name: /^Back/ }).first().click()
    await answer(desk, '2')
    await saved(desk)
    await desk.getByLabel('Note', { exact: true }).fill('Asked for the large-print list.')
    await desk.keyboard.press('Control+Enter')
    await desk
      .getByLabel('Add files…')
      .setInputFiles({ name: 'gate.txt', mimeType: 'text/plain', buffer: Buffer.from('The side gate.') })
    await desk
      .getByRole('listitem')
      .filter({ hasText: 'gate.txt' })
      .getByText(/kept encrypted on this desk/)
      .waitFor()
    await desk.getByText(/not sent since/).waitFor()
    await desk.keyboard.press('Control+u')
    await expect(rows).toHaveCount(3)
    await isAccessible(desk, 'not sent yet')
  })

  await test.step('all of it can be written to a file, with a warning', async () => {
    await dialog.getByRole('button', { name: 'Write all to a file…' }).click()
    await dialog.getByText('The file holds personal data in plain words').waitFor()
    await dialog.getByRole('button', { name: 'Write the file' }).click()
    await dialog.getByText('Written to a file on this computer').waitFor()
    const path = (await dialog.locator('.unsent__path').textContent()) ?? ''
    const text = readFileSync(path, 'utf8')
    expect(text).toContain('3 changes, in the order they were saved.')
    expect(text).toContain('Words: Asked for the large-print list.')
    expect(text).toMatch(/Joins: child/)
    rmSync(path)
  })

  await test.step('discarding names what is lost, and can be taken back', async () => {
    await rows.filter({ hasText: 'Note' }).click()
    await dialog.getByRole('button', { name: 'Discard this change…' }).click()
    await dialog.getByRole('alert').getByText('Asked for the large-print list.').waitFor()
    await dialog.getByRole('button', { name: 'Discard it' }).click()
    await expect(rows).toHaveCount(2)
    await dialog.getByRole('button', { name: 'Bring it back' }).click()
    await expect(rows).toHaveCount(3)
  })

  await test.step('with the way open again the clash is told, and decided by keys', async () => {
    gate.set(true)
    await dialog.getByRole('button', { name: 'Try now' }).click()
    await dialog.getByText('Somebody else changed the same field. Decide which stands.').waitFor()
    await expect(rows).toHaveCount(1)
    await isAccessible(desk, 'a clash')
    await dialog.getByRole('radio', { name: /^Keep mine/ }).focus()
    await desk.keyboard.press('Space')
    await desk.reload()
    await desk.getByRole('button', { name: 'Go on with it' }).click()
    await desk.locator('.case__head').waitFor()
    await desk.keyboard.press('Control+u')
    await expect(dialog.getByRole('radio', { name: /^Keep mine/ })).toBeChecked()
    await dialog.getByRole('button', { name: 'Decide', exact: true }).press('Enter')
    await dialog.getByText('Everything that was saved on this desk has been sent.').waitFor()
    expect((await ownCases()).map(({ fields }) => fields.joins)).toEqual(['child'])
    await desk.keyboard.press('Escape')
    await desk
      .getByRole('listitem')
      .filter({ hasText: 'gate.txt' })
      .getByText(/at the council/)
      .waitFor()
    const notes = (await readCouncil(backend.access)).timeline.filter(({ at }) => at >= startedAt)
    expect(notes.filter(({ text }) => text === 'Asked for the large-print list.')).toHaveLength(1)
  })
})

test('a resident is found, made anew in spite of the hint, warned of, and the two records are made one', async ({
  desk,
}) => {
  test.setTimeout(240_000)
  desk.setDefaultTimeout(soonMs)
  await signInLive(desk)
  await desk.getByText('All changes sent').waitFor({ timeout: firstStartMs })
  const found = desk.getByRole('dialog', { name: 'Find anything' }).getByRole('option')
  const caller = desk.getByRole('region', { name: 'Caller' })

  await test.step('a name begun finds people, says why, and Enter begins a contact with the one marked', async () => {
    await desk.keyboard.press('Control+k')
    await desk.keyboard.type('okafo')
    await expect(found.first()).toContainText('Okafor')
    await expect(found.first()).toContainText('Name')
    await expect(found.first()).toHaveAttribute('aria-selected', 'true')
    await isAccessible(desk, 'find anything')
    await desk.keyboard.press('ArrowDown')
    await expect(found.nth(1)).toHaveAttribute('aria-selected', 'true')
    await desk.keyboard.press('Enter')
    await desk.getByRole('combobox', { name: 'What the resident says' }).waitFor()
    await desk.keyboard.type('missed bin')
    await expect(desk.getByRole('dialog').getByRole('option', { selected: true })).toContainText('Missed bin')
    await desk.keyboard.press('Enter')
    await caller.getByText('Chosen, identity not checked').waitFor()
  })

  await test.step('a new resident: who may be the same stands beside the form', async () => {
    await desk.keyboard.press('Control+k')
    await desk.keyboard.type('Amara Okafour')
    await desk.getByRole('button', { name: 'Make a new resident' }).click()
    const form = desk.getByRole('dialog', { name: 'New resident' })
    await expect(form.getByLabel('First name')).toHaveValue('Amara')
    await form.getByLabel('Last name').fill('Okafor')
    await form.getByLabel('Telephone').fill('01632 960142')
    await form.getByLabel('Address, first line').fill('14 Elm Road')
    await form.getByLabel('Town').fill('Wexcombe')
    await form.getByLabel('Postcode').fill('ZZ99 1AA')
    await form
      .getByText(/same telephone number/)
      .first()
      .waitFor()
    await isAccessible(desk, 'a new resident')
    await form.getByRole('button', { name: 'Make a new record all the same' }).click()
    await form.waitFor({ state: 'detached' })
    await caller.getByRole('button', { pressed: true }).getByText('Amara Okafor').waitFor()
  })

  await test.step('once identified, a warning is added and told beside the name and the case', async () => {
    await desk.keyboard.press('Alt+2')
    await answer(desk, 'Enter')
    await answer(desk, '2')
    await desk.locator('.verify input').first().focus()
    await desk.keyboard.press('1')
    await desk.keyboard.press('1')
    await desk.keyboard.press('Enter')
    await caller.getByRole('button', { name: 'Warnings' }).click()
    const dialog = desk.getByRole('dialog', { name: 'Warnings' })
    await dialog.getByRole('button', { name: 'Add a warning' }).click()
    await dialog.getByLabel('Reason').fill('A dog that bites is loose in the yard.')
    await dialog.getByLabel('Owner').fill('Waste crews')
    await isAccessible(desk, 'a warning')
    await dialog.getByRole('button', { name: 'Save the warning' }).click()
    await dialog.getByRole('button', { name: 'Review or change' }).waitFor()
    await desk.keyboard.press('Escape')
    await caller.getByText('A dog that bites is loose in the yard.').waitFor()
    await desk.getByRole('region', { name: 'Case' }).getByText('Visits by two people only').waitFor()
  })

  await test.step('the two records are laid side by side, made one, and parted again', async () => {
    await caller.getByRole('button', { name: 'Same person twice?' }).click()
    const dialog = desk.getByRole('dialog', { name: 'Two records of one person' })
    await dialog.getByRole('searchbox', { name: 'Find another record' }).fill('thomas')
    await dialog.getByRole('list', { name: 'Other records found' }).getByText('Thomas').first().waitFor()
    await isAccessible(desk, 'finding the other record')
    await dialog.getByRole('listitem').filter({ hasText: 'Mrs Amara Okafor' }).getByRole('button').click()
    await dialog.getByRole('row', { name: /^Address/ }).waitFor()
    await isAccessible(desk, 'two records side by side')
    await dialog.getByLabel('I am sure that both records are of the same person').check()
    await dialog.getByRole('button', { name: 'Make them one record' }).click()
    await isAccessible(desk, 'files and a record made of two')
    await caller.getByRole('button', { name: 'Part them again' }).click()
    await caller.getByRole('button', { name: 'Part them', exact: true }).click()
    await caller.getByText(/^Made of two records/).waitFor({ state: 'detached' })
    await desk.getByText('All changes sent').waitFor()
  })
})
