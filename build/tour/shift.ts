import { expect, type Page } from '@playwright/test'
import {
  answerCall,
  answerStep,
  audibleEnergy,
  firstStartMs,
  goReady,
  letCall,
  missedBinAnswers,
  saveNote,
  signIn,
  soonMs,
  theLine,
} from './adviser.ts'
import { phoneSnapshot, phoneUntil, whenShown } from './desk-view.ts'

export interface TourRecorder {
  /** When the app was launched, milliseconds since 1970. */
  readonly launchedAt: number
  /** Runs a step, takes its picture and stops the tour when it fails. */
  step(title: string, run: () => Promise<void>): Promise<void>
  figure(name: string, value: number, unit: string): void
}

/** One shift as an adviser works it: through the window and the keyboard, and nothing else. */
export async function playShift(desk: Page, tour: TourRecorder): Promise<void> {
  desk.setDefaultTimeout(soonMs)
  await tour.step('Sign-in', async () => {
    await desk.getByRole('heading', { name: /^Sign in/ }).waitFor()
    tour.figure('Cold start to sign-in page', Date.now() - tour.launchedAt, 'ms')
    await desk.getByRole('button', { name: 'Sign in' }).waitFor({ timeout: firstStartMs })
    tour.figure('Cold start to practice council running', Date.now() - tour.launchedAt, 'ms')
  })
  await tour.step('Signed in, records on this desk', () => signIn(desk))
  await tour.step('Ready', () => goReady(desk))
  await ring(desk, tour)
  await answer(desk, tour)
  await guide(desk, tour)
  await saveAndSync(desk, tour)
  await outage(desk, tour)
  await tour.step('Call ended, wrap-up', async () => {
    await desk.keyboard.press('F2')
    await desk.getByText('The call has ended').waitFor()
    await desk.getByRole('button', { name: 'My state: Wrap-up' }).waitFor()
  })
  await tour.step('Finished, ready for the next call', async () => {
    await desk.keyboard.press('F9')
    await desk.getByRole('heading', { name: 'Waiting for a call' }).waitFor()
    await desk.getByRole('button', { name: 'My state: Ready' }).waitFor()
    await desk.getByText('All changes sent').waitFor()
  })
}

async function ring(desk: Page, tour: TourRecorder): Promise<void> {
  await tour.step('A call rings', async () => {
    const ringing = await whenShown(desk, '.ringing')
    const candidate = await whenShown(desk, '.caller .choice', 'Raman')
    await letCall(desk, 'missed-bin')
    const shown = [await ringing(), await candidate()]
    const line = theLine(await phoneSnapshot(desk))
    tour.figure('Ring (INVITE) to call on screen', (shown[0] ?? 0) - line.times.invitedAt, 'ms')
    tour.figure('Ring (INVITE) to who may be calling', (shown[1] ?? 0) - line.times.invitedAt, 'ms')
  })
}

async function answer(desk: Page, tour: TourRecorder): Promise<void> {
  await tour.step('Answered, sound both ways', async () => {
    const pressedAt = Date.now()
    const { firstInboundAt, twoWayAt } = (await answerCall(desk)).times
    tour.figure('Answer key to first sound arriving', (firstInboundAt ?? 0) - pressedAt, 'ms')
    tour.figure('Answer key to two-way sound', (twoWayAt ?? 0) - pressedAt, 'ms')
    const loud = await phoneUntil(
      desk,
      (phone) => theLine(phone).sound.inboundEnergy > audibleEnergy,
      'the resident’s voice',
      soonMs,
    )
    tour.figure('Energy of the resident’s voice so far', theLine(loud).sound.inboundEnergy, '(samples² × s)')
  })
}

async function guide(desk: Page, tour: TourRecorder): Promise<void> {
  for (const step of missedBinAnswers) await tour.step(`Script: ${step.title}`, () => answerStep(desk, step))
  await tour.step('Script: outcome', async () => {
    await desk.locator('.step__title', { hasText: 'Return visit booked' }).waitFor()
    await desk.keyboard.press('Enter')
    await desk.getByText('Promised to the caller').waitFor()
  })
}

async function saveAndSync(desk: Page, tour: TourRecorder): Promise<void> {
  await tour.step('Saved and sent', async () => {
    const saved = await whenShown(desk, '.case__head p', 'Saved')
    const sent = await whenShown(desk, '.case__head p', ', sent')
    const pressedAt = Date.now()
    await desk.keyboard.press('Control+s')
    tour.figure('Save key to Saved', (await saved()) - pressedAt, 'ms')
    tour.figure('Save key to sent', (await sent()) - pressedAt, 'ms')
  })
}

async function outage(desk: Page, tour: TourRecorder): Promise<void> {
  await tour.step('Network cut: the desk says so', async () => {
    await desk.getByRole('button', { name: 'Cut the network' }).click()
    await desk.getByText('No connection to the switchboard').waitFor()
    await desk.getByText('The call is kept while it is restored').waitFor()
  })
  await tour.step('Note saved without a network', async () => {
    await saveNote(desk, 'The resident will leave the lid open.')
    await desk.getByText('not sent yet').first().waitFor()
    await desk.getByText(/1 change not sent since/).waitFor()
  })
  await tour.step('Network back: note sent, call restored', async () => {
    const restoredAt = Date.now()
    await desk.getByRole('button', { name: 'Restore the network' }).click()
    const packets = theLine(await phoneSnapshot(desk)).sound.packetsReceived
    const back = await phoneUntil(
      desk,
      (phone) => {
        const line = theLine(phone)
        return (
          line.signalling === 'up' &&
          line.sound.inbound === 'flowing' &&
          line.sound.packetsReceived !== packets
        )
      },
      'the call restored',
      soonMs,
    )
    tour.figure('Network back to call restored', back.takenAt - restoredAt, 'ms')
    await desk.getByText('All changes sent').waitFor()
    await expect(desk.getByText('not sent yet')).toHaveCount(0)
    tour.figure('Network back to note sent (at most)', Date.now() - restoredAt, 'ms')
  })
}
