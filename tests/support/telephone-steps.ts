import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import type { Line } from '#shared/contract/phone.ts'
import { expect, type TestedApp } from './app.ts'

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

/** As the operating system does with a link: it starts the desk once more, which gives it to the first and ends. */
export async function openLink(app: TestedApp, link: string): Promise<void> {
  const [file = '', ...args] = app.current.electron.process().spawnargs
  const own = args.filter((arg) => !/^--(inspect|remote-debugging)/.test(arg))
  const second = spawn(file, [...own, link], { stdio: 'ignore' })
  const [code] = await once(second, 'exit')
  expect(code).toBe(0)
}

/** What the desk and its practice council have written down so far. */
export const logOf = (app: TestedApp): string =>
  readFileSync(join(app.userDataFolder, 'logs/adviser-desktop.log'), 'utf8')
