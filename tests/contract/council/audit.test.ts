import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readsPage } from '#shared/contract/audit.ts'
import { backends } from './backends.ts'
import { type Desk, type RunningCouncil, runCouncil, signIn } from './running-council.ts'

describe.each(backends)('who read what, on $name', (backend) => {
  let running: RunningCouncil
  let sam: Desk
  let auditor: Desk

  beforeAll(async () => {
    running = await runCouncil(backend)
    sam = await signIn(running)
    auditor = await signIn(running, 'ellis.auditor')
  })
  afterAll(() => running.stop())

  const view = (recordId: string, over: object = {}) => ({
    id: randomUUID(),
    kind: 'resident',
    recordId,
    at: '2026-11-03T09:15:00+01:00',
    ...over,
  })
  const tell = (desk: Desk, ...views: object[]) =>
    desk.fetch('/v1/views', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ views }),
    })
  const reads = async (query: Record<string, string>) =>
    readsPage.parse(await auditor.json(`/v1/audit/reads?${new URLSearchParams(query)}`))

  /** But for the auditor's own. */
  const looksAt = async (recordId: string) =>
    (await reads({ recordId })).reads.filter(({ kind }) => kind !== 'audit')

  test('a record opened on the desk is kept with who and when, once however often it is sent', async () => {
    const opened = view('cast-gwen-pritchard')
    expect((await tell(sam, opened)).status).toBe(204)
    expect((await tell(sam, opened, view('case-00007', { kind: 'case' }))).status).toBe(204)
    expect(await looksAt('cast-gwen-pritchard')).toEqual([
      {
        number: expect.any(Number),
        at: '2026-11-03T08:15:00.000Z',
        adviserId: 'adviser-sam',
        adviserName: 'Sam Practice',
        kind: 'resident',
        recordId: 'cast-gwen-pritchard',
        search: null,
      },
    ])
    expect((await reads({ adviserId: 'adviser-sam', recordId: 'case-00007' })).reads).toHaveLength(1)
  })

  test('a search is kept with its words and what it found, and found by what it found', async () => {
    await sam.fetch('/v1/search?q=michael+okafor')
    expect(await looksAt('cast-michael-okafor')).toMatchObject([
      {
        adviserId: 'adviser-sam',
        at: new Date(running.clock.now()).toISOString(),
        kind: 'search',
        search: { text: 'michael okafor', found: ['cast-michael-okafor'] },
      },
    ])
  })

  test('reading the audit is kept too, and pages go on where the one before ended', async () => {
    await reads({ recordId: 'cast-nobody' })
    expect((await reads({ recordId: 'cast-nobody' })).reads).toMatchObject([
      { kind: 'audit', adviserId: 'auditor-ellis' },
      { kind: 'audit', adviserId: 'auditor-ellis' },
    ])
    await tell(sam, ...Array.from({ length: 5 }, () => view('cast-amara-okafor')))
    const wanted = { recordId: 'cast-amara-okafor', adviserId: 'adviser-sam', limit: '3' }
    const first = await reads(wanted)
    const second = await reads({ ...wanted, before: String(first.before) })
    expect([first.reads.length, second.reads.length, second.before]).toEqual([3, 2, null])
    const numbers = [...first.reads, ...second.reads].map(({ number }) => number)
    expect(numbers).toEqual(numbers.toSorted((a, b) => b - a))
  })

  test('only an auditor reads it', async () => {
    for (const username of ['sam.practice', 'morgan.supervisor']) {
      const answer = await (await signIn(running, username)).fetch('/v1/audit/reads')
      expect(answer.status).toBe(403)
      expect(await answer.json()).toMatchObject({ code: 'role/needed' })
    }
  })

  test.each([
    ['no views', []],
    ['an unknown kind', [view('x', { kind: 'adviser' })]],
    ['no identifier', [view('x', { id: 'mine' })]],
  ])('refuses %s', async (_, views) => {
    expect((await tell(sam, ...views)).status).toBe(422)
  })

  test('passes over what no database keeps', async () => {
    expect((await tell(sam, view('a\0b'))).status).toBe(204)
    expect((await auditor.fetch('/v1/audit/reads?recordId=a%00b')).status).toBe(422)
  })

  test('the log has neither what was searched for nor who was opened', async () => {
    const text = JSON.stringify(running.log)
    for (const word of ['okafor', 'gwen', 'cast-']) expect(text).not.toContain(word)
  })
})
