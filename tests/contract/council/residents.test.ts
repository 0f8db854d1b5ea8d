import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Operation } from '#shared/contract/rest.ts'
import { backends } from './backends.ts'
import { EventReader } from './event-reader.ts'
import {
  changeResident,
  createResident,
  mergeResidents,
  removeWarning,
  residentOf,
  saveWarning,
  told,
  unmergeResidents,
} from './resident-records.ts'
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

describe.each(backends)('residents, on $name', (backend) => {
  let running: RunningCouncil
  let sam: Desk
  let nia: Desk
  let cursor: string

  beforeAll(async () => {
    running = await runCouncil(backend)
    sam = await signIn(running, 'sam.practice')
    nia = await signIn(running, 'nia.practice')
    cursor = (await sam.pull()).cursor
  })
  afterAll(() => running.stop())

  const read = (id: string) => residentOf(sam, cursor, id)
  const codeOf = async (desk: Desk, operation: object) => {
    const [result] = await desk.send(operation)
    return result?.outcome === 'refused' ? result.problem.code : result?.outcome
  }
  const make = async (over: Parameters<typeof createResident>[1] = {}) => {
    const id = randomUUID()
    expect(await codeOf(sam, createResident(id, over))).toBe('applied')
    return id
  }
  const residentIdOf = async (kind: string, id: string) => {
    const change = (await told(sam, cursor)).get(`${kind} ${id}`)
    return change && 'record' in change && 'residentId' in change.record
      ? change.record.residentId
      : undefined
  }

  test('a new resident is told to every desk, once however often it is sent', async () => {
    const operation = createResident(randomUUID(), { email: 'bela@example.org' })
    expect(await sam.send(operation, operation)).toMatchObject([
      { outcome: 'applied' },
      { outcome: 'applied' },
    ])
    expect(await residentOf(nia, undefined, operation.residentId)).toMatchObject({
      ...operation.record,
      version: 1,
    })
    expect(await codeOf(nia, createResident(operation.residentId))).toBe('resident/exists')
  })

  test('fields that nobody else changed are merged, and null takes one away', async () => {
    const id = await make({ email: 'bela@example.org' })
    await nia.send(changeResident(id, 1, { language: 'cy' }))
    expect(await sam.send(changeResident(id, 1, { email: null, phones: [] }))).toMatchObject([
      { outcome: 'applied' },
    ])
    const record = await read(id)
    expect(record).toMatchObject({ version: 3, language: 'cy', phones: [] })
    expect(record).not.toHaveProperty('email')
  })

  test('a field that clashes keeps their value and shows both, an address by its lines', async () => {
    const id = await make()
    const theirs = { uprn: '100000701', line1: '8 Quay Street', town: 'Wexcombe', postcode: 'WX7 1QR' }
    const mine = { ...theirs, line1: '9 Quay Street' }
    await nia.send(changeResident(id, 1, { address: theirs }))
    const [result] = await sam.send(changeResident(id, 1, { address: mine, givenName: 'Béla' }))
    expect(result).toMatchObject({
      outcome: 'conflict',
      fields: [
        {
          field: 'address',
          mine: ['9 Quay Street', 'Wexcombe', 'WX7 1QR', '100000701'],
          theirs: ['8 Quay Street', 'Wexcombe', 'WX7 1QR', '100000701'],
          by: 'Nia Practice',
        },
      ],
    })
    expect(await read(id)).toMatchObject({ address: theirs, givenName: 'Béla' })
  })

  test('a change of what is not there, or of a version that never was, is refused', async () => {
    const id = await make()
    expect(await codeOf(sam, changeResident(randomUUID(), 1, { language: 'cy' }))).toBe('resident/unknown')
    expect(await codeOf(sam, changeResident(id, 2, { language: 'cy' }))).toBe('resident/unknown-version')
    expect(await codeOf(sam, changeResident(id, 1, { phones: ['01632 960700'] }))).toBe('operation/malformed')
  })

  test('a merge gives everything of one record to the other, and says which one goes on', async () => {
    const keptId = await make({ phones: ['+441632960701'] })
    const goneId = await make({ phones: ['+441632960702'], email: 'bela@example.org' })
    const [caseId, contactId, callbackId] = [randomUUID(), randomUUID(), randomUUID()]
    const note = appendNote(null, 'Rang twice.')
    const startedAt = '2026-11-03T09:00:00Z'
    await sam.send(
      createCase(caseId, { residentId: goneId }),
      saveContact(contactId, { residentId: goneId, channel: 'letter', direction: 'inbound', startedAt }),
      saveCallback(callbackId, {
        residentId: goneId,
        number: '+441632960702',
        dueFrom: startedAt,
        dueBy: startedAt,
      }),
      { ...note, entry: { ...note.entry, residentId: goneId } },
    )
    const merge = mergeResidents(keptId, goneId, { take: ['phones', 'email'] })
    expect(await codeOf(sam, merge)).toBe('applied')
    expect(await read(keptId)).toMatchObject({
      phones: ['+441632960701', '+441632960702'],
      email: 'bela@example.org',
      mergedFrom: [{ mergeId: merge.mergeId, residentId: goneId, by: 'Sam Practice' }],
    })
    expect(await read(goneId)).toMatchObject({ mergedInto: keptId, phones: ['+441632960702'] })
    expect(await residentIdOf('case', caseId)).toBe(keptId)
    expect(await residentIdOf('contact', contactId)).toBe(keptId)
    expect(await residentIdOf('callback', callbackId)).toBe(keptId)
    expect(await residentIdOf('timeline', note.entryId)).toBe(keptId)
  })

  test('what a desk saves of a record that was let go is the other one’s, and goes back with an unmerge', async () => {
    const [keptId, goneId] = [await make(), await make()]
    const merge = mergeResidents(keptId, goneId)
    await sam.send(merge)
    const caseId = randomUUID()
    await nia.send(createCase(caseId, { residentId: goneId }))
    expect(await residentIdOf('case', caseId)).toBe(keptId)
    expect(await codeOf(nia, changeResident(goneId, 1, { language: 'cy' }))).toBe('resident/merged')

    expect(await codeOf(nia, unmergeResidents(merge.mergeId))).toBe('applied')
    expect(await residentIdOf('case', caseId)).toBe(goneId)
    expect(await read(goneId)).not.toHaveProperty('mergedInto')
    expect(await read(keptId)).not.toHaveProperty('mergedFrom')
  })

  test('unmerging leaves with whom they are what was given to somebody else since', async () => {
    const [keptId, goneId, otherId] = [await make(), await make(), await make()]
    const [moved, given, givenBack] = [randomUUID(), randomUUID(), randomUUID()]
    for (const caseId of [moved, given, givenBack]) await sam.send(createCase(caseId, { residentId: goneId }))
    const ownCase = randomUUID()
    await sam.send(createCase(ownCase, { residentId: keptId }))
    const merge = mergeResidents(keptId, goneId)
    await sam.send(merge)
    await sam.send(changeCase(given, 2, { residentId: otherId }))
    await sam.send(changeCase(givenBack, 2, { residentId: otherId }))
    await sam.send(changeCase(givenBack, 3, { residentId: keptId }))
    await sam.send(unmergeResidents(merge.mergeId))
    expect(await residentIdOf('case', moved)).toBe(goneId)
    expect(await residentIdOf('case', given)).toBe(otherId)
    expect(await residentIdOf('case', givenBack)).toBe(keptId)
    expect(await residentIdOf('case', ownCase)).toBe(keptId)
  })

  test('unmerging gives back taken fields, but for one changed since, which it says', async () => {
    const keptId = await make({ givenName: 'B.' })
    const goneId = await make({ email: 'bela@example.org', language: 'cy' })
    const merge = mergeResidents(keptId, goneId, { take: ['givenName', 'email', 'language'] })
    await sam.send(merge)
    await nia.send(changeResident(keptId, 2, { email: 'quayle@example.org' }))
    const [result] = await sam.send(unmergeResidents(merge.mergeId))
    expect(result).toMatchObject({
      outcome: 'conflict',
      fields: [{ field: 'email', mine: null, theirs: 'quayle@example.org', by: 'Nia Practice' }],
    })
    expect(await read(keptId)).toMatchObject({
      givenName: 'B.',
      language: 'en',
      email: 'quayle@example.org',
    })
    expect(await read(goneId)).toMatchObject({ email: 'bela@example.org', language: 'cy' })
  })

  test('a merge that cannot be what was meant is refused, and says why', async () => {
    const [first, second, third] = [await make(), await make(), await make()]
    expect(await codeOf(sam, mergeResidents(first, first))).toBe('merge/same-resident')
    expect(await codeOf(sam, mergeResidents(first, randomUUID()))).toBe('resident/unknown')
    await nia.send(changeResident(second, 1, { language: 'cy' }))
    expect(await codeOf(sam, mergeResidents(first, second))).toBe('resident/changed')
    const seen = { baseVersions: { kept: 1, gone: 2 } }
    const merge = mergeResidents(first, second, seen)
    expect(await codeOf(sam, merge)).toBe('applied')
    // Twice under other identifiers, from either side, and into one that was let go.
    expect(await codeOf(sam, mergeResidents(first, second, seen))).toBe('resident/merged')
    expect(await codeOf(sam, mergeResidents(third, second, seen))).toBe('resident/merged')
    expect(await codeOf(sam, mergeResidents(second, third))).toBe('resident/merged')
    const sameId = mergeResidents(first, third, {
      mergeId: merge.mergeId,
      baseVersions: { kept: 2, gone: 1 },
    })
    expect(await codeOf(sam, sameId)).toBe('merge/exists')
    expect(await codeOf(nia, mergeResidents(first, third))).toBe('resident/changed')
  })

  test('merges are undone in the opposite order, each once', async () => {
    const [first, second, third] = [await make(), await make(), await make()]
    const caseId = randomUUID()
    await sam.send(createCase(caseId, { residentId: first }))
    const early = mergeResidents(second, first)
    const late = mergeResidents(third, second, { baseVersions: { kept: 1, gone: 2 } })
    await sam.send(early, late)
    expect(await residentIdOf('case', caseId)).toBe(third)
    // Of the first of the chain, too.
    const lateCase = randomUUID()
    await nia.send(createCase(lateCase, { residentId: first }))
    expect(await residentIdOf('case', lateCase)).toBe(third)

    expect(await codeOf(sam, unmergeResidents(early.mergeId))).toBe('merge/later-merge')
    expect(await codeOf(sam, unmergeResidents(randomUUID()))).toBe('merge/unknown')
    expect(await codeOf(sam, unmergeResidents(late.mergeId))).toBe('applied')
    expect(await codeOf(sam, unmergeResidents(late.mergeId))).toBe('merge/undone-already')
    expect(await residentIdOf('case', caseId)).toBe(second)
    expect(await codeOf(sam, unmergeResidents(early.mergeId))).toBe('applied')
    expect(await residentIdOf('case', caseId)).toBe(first)
    expect(await residentIdOf('case', lateCase)).toBe(first)
  })

  test('two merges of the same record at once: one is done, the other is refused', async () => {
    const [gone, first, second] = [await make(), await make(), await make()]
    const codes = await Promise.all([
      codeOf(sam, mergeResidents(first, gone)),
      codeOf(nia, mergeResidents(second, gone)),
    ])
    expect(codes.filter((code) => code === 'applied')).toHaveLength(1)
    expect(codes.filter((code) => code === 'resident/merged')).toHaveLength(1)
  })

  test('cases made for a record while it is merged away are all the other one’s', async () => {
    const [keptId, goneId] = [await make(), await make()]
    const caseIds = Array.from({ length: 6 }, () => randomUUID())
    const merging = sam.send(mergeResidents(keptId, goneId))
    await Promise.all([merging, ...caseIds.map((id) => nia.send(createCase(id, { residentId: goneId })))])
    for (const caseId of caseIds) expect(await residentIdOf('case', caseId)).toBe(keptId)
  })

  test('a warning says who added it and when, is changed by its id and removed with a reason', async () => {
    const id = await make()
    const warning = saveWarning(id)
    await sam.send(warning)
    const [added] = (await read(id)).warnings ?? []
    expect(added).toMatchObject({ ...warning.warning, addedBy: 'Sam Practice', addedAt: expect.any(String) })

    await nia.send(saveWarning(id, { id: warning.warning.id, reviewBy: '2027-06-01' }))
    expect((await read(id)).warnings).toEqual([{ ...added, reviewBy: '2027-06-01' }])

    expect(await codeOf(sam, removeWarning(id, randomUUID()))).toBe('warning/unknown')
    expect(await codeOf(sam, removeWarning(id, warning.warning.id))).toBe('applied')
    expect(await read(id)).not.toHaveProperty('warnings')
  })

  test('warnings follow the person through a merge and back, also one added meanwhile', async () => {
    const [keptId, goneId] = [await make(), await make()]
    const [own, moved, late] = [saveWarning(keptId), saveWarning(goneId), saveWarning(goneId)]
    await sam.send(own, moved)
    const merge = mergeResidents(keptId, goneId)
    expect(await codeOf(sam, merge)).toBe('applied')
    await nia.send(late)
    const idsOf = async (id: string) => ((await read(id)).warnings ?? []).map((warning) => warning.id)
    expect(await idsOf(keptId)).toEqual([own, moved, late].map(({ warning }) => warning.id))
    expect(await idsOf(goneId)).toEqual([])
    await sam.send(unmergeResidents(merge.mergeId))
    expect(await idsOf(keptId)).toEqual([own.warning.id])
    expect(await idsOf(goneId)).toEqual([moved, late].map(({ warning }) => warning.id))
  })

  test('a warning is not told from the day it ends, and desks that hold it hear so', async () => {
    const id = await make()
    const today: Partial<Extract<Operation, { kind: 'warning.save' }>['warning']> = {
      expiresAt: '2026-11-04',
    }
    await sam.send(saveWarning(id, today), saveWarning(id))
    const before = await sam.pull(cursor)
    // Midnight in London, from nine in the morning; tokens do not last that long.
    await running.clock.run(14.9 * 3_600_000)
    const evening = await signIn(running, 'nia.practice')
    const stream = await evening.fetch('/v1/events')
    const events = new EventReader(stream.body ?? new ReadableStream())
    while ((await events.nextEvent()).kind !== 'changed') {}
    await running.clock.run(0.1 * 3_600_000)
    expect(await events.nextEvent()).toEqual({ kind: 'changed' })
    await events.close()
    const { warnings } = await residentOf(await signIn(running), before.cursor, id)
    expect(warnings).toHaveLength(1)
  })
})
