import { describe, expect, it } from 'vitest'
import type { CouncilApi } from '#shared/cases/council-api.ts'
import type { CallStatus, Directory, Me } from '#shared/contract/rest.ts'
import { versions } from '#shared/contract/versions.ts'
import { ok } from '#shared/kernel/result.ts'
import { Bench, openBench, unreachable } from '#tests/support/sim-bench.ts'
import { aCallback, anAdviser, at, callbackOf, putCallback } from '#tests/support/sim-records.ts'

/* What the records worker does for the telephone: calls, whom to ring, what was promised. */

const recording: CallStatus = {
  callId: 'one',
  recording: { name: 'recording', since: at(0) },
  supervisor: 'none',
}
const aDirectory = (name: string): Directory => ({
  asAt: at(0),
  entries: [
    { id: 'x', kind: 'colleague', name, detail: '', user: 'supervisor', number: null, languages: ['en'] },
  ],
})

const never = (): Promise<never> => new Promise(() => {})
const withApi = (api: Partial<CouncilApi>) =>
  openBench((bench) => {
    bench.api = { ...bench.api, ...api }
  })

describe('calls', () => {
  it('are told of to both pages as the backend says so', async () => {
    const bench = await openBench()
    bench.tellStream({ type: 'event', event: { kind: 'call', status: recording } })
    expect(bench.news.at(-1)).toEqual({ type: 'call', status: recording })
  })

  it('a call’s event does not make the desk read the feed again', async () => {
    const bench = await openBench()
    const before = bench.readPages
    bench.tellStream({ type: 'event', event: { kind: 'call', status: recording } })
    await bench.clock.run(0)
    expect(bench.readPages).toBe(before)
  })

  it('pausing a recording is answered and told once the backend confirms it', async () => {
    const paused: CallStatus = {
      ...recording,
      recording: { name: 'paused', since: at(1), resumesAt: at(6) },
    }
    const bench = await withApi({
      callStatus: async () => ok(recording),
      setRecordingPaused: async (_, isPaused) => ok(isPaused ? paused : recording),
    })
    expect(await bench.service.readCallStatus('one')).toEqual(ok(recording))
    expect(await bench.service.pauseRecording('one', true)).toEqual(ok(paused))
    expect(bench.news.at(-1)).toEqual({ type: 'call', status: paused })
  })

  it('a refusal is passed on, and nobody is told that anything changed', async () => {
    const bench = await openBench()
    bench.news.length = 0
    expect(await bench.service.pauseRecording('one', true)).toEqual(unreachable())
    expect(bench.news).toEqual([])
  })

  it('cannot be asked about before anything is open', async () => {
    const { service } = new Bench()
    const notOpen = { ok: false, error: { code: 'cases/not-open' } }
    expect(await service.readCallStatus('one')).toMatchObject(notOpen)
    expect(await service.pauseRecording('one', true)).toMatchObject(notOpen)
    expect(await service.directory()).toMatchObject(notOpen)
    expect(await service.callHistory()).toMatchObject(notOpen)
    expect(await service.probe()).toMatchObject(notOpen)
    expect(await service.queueWhisper('waste')).toBeNull()
    expect(await service.callbacksDue()).toEqual([])
  })
})

describe('the directory', () => {
  it('is kept on the disk and shown with its age when the backend cannot be reached', async () => {
    const bench = await withApi({
      directory: async () => ok({ directory: aDirectory('B. Marsh'), etag: '1' }),
    })
    expect(await bench.service.directory()).toEqual(ok(aDirectory('B. Marsh')))
    bench.api = { ...bench.api, directory: async () => unreachable() }
    await bench.restart()
    expect(await bench.service.directory()).toEqual(ok(aDirectory('B. Marsh')))
  })

  it('is as fresh as the backend’s last word that nothing changed', async () => {
    const asked: (string | null)[] = []
    const bench = await withApi({
      directory: async (heldEtag) => {
        asked.push(heldEtag)
        return ok(heldEtag === '1' ? null : { directory: aDirectory('B. Marsh'), etag: '1' })
      },
    })
    await bench.service.directory()
    await bench.clock.run(60_000)
    const asAt = new Date(bench.clock.now()).toISOString()
    expect(await bench.service.directory()).toEqual(ok({ ...aDirectory('B. Marsh'), asAt }))
    expect(asked).toEqual([null, '1'])
  })

  it('does not keep anyone waiting who has one, and takes the newer one when it comes', async () => {
    const bench = await withApi({ directory: async () => ok({ directory: aDirectory('before'), etag: '1' }) })
    await bench.service.directory()
    let answer = (_: Awaited<ReturnType<CouncilApi['directory']>>): void => {}
    const late = new Promise<Awaited<ReturnType<CouncilApi['directory']>>>((resolve) => {
      answer = resolve
    })
    bench.api = { ...bench.api, directory: () => late }
    const asked = bench.service.directory()
    await bench.clock.run(2_000)
    expect(await asked).toEqual(ok(aDirectory('before')))
    answer(ok({ directory: aDirectory('after'), etag: '2' }))
    await bench.clock.run(0)
    bench.api = { ...bench.api, directory: async () => unreachable() }
    expect(await bench.service.directory()).toEqual(ok(aDirectory('after')))
  })

  it('says why there is none on a desk that never had one', async () => {
    const bench = await openBench()
    expect(await bench.service.directory()).toEqual(unreachable())
    expect(await bench.service.callHistory()).toEqual(unreachable())
  })
})

describe('the call history', () => {
  it('is shown with its age when the backend cannot be reached', async () => {
    const bench = await withApi({ callHistory: async () => ok({ calls: [] }) })
    const asAt = bench.clock.now()
    expect(await bench.service.callHistory()).toEqual(ok({ calls: [], asAt }))
    bench.api = { ...bench.api, callHistory: async () => unreachable() }
    await bench.clock.run(60_000)
    await bench.restart()
    expect(await bench.service.callHistory()).toEqual(ok({ calls: [], asAt }))
  })

  it('is forgotten with the records of a cache that nobody confirmed for too long', async () => {
    const bench = await withApi({ callHistory: async () => ok({ calls: [] }) })
    await bench.service.callHistory()
    bench.cut()
    bench.api = { ...bench.api, callHistory: async () => unreachable() }
    await bench.clock.run(8 * 86_400_000)
    await bench.restart()
    expect(await bench.service.callHistory()).toEqual(unreachable())
  })
})

describe('a queue’s whisper', () => {
  it('is fetched once', async () => {
    let asked = 0
    const sound = new ArrayBuffer(4)
    const bench = await withApi({
      queueWhisper: async () => {
        asked += 1
        return ok(sound)
      },
    })
    expect(await bench.service.queueWhisper('waste')).toBe(sound)
    expect(await bench.service.queueWhisper('waste')).toBe(sound)
    expect(asked).toBe(1)
  })

  it('is none when there is none or nobody answers, and is asked for again in the second case', async () => {
    const bench = await openBench()
    expect(await bench.service.queueWhisper('waste')).toBeNull()
    bench.api = { ...bench.api, queueWhisper: async () => ok(null) }
    expect(await bench.service.queueWhisper('waste')).toBeNull()
    bench.api = { ...bench.api, queueWhisper: never }
    expect(await bench.service.queueWhisper('waste')).toBeNull()
  })
})

describe('callbacks', () => {
  const me: Me = {
    ...anAdviser('a1'),
    queues: [{ id: 'waste', name: 'Waste', scriptId: 'missed-bin' }],
  }

  it('are those of the adviser and of nobody in the adviser’s queues, what runs out first at the front', async () => {
    const bench = await openBench((each) => {
      each.api = { ...each.api, me: async () => ok(me) }
      each.serve(
        putCallback(aCallback('mine', { assignedTo: 'a1', queueId: 'housing', dueBy: at(30) })),
        putCallback(aCallback('anyone', { queueId: 'waste', dueBy: at(10) })),
        putCallback(aCallback('no queue', { dueBy: at(20) })),
        putCallback(aCallback('another’s', { assignedTo: 'a2', queueId: 'waste' })),
        putCallback(aCallback('another queue’s', { queueId: 'housing' })),
        putCallback(aCallback('done', { assignedTo: 'a1', status: 'done', closedAt: at(5) })),
      )
    })
    const due = await bench.service.callbacksDue()
    expect(due.map(({ id }) => id)).toEqual(['anyone', 'no queue', 'mine'])
  })

  it('promised here are there at once, and gone once they are done, with no network', async () => {
    const bench = await openBench((each) => {
      each.serve(putCallback(aCallback('before')))
    })
    bench.cut()
    const promise = { number: '+441632960142', dueFrom: at(10), dueBy: at(20), assignedTo: 'a1' }
    await bench.service.save([callbackOf(1, 'new', promise), callbackOf(2, 'before', { status: 'done' })])
    await bench.restart()
    expect(await bench.service.callbacksDue()).toMatchObject([{ id: 'new', ...promise }])
    expect((await bench.service.syncReport()).pendingIds).toEqual(['new', 'before'])
  })

  it('that came to an older desk, which did not know them, are read when this one opens its cache', async () => {
    const bench = await openBench()
    const { contract: _, ...older } = bench.disk.read().meta ?? { contract: 1 }
    bench.disk.write('strict', (state) => {
      state.meta = { ...older, contract: 1 } as typeof state.meta
    })
    bench.serve(putCallback(aCallback('missed', { assignedTo: 'a1' })))
    const askedFrom: (string | null)[] = []
    const { changes } = bench.api
    bench.api = {
      ...bench.api,
      changes: (cursor, limit) => {
        askedFrom.push(cursor)
        return changes(cursor, limit)
      },
    }
    await bench.restart()
    expect(askedFrom[0]).toBeNull()
    expect(await bench.service.callbacksDue()).toMatchObject([{ id: 'missed' }])
    expect(bench.disk.read().meta).toMatchObject({ contract: versions.rest, rereading: false })
  })
})
