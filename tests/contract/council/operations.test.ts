import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Callback, CaseRecord, Change, Contact, TimelineEntry } from '#shared/contract/rest.ts'
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

describe.each(backends)('operations, on $name', (backend) => {
  let running: RunningCouncil
  let sam: Desk
  let nia: Desk
  let cursor: string | undefined

  beforeAll(async () => {
    running = await runCouncil(backend)
    sam = await signIn(running, 'sam.practice')
    nia = await signIn(running, 'nia.practice')
    cursor = (await sam.pull()).cursor
  })
  afterAll(() => running.stop())

  /** What the feed tells Sam of a record, since the tests began. */
  const read = async (kind: Change['kind'], id: string) => {
    const { changes } = await sam.pull(cursor)
    return changes.filter((change) => change.kind === kind && change.id === id)
  }
  const recordOf = async <T>(kind: Change['kind'], id: string): Promise<T> => {
    const [change] = await read(kind, id)
    if (!change || !('record' in change)) throw new Error(`${kind} is not in the feed`)
    return change.record as T
  }
  const readCase = (id: string) => recordOf<CaseRecord>('case', id)
  const newCase = async (record = {}) => {
    const caseId = randomUUID()
    expect(await sam.send(createCase(caseId, record))).toMatchObject([{ outcome: 'applied' }])
    return caseId
  }

  test('a new case gets a reference of its service and year, each the next', async () => {
    const [first, second, housing] = [await newCase(), await newCase(), await newCase({ serviceCode: 141 })]
    const created = await readCase(first)
    expect(created).toMatchObject({ version: 1, subject: 'Missed bin' })
    const number = (reference: string | null) => Number(/^WR-2026-(\d{6})$/.exec(reference ?? '')?.[1])
    expect(number((await readCase(second)).reference)).toBe(number(created.reference) + 1)
    expect((await readCase(housing)).reference).toMatch(/^HO-2026-\d{6}$/)
  })

  test('results come in the order of the operations', async () => {
    const caseId = randomUUID()
    const operations = [
      createCase(caseId),
      changeCase('no-such-case', 1, { status: 'closed' }),
      appendNote(caseId, 'Crew will go back.'),
    ]
    const results = await sam.send(...operations)
    expect(results.map(({ id }) => id)).toEqual(operations.map(({ id }) => id))
    expect(results.map(({ outcome }) => outcome)).toEqual(['applied', 'refused', 'applied'])
  })

  test('an operation sent twice is applied once, with the same answer', async () => {
    const operation = createCase(randomUUID())
    const [first] = await sam.send(operation)
    const [again] = await sam.send(operation)
    expect(again).toEqual(first)
    const change = changeCase(operation.caseId, 1, { status: 'in-progress' })
    await sam.send(change, change)
    await sam.send(change)
    expect(await readCase(operation.caseId)).toMatchObject({ version: 2, status: 'in-progress' })
  })

  test('an operation sent many times at once is applied once', async () => {
    const caseId = await newCase()
    const change = changeCase(caseId, 1, { subject: 'Missed bin, second report' })
    const answers = await Promise.all(Array.from({ length: 8 }, () => sam.send(change)))
    expect(new Set(answers.map((results) => JSON.stringify(results))).size).toBe(1)
    expect((await readCase(caseId)).version).toBe(2)
  })

  test('a refusal is answered again as it was, and a fresh operation may succeed', async () => {
    const caseId = randomUUID()
    const early = changeCase(caseId, 1, { status: 'closed' })
    const [refused] = await sam.send(early)
    await sam.send(createCase(caseId))
    expect(await sam.send(early)).toEqual([refused])
    expect(await sam.send(changeCase(caseId, 1, { status: 'closed' }))).toMatchObject([
      { outcome: 'applied' },
    ])
  })

  test('another operation under a used identifier is refused, not forgotten', async () => {
    const caseId = await newCase()
    const first = appendNote(caseId, 'Bin was out.')
    await sam.send(first)
    const other = { ...appendNote(caseId, 'Something else.'), id: first.id }
    const code = 'operation/reused-id'
    expect(await sam.send(other)).toMatchObject([{ outcome: 'refused', problem: { code } }])
    expect(await nia.send(first)).toMatchObject([{ outcome: 'refused', problem: { code } }])
  })

  test('fields that nobody else changed are merged', async () => {
    const caseId = await newCase()
    await nia.send(changeCase(caseId, 1, { status: 'in-progress', fields: { binType: 'food' } }))
    const [result] = await sam.send(
      changeCase(caseId, 1, { subject: 'Missed food bin', fields: { extent: 'whole-street', tag: 'none' } }),
    )
    expect(result).toMatchObject({ outcome: 'applied' })
    expect(await readCase(caseId)).toMatchObject({
      version: 3,
      status: 'in-progress',
      subject: 'Missed food bin',
      fields: { binType: 'food', extent: 'whole-street', tag: 'none' },
    })
  })

  test('a field that clashes keeps their value and shows both, who and when; the rest is applied', async () => {
    const caseId = await newCase()
    await nia.send(changeCase(caseId, 1, { status: 'resolved', fields: { binType: 'garden' } }))
    const [result] = await sam.send(
      changeCase(caseId, 1, { status: 'closed', subject: 'Two bins', fields: { binType: 'food' } }),
    )
    const theirs = { by: 'Nia Practice', at: new Date(running.clock.now()).toISOString() }
    expect(result).toMatchObject({
      outcome: 'conflict',
      fields: [
        { field: 'status', mine: 'closed', theirs: 'resolved', ...theirs },
        { field: 'fields.binType', mine: 'food', theirs: 'garden', ...theirs },
      ],
    })
    expect(await readCase(caseId)).toMatchObject({
      version: 3,
      status: 'resolved',
      subject: 'Two bins',
      fields: { binType: 'garden' },
    })
    const decided = changeCase(caseId, 3, { status: 'closed' })
    expect(await sam.send(decided)).toMatchObject([{ outcome: 'applied' }])
    expect((await readCase(caseId)).status).toBe('closed')
  })

  test('a clash leaves the case untouched when nothing else was asked for', async () => {
    const caseId = await newCase()
    await nia.send(changeCase(caseId, 1, { assignedTo: 'adviser-nia' }))
    const before = await readCase(caseId)
    const [result] = await sam.send(changeCase(caseId, 1, { assignedTo: 'adviser-sam' }))
    expect(result).toMatchObject({ outcome: 'conflict', fields: [{ field: 'assignedTo' }] })
    expect(await readCase(caseId)).toEqual(before)
  })

  test('both setting the same value is no clash', async () => {
    const caseId = await newCase()
    await nia.send(changeCase(caseId, 1, { status: 'resolved', fields: { bins: ['food', 'refuse'] } }))
    const mine = changeCase(caseId, 1, { status: 'resolved', fields: { bins: ['food', 'refuse'] } })
    expect(await sam.send(mine)).toMatchObject([{ outcome: 'applied' }])
    expect((await readCase(caseId)).version).toBe(2)
  })

  test('one adviser’s own changes, made one after another offline, do not clash', async () => {
    const caseId = await newCase()
    const results = await sam.send(
      changeCase(caseId, 1, { status: 'in-progress' }),
      changeCase(caseId, 1, { status: 'resolved' }),
      changeCase(caseId, 1, { status: 'closed' }),
    )
    expect(results.map(({ outcome }) => outcome)).toEqual(['applied', 'applied', 'applied'])
    expect(await readCase(caseId)).toMatchObject({ version: 4, status: 'closed' })
  })

  test('many advisers’ changes at once lose none', async () => {
    const caseId = await newCase({ fields: {} })
    const jo = await signIn(running, 'jo.practice')
    const changes = Array.from({ length: 12 }, (_, index) => ({
      index,
      desk: [sam, nia, jo][index % 3] ?? sam,
    }))
    await Promise.all(
      changes.map(({ index, desk }) =>
        desk.send(changeCase(caseId, 1, { fields: { [`field${index}`]: index } })),
      ),
    )
    const { fields, version } = await readCase(caseId)
    expect(fields).toEqual(Object.fromEntries(changes.map(({ index }) => [`field${index}`, index])))
    expect(version).toBe(13)
  })

  test.each([
    ['an unknown case', () => changeCase('none', 1, {}), 'case/unknown'],
    ['an unknown resident', () => createCase(randomUUID(), { residentId: 'none' }), 'resident/unknown'],
    ['an unknown queue', () => createCase(randomUUID(), { queueId: 'none' }), 'queue/unknown'],
    ['an unknown adviser', () => createCase(randomUUID(), { assignedTo: 'none' }), 'adviser/unknown'],
    ['a case made twice', () => createCase('case-00001'), 'case/exists'],
    ['a version never there', () => changeCase('case-00001', 99, {}), 'case/unknown-version'],
    ['a note on no case', () => appendNote('none', 'x'), 'case/unknown'],
    ['an entry made twice', () => appendNote(null, 'x', 'entry-00001-1'), 'timeline/exists'],
    ['half a contact', () => saveContact(randomUUID(), { callId: 'x' }), 'contact/incomplete'],
    ['half a callback', () => saveCallback(randomUUID(), { name: 'Amara Okafor' }), 'callback/incomplete'],
    ['a callback to nobody known', () => saveCallback('x', { residentId: 'none' }), 'resident/unknown'],
    ['a callback for nobody', () => saveCallback('x', { assignedTo: 'none' }), 'adviser/unknown'],
    ['a character no database keeps', () => appendNote(null, 'a\0b'), 'operation/unstorable'],
    ['half a character', () => appendNote(null, 'a\ud800b'), 'operation/unstorable'],
    ['an unknown kind', () => ({ id: randomUUID(), kind: 'case.burn' }), 'operation/malformed'],
    ['a shape that is wrong', () => ({ ...appendNote(null, ''), entry: 7 }), 'operation/malformed'],
    ['a bottomless one', () => ({ ...appendNote(null, ''), extra: nested(500) }), 'operation/unstorable'],
  ])('%s is refused alone', async (_, make, code) => {
    const refused = make()
    const [result, next] = await sam.send(refused, appendNote(null, 'Goes on.'))
    expect(result).toMatchObject({ id: refused.id, outcome: 'refused', problem: { code } })
    expect(next).toMatchObject({ outcome: 'applied' })
  })

  test('a contact is made by its first fields and changed by later ones', async () => {
    const contactId = randomUUID()
    const startedAt = new Date(running.clock.now()).toISOString()
    await sam.send(saveContact(contactId, { channel: 'telephone', direction: 'inbound', startedAt }))
    await sam.send(saveContact(contactId, { disposition: 'case-created', residentId: 'cast-gwen-pritchard' }))
    expect(await recordOf<Contact>('contact', contactId)).toMatchObject({
      version: 2,
      channel: 'telephone',
      startedAt,
      endedAt: null,
      disposition: 'case-created',
      residentId: 'cast-gwen-pritchard',
    })
  })

  test('parts of a new contact saved at once are all kept', async () => {
    const contactId = randomUUID()
    const base = { channel: 'telephone', direction: 'inbound', startedAt: '2026-11-03T09:00:00Z' } as const
    const parts = [
      { callId: 'a@b' },
      { queueId: 'waste' },
      { disposition: 'signposted' },
      { caseId: 'case-00001' },
    ]
    await Promise.all(parts.map((part) => sam.send(saveContact(contactId, { ...base, ...part }))))
    expect(await recordOf<Contact>('contact', contactId)).toMatchObject(Object.assign({}, ...parts))
  })

  test('a callback is made by its first fields and changed by later ones', async () => {
    const callbackId = randomUUID()
    const promised = {
      number: '+441632960142',
      dueFrom: '2026-11-03T10:00:00Z',
      dueBy: '2026-11-03T11:00:00Z',
      assignedTo: 'adviser-sam',
    }
    await sam.send(saveCallback(callbackId, { ...promised, name: 'Amara Okafor', queueId: 'waste' }))
    await sam.send(saveCallback(callbackId, { status: 'done', closedAt: '2026-11-03T10:10:00Z' }))
    expect(await recordOf<Callback>('callback', callbackId)).toMatchObject({
      ...promised,
      version: 2,
      name: 'Amara Okafor',
      reason: '',
      status: 'done',
      closedAt: '2026-11-03T10:10:00Z',
    })
  })

  test('a timeline entry is under the name of who sent it', async () => {
    const operation = appendNote(await newCase(), 'Rang back.')
    await nia.send({ ...operation, entry: { ...operation.entry, by: 'Somebody Else' } })
    expect(await recordOf<TimelineEntry>('timeline', operation.entryId)).toMatchObject({
      text: 'Rang back.',
      by: 'Nia Practice',
    })
  })

  test('members the service does not know are kept, its own are not taken', async () => {
    const operation = createCase(randomUUID())
    const record = { ...operation.record, mood: 'calm', reference: 'WR-1', version: 9, id: 'other' }
    await sam.send({ ...operation, record })
    expect(await readCase(operation.caseId)).toMatchObject({
      mood: 'calm',
      version: 1,
      id: operation.caseId,
      reference: expect.stringMatching(/^WR-2026-/),
    })
  })

  test('fields keep the order they were given in', async () => {
    const fields = { zebra: 1, apple: 2, mangoes: 3, fig: 4 }
    const caseId = await newCase({ fields })
    expect(Object.keys((await readCase(caseId)).fields)).toEqual(Object.keys(fields))
  })
})

function nested(depth: number): unknown {
  let value: unknown = 'deep'
  for (let level = 0; level < depth; level += 1) value = [value]
  return value
}
