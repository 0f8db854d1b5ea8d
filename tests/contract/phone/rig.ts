import { join } from 'node:path'
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll } from 'vitest'
import type { Line, PhoneCommand, PhoneSnapshot } from '#shared/contract/phone.ts'
import type { Result } from '#shared/kernel/result.ts'
import { openPageBrowser } from '#tests/support/page-browser.ts'
import type { SipMessage } from '#tests/support/sip-message.ts'
import { type PeerCall, type SipPeer, startSipPeer } from '#tests/support/sip-peer.ts'
import type { Heard } from './pages/far-page.ts'

const pages = ['phone-page', 'line-page', 'desk-page', 'far-page'] as const

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
  /** Rings, answers, and waits until both directions flow. */
  callUp(id?: string): Promise<{ call: PeerCall; line: Line }>
  /** Lets the far end agree to a renegotiation of the phone's. */
  agree(call: PeerCall, request: SipMessage, id?: string): Promise<void>
  /** Ends and forgets every line, so that the next test begins with none. */
  tidy(): Promise<void>
  close(): Promise<void>
}

export async function startRig(browserArguments: readonly string[] = fakeMicrophone): Promise<Rig> {
  const folder = join(import.meta.dirname, 'pages')
  const { context, origin, close } = await openPageBrowser({ folder, pages, browserArguments })
  try {
    const far = await context.newPage()
    await far.goto(`${origin}/far-page.html`)
    return { context, origin, phone: (options) => startPhone(context, origin, far, options), close }
  } catch (error) {
    await close()
    throw error
  }
}

export interface FilePhoneOptions extends PhoneOptions {
  readonly browserArguments?: readonly string[]
}

/** One registered phone for all tests of a file, without lines at the beginning of each. */
export function withPhone(options: FilePhoneOptions, opened: (phone: TestPhone) => void): void {
  const { browserArguments, ...phoneOptions } = options
  let rig: Rig | undefined
  let phone: TestPhone | undefined
  beforeAll(async () => {
    rig = await startRig(browserArguments)
    phone = await rig.phone(phoneOptions)
    await phone.until(
      options.linesOnly === true ? registered : `${registered} && s.microphone.name === 'live'`,
    )
    opened(phone)
  }, 60_000)
  afterEach(() => phone?.tidy())
  afterAll(async () => {
    await phone?.close()
    await rig?.close()
  })
}

const registered = `s.registration.name === 'registered'`

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
    async callUp(id = 'far') {
      const { call, line } = await phone.ring({ id })
      await phone.answer(call, line, id)
      return { call, line }
    },
    async agree(call, request, id = 'far') {
      const described = [id, request.body] as const
      const answer = await far.evaluate(([name, sdp]) => window.far.answer(name, sdp), described)
      call.reply(request, 200, answer)
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
      new Promise<Heard>((resolve, reject) => {
        const endsAt = performance.now() + 10_000
        const look = async () => {
          const heard = await window.far.heard(name)
          if (heard.packets >= packets) resolve(heard)
          else if (performance.now() > endsAt)
            reject(new Error(`${heard.packets} packets came, not ${packets}`))
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
