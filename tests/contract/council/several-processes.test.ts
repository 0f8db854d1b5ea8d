import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { agentStateAnswer } from '#shared/contract/rest.ts'
import { type Place, servers } from './backends.ts'
import { type CouncilProcess, signInAt, startCouncilProcess } from './council-process.ts'
import { EventReader } from './event-reader.ts'
import { appendNote, changeCase, createCase, type Desk, deskOf } from './running-council.ts'

const [server] = servers
/** For what another process does in its own time. */
const patience = { timeout: 20_000 }

// Not where no PostgreSQL is installed: nothing else is used by several processes.
describe.runIf(server !== undefined)(
  'several processes of the service on one database',
  { timeout: 120_000 },
  () => {
    let place: Place
    const running: CouncilProcess[] = []
    const readers: EventReader[] = []
    let urls: { readonly one: string; readonly two: string }
    let sam: { readonly one: Desk; readonly two: Desk }
    /** Where the feed was when the tests began. */
    let begin: string

    const start = async () => {
      const council = startCouncilProcess(place.database)
      running.push(council)
      return { council, url: await council.line('http') }
    }

    beforeAll(async () => {
      if (!server) throw new Error('this needs a server')
      place = await server.seeded()
      // Both at once, as a deployment would.
      const [one, two] = await Promise.all([start(), start()])
      urls = { one: one.url, two: two.url }
      const desk = await signInAt(urls.one)
      sam = { one: desk, two: deskOf(urls.two, desk.tokens) }
      begin = (await desk.pull()).cursor
    })
    afterAll(async () => {
      await Promise.allSettled(readers.map((reader) => reader.close()))
      await Promise.all(running.map((council) => council.kill()))
      await place.dispose()
    })

    const listen = async (desk: Desk, lastEventId?: string) => {
      const headers = lastEventId === undefined ? {} : { 'last-event-id': lastEventId }
      const { body } = await desk.fetch('/v1/events', { headers })
      if (!body) throw new Error('no body')
      const reader = new EventReader(body)
      readers.push(reader)
      expect(await reader.nextEvent()).toMatchObject({ kind: 'state' })
      return reader
    }
    const next = async (reader: EventReader, kind: string) => {
      for (;;) {
        const event = await reader.nextEvent()
        if (event.kind === kind) return event
      }
    }

    test('who signed in at one is signed in at the other', async () => {
      expect((await sam.two.fetch('/v1/me')).status).toBe(200)
    })

    test('who signed out at one is signed out at the other, which knew the token', async () => {
      const desk = await signInAt(urls.one, 'nia.practice')
      const elsewhere = deskOf(urls.two, desk.tokens)
      expect((await elsewhere.fetch('/v1/me')).status).toBe(200)
      const { access_token: token } = desk.tokens
      await fetch(`${urls.one}/oauth/revoke`, { method: 'POST', body: new URLSearchParams({ token }) })
      // Heard as soon as PostgreSQL passes it on.
      await expect.poll(async () => (await elsewhere.fetch('/v1/me')).status).toBe(401)
    })

    test('an order to forget that one takes is told by the other', async () => {
      const desk = await signInAt(urls.one, 'nia.practice')
      const reader = await listen(deskOf(urls.two, desk.tokens))
      const auditor = await signInAt(urls.one, 'ellis.auditor')
      const answer = await auditor.fetch('/v1/advisers/adviser-nia/wipe', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ reason: 'The desk was sold.' }),
      })
      expect(answer.status).toBe(204)
      expect(await next(reader, 'wipe')).toEqual({ kind: 'wipe' })
    })

    test('a file begun at one goes on at the other', async () => {
      const created = createCase(randomUUID())
      await sam.one.send(created)
      const tus = { 'tus-resumable': '1.0.0' }
      const values = { caseId: created.caseId, filename: 'a.txt', filetype: 'text/plain' }
      const metadata = Object.entries(values).map(([key, value]) => `${key} ${btoa(value)}`)
      const begun = await sam.one.fetch('/v1/uploads', {
        method: 'POST',
        headers: { ...tus, 'upload-length': '6', 'upload-metadata': metadata.join(',') },
      })
      const place = begun.headers.get('location') ?? ''
      const add = (desk: Desk, offset: number, body: string) =>
        desk.fetch(place, {
          method: 'PATCH',
          headers: {
            ...tus,
            'content-type': 'application/offset+octet-stream',
            'upload-offset': String(offset),
          },
          body,
        })
      // The same bytes through both at once: one adds them, the other hears that they are there.
      const both = await Promise.all([add(sam.one, 0, 'abc'), add(sam.two, 0, 'abc')])
      expect(both.map(({ status }) => status).sort()).toEqual([204, 409])
      expect((await add(sam.two, 3, 'def')).headers.get('upload-offset')).toBe('6')
      const id = place.split('/').at(-1)
      expect(await (await sam.one.fetch(`/v1/attachments/${id}`)).text()).toBe('abcdef')
    })

    test('a change through one reaches a desk on the other’s event stream', async () => {
      const reader = await listen(sam.two)
      await next(reader, 'changed')
      const { cursor } = await sam.two.pull(begin)
      const note = appendNote(null, 'Through the first.')
      await sam.one.send(note)
      await next(reader, 'changed')
      expect((await sam.two.pull(cursor)).changes.map(({ id }) => id)).toEqual([note.entryId])
    })

    test('an operation sent to both at once is applied once, with the same answer', async () => {
      const caseId = randomUUID()
      const operations = [
        createCase(caseId),
        ...[1, 2, 3, 4].map((step) => changeCase(caseId, 1, { fields: { [`step${step}`]: step } })),
      ]
      const { cursor } = await sam.one.pull(begin)
      const answers = await Promise.all([sam.one.send(...operations), sam.two.send(...operations)])
      expect(answers[0]).toEqual(answers[1])
      expect(new Set(answers.flat().map(({ outcome }) => outcome))).toEqual(new Set(['applied']))
      const { changes } = await sam.one.pull(cursor)
      expect(changes).toMatchObject([{ kind: 'case', record: { version: 5 } }])
    })

    test('where an adviser stands is the same in all, also in one that begins later', async () => {
      const reader = await listen(sam.two)
      await sam.one.fetch('/v1/me/state', {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ name: 'not-ready', reason: 'lunch' }),
      })
      const lunch = { state: { name: 'not-ready', reason: 'lunch' } }
      expect(await next(reader, 'state')).toMatchObject({ answer: lunch })
      expect(await sam.two.json('/v1/me/state')).toMatchObject(lunch)
      const third = await start()
      const later = deskOf(third.url, sam.one.tokens)
      await expect
        .poll(async () => agentStateAnswer.parse(await later.json('/v1/me/state')), patience)
        .toMatchObject(lunch)
      await third.council.kill()
    })

    test('a server that drops its connections is heard again, and nothing is missed', async () => {
      const nia = await signInAt(urls.two, 'nia.practice')
      const reader = await listen(nia)
      await next(reader, 'changed')
      await place.dropConnections?.()
      expect(await next(reader, 'changed')).toEqual({ kind: 'changed' })
      await expect.poll(async () => (await sam.one.fetch('/v1/me')).status, patience).toBe(200)
      await sam.one.send(appendNote(null, 'After it is back.'))
      expect(await next(reader, 'changed')).toEqual({ kind: 'changed' })
    })

    test('one that dies in the middle of its work leaves nothing half done, and the other goes on', async () => {
      const dying = await start()
      const desk = deskOf(dying.url, sam.one.tokens)
      const reader = await listen(desk)
      await next(reader, 'changed')
      const { cursor } = await desk.pull(begin)
      const notes = Array.from({ length: 60 }, () => appendNote(null, 'Kept.'))
      const applied: string[] = []
      const sending = notes.map(async (note) => {
        const results = await desk.send(note).catch(() => [])
        if (results[0]?.outcome === 'applied') applied.push(note.entryId)
      })
      await Promise.race(sending)
      await dying.council.kill()
      await Promise.all(sending)

      const idsIn = async () => (await sam.one.pull(cursor)).changes.map(({ id }) => id)
      expect(await idsIn()).toEqual(expect.arrayContaining(applied))
      const again = await sam.one.send(...notes)
      expect(new Set(again.map(({ outcome }) => outcome))).toEqual(new Set(['applied']))
      expect((await idsIn()).sort()).toEqual(notes.map(({ entryId }) => entryId).sort())
      // Its reader comes to the other process with the last it heard, and is told what it missed.
      const back = await listen(sam.two, reader.lastEventId)
      expect(await next(back, 'changed')).toEqual({ kind: 'changed' })
    })
  },
)
