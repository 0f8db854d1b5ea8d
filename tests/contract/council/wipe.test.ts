import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { wipesPage } from '#shared/contract/audit.ts'
import { backends } from './backends.ts'
import { EventReader } from './event-reader.ts'
import { type Desk, type RunningCouncil, runCouncil, signIn } from './running-council.ts'

describe.each(backends)('an order to forget, on $name', (backend) => {
  let running: RunningCouncil
  let sam: Desk
  let auditor: Desk

  beforeAll(async () => {
    running = await runCouncil(backend)
    auditor = await signIn(running, 'ellis.auditor')
  })
  afterAll(() => running.stop())
  beforeEach(async () => {
    // Sign-ins of the test before are older than its order.
    await running.clock.run(1000)
    sam = await signIn(running)
  })

  const order = (by: Desk, reason = 'The laptop was left on a train.', adviserId = 'adviser-sam') =>
    by.fetch(`/v1/advisers/${adviserId}/wipe`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ reason }),
    })
  const codeOf = async (answer: Response) => ((await answer.json()) as { code?: string }).code
  const listen = async (desk: Desk) =>
    new EventReader((await desk.fetch('/v1/events')).body ?? new ReadableStream())
  /** Until the stream ends. */
  const kinds = async (events: EventReader) => {
    const heard: string[] = []
    for (let event = await events.next(); event !== undefined; event = await events.next())
      heard.push(typeof event === 'string' ? event : event.kind)
    return heard
  }
  const newest = async () => wipesPage.parse(await auditor.json('/v1/audit/wipes')).wipes[0]

  test('an open desk is told at once, and its stream ends', async () => {
    const events = await listen(sam)
    expect((await events.nextEvent()).kind).toBe('state')
    expect((await order(auditor)).status).toBe(204)
    expect((await kinds(events)).at(-1)).toBe('wipe')
  })

  test('a desk that was off is told when it comes back, however often it asks, and nothing else', async () => {
    await order(auditor)
    await running.restart()
    const back = { ...sam, ...(await again(sam)) }
    expect(await codeOf(await back.fetch('/v1/changes'))).toBe('desk/wipe-ordered')
    expect(await codeOf(await back.fetch('/v1/me'))).toBe('desk/wipe-ordered')
    expect(await kinds(await listen(back))).toEqual(['wipe'])
    expect(await kinds(await listen(back))).toEqual(['wipe'])
  })

  test('who signs in afterwards begins afresh: a cursor of before is gone', async () => {
    const { cursor } = await sam.page(undefined, 1)
    await order(auditor)
    await running.clock.run(1)
    const fresh = await signIn(running)
    expect((await fresh.fetch('/v1/me')).status).toBe(200)
    expect((await fresh.fetch(`/v1/changes?cursor=${cursor}`)).status).toBe(410)
    const { changes } = await fresh.page(undefined, 1)
    expect(changes).toHaveLength(1)
  })

  test('other advisers notice nothing', async () => {
    const nia = await signIn(running, 'nia.practice')
    const events = await listen(nia)
    await events.nextEvent()
    await order(auditor)
    expect((await nia.fetch('/v1/me')).status).toBe(200)
    await events.close()
  })

  test('only auditors and supervisors give it, to an adviser there is, and say why', async () => {
    expect(await codeOf(await order(sam))).toBe('role/needed')
    expect(await codeOf(await order(auditor, 'why'.slice(0, 1)))).toBe('request/invalid')
    expect(await codeOf(await order(auditor, undefined, 'nobody'))).toBe('adviser/unknown')
    expect((await sam.fetch('/v1/me')).status).toBe(200)
    const supervisor = await signIn(running, 'morgan.supervisor')
    expect((await order(supervisor)).status).toBe(204)
    expect(await codeOf(await sam.fetch('/v1/audit/wipes'))).toBe('desk/wipe-ordered')
  })

  test('it is on record who gave it and why, and when each desk was told', async () => {
    const other = await signIn(running)
    await order(auditor, 'The desk was sold.')
    expect(await newest()).toMatchObject({
      adviserId: 'adviser-sam',
      adviserName: 'Sam Practice',
      orderedBy: 'Ellis Ward',
      reason: 'The desk was sold.',
      toldAt: [],
    })
    await kinds(await listen(sam))
    await kinds(await listen(sam))
    expect((await newest())?.toldAt).toHaveLength(1)
    await kinds(await listen(other))
    expect((await newest())?.toldAt).toHaveLength(2)
  })

  /** The same desk after the service began again at another address. */
  async function again({ tokens }: Desk): Promise<Pick<Desk, 'fetch'>> {
    auditor = await signIn(running, 'ellis.auditor')
    return {
      fetch: (path, init = {}) =>
        fetch(running.council.url + path, {
          ...init,
          headers: { authorization: `Bearer ${tokens.access_token}` },
        }),
    }
  }
})
