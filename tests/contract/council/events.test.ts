import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { backends } from './backends.ts'
import { EventReader } from './event-reader.ts'
import {
  appendNote,
  createCase,
  type Desk,
  deskOf,
  type RunningCouncil,
  runCouncil,
  signIn,
} from './running-council.ts'

describe.each(backends)('events, on $name', (backend) => {
  let running: RunningCouncil
  let sam: Desk
  let cursor: string
  const readers: EventReader[] = []

  beforeAll(async () => {
    running = await runCouncil(backend)
    sam = await signIn(running, 'sam.practice')
    cursor = (await sam.pull()).cursor
  })
  afterAll(async () => {
    await Promise.allSettled(readers.map((reader) => reader.close()))
    await running.stop()
  })

  const open = async (desk: Desk, lastEventId?: string) => {
    const headers = lastEventId === undefined ? {} : { 'last-event-id': lastEventId }
    const answer = await desk.fetch('/v1/events', { headers })
    expect(answer.headers.get('content-type')).toContain('text/event-stream')
    if (!answer.body) throw new Error('no body')
    const reader = new EventReader(answer.body)
    readers.push(reader)
    expect(await reader.next()).toMatchObject({ kind: 'state' })
    return reader
  }
  /** Past the two events that a stream begins with. */
  const listen = async (desk: Desk) => {
    const reader = await open(desk)
    expect(await reader.next()).toEqual({ kind: 'changed' })
    return reader
  }

  test('tell every desk that something changed', async () => {
    const nia = await signIn(running, 'nia.practice')
    const [mine, hers] = [await listen(sam), await listen(nia)]
    await sam.send(appendNote(null, 'One.'), appendNote(null, 'Two.'))
    expect(await mine.next()).toEqual({ kind: 'changed' })
    expect(await hers.next()).toEqual({ kind: 'changed' })
  })

  test('tell of a case to the advisers of its queue and to whose it is, and to nobody else', async () => {
    const jo = await signIn(running, 'jo.practice')
    const [mine, jos] = [await listen(sam), await listen(jo)]
    const [hidden, given] = [randomUUID(), randomUUID()]
    await sam.send(createCase(hidden, { queueId: 'housing', serviceCode: 141 }), appendNote(hidden, 'Damp.'))
    expect(await mine.next()).toEqual({ kind: 'changed' })
    await running.clock.run(15_000)
    expect(await jos.next()).toBe(': heartbeat')
    await sam.send(createCase(given, { queueId: 'housing', serviceCode: 141, assignedTo: 'adviser-jo' }))
    expect(await jos.next()).toEqual({ kind: 'changed' })
  })

  test('go on after the last event heard: told of what was missed, and of nothing else', async () => {
    const jo = await signIn(running, 'jo.practice')
    const first = await listen(jo)
    const nothingSince = await open(jo, first.lastEventId)
    await running.clock.run(15_000)
    expect(await nothingSince.next()).toBe(': heartbeat')
    const hidden = createCase(randomUUID(), { queueId: 'housing', serviceCode: 141 })
    await sam.send(hidden)
    const nothingForJo = await open(jo, first.lastEventId)
    await running.clock.run(15_000)
    expect(await nothingForJo.next()).toBe(': heartbeat')
    await sam.send(appendNote(null, 'For everyone.'))
    const missed = await open(jo, first.lastEventId)
    expect(await missed.next()).toEqual({ kind: 'changed' })
    expect(missed.lastEventId).not.toBe(first.lastEventId)
  })

  test.each(['', 'x', 'another-database.1', 'another-database.x'])(
    'a last event of %j is told all anew',
    async (id) => {
      const reader = await open(await signIn(running, 'sam.practice'), id)
      expect(await reader.next()).toEqual({ kind: 'changed' })
    },
  )

  test('tell an adviser’s state to that adviser alone', async () => {
    const nia = await signIn(running, 'nia.practice')
    const [mine, hers] = [await listen(sam), await listen(nia)]
    const { agents } = running.council
    agents.request('adviser-nia', { name: 'ready' })
    expect(await hers.next()).toMatchObject({ kind: 'state', answer: { state: { name: 'ready' } } })
    agents.offered('adviser-sam', 'waste')
    expect(await mine.next()).toMatchObject({
      kind: 'state',
      answer: { state: { name: 'ringing', queueId: 'waste' } },
    })
    agents.answered('adviser-sam', 'waste')
    agents.ended('adviser-sam')
    await running.clock.run(60_000)
    const heard = []
    for (let event = await mine.next(); ; event = await mine.next()) {
      heard.push(event)
      if (typeof event === 'object' && event.kind === 'state' && event.answer.state.name === 'not-ready')
        break
    }
    expect(heard.length).toBeGreaterThan(0)
  })

  test('a refused or repeated operation changes nothing and tells nothing', async () => {
    const desk = await signIn(running, 'sam.practice')
    const note = appendNote(null, 'Once.')
    await desk.send(note)
    const reader = await listen(desk)
    await desk.send(note, appendNote('no-such-case', 'x'))
    await running.clock.run(15_000)
    expect(await reader.next()).toBe(': heartbeat')
  })

  test('a heartbeat comes every fifteen seconds', async () => {
    const reader = await listen(await signIn(running, 'sam.practice'))
    for (let beat = 0; beat < 3; beat += 1) {
      await running.clock.run(15_000)
      expect(await reader.next()).toBe(': heartbeat')
    }
  })

  test('the stream ends with the access token', async () => {
    const reader = await listen(await signIn(running, 'nia.practice'))
    await running.clock.run(15 * 60_000)
    let event = await reader.next()
    while (event !== undefined) event = await reader.next()
    expect(event).toBeUndefined()
  })

  test('a cut network ends every connection, and restoring it brings back the same address', async () => {
    const desk = await signIn(running, 'sam.practice')
    const reader = await listen(desk)
    const { url, port } = running.council
    const ended = reader.next().then(
      (event) => event,
      () => 'cut' as const,
    )
    await running.council.cut()
    expect(await ended).not.toMatchObject({ kind: 'changed' })
    await expect(desk.fetch('/v1/me')).rejects.toThrow()
    await running.council.restore()
    expect(running.council.port).toBe(port)
    expect((await deskOf(url, desk.tokens).fetch('/v1/me')).status).toBe(200)
    await running.council.restore()
    expect((await desk.fetch('/v1/me')).status).toBe(200)
  })

  test('an operation whose answer was cut off is applied once', async () => {
    const desk = await signIn(running, 'sam.practice')
    const note = appendNote(null, 'Sent into the dark.')
    const lost = desk.send(note).catch(() => 'lost')
    await running.council.cut()
    await lost
    await running.council.restore()
    expect(await desk.send(note)).toEqual([{ id: note.id, outcome: 'applied' }])
    const { changes } = await desk.pull(cursor)
    expect(changes.filter(({ id }) => id === note.entryId)).toHaveLength(1)
  })
})
