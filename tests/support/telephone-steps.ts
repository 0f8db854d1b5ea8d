import type { Page } from '@playwright/test'
import type { Line } from '#shared/contract/phone.ts'
import { expect } from './app.ts'

export const isLive = ({ state }: Line): boolean => state.name !== 'ended'

/** A resident rings while the adviser talks, when the trainer's controls are not on the screen. */
export async function anotherCall(desk: Page, scenarioId: string): Promise<void> {
  const answer = await desk.evaluate(
    (id) => window.bridge?.invoke('practice.call', { scenarioId: id }),
    scenarioId,
  )
  expect(answer).toMatchObject({ ok: true })
}

/** The key that answers ends the call as well, but not so soon that it could be a slip: the button shows when it does. */
export async function endByKey(desk: Page): Promise<void> {
  const end = desk.getByRole('button', { name: 'End call' })
  await expect(end).toHaveAttribute('aria-keyshortcuts', 'F2')
  await desk.keyboard.press('F2')
}
