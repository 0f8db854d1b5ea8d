import type { Locator, Page } from '@playwright/test'
import { expect } from './app.ts'

/** The heading of the step that is shown. */
export const step = (desk: Page, title: string): Locator =>
  desk.locator('.step__title', { hasText: new RegExp(`^${title}$`) })

/** A key, as an answer to a step. */
export const press =
  (key: string) =>
  (desk: Page): Promise<void> =>
    desk.keyboard.press(key)

/** Finds another script by what a resident would say, and asks for it. */
export async function chooseScript(desk: Page, words: string, title: string): Promise<void> {
  await desk.keyboard.press('Control+Shift+k')
  await desk.getByRole('dialog', { name: 'Find a script' }).waitFor()
  await desk.keyboard.type(words)
  await expect(desk.getByRole('dialog').getByRole('option', { selected: true })).toContainText(title)
  await desk.keyboard.press('Enter')
}

/** The same where nothing is asked first. */
export async function changeScript(desk: Page, words: string, title: string): Promise<void> {
  await chooseScript(desk, words, title)
  await desk.locator('.guidance h2', { hasText: title }).waitFor()
}
