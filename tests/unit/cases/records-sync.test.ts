import { describe, expect, it } from 'vitest'
import { versions } from '#shared/contract/versions.ts'
import { appError } from '#shared/kernel/app-error.ts'
import { err, ok } from '#shared/kernel/result.ts'
import { type Bench, openBench } from '#tests/support/sim-bench.ts'
import { anAdviser, noteOf, uuidOf } from '#tests/support/sim-records.ts'

const minuteMs = 60_000

/** The council's clock and contract, as its profile tells them from now on. */
function tells(bench: Bench, councilAheadMs: number, contractVersion: number = versions.rest): void {
  bench.api = {
    ...bench.api,
    me: async () =>
      ok({
        ...anAdviser('a1'),
        contractVersion,
        serverTime: new Date(bench.clock.now() + councilAheadMs).toISOString(),
      }),
  }
}

describe('a desk’s clock', () => {
  it('is said to be wrong from two minutes on, fast or slow', async () => {
    const ahead = async (councilAheadMs: number) => {
      const bench = await openBench((each) => tells(each, councilAheadMs))
      return (await bench.service.syncReport()).clockAheadMs
    }
    expect(await ahead(-3 * minuteMs)).toBe(3 * minuteMs)
    expect(await ahead(10 * minuteMs)).toBe(-10 * minuteMs)
    expect(await ahead(-2 * minuteMs)).toBeUndefined()
  })

  it('is looked at again after sleep, and every quarter of an hour', async () => {
    const bench = await openBench((each) => tells(each, 0))
    tells(bench, 5 * minuteMs)
    await bench.service.syncNow()
    await bench.clock.run(0)
    expect((await bench.service.syncReport()).clockAheadMs).toBe(-5 * minuteMs)
    tells(bench, 0)
    await bench.clock.run(16 * minuteMs)
    bench.tellStream({ type: 'alive' })
    await bench.clock.run(0)
    expect((await bench.service.syncReport()).clockAheadMs).toBeUndefined()
  })

  it('changes no time of what was saved', async () => {
    const bench = await openBench((each) => tells(each, 60 * minuteMs))
    const note = noteOf(1)
    await bench.service.save([note])
    await bench.clock.run(0)
    expect(bench.disk.read().outbox.get(note.id)?.operation ?? note).toEqual(note)
  })
})

describe('another version of the contract', () => {
  it('is said either way, and work goes on', async () => {
    const older = await openBench((each) => tells(each, 0, versions.rest + 1))
    expect((await older.service.syncReport()).desk).toBe('older')
    const newer = await openBench((each) => tells(each, 0, versions.rest - 1))
    expect((await newer.service.syncReport()).desk).toBe('newer')
    for (const bench of [older, newer]) {
      await bench.service.save([noteOf(1)])
      await bench.clock.run(0)
      expect(bench.sent).toEqual([[uuidOf(1)]])
      expect(await bench.state()).toMatchObject({ name: 'up-to-date' })
    }
  })

  it('is not said of the same one', async () => {
    const bench = await openBench((each) => tells(each, 0))
    expect((await bench.service.syncReport()).desk).toBeUndefined()
  })
})

describe('what stands between desk and council', () => {
  it('is said to be a network that wants a sign-in when a web page answers', async () => {
    const bench = await openBench()
    bench.api = {
      ...bench.api,
      sendOperations: async () => err(appError('cases/captive-portal', 'later', 'web page 200')),
    }
    await bench.service.save([noteOf(1)])
    await bench.clock.run(0)
    expect(await bench.state()).toMatchObject({ name: 'behind', reason: 'captive-portal', unsent: 1 })
  })

  it('is a session that ended in the middle of sending: work stays, and goes out after the next sign-in', async () => {
    const bench = await openBench()
    const { sendOperations } = bench.api
    bench.api = {
      ...bench.api,
      sendOperations: async () => err(appError('cases/sign-in-needed', 'now', '401')),
    }
    await bench.service.save([noteOf(1), noteOf(2)])
    await bench.clock.run(0)
    expect(await bench.state()).toMatchObject({ name: 'behind', reason: 'sign-in-needed', unsent: 2 })
    expect(bench.journal).toHaveLength(2)
    bench.api = { ...bench.api, sendOperations }
    await bench.clock.run(minuteMs)
    expect(bench.sent).toEqual([[uuidOf(1), uuidOf(2)]])
    expect(bench.journal).toEqual([])
  })
})

describe('what was let go and is saved again at once', () => {
  it('is in the journal when it counts as Saved, however late the journal lets go of it', async () => {
    const bench = await openBench()
    bench.cut()
    await bench.service.save([noteOf(1)])
    await bench.service.discard(uuidOf(1))
    expect(await bench.service.save([noteOf(1)])).toMatchObject({ ok: true })
    await bench.clock.run(minuteMs)
    expect(bench.journal.map(({ operation }) => operation.id)).toEqual([uuidOf(1)])
    expect((await bench.service.unsent()).map(({ operation }) => operation.id)).toEqual([uuidOf(1)])
  })

  it('stays in a journal that could not let go of it before', async () => {
    const bench = await openBench()
    bench.cut()
    await bench.service.save([noteOf(1), noteOf(2)])
    bench.journalIsStuck = true
    await bench.service.discard(uuidOf(1))
    await bench.clock.run(0)
    expect(await bench.service.save([noteOf(1)])).toMatchObject({ ok: true })
    bench.journalIsStuck = false
    await bench.service.discard(uuidOf(2))
    await bench.clock.run(minuteMs)
    expect(new Set(bench.journal.map(({ operation }) => operation.id))).toEqual(new Set([uuidOf(1)]))
  })
})

describe('what is put in the place of something refused', () => {
  const problem = { type: 'about:blank', title: 'No', status: 409, code: 'case/unknown' }
  const ids = async (bench: Bench) => (await bench.service.unsent()).map(({ operation }) => operation.id)
  const openRefusing = () =>
    openBench((bench) => {
      bench.answerTo = ({ id }) =>
        id === uuidOf(1) ? { id, outcome: 'refused', problem } : { id, outcome: 'applied' }
    })

  it('takes its place', async () => {
    const bench = await openRefusing()
    await bench.service.save([noteOf(1)])
    await bench.clock.run(minuteMs)
    expect(await ids(bench)).toEqual([uuidOf(1)])
    expect(await bench.service.replace(uuidOf(1), [noteOf(2)])).toMatchObject({ ok: true })
    await bench.clock.run(minuteMs)
    expect(bench.sent.at(-1)).toEqual([uuidOf(2)])
    expect(await ids(bench)).toEqual([])
  })

  it('does not when it cannot be Saved: what was refused is still there, with its words', async () => {
    const bench = await openRefusing()
    await bench.service.save([noteOf(1)])
    await bench.clock.run(minuteMs)
    bench.disk.full = true
    expect((await bench.service.replace(uuidOf(1), [noteOf(2)])).ok).toBe(false)
    expect(await ids(bench)).toContain(uuidOf(1))
  })
})

describe('work that the council took before the journal had it', () => {
  it('leaves nothing in the journal', async () => {
    const bench = await openBench()
    await bench.service.save([noteOf(1)])
    await bench.clock.run(minuteMs)
    expect(bench.sent).toEqual([[uuidOf(1)]])
    expect(bench.journal).toEqual([])
  })
})
