import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, chromium, type Page } from 'playwright-core'
import { build } from 'vite'
import { findBrowser } from '#build/standin/find-browser.ts'

export interface MediaRig {
  /** A fresh page with the media adapters, in a profile of its own and on Chromium's two fake outputs. */
  page(name: 'sound-page' | 'headset-page'): Promise<Page>
  /** As after a restart: what was stored is kept. */
  reload(page: Page): Promise<void>
  /** As on another machine. */
  renew(page: Page): Promise<void>
  close(): Promise<void>
}

async function bundle(outDir: string): Promise<void> {
  const input = ['sound-page', 'headset-page'].map((name) => join(import.meta.dirname, 'pages', `${name}.ts`))
  await build({
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    build: {
      outDir,
      minify: false,
      modulePreload: false,
      reportCompressedSize: false,
      rolldownOptions: { input, output: { entryFileNames: '[name].js' } },
    },
  })
}

export async function startMediaRig(): Promise<MediaRig> {
  const folder = await mkdtemp(join(tmpdir(), 'media-page-'))
  const site = join(folder, 'site')
  await bundle(site)
  const server = createServer(async (request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname
    const page = path.match(/^\/([\w-]+)\.html$/)?.[1]
    try {
      const body = page
        ? `<!doctype html><title>${page}</title><body><script type="module" src="/${page}.js"></script>`
        : await readFile(join(site, path.replaceAll('..', '')))
      response.writeHead(200, { 'content-type': page ? 'text/html' : 'text/javascript' }).end(body)
    } catch {
      response.writeHead(404).end()
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const executablePath = await findBrowser()
  if (executablePath === undefined) throw new Error('no Chromium or Chrome is installed')
  const browser = await chromium.launch({
    executablePath,
    headless: false,
    args: [
      '--headless=new',
      '--no-sandbox',
      '--mute-audio',
      '--use-fake-device-for-media-stream=device-count=2',
      '--allow-loopback-in-peer-connection',
      '--autoplay-policy=no-user-gesture-required',
      '--disable-background-networking',
      '--disable-background-timer-throttling',
      '--disable-renderer-backgrounding',
    ],
  })
  const contexts: BrowserContext[] = []
  const begun = (page: Page) =>
    page.waitForFunction(() => 'soundHarness' in window || 'headsetHarness' in window)

  async function reload(page: Page): Promise<void> {
    await page.reload()
    await begun(page)
  }

  return {
    reload,
    async renew(page) {
      await page.evaluate(() => localStorage.clear())
      await reload(page)
    },
    async page(name) {
      const context = await browser.newContext()
      contexts.push(context)
      await context.grantPermissions(['microphone'], { origin })
      const page = await context.newPage()
      await page.goto(`${origin}/${name}.html`)
      await begun(page)
      return page
    },
    async close() {
      for (const context of contexts) await context.close()
      await browser.close()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await rm(folder, { recursive: true, force: true })
    },
  }
}
