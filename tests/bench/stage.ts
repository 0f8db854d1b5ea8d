import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, chromium, type Page } from 'playwright-core'
import { build, type Plugin } from 'vite'
import { findBrowser } from '#build/standin/find-browser.ts'
import { instrumentation } from './instrumentation.ts'

/** A Chromium whose pages come from this process: each name is a site of its own, and so has a process of its own. */
export interface Stage {
  readonly context: BrowserContext
  /** Opens `pages/NAME.ts`; `ready` names the global that says it has loaded. */
  open(name: string, ready: string, query?: Readonly<Record<string, string>>): Promise<Page>
  close(): Promise<void>
}

export interface StageOptions {
  /** Names of files in `pages/`, without `.ts`. */
  readonly pages: readonly string[]
  /** Sources of further pages by name. */
  readonly virtualPages?: Readonly<Record<string, string>>
  /** In place of the installed browser, such as a script that starts it in another network. */
  readonly executablePath?: string
  /** Runs in every page before its own code. */
  readonly before?: string
}

/** Opens the stage; nothing is left running when that fails. */
export async function openStage(options: StageOptions): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'stage-'))
  try {
    const site = join(folder, 'site')
    await bundle(options, site)
    const executablePath = options.executablePath ?? (await findBrowser())
    if (executablePath === undefined) throw new Error('no Chromium or Chrome is installed')
    const context = await chromium.launchPersistentContext(join(folder, 'profile'), {
      executablePath,
      headless: false,
      args: chromiumSwitches,
    })
    await context.addInitScript(instrumentation)
    if (options.before !== undefined) await context.addInitScript(options.before)
    await context.route(/^http:\/\/[\w-]+\.localhost\//, async (route) => {
      const { hostname, pathname } = new URL(route.request().url())
      const name = hostname.split('.')[0]
      if (pathname !== '/') {
        const body = await readFile(join(site, pathname.replaceAll('..', ''))).catch(() => undefined)
        const contentType = pathname.endsWith('.wasm') ? 'application/wasm' : 'text/javascript'
        return route.fulfill(body ? { body, contentType } : { status: 404 })
      }
      const body = `<!doctype html><title>${name}</title><body><script type="module" src="/${name}.js"></script>`
      return route.fulfill({ body, contentType: 'text/html' })
    })
    return {
      context,
      async open(name, ready, query = {}) {
        const page = await context.newPage()
        const address = new URL(`http://${name}.localhost/`)
        for (const [key, value] of Object.entries(query)) address.searchParams.set(key, value)
        await context.grantPermissions(['microphone'], { origin: address.origin })
        const failed = new Promise<never>((_, reject) => page.once('pageerror', reject))
        // Whoever opens the page hears of what fails until it has loaded; later it is the test's to see.
        failed.catch(() => {})
        await page.goto(address.href)
        await Promise.race([page.waitForFunction((global) => global in window, ready), failed])
        return page
      },
      async close() {
        await context.close()
        await rm(folder, { recursive: true, force: true, maxRetries: 5 })
      },
    }
  } catch (error) {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
    throw error
  }
}

const chromiumSwitches = [
  '--headless=new',
  '--no-sandbox',
  '--mute-audio',
  '--use-fake-device-for-media-stream',
  // In a network that is loopback alone there would be no candidates without it.
  '--allow-loopback-in-peer-connection',
  '--autoplay-policy=no-user-gesture-required',
  '--disable-background-networking',
  '--disable-background-timer-throttling',
  '--disable-renderer-backgrounding',
  // The pages come from nowhere and the switchboard is near, which the web does not allow by itself.
  '--disable-features=LocalNetworkAccessChecks,LocalNetworkAccessChecksWebSockets',
  '--enable-precise-memory-info',
]

async function bundle({ pages, virtualPages = {} }: StageOptions, outDir: string): Promise<void> {
  const input: Record<string, string> = {}
  for (const name of pages) input[name] = join(import.meta.dirname, 'pages', `${name}.ts`)
  for (const name of Object.keys(virtualPages)) input[name] = `virtual:${name}`
  await build({
    configFile: false,
    root: import.meta.dirname,
    logLevel: 'error',
    publicDir: false,
    plugins: [virtual(virtualPages)],
    build: {
      outDir,
      minify: false,
      modulePreload: false,
      reportCompressedSize: false,
      rolldownOptions: { input, output: { entryFileNames: '[name].js' } },
    },
  })
}

// Where their imports are looked for.
const place = (name: string) => join(import.meta.dirname, 'contenders', `${name}.js`)

function virtual(sources: Readonly<Record<string, string>>): Plugin {
  return {
    name: 'virtual-pages',
    resolveId: (id) => (id.startsWith('virtual:') ? place(id.slice('virtual:'.length)) : null),
    load(id) {
      const name = Object.keys(sources).find((each) => id === place(each))
      return name === undefined ? null : sources[name]
    },
  }
}
