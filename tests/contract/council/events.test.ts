import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { backends } from './backends.ts'
import { EventReader } from './event-reader.ts'
import { appendNote, type Desk, deskOf, type RunningCouncil, runCouncil, signIn } from './running-council.ts'

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

  /** Past the two events that every stream begins with. */
  const listen = async (desk: Desk) => {
    const answer = await desk.fetch('/v1/events')
    expect(answer.headers.get('content-type')).toContain('text/event-stream')
    if (!answer.body) throw new Error('no body')
    const reader = new EventReader(answer.body)
    readers.push(reader)
    expect(await reader.next()).toMatchObject({ kind: 'state' })
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
