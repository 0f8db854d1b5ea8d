import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { openPageBrowser } from '#tests/support/page-browser.ts'

export interface MediaRig {
  /** With the media adapters, on Chromium's two fake outputs. */
  readonly page: Page
  /** As after a restart: what was stored is kept. */
  reload(): Promise<void>
  /** As on another machine. */
  renew(): Promise<void>
  close(): Promise<void>
}

export async function startMediaRig(name: 'sound-page' | 'headset-page'): Promise<MediaRig> {
  const { context, origin, close } = await openPageBrowser({
    folder: join(import.meta.dirname, 'pages'),
    pages: [name],
    browserArguments: ['--use-fake-device-for-media-stream=device-count=2'],
  })
  const page = await context.newPage()
  const begun = () => page.waitForFunction(() => 'soundHarness' in window || 'headsetHarness' in window)
  const reload = async () => {
    await page.reload()
    await begun()
  }
  await page.goto(`${origin}/${name}.html`)
  await begun()
  return {
    page,
    reload,
    async renew() {
      await page.evaluate(() => localStorage.clear())
      await reload()
    },
    close,
  }
}
