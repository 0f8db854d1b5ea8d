import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { deskIsUp, firstStartMs, goReady } from '#build/tour/adviser.ts'
import { type Council, startCouncil } from '#electron/practice/council/council.ts'
import { advisers, practicePassword } from '#electron/practice/council/seed/practice-council.ts'
import { systemClock, systemRandom } from '#electron/practice/node-ports.ts'
import { type Switchboard, startSwitchboard } from '#electron/practice/switchboard/switchboard.ts'
import { silentLog } from '#shared/kernel/log.ts'
import { expect, test } from '#tests/support/app.ts'

interface Backend {
  readonly council: Council
  readonly switchboard: Switchboard
  /** Settings file that points a desk at them. */
  readonly configFile: string
}

/** A council and a switchboard of the test's own, and a desk in live mode that is pointed at them. */
const withBackend = test.extend<{ backend: Backend; sipPassword: string | null }>({
  /** What the switchboard takes instead of the right password; null takes the right one. */
  sipPassword: [null, { option: true }],
  backend: async ({ sipPassword, practiceTemplate }, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'adviser-desktop-backend-'))
    cpSync(practiceTemplate, folder, { recursive: true })
    const shared = { host: '127.0.0.1' as const, clock: systemClock, random: systemRandom, log: silentLog }
    let sipUrl = ''
    const council = await startCouncil({
      ...shared,
      port: 0,
      database: { folder: join(folder, 'database') },
      scriptsFolder: join(import.meta.dirname, '../../shared/guidance/scripts'),
      sip: { domain: 'practice.example.org', servers: () => [sipUrl] },
    })
    const { sipAccounts } = council
    const accounts =
      sipPassword === null ? sipAccounts : { ...sipAccounts, password: async () => sipPassword }
    const switchboard = await startSwitchboard({
      ...shared,
      port: 0,
      domain: 'practice.example.org',
      agents: council.agents,
      accounts,
      queues: () => council.queues(),
    })
    sipUrl = switchboard.url
    const configFile = join(folder, 'adviser-desktop.json')
    writeFileSync(
      configFile,
      JSON.stringify({ mode: 'live', council: { name: 'Anytown Council', url: council.url } }),
    )
    await use({ council, switchboard, configFile })
    await switchboard.stop()
    await council.stop()
    rmSync(folder, { recursive: true, force: true })
  },
  appOptions: async ({ backend }, use) =>
    use({ args: [`--config=${backend.configFile}`], expectedProblems: [outage] }),
})

const outage = /ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE|ERR_CONNECTION_CLOSED|40[13]/

async function signInLive(desk: Page): Promise<void> {
  await desk.getByRole('heading', { name: 'Sign in to Anytown Council' }).waitFor({ timeout: firstStartMs })
  await desk.getByLabel('User name').fill(advisers[0]?.username ?? '')
  await desk.getByLabel('Password').fill(practicePassword)
  await desk.getByRole('button', { name: 'Sign in' }).click()
}

withBackend.describe('on a council of its own', () => {
  withBackend('a wrong password is said plainly and signs nobody in', async ({ desk }) => {
    await desk.getByLabel('User name').fill(advisers[0]?.username ?? '', { timeout: firstStartMs })
    await desk.getByLabel('Password').fill('not-the-password')
    await desk.getByRole('button', { name: 'Sign in' }).click()
    await expect(desk.getByText('That user name and password do not match')).toBeVisible()
  })

  withBackend(
    'opens on its cache while the council cannot be reached, and says since when',
    async ({ app, backend, desk: firstDesk }) => {
      test.setTimeout(180_000)
      await signInLive(firstDesk)
      await deskIsUp(firstDesk)
      await backend.council.cut()
      await backend.switchboard.cut()

      await app.relaunch()
      const desk = await app.page('desk')
      await desk
        .getByText(/Working from this desk’s records, as at \d\d:\d\d/)
        .waitFor({ timeout: firstStartMs })
      await expect(desk.getByText('No connection to the switchboard. Ready is off.')).toBeVisible()
      await expect(desk.getByText(/^Your queues: Waste and recycling/)).toBeVisible()
      await expect(desk.getByRole('button', { name: 'Ready for calls' })).toBeDisabled()

      await backend.council.restore()
      await backend.switchboard.restore()
      await deskIsUp(desk)
      await expect(desk.getByRole('button', { name: 'Ready for calls' })).toBeEnabled()
    },
  )
})

withBackend.describe('when the switchboard refuses', () => {
  withBackend.use({ sipPassword: 'another' })

  withBackend('says why and what to do, and Ready stays off', async ({ desk }) => {
    test.setTimeout(120_000)
    await signInLive(desk)
    await expect(desk.getByText('The switchboard refused this telephone. Ready is off.')).toBeVisible({
      timeout: firstStartMs,
    })
    await expect(desk.getByText(/Tell your supervisor or IT, then choose Try again/)).toBeVisible()
    await desk.keyboard.press('F8')
    await expect(desk.getByRole('button', { name: 'My state: Not ready' })).toBeVisible()
    await expect(desk.getByText('Ready is not possible yet')).toBeVisible()
  })
})

test('without permission for the microphone Ready is refused with the reason, until it is allowed', async ({
  app,
  desk,
}) => {
  test.setTimeout(180_000)
  const allow = (allowed: boolean) =>
    app.current.electron.evaluate(({ session }, answer) => {
      session.defaultSession.setPermissionRequestHandler((_contents, permission, callback) =>
        callback(permission === 'media' ? answer : true),
      )
      session.defaultSession.setPermissionCheckHandler(
        (_contents, permission) => permission !== 'media' || answer,
      )
    }, allowed)
  await allow(false)
  await desk.getByRole('button', { name: 'Sign in' }).click({ timeout: firstStartMs })
  await expect(desk.getByText('The microphone is not allowed. Ready is off.')).toBeVisible({
    timeout: firstStartMs,
  })
  await expect(desk.getByRole('button', { name: 'Ready for calls' })).toBeDisabled()
  await allow(true)
  await desk.getByRole('button', { name: 'Check the microphone' }).click()
  await deskIsUp(desk)
  await goReady(desk)
})

test.describe('a computer without a microphone', () => {
  test.use({ appOptions: { hasMicrophone: false } })

  test('says so, and Ready is refused', async ({ desk }) => {
    test.setTimeout(180_000)
    await desk.getByRole('button', { name: 'Sign in' }).click({ timeout: firstStartMs })
    await expect(desk.getByText('No microphone found. Ready is off.')).toBeVisible({ timeout: firstStartMs })
    await expect(desk.getByText(/Plug in your headset, then/)).toBeVisible()
    await desk.keyboard.press('F8')
    await expect(desk.getByRole('button', { name: 'My state: Not ready' })).toBeVisible()
  })
})
