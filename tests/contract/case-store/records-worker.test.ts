import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aDraft, createOf, noteOf } from '#tests/support/sim-records.ts'
import { type Chromium, startChromium } from './chromium.ts'
import { call, journalLength, provideHost } from './worker-in-page.ts'

describe('the records worker', () => {
  let browser: Chromium
  let page: Page
  const request = { adviserId: 'a1', councilUrl: 'http://127.0.0.1:9', mode: 'practice' } as const

  beforeAll(async () => {
    browser = await startChromium()
    page = await browser.open('worker-page')
    await provideHost(page)
  })
  afterAll(() => browser.close())

  it('opens with no council, and says what it lacks', async () => {
    expect(await call(page, 'open', request)).toEqual({ ok: true, value: null })
    await expect
      .poll(async () => (await call(page, 'syncReport')).state)
      .toMatchObject({ name: 'behind', reason: 'council-unreachable', unsent: 0, asAt: null })
  })

  it('saves into database and journal, and shows what it saved', async () => {
    const saved = await call(page, 'save', [
      createOf(1, 'c1', { subject: 'Missed bin, 4111 1111 1111 1111' }),
      noteOf(2, { caseId: 'c1' }),
    ])
    expect(saved).toMatchObject({ ok: true })
    expect(await journalLength(page)).toBe(2)
    const view = await call(page, 'caseView', 'c1')
    expect(view).toMatchObject({
      pending: true,
      record: { reference: null, version: 1, subject: 'Missed bin, [card number removed]' },
    })
    expect(view?.timeline).toHaveLength(1)
  })

  it('has one worker for all pages, which outlives a page that is reloaded', async () => {
    const other = await browser.open('worker-page')
    await call(other, 'putDraft', aDraft('k1', { typed: { note: 'half a' } }))
    await other.reload()
    await other.waitForFunction(() => 'records' in globalThis)
    expect(await call(other, 'draft', 'k1')).toMatchObject({ typed: { note: 'half a' } })
    expect(await call(page, 'drafts')).toHaveLength(1)
    await other.close()
  })

  it('keeps unsent work when every page is closed', async () => {
    await page.close()
    page = await browser.open('worker-page')
    await provideHost(page)
    await call(page, 'open', request)
    expect(await call(page, 'caseView', 'c1')).toMatchObject({ pending: true })
    expect((await call(page, 'syncReport')).pendingIds).toEqual(['c1', 'note-2'])
    // The new host's journal was empty: both entries are put into it again.
    await expect.poll(() => journalLength(page)).toBe(2)
  })

  it('answers nothing once closed', async () => {
    await call(page, 'close')
    expect(await call(page, 'caseView', 'c1')).toBeNull()
    expect(await call(page, 'save', [noteOf(9)])).toMatchObject({
      ok: false,
      error: { code: 'cases/not-open' },
    })
    expect((await call(page, 'syncReport')).state).toEqual({ name: 'closed' })
  })
})
