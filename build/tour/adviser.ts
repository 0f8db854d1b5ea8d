import type { Page } from '@playwright/test'
import type { Line, PhoneSnapshot } from '#shared/contract/phone.ts'
import { phoneUntil } from './desk-view.ts'

/** Practice mode makes its database and writes thousands of records on first start; a busy machine takes a while. */
export const firstStartMs = 120_000
export const soonMs = 20_000
/** Sum of squared samples × seconds (W3C webrtc-stats); silence stays below a thousandth of this. */
export const audibleEnergy = 1e-4

/** Signs in with the practice name that is filled in, and waits for the records and the telephone. */
export async function signIn(desk: Page): Promise<void> {
  const button = desk.getByRole('button', { name: 'Sign in' })
  await button.waitFor({ timeout: firstStartMs })
  await button.click()
  await deskIsUp(desk)
}

/** All records are here and the telephone could take a call. */
export async function deskIsUp(desk: Page): Promise<void> {
  await desk.getByText('All changes sent').waitFor({ timeout: firstStartMs })
  await phoneUntil(desk, (phone) => phone.readinessProblems.length === 0, 'telephone ready', soonMs)
}

export async function goReady(desk: Page): Promise<void> {
  await desk.keyboard.press('F8')
  await desk.getByRole('button', { name: 'My state: Ready' }).waitFor()
}

/** Sends a simulated resident into the queue. */
export async function letCall(desk: Page, scenarioId: string): Promise<void> {
  await desk.getByLabel('Resident’s story').selectOption(scenarioId)
  await desk.getByRole('button', { name: 'Let a resident call' }).click()
}

/** Answers the ringing call and waits for sound both ways. */
export async function answerCall(desk: Page): Promise<Line> {
  await desk.locator('.ringing').waitFor()
  await desk.keyboard.press('F2')
  const heard = await phoneUntil(
    desk,
    (phone) => theLine(phone).times.twoWayAt !== null,
    'two-way sound',
    soonMs,
  )
  return theLine(heard)
}

export function theLine(phone: PhoneSnapshot): Line {
  const line = phone.lines.at(-1)
  if (line === undefined) throw new Error('there is no call')
  return line
}

export interface StepAnswer {
  readonly title: string
  give(desk: Page): Promise<void>
}

/** Keys that answer the missed-bin script for recycling missed yesterday, by the title of the step. */
export const missedBinAnswers: readonly StepAnswer[] = [
  { title: 'Greeting', give: press('Enter') },
  { title: 'Which bin', give: press('2') },
  { title: 'Identity', give: checkIdentity },
  { title: 'Collection was due', give: typed('yesterday') },
  { title: 'Assisted collection', give: press('2') },
  { title: 'Out in time', give: press('1') },
  { title: 'Tag or wrong items', give: press('1') },
  { title: 'How many missed', give: press('1') },
  { title: 'What happens next', give: press('Enter') },
  { title: 'Anything else', give: press('2') },
]

/** Answers one step once it is shown, and waits until it is gone. */
export async function answerStep(desk: Page, { title, give }: StepAnswer): Promise<void> {
  const heading = desk.locator('.step__title', { hasText: new RegExp(`^${title}$`) })
  await heading.waitFor()
  await give(desk)
  await heading.waitFor({ state: 'detached' })
}

/** Goes through the whole missed-bin script up to its outcome. */
export async function throughMissedBin(desk: Page): Promise<void> {
  for (const answer of missedBinAnswers) await answerStep(desk, answer)
  await desk.locator('.step__title', { hasText: 'Return visit booked' }).waitFor()
  await desk.keyboard.press('Enter')
  await desk.getByText('Promised to the caller').waitFor()
}

export async function saveNote(desk: Page, words: string): Promise<void> {
  await desk.getByLabel('Note', { exact: true }).fill(words)
  await desk.keyboard.press('Control+Enter')
}

function press(key: string): (desk: Page) => Promise<void> {
  return (desk) => desk.keyboard.press(key)
}

function typed(words: string): (desk: Page) => Promise<void> {
  return async (desk) => {
    await desk.keyboard.type(words)
    await desk.keyboard.press('Enter')
  }
}

/** Chooses the caller on the left, then marks name and address as matching. */
async function checkIdentity(desk: Page): Promise<void> {
  await desk.locator('.caller .choice').first().click()
  // Choosing opens the questions and moves the focus to the first.
  await desk.locator('.verify input:focus').waitFor()
  await desk.keyboard.press('1')
  await desk.keyboard.press('1')
  await desk.keyboard.press('Enter')
}
