import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from '@playwright/test'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findBrowser } from '#build/standin/find-browser.ts'
import { systemClock } from '#electron/practice/node-ports.ts'
import { type Residents, startResidents } from '#electron/practice/residents/residents.ts'
import { silentLog } from '#shared/kernel/log.ts'
import { colleagues } from '#shared/practice/colleagues.ts'
import { numberShown, type Scenario, scenarios } from '#shared/practice/scenarios.ts'
import { domain, password, type Rig, startRig } from './rig.ts'

/* The browser's own WebRTC against the residents', in the network as it is. */

const root = join(import.meta.dirname, '../../..')
const origin = 'https://bundle.app.internal'

let rig: Rig
let residents: Residents
let browser: Browser
let page: Page
const scenario = talkative('missed-bin')

function talkative(wanted: string): Scenario {
  const found = scenarios.find(({ id }) => id === wanted)
  if (found === undefined) throw new Error(`no scenario ${wanted}`)
  return { ...found, greetAfterMs: 0 }
}

beforeAll(async () => {
  rig = await startRig()
  residents = await startResidents({
    trunkUrl: rig.switchboard.trunkUrl,
    domain,
    clipsFolder: join(root, 'electron/practice/residents/clips'),
    scenarios: [scenario],
    colleagues,
    clock: systemClock,
    log: silentLog,
  })
  const executablePath = await findBrowser()
  if (executablePath === undefined) throw new Error('no Chromium or Chrome is installed')
  browser = await chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--mute-audio',
      '--use-fake-ui-for-media-stream',
      '--use-fake-device-for-media-stream',
      '--allow-loopback-in-peer-connection',
      '--autoplay-policy=no-user-gesture-required',
      // The page comes from nowhere and the switchboard is here, which the web does not allow by itself.
      '--disable-features=LocalNetworkAccessChecks,LocalNetworkAccessChecksWebSockets',
    ],
  })
  page = await browser.newPage()
  await page.route(`${origin}/**`, async (route) => {
    const { pathname } = new URL(route.request().url())
    if (pathname.startsWith('/sip.js/'))
      return route.fulfill({ path: join(root, 'node_modules', pathname), contentType: 'text/javascript' })
    const body = await readFile(join(import.meta.dirname, 'browser-phone.html'), 'utf8')
    return route.fulfill({ body, contentType: 'text/html' })
  })
  await page.goto(origin)
  await page.waitForFunction('window.phone')
  await page.evaluate(
    `phone.start(${JSON.stringify({ server: rig.switchboard.url, user: 'alex', password, domain })})`,
  )
}, 60_000)

afterAll(async () => {
  await browser?.close()
  await residents?.stop()
  await rig?.stop()
})

async function answeredCall(): Promise<number> {
  rig.agents.setReady('adviser-alex')
  await residents.call(scenario)
  return Number(await page.evaluate('phone.answer()'))
}

describe('a browser and a resident', () => {
  it('hear each other at once, call after call', async () => {
    const first: number[] = []
    for (let i = 0; i < 3; i++) {
      first.push(await answeredCall())
      await expect.poll(() => residents.views()[0]?.framesHeard ?? 0, { timeout: 10_000 }).toBeGreaterThan(10)
      await page.evaluate('phone.hangUp()')
      await page.evaluate('phone.ended()')
    }
    expect(Math.min(...first)).toBeLessThan(1000)
  })

  it('hold, resume, and find each other again after a cut of the network', async () => {
    await answeredCall()
    await page.evaluate('phone.reinvite({ hold: true })')
    expect(residents.views()[0]?.state).toBe('held')
    await page.evaluate('phone.reinvite({})')
    await page.evaluate('phone.soundComes()')

    const before = await page.evaluate('phone.report()')
    residents.setCut(true)
    rig.switchboard.cut()
    await page.evaluate(`new Promise((resolve) => {
      const look = async (last) => {
        const { packets } = await phone.report()
        packets === last ? resolve() : setTimeout(look, 200, packets)
      }
      look(-1)
    })`)
    residents.setCut(false)
    await rig.switchboard.restore()
    await page.evaluate('phone.reconnect()')
    await page.evaluate('phone.reinvite({ iceRestart: true })')
    await page.evaluate('phone.soundComes()')
    expect(await page.evaluate('phone.report()')).not.toMatchObject({
      pair: (before as { pair: string }).pair,
    })
    await page.evaluate('phone.hangUp()')
  })

  it('speak when the adviser rings the resident', async () => {
    await page.evaluate(`phone.dial('${numberShown(scenario)}', '${domain}')`)
    expect(rig.agents.told).toContain('dialled alex')
    await page.evaluate('phone.hangUp()')
    await expect.poll(() => residents.views(), { timeout: 10_000 }).toEqual([])
  })

  it('press keys that are heard, whoever calls', async () => {
    await page.evaluate(`phone.dial('payment-line', '${domain}')`)
    const line = (): number => residents.colleagueViews()[0]?.linesSaid ?? 0
    const before = line()
    await page.evaluate(`phone.press('12#')`)
    // Unasked the line would speak only later.
    await expect.poll(line, { timeout: 4000 }).toBe(before + 1)
    await page.evaluate('phone.hangUp()')
    await expect.poll(() => residents.colleagueViews(), { timeout: 10_000 }).toEqual([])
  })
})
