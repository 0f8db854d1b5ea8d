import { randomUUID } from 'node:crypto'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Council, startCouncil } from '#electron/practice/council/council.ts'
import { systemClock, systemRandom } from '#electron/practice/node-ports.ts'
import type { OpenRequest, RecordsApi } from '#shared/contract/records.ts'
import { changesPage, me, type Operation, type Resident, tokenResponse } from '#shared/contract/rest.ts'
import { silentLog } from '#shared/kernel/log.ts'
import { createOf, noteOf } from '#tests/support/sim-records.ts'
import { backends, type Place } from '../council/backends.ts'
import { scriptsFolder, whispersFolder } from '../council/places.ts'
import { type Chromium, startChromium } from './chromium.ts'
import { call, journalLength, provideHost, timed } from './worker-in-page.ts'

/* The real worker in a real browser against the real practice council, with all its records. */

const say = (what: string, facts: unknown) => console.log(`${what}: ${JSON.stringify(facts)}`)
const freshNote = (entry: Parameters<typeof noteOf>[1]): Operation => {
  const made = noteOf(0, { at: now(), ...entry })
  return { ...made, id: randomUUID(), at: now(), entryId: randomUUID() }
}

const now = () => new Date().toISOString()

describe('the records worker with the practice council', () => {
  let place: Place
  let council: Council
  let browser: Chromium
  let page: Page
  let request: OpenRequest
  let token: string
  const residents: Resident[] = []

  beforeAll(async () => {
    const [backend] = backends
    if (!backend) throw new Error('no backend')
    place = await backend.seeded()
    council = await startCouncil({
      database: place.database,
      scriptsFolder,
      whispersFolder,
      sip: { domain: 'practice.example.org', servers: ['ws://127.0.0.1:1/sip'] },
      clock: systemClock,
      random: systemRandom,
      log: silentLog,
    })
    const form = { grant_type: 'password', username: 'sam.practice', password: 'practice-only' }
    const answer = await fetch(`${council.url}/oauth/token`, {
      method: 'POST',
      body: new URLSearchParams(form),
    })
    token = tokenResponse.parse(await answer.json()).access_token
    const changes = await fetch(`${council.url}/v1/changes?limit=1000`, {
      headers: { authorization: `Bearer ${token}` },
    })
    for (const change of changesPage.parse(await changes.json()).changes) {
      if (change.kind === 'resident' && 'record' in change) residents.push(change.record)
    }
    browser = await startChromium()
    browser.proxyTo(council.url)
    const profile = await fetch(`${council.url}/v1/me`, { headers: { authorization: `Bearer ${token}` } })
    const adviserId = me.parse(await profile.json()).adviser.id
    request = { adviserId, councilUrl: browser.origin, mode: 'practice' }
    page = await browser.open('worker-page')
    await provideHost(page, token)
  }, 120_000)

  afterAll(async () => {
    await browser.close()
    await council.stop()
    await place.dispose()
  })

  const isUpToDate = async () => (await call(page, 'syncReport')).state.name === 'up-to-date'

  it('fetches every record and the scripts', async () => {
    const startedAt = performance.now()
    expect(await call(page, 'open', request)).toMatchObject({ ok: true })
    await expect.poll(isUpToDate, { timeout: 60_000, interval: 50 }).toBe(true)
    say('first sync of all records, ms', Math.round(performance.now() - startedAt))
    expect(residents.length).toBeGreaterThan(100)
    const [someone] = residents
    if (!someone) return
    expect((await call(page, 'residentView', someone.id))?.resident).toEqual(someone)
    await expect.poll(() => call(page, 'script', 'missed-bin')).toMatchObject({ ok: true })
    expect(await call(page, 'me')).toMatchObject({ ok: true })
  })

  it('knows whom to ring, what was promised today, and how a queue sounds', async () => {
    const directory = await call(page, 'directory')
    expect(directory.ok && directory.value.entries.some(({ user }) => user === 'supervisor')).toBe(true)
    const again = await call(page, 'directory')
    expect(again.ok && directory.ok && again.value.asAt > directory.value.asAt).toBe(true)
    expect((await call(page, 'callbacksDue')).map(({ id }) => id)).toEqual([
      'callback-00001',
      'callback-00002',
      'callback-00003',
    ])
    expect(await call(page, 'callHistory')).toMatchObject({ ok: true, value: { calls: [] } })
    const probed = await call(page, 'probe')
    if (!probed.ok) throw new Error(probed.error.code)
    expect(Math.abs(probed.value.clockAheadMs)).toBeLessThan(1000)
    const seconds = await page.evaluate(async () => {
      const { records } = globalThis as unknown as { records: RecordsApi }
      const sound = await records.queueWhisper('waste')
      const decoded = sound && (await new OfflineAudioContext(1, 1, 48_000).decodeAudioData(sound))
      return decoded?.duration ?? 0
    })
    expect(seconds).toBeGreaterThan(0.3)
  })

  it('opens with all of it from the disk, without the council', async () => {
    await council.cut()
    const opened: number[] = []
    for (let time = 0; time < 7; time++) {
      await call(page, 'close')
      const { median } = await timed(page, 'open', [[request]])
      opened.push(median)
    }
    say('open from the disk, ms', opened)
    const [someone] = residents
    expect(await call(page, 'residentView', someone?.id ?? '')).not.toBeNull()
    expect(await call(page, 'script', 'missed-bin')).toMatchObject({ ok: true })
    expect((await call(page, 'syncReport')).state).toMatchObject({ name: 'behind' })
    expect(await call(page, 'directory')).toMatchObject({ ok: true })
    expect(await call(page, 'callHistory')).toMatchObject({ ok: true })
    expect(await call(page, 'callbacksDue')).toHaveLength(3)
    await council.restore()
    await call(page, 'syncNow')
    await expect.poll(isUpToDate, { timeout: 20_000 }).toBe(true)
  })

  it('finds who may be calling', async () => {
    const numbers = residents.flatMap((resident) => resident.phones).slice(0, 200)
    const [first] = numbers
    expect((await call(page, 'candidatesForNumber', first ?? '')).length).toBeGreaterThan(0)
    say(
      'candidatesForNumber, ms',
      await timed(
        page,
        'candidatesForNumber',
        numbers.map((each) => [each]),
      ),
    )
    const names = residents.slice(0, 100).map((resident) => resident.familyName)
    say(
      'findResidents by name, ms',
      await timed(
        page,
        'findResidents',
        names.map((each) => [each]),
      ),
    )
    const views = residents.slice(0, 100).map((resident): [string] => [resident.id])
    say('residentView, ms', await timed(page, 'residentView', views))
  })

  it('saves, sends and confirms', async () => {
    const caseId = randomUUID()
    const note = () => freshNote({ caseId })
    const create = { ...createOf(0, caseId, { openedAt: now() }), id: randomUUID(), at: now() }
    const startedAt = performance.now()
    expect(await call(page, 'save', [create, note()])).toMatchObject({ ok: true })
    await expect
      .poll(async () => (await call(page, 'caseView', caseId))?.record.reference, { interval: 10 })
      .toMatch(/-/)
    say('save to confirmed by the feed, ms', Math.round(performance.now() - startedAt))
    expect(await call(page, 'caseView', caseId)).toMatchObject({ pending: false, timeline: [{}] })
    expect(await journalLength(page)).toBe(0)
    say(
      'save, ms',
      await timed(
        page,
        'save',
        Array.from({ length: 60 }, () => [[note()]]),
      ),
    )
    await expect
      .poll(async () => (await call(page, 'syncReport')).pendingIds, { timeout: 20_000 })
      .toEqual([])
    expect((await call(page, 'caseView', caseId))?.timeline).toHaveLength(61)
  })

  it('keeps what is saved during an outage and sends it afterwards', async () => {
    await council.cut()
    const contactId = randomUUID()
    const note = freshNote({ contactId, text: 'said with no network' })
    expect(await call(page, 'save', [note])).toMatchObject({ ok: true })
    await expect
      .poll(async () => (await call(page, 'syncReport')).state)
      .toMatchObject({ name: 'behind', reason: 'council-unreachable', unsent: 1 })
    expect(await call(page, 'contactTimeline', contactId)).toMatchObject([{ text: 'said with no network' }])
    await council.restore()
    const restoredAt = performance.now()
    await expect
      .poll(async () => (await call(page, 'syncReport')).pendingIds, { timeout: 70_000 })
      .toEqual([])
    say('restored to sent, by back-off, ms', Math.round(performance.now() - restoredAt))
  }, 90_000)
})
