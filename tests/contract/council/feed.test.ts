import { randomUUID } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Change, changesPage } from '#shared/contract/rest.ts'
import { backends } from './backends.ts'
import {
  appendNote,
  changeCase,
  createCase,
  type Desk,
  type RunningCouncil,
  runCouncil,
  saveCallback,
  saveContact,
  signIn,
} from './running-council.ts'

const idsOf = (changes: readonly Change[], kind: Change['kind']) =>
  changes.filter((entry) => entry.kind === kind).map(({ id }) => id)

describe.each(backends)('the change feed, on $name', (backend) => {
  let running: RunningCouncil
  let sam: Desk
  let jo: Desk
  /** Where each adviser's feed was when the tests began. */
  let cursors: { sam: string; jo: string }
  let josFeed: readonly Change[]

  beforeAll(async () => {
    running = await runCouncil(backend)
    sam = await signIn(running, 'sam.practice')
    jo = await signIn(running, 'jo.practice')
    const josPull = await jo.pull()
    josFeed = josPull.changes
    cursors = { sam: (await sam.pull()).cursor, jo: josPull.cursor }
  })
  afterAll(() => running.stop())

  test('tells everything once, in pages, as the contract says', async () => {
    const changes: Change[] = []
    for (let cursor: string | undefined, more = true; more; ) {
      const page = await sam.page(cursor)
      if (page.more) expect(page.changes).toHaveLength(500)
      expect(isDeepStrictEqual(changesPage.parse(page), page)).toBe(true)
      changes.push(...page.changes)
      cursor = page.cursor
      more = page.more
    }
    expect(new Set(changes.map(({ kind, id }) => `${kind} ${id}`)).size).toBe(changes.length)
    expect(idsOf(changes, 'resident')).toHaveLength(2000)
    expect(idsOf(changes, 'case')).toHaveLength(5000)
    expect(idsOf(changes, 'timeline').length).toBeGreaterThan(5000)
    expect(idsOf(changes, 'script')).toContain('missed-bin')

    const inSmallPages: Change[] = []
    for (let cursor: string | undefined; inSmallPages.length < 100; ) {
      const page = await sam.page(cursor, 7)
      inSmallPages.push(...page.changes)
      cursor = page.cursor
    }
    expect(inSmallPages).toEqual(changes.slice(0, inSmallPages.length))
  })

  test('goes on after the cursor with what changed since, newest state, each record once', async () => {
    const { cursor } = await sam.pull(cursors.sam)
    expect(await sam.page(cursor)).toEqual({ changes: [], cursor, more: false })
    const caseId = randomUUID()
    const note = appendNote(caseId, 'First.')
    await sam.send(createCase(caseId), note, changeCase(caseId, 1, { status: 'resolved' }))
    const page = await sam.page(cursor)
    expect(page.changes).toMatchObject([
      { kind: 'timeline', id: note.entryId },
      { kind: 'case', id: caseId, record: { status: 'resolved', version: 2 } },
    ])
  })

  test('holds the cases of an adviser’s queues with their timelines, and no others', async () => {
    const changes = josFeed
    const records = changes.flatMap((entry) =>
      'record' in entry && entry.kind === 'case' ? [entry.record] : [],
    )
    const cases = new Set(records.map(({ id }) => id))
    expect(new Set(records.map(({ queueId }) => queueId))).toEqual(new Set(['waste', 'general']))
    const timeline = changes.flatMap((entry) =>
      'record' in entry && entry.kind === 'timeline' ? [entry.record.caseId] : [],
    )
    expect(timeline.every((caseId) => caseId !== null && cases.has(caseId))).toBe(true)
    expect(idsOf(changes, 'resident')).toHaveLength(2000)
  })

  test('a case given to an adviser of another queue arrives with its history and is taken back with it', async () => {
    const { cursor } = await jo.pull(cursors.jo)
    const [caseId, contactId] = [randomUUID(), randomUUID()]
    const note = appendNote(caseId, 'Boiler is out.')
    const startedAt = '2026-11-03T09:00:00Z'
    await sam.send(
      createCase(caseId, { queueId: 'housing', serviceCode: 141 }),
      note,
      saveContact(contactId, { caseId, channel: 'telephone', direction: 'inbound', startedAt }),
    )
    const before = await jo.pull(cursor)
    expect(before.changes).toEqual([])

    await sam.send(changeCase(caseId, 1, { assignedTo: 'adviser-jo' }))
    const given = await jo.pull(before.cursor)
    expect(idsOf(given.changes, 'timeline')).toEqual([note.entryId])
    expect(idsOf(given.changes, 'contact')).toEqual([contactId])
    expect(new Set(idsOf(given.changes, 'case'))).toEqual(new Set([caseId]))

    await sam.send(changeCase(caseId, 2, { assignedTo: 'adviser-sam' }))
    const taken = await jo.pull(given.cursor)
    expect(taken.changes.map(({ kind, id }) => `${kind} ${id}`).sort()).toEqual(
      [`case ${caseId}`, `timeline ${note.entryId}`, `contact ${contactId}`].sort(),
    )
    expect(taken.changes.every((entry) => 'deleted' in entry)).toBe(true)

    await sam.send(changeCase(caseId, 3, { assignedTo: 'adviser-jo' }))
    const again = await jo.pull(taken.cursor)
    expect(idsOf(again.changes, 'timeline')).toEqual([note.entryId])
    expect(again.changes.every((entry) => 'record' in entry)).toBe(true)
  })

  test('a callback is told to its queue’s advisers and to whose it is, and taken back when it goes elsewhere', async () => {
    const callbackId = randomUUID()
    const tell = async (fields: Parameters<typeof saveCallback>[1]) => {
      const { cursor } = await jo.pull(cursors.jo)
      await sam.send(saveCallback(callbackId, fields))
      return (await jo.pull(cursor)).changes.filter(({ id }) => id === callbackId)
    }
    const times = { dueFrom: '2026-11-03T10:00:00Z', dueBy: '2026-11-03T11:00:00Z' }
    expect(await tell({ ...times, number: '+441632960142', queueId: 'housing' })).toEqual([])
    const given = await tell({ assignedTo: 'adviser-jo' })
    expect(given).toMatchObject([{ kind: 'callback', record: { assignedTo: 'adviser-jo', version: 2 } }])
    expect(await tell({ assignedTo: null })).toEqual([{ kind: 'callback', id: callbackId, deleted: true }])
    expect(await tell({ queueId: 'waste' })).toMatchObject([{ record: { queueId: 'waste', version: 4 } }])
    const everything = (await jo.pull(cursors.jo)).changes.filter(({ id }) => id === callbackId)
    expect(everything.at(-1)).toMatchObject({ record: { version: 4 } })
  })

  test('a cursor of another adviser or another database is gone, not guessed at', async () => {
    const { cursor } = await sam.pull(cursors.sam)
    const others = await jo.fetch(`/v1/changes?cursor=${cursor}`)
    expect(others.status).toBe(410)
    expect(await others.json()).toMatchObject({ code: 'changes/cursor-gone' })
    const [version, feed] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as [number, string]
    const beyond = Buffer.from(JSON.stringify([version, feed, 999_999_999])).toString('base64url')
    expect((await sam.fetch(`/v1/changes?cursor=${beyond}`)).status).toBe(410)
  })

  test('a cursor outlives a restart of the service', async () => {
    const { cursor } = await sam.pull(cursors.sam)
    const note = appendNote(null, 'After the restart.')
    await sam.send(note)
    await running.restart()
    const again = await signIn(running, 'sam.practice')
    expect(idsOf((await again.pull(cursor)).changes, 'timeline')).toEqual([note.entryId])
  })

  test('a case that was taken from an adviser is told again once it is of the adviser’s queues', async () => {
    const own = await signIn(running, 'sam.practice')
    const caseId = randomUUID()
    const note = appendNote(caseId, 'Boiler is out again.')
    await own.send(
      createCase(caseId, { queueId: 'housing', serviceCode: 141 }),
      note,
      changeCase(caseId, 1, { assignedTo: 'adviser-jo' }),
      changeCase(caseId, 2, { assignedTo: null }),
    )
    const before = await signIn(running, 'jo.practice')
    expect(
      idsOf(
        (await before.pull()).changes.filter((each) => 'record' in each),
        'case',
      ),
    ).not.toContain(caseId)
    await running.setQueues('adviser-jo', ['housing'])
    const { changes } = await (await signIn(running, 'jo.practice')).pull()
    const told = changes.filter(({ id }) => id === caseId || id === note.entryId)
    expect(told.map(({ kind }) => kind).sort()).toEqual(['case', 'timeline'])
    expect(told.every((each) => 'record' in each)).toBe(true)
  })
})
