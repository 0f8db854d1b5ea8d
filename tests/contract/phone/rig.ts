import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { type BrowserContext, chromium, type Page } from 'playwright-core'
import { build } from 'vite'
import { findBrowser } from '#build/standin/find-browser.ts'
import type { Line, PhoneCommand, PhoneSnapshot } from '#shared/contract/phone.ts'
import type { Result } from '#shared/kernel/result.ts'
import { type PeerCall, type SipPeer, startSipPeer } from '#tests/support/sip-peer.ts'
import type { Heard } from './pages/far-page.ts'

const pages = ['phone-page', 'line-page', 'desk-page', 'far-page'] as const
const types: Readonly<Record<string, string>> = { '.js': 'text/javascript', '.html': 'text/html' }

/** Chromium with the phone page's code, a desk's client of it and far ends with real sound. */
export interface Rig {
  readonly context: BrowserContext
  readonly origin: string
  /** A signed-in phone on a switchboard of its own. */
  phone(options?: PhoneOptions): Promise<TestPhone>
  close(): Promise<void>
}

export interface PhoneOptions {
  readonly password?: string
  /** Runs in the phone page before its code, as a page script. */
  readonly before?: string
  readonly signedIn?: boolean
  /** The telephone without the phone page around it; `desk` is then its own page, and snapshots have its state alone. */
  readonly linesOnly?: boolean
}

export interface TestPhone {
  readonly peer: SipPeer
  readonly page: Page
  desk: Page
  readonly far: Page
  snapshot(): Promise<PhoneSnapshot>
  /** Resolves with the first snapshot that fits; `where` is an expression over `s` and its newest line `l`. */
  until(where: string): Promise<PhoneSnapshot>
  execute(command: PhoneCommand): Promise<Result<null>>
  /** Rings the phone with real sound behind it; answers the newest line. */
  ring(options?: {
    id?: string
    from?: string
    headers?: [string, string][]
  }): Promise<{ call: PeerCall; line: Line }>
  /** Answers a ringing line and waits until both directions flow. */
  answer(call: PeerCall, line: Line, id?: string): Promise<PhoneSnapshot>
  /** Ends and forgets every line, so that the next test begins with none. */
  tidy(): Promise<void>
  close(): Promise<void>
}

async function bundle(outDir: string): Promise<void> {
  const input = Object.fromEntries(
    pages.map((name) => [name, join(import.meta.dirname, 'pages', `${name}.ts`)]),
  )
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

export async function startRig(extraArguments: readonly string[] = fakeMicrophone): Promise<Rig> {
  const folder = await mkdtemp(join(tmpdir(), 'phone-page-'))
  const site = join(folder, 'site')
  await bundle(site)
  const server = createServer(async (request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname
    try {
      const page = path.match(/^\/([\w-]+)\.html$/)?.[1]
      const body = page
        ? `<!doctype html><title>${page}</title><body><script type="module" src="/${page}.js"></script>`
        : await readFile(join(site, path.replaceAll('..', '')))
      response.writeHead(200, { 'content-type': types[extname(path)] ?? 'application/octet-stream' })
      response.end(body)
    } catch {
      response.writeHead(404).end()
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const executablePath = await findBrowser()
  if (executablePath === undefined) throw new Error('no Chromium or Chrome is installed')
  const context = await chromium.launchPersistentContext(join(folder, 'profile'), {
    executablePath,
    headless: false,
    args: [
      '--headless=new',
      '--no-sandbox',
      '--mute-audio',
      '--allow-loopback-in-peer-connection',
      '--autoplay-policy=no-user-gesture-required',
      '--disable-background-networking',
      '--disable-background-timer-throttling',
      '--disable-renderer-backgrounding',
      ...extraArguments,
    ],
  })
  await context.grantPermissions(['microphone'], { origin })
  const far = await context.newPage()
  await far.goto(`${origin}/far-page.html`)
  return {
    context,
    origin,
    phone: (options) => startPhone(context, origin, far, options),
    async close() {
      await context.close()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await rm(folder, { recursive: true, force: true })
    },
  }
}

export const fakeMicrophone = ['--use-fake-device-for-media-stream']

async function startPhone(
  context: BrowserContext,
  origin: string,
  far: Page,
  { password = 'right', before, signedIn = true, linesOnly = false }: PhoneOptions = {},
): Promise<TestPhone> {
  const peer = await startSipPeer()
  const account = JSON.stringify({ ...peer.account, password })
  const page = await context.newPage()
  if (before !== undefined) await page.addInitScript(before)
  const name = linesOnly ? 'line-page' : 'phone-page'
  await page.goto(`${origin}/${name}.html?account=${encodeURIComponent(account)}`)
  await page.waitForFunction(() => 'phoneHarness' in window || 'lineHarness' in window)
  const desk = linesOnly ? page : await context.newPage()
  if (!linesOnly) await desk.goto(`${origin}/desk-page.html`)
  if (signedIn && !linesOnly) await page.evaluate(() => window.phoneHarness.signIn())

  const phone: TestPhone = {
    peer,
    page,
    desk,
    far,
    async snapshot() {
      const snapshot = await phone.desk.evaluate(() => window.phone.snapshot())
      if (snapshot === null) throw new Error('the phone does not answer')
      return snapshot
    },
    async until(where) {
      const found = await phone.desk.waitForFunction(
        `(() => {
          const s = window.phone?.snapshot()
          const l = s?.lines.at(-1)
          return s && (${where}) ? s : null
        })()`,
        undefined,
        { polling: 20, timeout: 15_000 },
      )
      return (await found.jsonValue()) as PhoneSnapshot
    },
    execute: (command) => phone.desk.evaluate((each) => window.phone.execute(each), command),
    async ring({ id = 'far', ...options } = {}) {
      const sdp = await far.evaluate((name) => window.far.offer(name), id)
      const call = peer.invite({ sdp, ...options })
      const { lines } = await phone.until(`l?.callId === '${call.callId}' && l.state.name === 'ringing'`)
      await call.response((status) => status === 180)
      return { call, line: newest(lines) }
    },
    async answer(call, line, id = 'far') {
      const answered = phone.execute({ name: 'answer', lineId: line.id })
      const ok = await call.response((status) => status === 200)
      call.ack()
      await far.evaluate(([name, sdp]) => window.far.accept(name, sdp), [id, ok.body] as const)
      await answered
      return phone.until(`l?.state.name === 'active' && l.times.twoWayAt !== null`)
    },
    async tidy() {
      for (const { id } of (await phone.snapshot()).lines) {
        await phone.execute({ name: 'hangUp', lineId: id })
        await phone.execute({ name: 'dismissLine', lineId: id })
      }
      await far.evaluate(() => window.far.reset())
    },
    async close() {
      await page.close()
      await phone.desk.close()
      await far.evaluate(() => window.far.reset())
      await peer.stop()
    },
  }
  return phone
}

export function newest(lines: readonly Line[]): Line {
  const line = lines.at(-1)
  if (line === undefined) throw new Error('no line')
  return line
}

/** Waits until the far end has heard more of the adviser than it has now: the fake microphone beeps every second. */
export async function heardMore(far: Page, id = 'far'): Promise<void> {
  const { energy } = await far.evaluate((name) => window.far.heard(name), id)
  await far.waitForFunction(
    async ([name, before]) => (await window.far.heard(name)).energy > before + 1e-4,
    [id, energy] as const,
    { polling: 100, timeout: 15_000 },
  )
}

/** The energy that reaches the far end while the fake microphone beeps at least once: none when it is silenced. */
export function energyOverOneBeep(far: Page, id = 'far'): Promise<number> {
  return far.evaluate(async (name) => {
    const packetsPast = (packets: number) =>
      new Promise<Heard>((resolve) => {
        const look = async () => {
          const heard = await window.far.heard(name)
          if (heard.packets >= packets) resolve(heard)
          else setTimeout(look, 50)
        }
        void look()
      })
    const now = await window.far.heard(name)
    // What was still in the jitter buffer has been played after half a second of packets.
    const from = await packetsPast(now.packets + 25)
    const to = await packetsPast(from.packets + 75)
    return to.energy - from.energy
  }, id)
}
