import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { me, type Operation } from '#shared/contract/rest.ts'
import { type FaultyProxy, startFaultyProxy } from '#tests/support/faulty-proxy.ts'
import { SimRandom } from '#tests/support/sim-clock.ts'
import { createOf, noteOf } from '#tests/support/sim-records.ts'
import { type Chromium, startChromium } from '../case-store/chromium.ts'
import { call } from '../case-store/worker-in-page.ts'
import { backends, type Place } from '../council/backends.ts'
import { type CouncilProcess, signInAt, startCouncilProcess } from '../council/council-process.ts'
import type { Desk } from '../council/running-council.ts'
import { provideHost, saveAll } from './saving-page.ts'

/*
 * The records worker in a real browser, the journal's process and the council's are killed at random moments while work
 * is saved and sent through a network at its worst. What was Saved is at the council once.
 */

const kills = Number(process.env.KILLS ?? 4)
const seed = Number(process.env.SEED ?? Date.now() % 1_000_000_000)
const batchesPerRound = 400
/** The council dies in one round of so many: it takes longest to start. */
const councilDiesEvery = 4
/** A round ends at the latest when so many operations of it are Saved. */
const mostSavedPerRound = 150

/** Without digits, of which sixteen in a row may be a card number and are not kept. */
const noteOfId = (id: string): string =>
  `note ${id.replace(/\d/g, (digit) => 'ghijklmnop'.charAt(Number(digit)))}`

/** A child process that says its address in its first line. */
async function startJournal(file: string): Promise<{ url: string; kill(): Promise<void> }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'journal-child.ts'), file], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  const [url] = await once(createInterface({ input: child.stdout }), 'line')
  return {
    url: String(url),
    kill: async () => {
      child.kill('SIGKILL')
      await exited
    },
  }
}

/** A desk with its council, in pieces that can be killed. */
class Bench {
  readonly random = new SimRandom(seed)
  readonly saved = new Set<string>()
  readonly attempted = new Map<string, Operation>()
  readonly #folder: string
  readonly #place: Place
  readonly #browser: Chromium
  readonly proxy: FaultyProxy
  #council: CouncilProcess
  #councilUrl = ''
  #onSaved: () => void = () => {}
  #journal: { url: string; kill(): Promise<void> } | null = null

  private constructor(folder: string, place: Place, browser: Chromium, proxy: FaultyProxy) {
    this.#folder = folder
    this.#place = place
    this.#browser = browser
    this.proxy = proxy
    this.#council = startCouncilProcess(place.database)
  }

  static async start(): Promise<Bench> {
    const [backend] = backends
    if (!backend) throw new Error('no backend')
    const place = await backend.seeded()
    const folder = await mkdtemp(join(tmpdir(), 'killed-desk-'))
    const proxy = await startFaultyProxy(new SimRandom(seed))
    const browser = await startChromium()
    browser.proxyTo(proxy.url)
    return new Bench(folder, place, browser, proxy)
  }

  /** Everything that is not running is started; the page has its records open, or will have. */
  async open(): Promise<Page> {
    this.#councilUrl = await this.#council.line('http')
    this.proxy.target = this.#councilUrl
    const journal = await startJournal(join(this.#folder, 'one.journal'))
    this.#journal = journal
    const council = await this.desk()
    const { adviser } = me.parse(await council.json('/v1/me'))
    const page = await this.#browser.open('worker-page')
    await page.exposeFunction('tellSaved', (ids: readonly string[]) => {
      for (const id of ids) this.saved.add(id)
      this.#onSaved()
    })
    await provideHost(page, council.tokens.access_token, journal.url)
    const request = { adviserId: adviser.id, councilUrl: this.#browser.origin, mode: 'practice' } as const
    void call(page, 'open', request).catch(() => {})
    return page
  }

  /** Fulfilled as soon as so many more operations are Saved. */
  savedMore(count: number): Promise<void> {
    const until = this.saved.size + count
    return new Promise((resolve) => {
      this.#onSaved = () => {
        if (this.saved.size >= until) resolve()
      }
      this.#onSaved()
    })
  }

  /** The council as somebody sees it who is beside it. */
  desk(): Promise<Desk> {
    return signInAt(this.#councilUrl)
  }

  async kill(withCouncil: boolean): Promise<void> {
    const council = withCouncil ? this.#council.kill() : Promise.resolve()
    await Promise.all([this.#browser.killAndStartAgain(), this.#journal?.kill(), council])
    if (withCouncil) this.#council = startCouncilProcess(this.#place.database)
  }

  async close(): Promise<void> {
    await this.#browser.close()
    await this.#journal?.kill()
    await this.#council.kill()
    await this.proxy.close()
    await this.#place.dispose()
    await rm(this.#folder, { recursive: true, force: true })
  }

  /** A case with a note, or a note alone. */
  batch(): readonly Operation[] {
    const { random } = this
    const at = new Date().toISOString()
    const caseId = random.chance(0.3) ? random.uuid() : null
    const residentId = null
    const create: Operation = {
      ...createOf(0, caseId ?? '', { residentId, queueId: null, openedAt: at }),
      id: random.uuid(),
      at,
    }
    const id = random.uuid()
    const note: Operation = {
      ...noteOf(0, { at, caseId, text: noteOfId(id) }),
      id,
      at,
      entryId: random.uuid(),
    }
    const operations = caseId === null ? [note] : [create, note]
    for (const operation of operations) this.attempted.set(operation.id, operation)
    return operations
  }
}

test(`nothing is lost or doubled when all processes are killed ${kills} times while saving and sending`, {
  timeout: 180_000 + kills * 20_000,
}, async () => {
  console.log(`SEED=${seed}`)
  const startedAt = performance.now()
  const bench = await Bench.start()
  try {
    for (let round = 1; round <= kills; round++) {
      bench.proxy.share = 0.3
      const page = await bench.open()
      const batches = Array.from({ length: batchesPerRound }, () => bench.batch())
      const enough = bench.savedMore(bench.random.below(mostSavedPerRound))
      // The kill ends it, in the middle of anything.
      await Promise.race([enough, saveAll(page, batches).catch(() => {})])
      await bench.kill(round % councilDiesEvery === 0)
      if (round % 10 === 0) {
        const seconds = Math.round((performance.now() - startedAt) / 1000)
        console.log(`${round} kills in ${seconds} s, ${bench.saved.size} operations Saved`)
      }
    }
    bench.proxy.share = 0
    const page = await bench.open()
    await expect
      .poll(() => call(page, 'syncReport'), { timeout: 120_000, interval: 100 })
      .toMatchObject({ state: { name: 'up-to-date' }, pendingIds: [] })
    expect(await call(page, 'unsent')).toEqual([])

    const { changes } = await (await bench.desk()).pull()
    const notes = new Map<string, number>()
    const cases = new Set<string>()
    for (const change of changes) {
      if (!('record' in change)) continue
      if (change.kind === 'timeline' && change.record.text.startsWith('note '))
        notes.set(change.record.text, (notes.get(change.record.text) ?? 0) + 1)
      if (change.kind === 'case') cases.add(change.id)
    }
    const lost = [...bench.saved].filter((id) => {
      const operation = bench.attempted.get(id)
      return operation?.kind === 'case.create' ? !cases.has(operation.caseId) : !notes.has(noteOfId(id))
    })
    expect(lost).toEqual([])
    expect([...notes].filter(([, times]) => times > 1)).toEqual([])
    console.log(
      JSON.stringify({
        kills,
        seconds: Math.round((performance.now() - startedAt) / 1000),
        saved: bench.saved.size,
        faults: Object.fromEntries(bench.proxy.counts),
      }),
    )
    expect(bench.saved.size).toBeGreaterThan(0)
  } finally {
    await bench.close()
  }
})
