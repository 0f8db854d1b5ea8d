import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { type BrowserContext, chromium, type Page } from 'playwright-core'
import { build } from 'vite'
import { findBrowser } from '#build/standin/find-browser.ts'

/** Code of the renderer in a real browser, with its own profile, served on the loopback interface. */
export interface Chromium {
  readonly profile: string
  readonly origin: string
  /** A page that has run `store-page.ts` or `worker-page.ts`. */
  open(script: 'store-page' | 'worker-page'): Promise<Page>
  /** SIGKILL for the browser and all it started, then a new one on the same profile. */
  killAndStartAgain(): Promise<void>
  /** Passes requests to `/v1/…` on to a council, so that the page needs no leave from it to ask. */
  proxyTo(councilUrl: string): void
  close(): Promise<void>
}

const types: Readonly<Record<string, string>> = { '.js': 'text/javascript', '.html': 'text/html' }

async function bundle(outDir: string): Promise<void> {
  const entry = (name: string) => join(import.meta.dirname, `${name}.ts`)
  await build({
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    worker: { format: 'es', rolldownOptions: { output: { entryFileNames: '[name].js' } } },
    build: {
      outDir,
      minify: false,
      modulePreload: false,
      reportCompressedSize: false,
      rolldownOptions: {
        input: { 'store-page': entry('store-page'), 'worker-page': entry('worker-page') },
        output: { entryFileNames: '[name].js' },
      },
    },
  })
}

async function browserPid(context: BrowserContext): Promise<number> {
  const session = await context.browser()?.newBrowserCDPSession()
  const info = await session?.send('SystemInfo.getProcessInfo')
  const pid = info?.processInfo.find((each) => each.type === 'browser')?.id
  if (pid === undefined) throw new Error('the browser does not tell its process')
  return pid
}

function passOn(councilUrl: string, incoming: IncomingMessage, response: ServerResponse): void {
  const { host: _host, origin: _origin, ...headers } = incoming.headers
  const outgoing = request(new URL(incoming.url ?? '/', councilUrl), { method: incoming.method, headers })
  outgoing.on('response', (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers)
    answer.on('error', () => response.destroy())
    answer.pipe(response)
  })
  outgoing.on('error', () => response.destroy())
  response.on('close', () => outgoing.destroy())
  incoming.pipe(outgoing)
}

export async function startChromium(): Promise<Chromium> {
  const folder = await mkdtemp(join(tmpdir(), 'case-store-'))
  const site = join(folder, 'site')
  const profile = join(folder, 'profile')
  await bundle(site)
  let council: string | undefined
  const server = createServer(async (incoming, response) => {
    const path = new URL(incoming.url ?? '/', 'http://localhost').pathname
    if (council && /^\/(v1|oauth)\//.test(path)) return passOn(council, incoming, response)
    try {
      const page = path.match(/^\/([\w-]+)\.html$/)?.[1]
      const body = page
        ? `<!doctype html><title>${page}</title><script type="module" src="/${page}.js"></script>`
        : await readFile(join(site, path.replaceAll('..', '')))
      // What the tests look for in the profile may stand in the code, so none of it is to be kept there.
      const contentType = types[extname(path)] ?? 'application/octet-stream'
      response.writeHead(200, { 'content-type': contentType, 'cache-control': 'no-store' })
      response.end(body)
    } catch {
      response.writeHead(404).end()
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const executablePath = await findBrowser()
  if (executablePath === undefined) throw new Error('no Chromium or Chrome is installed')
  const launch = () =>
    chromium.launchPersistentContext(profile, { executablePath, headless: true, args: ['--no-sandbox'] })
  let context = await launch()
  return {
    profile,
    origin,
    open: async (script) => {
      const page = await context.newPage()
      await page.goto(`${origin}/${script}.html`)
      await page.waitForFunction(
        (name) => name in globalThis,
        script === 'store-page' ? 'caseStores' : 'records',
      )
      return page
    },
    killAndStartAgain: async () => {
      const closed = new Promise((resolve) => context.once('close', resolve))
      process.kill(await browserPid(context), 'SIGKILL')
      await closed
      // The dead browser's mark on the profile would stop the next one.
      await rm(join(profile, 'SingletonLock'), { force: true })
      context = await launch()
    },
    proxyTo: (councilUrl) => {
      council = councilUrl
    },
    close: async () => {
      await context.close()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await rm(folder, { recursive: true, force: true })
    },
  }
}
