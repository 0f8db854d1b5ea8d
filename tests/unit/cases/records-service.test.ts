import { describe, expect, it } from 'vitest'
import type { Change } from '#shared/contract/rest.ts'
import { appError } from '#shared/kernel/app-error.ts'
import { err, ok } from '#shared/kernel/result.ts'
import { Bench, openBench, openRequest, unreachable } from '#tests/support/sim-bench.ts'
import {
  aCase,
  aNote,
  anAdviser,
  aResident,
  changeOf,
  createOf,
  noteOf,
  putCase,
  putNote,
  putResident,
  uuidOf,
} from '#tests/support/sim-records.ts'

describe('Saved', () => {
  it('is said when the work is in the database and in the journal', async () => {
    const bench = await openBench((each) => each.cut())
    const saved = await bench.service.save([createOf(1, 'c1')])
    expect(saved).toEqual(ok({ savedAt: bench.clock.now() }))
    expect(bench.disk.read().outbox.size).toBe(1)
    expect(bench.journal.map((entry) => entry.operation.id)).toEqual([uuidOf(1)])
  })

  it('is not said without a journal, and the work is kept and sent all the same', async () => {
    const bench = await openBench()
    bench.hasHost = false
    const saving = bench.service.save([noteOf(1)])
    await bench.clock.run(20_000)
    expect(await saving).toMatchObject({ ok: false, error: { code: 'cases/journal-unavailable' } })
    expect(bench.sent).toEqual([[uuidOf(1)]])
  })

  it('is not said when the disk is full, and the journal has the work all the same', async () => {
    const bench = await openBench((each) => each.cut())
    bench.disk.full = true
    expect(await bench.service.save([noteOf(1)])).toMatchObject({
      ok: false,
      error: { code: 'cases/store-failed' },
    })
    expect(bench.journal).toHaveLength(1)
    bench.disk.full = false
    expect(await bench.service.save([noteOf(2)])).toMatchObject({ ok: true })
    expect(bench.disk.read().outbox.size).toBe(2)
  })

  it('is said again for the same operation without keeping it twice', async () => {
    const bench = await openBench((each) => each.cut())
    await bench.service.save([noteOf(1)])
    expect(await bench.service.save([noteOf(1)])).toMatchObject({ ok: true })
    expect(bench.journal).toHaveLength(1)
    expect(bench.disk.read().outbox.size).toBe(1)
  })

  it('is never said of an operation that breaks the contract', async () => {
    const bench = await openBench()
    const wrong = { ...noteOf(1), id: 'not a uuid' }
    expect(await bench.service.save([noteOf(2), wrong])).toMatchObject({
      ok: false,
      error: { code: 'cases/invalid-operation' },
    })
    expect(await bench.service.save([])).toMatchObject({ ok: false })
    expect(bench.sent).toEqual([])
  })

  it('reaches the journal when the host comes back', async () => {
    const bench = await openBench((each) => each.cut())
    bench.hasHost = false
    const saving = bench.service.save([noteOf(1)])
    await bench.clock.run(20_000)
    await saving
    await bench.newHost()
    expect(bench.journal).toHaveLength(1)
  })
})

describe('sending', () => {
  it('begins with a save and ends up to date', async () => {
    const bench = await openBench()
    await bench.service.save([noteOf(1), noteOf(2)])
    await bench.clock.run(0)
    expect(bench.sent).toEqual([[uuidOf(1), uuidOf(2)]])
    expect(await bench.state()).toMatchObject({ name: 'up-to-date' })
    expect(bench.journal).toEqual([])
    expect(bench.files.files.size).toBe(0)
    expect(bench.disk.read().outbox.size).toBe(0)
    const states = bench.news.flatMap((each) => (each.type === 'sync' ? [each.report.state.name] : []))
    expect(states).toContain('sending')
  })

  it('leaves a service that asked for time alone, however much is saved', async () => {
    const bench = await openBench()
    const busy = err(appError('cases/council-error', 'later', '503', 30_000))
    let asked = 0
    bench.api = {
      ...bench.api,
      sendOperations: async () => {
        asked += 1
        return busy
      },
    }
    await bench.service.save([noteOf(1)])
    await bench.clock.run(0)
    expect(await bench.state()).toMatchObject({ name: 'behind', reason: 'council-error', unsent: 1 })
    for (const number of [2, 3, 4]) await bench.service.save([noteOf(number)])
    await bench.clock.run(29_000)
    expect(asked).toBe(1)
    await bench.clock.run(3_000)
    expect(asked).toBe(2)
  })

  it('is tried at once when somebody asks', async () => {
    const bench = await openBench()
    bench.cut()
    await bench.service.save([noteOf(1)])
    await bench.clock.run(0)
    expect(bench.sent).toHaveLength(1)
    await bench.service.save([noteOf(2)])
    await bench.clock.run(0)
    expect(bench.sent).toHaveLength(1)
    await bench.service.syncNow()
    await bench.clock.run(0)
    expect(bench.sent).toEqual([[uuidOf(1)], [uuidOf(1), uuidOf(2)]])
  })

  it('sends the rest when the service cannot read one of them', async () => {
    const bench = await openBench()
    bench.api = {
      ...bench.api,
      sendOperations: async (operations) => {
        bench.sent.push(operations.map((operation) => operation.id))
        return operations.some((operation) => operation.id === uuidOf(2))
          ? err(appError('cases/request-invalid', 'never', 'POST /v1/operations 422'))
          : ok(operations.map(({ id }) => ({ id, outcome: 'applied' as const })))
      },
    }
    await bench.service.save([noteOf(1), noteOf(2), noteOf(3)])
    await bench.clock.run(1_000)
    expect(bench.sent).toEqual([[1, 2, 3].map(uuidOf), [uuidOf(1)], [uuidOf(2)], [uuidOf(3)]])
    expect((await bench.service.syncReport()).needsAttention).toMatchObject([
      { operation: { id: uuidOf(2) }, why: { name: 'refused' } },
    ])
    expect(await bench.state()).toMatchObject({ name: 'up-to-date' })
  })

  it('rests when the answer says nothing of what was sent', async () => {
    const bench = await openBench()
    let asked = 0
    bench.api = {
      ...bench.api,
      sendOperations: async () => {
        asked += 1
        return ok([{ id: uuidOf(99), outcome: 'applied' as const }])
      },
    }
    await bench.service.save([noteOf(1)])
    await bench.clock.run(200)
    expect(asked).toBe(1)
    expect(await bench.state()).toMatchObject({ name: 'behind', reason: 'council-error', unsent: 1 })
  })

  it('lets go of what the adviser discards', async () => {
    const bench = await openBench()
    const problem = { type: 'about:blank', title: 'No', status: 409 }
    bench.answerTo = ({ id }) => ({ id, outcome: 'refused', problem })
    await bench.service.save([createOf(1, 'c1')])
    await bench.clock.run(0)
    expect(await bench.service.caseView('c1')).not.toBeNull()
    await bench.service.discard(uuidOf(1))
    await bench.clock.run(0)
    expect(await bench.service.caseView('c1')).toBeNull()
    expect((await bench.service.syncReport()).needsAttention).toEqual([])
    expect(bench.journal).toEqual([])
    expect(bench.files.files.size).toBe(0)
    expect(bench.disk.read().outbox.size).toBe(0)
  })

  it('keeps an unsent note when the service has deleted the case', async () => {
    const bench = await openBench((each) => each.serve(putCase(aCase('c1'))))
    const problem = { type: 'about:blank', title: 'No such case', status: 404 }
    bench.serve({ kind: 'case', id: 'c1', deleted: true })
    bench.answerTo = ({ id }) => ({ id, outcome: 'refused', problem })
    await bench.service.save([noteOf(1, { caseId: 'c1', contactId: 'k1', text: 'the lid' })])
    await bench.clock.run(0)
    expect((await bench.service.syncReport()).needsAttention).toHaveLength(1)
    expect(await bench.service.contactTimeline('k1')).toMatchObject([{ text: 'the lid' }])
  })
})

describe('a token of another adviser', () => {
  it('sends nothing', async () => {
    const bench = await openBench((each) => {
      each.api = { ...each.api, me: async () => ok(anAdviser('a2')) }
    })
    await bench.service.save([noteOf(1)])
    await bench.clock.run(120_000)
    expect(bench.sent).toEqual([])
    expect(await bench.state()).toMatchObject({ name: 'behind', reason: 'sign-in-needed', unsent: 1 })
    expect(await bench.service.me()).toMatchObject({ ok: false, error: { code: 'cases/sign-in-needed' } })
  })
})

describe('reading the feed', () => {
  it('shows a note without a gap between its sending and its arrival in the feed', async () => {
    const bench = await openBench((each) => each.serve(putCase(aCase('c1'))))
    const { changes, sendOperations } = bench.api
    const slowly = async <T>(answer: Promise<T>): Promise<T> => {
      await bench.clock.delay(100)
      return answer
    }
    bench.api = {
      ...bench.api,
      changes: (cursor, limit) => slowly(changes(cursor, limit)),
      sendOperations: (operations) => slowly(sendOperations(operations)),
    }
    bench.serve(putNote(aNote('note-1', { caseId: 'c1' })))
    await bench.service.save([noteOf(1, { caseId: 'c1' })])
    const seen: (number | undefined)[] = []
    for (let step = 0; step < 30; step++) {
      await bench.clock.run(10)
      seen.push((await bench.service.caseView('c1'))?.timeline.length)
    }
    expect(new Set(seen)).toEqual(new Set([1]))
    expect(await bench.service.caseView('c1')).toMatchObject({ pending: false, timeline: [{ id: 'note-1' }] })
  })

  it('keeps showing what it has while it reads again from the beginning, then drops what is gone', async () => {
    const bench = await openBench((each) => each.serve(putCase(aCase('c1')), putCase(aCase('c2'))))
    const cursors: (string | null)[] = []
    bench.api = {
      ...bench.api,
      changes: async (cursor) => {
        cursors.push(cursor)
        if (cursor === 'end') return err(appError('cases/cursor-unknown', 'now'))
        if (cursor === null) return ok({ changes: [putCase(aCase('c1'))], cursor: 'new-1', more: true })
        await bench.clock.delay(1_000)
        return ok({ changes: [putCase(aCase('c3'))], cursor: 'new-2', more: false })
      },
    }
    await bench.service.syncNow()
    await bench.clock.run(500)
    expect(await bench.service.caseView('c2')).not.toBeNull()
    // Killed in the middle of it, the reading begins again and nothing that is gone stays.
    await bench.restart()
    expect(await bench.service.caseView('c2')).not.toBeNull()
    await bench.clock.run(2_000)
    expect(await bench.service.caseView('c2')).toBeNull()
    expect(await bench.service.caseView('c3')).not.toBeNull()
    expect([...bench.disk.read().records.cases.keys()].sort()).toEqual(['c1', 'c3'])
    expect(cursors).toEqual(['end', null, 'new-1', null, 'new-1'])
  })

  it('fetches the scripts it is told of, and keeps the last one while a newer cannot be had', async () => {
    const script = (version: number): Change => ({
      kind: 'script',
      id: 'bin',
      record: { id: 'bin', version, title: 'Bin', serviceCode: 525, withdrawn: false },
    })
    const bench = await openBench((each) => {
      each.serve(script(1))
      each.api = { ...each.api, script: async (id, version) => ok({ id, version }) }
    })
    expect(await bench.service.script('bin')).toMatchObject(ok({ version: 1, document: { version: 1 } }))
    bench.api = { ...bench.api, script: async () => unreachable() }
    bench.serve(script(2))
    await bench.service.syncNow()
    await bench.clock.run(0)
    await bench.restart()
    expect(await bench.service.script('bin')).toMatchObject(ok({ version: 1 }))
    expect(await bench.service.script('bin', 2)).toMatchObject({
      ok: false,
      error: { code: 'cases/script-unavailable' },
    })
    expect(await bench.service.script('other')).toMatchObject({ ok: false })
  })

  it('goes on when the stream says that something changed', async () => {
    const bench = await openBench()
    const before = bench.readPages
    bench.tellStream({ type: 'event', event: { kind: 'changed' } })
    await bench.clock.run(0)
    expect(bench.readPages).toBe(before + 1)
  })

  it('does not hammer a service whose stream closes as soon as it opens', async () => {
    const bench = await openBench((each) => {
      each.api = {
        ...each.api,
        events: (listener) => {
          each.clock.after(10, () => listener({ type: 'opened' }))
          each.clock.after(20, () => listener({ type: 'closed' }))
          return () => {}
        },
      }
    })
    const before = bench.readPages
    await bench.clock.run(10 * 60_000)
    expect(bench.readPages - before).toBeLessThan(100)
    expect(bench.readPages - before).toBeGreaterThan(10)
  })

  it('renews what it says of its age while the stream is alive', async () => {
    const bench = await openBench()
    await bench.clock.run(90_000)
    bench.tellStream({ type: 'alive' })
    expect(await bench.state()).toEqual({ name: 'up-to-date', asAt: bench.clock.now() })
  })
})

describe('the end of a session', () => {
  it('forgets everything at the council’s order', async () => {
    const bench = await openBench((each) => each.serve(putResident(aResident('r1'))))
    bench.api = { ...bench.api, sendOperations: () => new Promise(() => {}) }
    await bench.service.save([noteOf(1)])
    await bench.service.addAttachment('c1', { name: 'a', type: 'text/plain', bytes: new ArrayBuffer(3) })
    bench.tellStream({ type: 'event', event: { kind: 'wipe' } })
    await bench.clock.run(0)
    expect(await bench.service.residentView('r1')).toBeNull()
    expect(await bench.state()).toEqual({ name: 'closed' })
    expect(bench.disk.read().records.residents.size).toBe(0)
    expect(bench.news.at(-1)).toEqual({ type: 'closed' })
    expect(bench.journal).toEqual([])
    expect(bench.files.files.size).toBe(0)
  })

  it('shows nothing of one adviser to the next', async () => {
    const bench = await openBench((each) => each.serve(putResident(aResident('r1'))))
    bench.cut()
    await bench.service.close()
    expect(await bench.service.findResidents('okafor')).toEqual([])
    expect(await bench.service.drafts()).toEqual([])
    expect(await bench.service.me()).toMatchObject({ ok: false, error: { code: 'cases/not-open' } })
  })

  it('opens only with a key', async () => {
    const bench = new Bench()
    bench.hasHost = false
    const opening = bench.service.open(openRequest)
    await bench.clock.run(20_000)
    expect(await opening).toMatchObject({ ok: false, error: { code: 'cases/key-unavailable' } })
  })

  it('opens once when two pages ask at the same time', async () => {
    const bench = new Bench()
    const both = Promise.all([bench.service.open(openRequest), bench.service.open(openRequest)])
    await bench.clock.run(0)
    expect(await both).toEqual([ok(null), ok(null)])
    expect(bench.readPages).toBeLessThanOrEqual(2)
  })
})

describe('who may be calling', () => {
  it('is found by number, with open cases counted as they are on this desk', async () => {
    const bench = await openBench((each) =>
      each.serve(
        putResident(aResident('r1')),
        putResident(aResident('r2', { givenName: 'Mark' })),
        putCase(aCase('c1', { residentId: 'r1' })),
      ),
    )
    bench.cut()
    await bench.service.save([
      changeOf(1, 'c1', { status: 'resolved' }),
      createOf(2, 'c2', { residentId: 'r2' }),
    ])
    const candidates = await bench.service.candidatesForNumber('01632 960142')
    expect(candidates.map((each) => [each.residentId, each.openCases])).toEqual([
      ['r2', 1],
      ['r1', 0],
    ])
    expect(await bench.service.candidatesForNumber('anonymous')).toEqual([])
    expect(await bench.service.residentView('r2')).toMatchObject({ cases: [{ record: { id: 'c2' } }] })
  })
})
