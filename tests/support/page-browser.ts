import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, chromium } from 'playwright-core'
import { build } from 'vite'
import { findBrowser } from '#build/standin/find-browser.ts'

/** A Chromium that can speak and hear, with pages made of a folder's modules and served on loopback. */
export interface PageBrowser {
  readonly context: BrowserContext
  /** `ORIGIN/NAME.html` runs `NAME.ts`. */
  readonly origin: string
  close(): Promise<void>
}

export interface PageBrowserOptions {
  readonly folder: string
  /** Names of modules in the folder, without `.ts`. */
  readonly pages: readonly string[]
  readonly browserArguments?: readonly string[]
}

const switches = [
  '--headless=new',
  '--no-sandbox',
  '--mute-audio',
  '--allow-loopback-in-peer-connection',
  '--autoplay-policy=no-user-gesture-required',
  '--disable-background-networking',
  '--disable-background-timer-throttling',
  '--disable-renderer-backgrounding',
]

/** Opens the browser; nothing is left running when that fails. */
export async function openPageBrowser(options: PageBrowserOptions): Promise<PageBrowser> {
  const closing: (() => Promise<unknown>)[] = []
  const close = async () => {
    for (const each of closing.splice(0).reverse()) await each()
  }
  try {
    const executablePath = await findBrowser()
    if (executablePath === undefined) throw new Error('no Chromium or Chrome is installed')
    const folder = await mkdtemp(join(tmpdir(), 'page-browser-'))
    closing.push(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }))
    const site = join(folder, 'site')
    const [bundled, context] = await Promise.all([
      // Settled either way, so that nothing is still being written when the folder goes.
      bundle(options, site).then(
        () => null,
        (error: unknown) => ({ error }),
      ),
      chromium.launchPersistentContext(join(folder, 'profile'), {
        executablePath,
        headless: false,
        args: [...switches, ...(options.browserArguments ?? [])],
      }),
    ])
    closing.push(() => context.close())
    if (bundled !== null) throw bundled.error
    const { origin, stop } = await serve(site)
    closing.push(stop)
    await context.grantPermissions(['microphone'], { origin })
    return { context, origin, close }
  } catch (error) {
    await close()
    throw error
  }
}

async function bundle({ folder, pages }: PageBrowserOptions, outDir: string): Promise<void> {
  const input = Object.fromEntries(pages.map((name) => [name, join(folder, `${name}.ts`)]))
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

async function serve(site: string) {
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
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
