import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { answerCall, deskIsUp, goReady, saveNote, soonMs, throughMissedBin } from '#build/tour/adviser.ts'
import { expect } from '#tests/support/app.ts'
import { readCouncil } from '#tests/support/council-client.ts'
import { signInLive, test } from '#tests/support/own-backend.ts'
import { wordsInFiles } from '#tests/support/words-in-files.ts'

const sentNote = 'Keeps two elderly greyhounds behind the side gate.'
const unsentNote = 'Son has the spare keys, Thursdays after four.'
const halfTyped = 'Prefers to be rung before breakf'

test('a thief who takes the disk after a working day reads nobody’s name, number, address or note', async ({
  app,
  desk,
  backend,
}) => {
  test.setTimeout(240_000)
  // Every tested profile has a practice council, which a live desk does not use.
  rmSync(join(app.userDataFolder, 'practice'), { recursive: true, force: true })
  await signInLive(desk)
  await deskIsUp(desk)
  await goReady(desk)
  await backend.resident()
  await answerCall(desk)
  await throughMissedBin(desk)
  await desk.keyboard.press('Control+s')
  await desk
    .locator('.case__head')
    .getByText(/^Saved .*, sent$/)
    .waitFor({ timeout: soonMs })
  await saveNote(desk, sentNote)
  await desk.locator('.timeline__entry', { hasText: sentNote }).waitFor()
  await expect
    .poll(async () => (await readCouncil(backend.access)).timeline.some(({ text }) => text === sentNote))
    .toBe(true)
  const { residents, timeline, contacts } = await readCouncil(backend.access)
  const [someone] = residents
  if (someone === undefined) throw new Error('the council knows nobody')
  await desk.keyboard.press('Control+k')
  await desk.keyboard.type(someone.familyName)
  const found = desk.getByRole('dialog', { name: 'Find anything' }).getByRole('option')
  await found.first().waitFor()
  await desk.keyboard.press('Escape')
  await backend.setNetworkCut(true)
  await saveNote(desk, unsentNote)
  await desk.locator('.timeline__entry', { hasText: unsentNote }).waitFor()
  await desk.getByLabel('Note', { exact: true }).pressSequentially(halfTyped)
  await desk.getByText(/not sent since/).waitFor()
  // What a crash leaves behind is looked at too.
  await app.kill9()

  const people = residents.flatMap(({ givenName, familyName, phones, email, address }) => [
    `${givenName} ${familyName}`,
    ...phones.flatMap((phone) => [phone, phone.replace('+44', '0')]),
    ...(email === undefined ? [] : [email]),
    address.line1,
    address.postcode,
  ])
  const notes = [...timeline.map(({ text }) => text), sentNote, unsentNote, halfTyped]
  // A note of a word or two is anybody's.
  const words = [...new Set([...people, ...notes.filter((text) => text.length > 15)])]
  expect(contacts.length).toBeGreaterThan(0)
  expect(words.length).toBeGreaterThan(500)
  const { found: readable, searchedBytes } = wordsInFiles(app.userDataFolder, words)
  console.log(`    ${words.length} words looked for in ${Math.round(searchedBytes / 1e6)} MB`)
  expect(readable).toEqual([])
  expect(searchedBytes).toBeGreaterThan(1_000_000)

  // Where a word is, it is found.
  const [, word = ''] = words
  writeFileSync(join(app.userDataFolder, 'left-behind.log'), Buffer.from(`x${word}`, 'utf16le'))
  expect(wordsInFiles(app.userDataFolder, words).found).toContain(`${word} in left-behind.log`)
})
