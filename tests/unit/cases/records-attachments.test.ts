import { describe, expect, it } from 'vitest'
import { filePartBytes } from '#shared/cases/file-store.ts'
import { appError } from '#shared/kernel/app-error.ts'
import { err, ok } from '#shared/kernel/result.ts'
import { type Bench, openBench, unreachable } from '#tests/support/sim-bench.ts'
import { aCase, createOf, putCase } from '#tests/support/sim-records.ts'

const bytesOf = (length: number) => Uint8Array.from({ length }, (_, index) => index % 251)

/** A council that takes uploads, and can be told to fail. */
function uploads(bench: Bench) {
  const council = {
    /** By upload: what arrived. */
    arrived: new Map<string, { caseId: string; sizeBytes: number; bytes: Uint8Array }>(),
    ended: [] as string[],
    failing: false,
    refusal: null as string | null,
  }
  const refused = (code: string) =>
    err(appError('cases/request-refused', 'never', `POST /v1/uploads 403 ${code}`))
  bench.api = {
    ...bench.api,
    beginUpload: async ({ caseId, sizeBytes }) => {
      if (council.failing) return unreachable()
      if (council.refusal) return refused(council.refusal)
      const uploadId = `u${council.arrived.size + 1}`
      council.arrived.set(uploadId, { caseId, sizeBytes, bytes: new Uint8Array() })
      return ok({ uploadId, expiresAt: null })
    },
    uploadedBytes: async (uploadId) => {
      if (council.failing) return unreachable()
      const upload = council.arrived.get(uploadId)
      return upload ? ok(upload.bytes.length) : refused('upload/unknown')
    },
    uploadChunk: async (uploadId, offset, bytes) => {
      if (council.failing) return unreachable()
      const upload = council.arrived.get(uploadId)
      if (!upload || offset !== upload.bytes.length) return refused('upload/offset')
      upload.bytes = Buffer.concat([upload.bytes, bytes])
      return ok(upload.bytes.length)
    },
    endUpload: async (uploadId) => {
      if (council.failing) return unreachable()
      council.ended.push(uploadId)
      return ok(null)
    },
  }
  return council
}

const photo = (length = 5) => ({ name: 'bin.jpg', type: 'image/jpeg', bytes: bytesOf(length).buffer })

async function add(bench: Bench, caseId: string, length?: number) {
  const added = await bench.service.addAttachment(caseId, photo(length))
  if (!added.ok) throw new Error(added.error.code)
  return added.value
}

type Chunk = Bench['api']['uploadChunk']

/** From now on each part goes by way of this; `send` brings it to the council. */
function onChunks(bench: Bench, take: (send: () => ReturnType<Chunk>, nth: number) => ReturnType<Chunk>) {
  const { uploadChunk } = bench.api
  let chunks = 0
  bench.api = {
    ...bench.api,
    uploadChunk: (...args) => {
      chunks += 1
      return take(() => uploadChunk(...args), chunks)
    },
  }
}

const stateOf = async (bench: Bench, caseId: string) =>
  (await bench.service.attachments(caseId)).map(({ state, sentBytes }) => [state.name, sentBytes])

describe('a file of a case', () => {
  it('is there once when a part comes late, after it was given up and sent again', async () => {
    const bench = await openBench()
    const council = uploads(bench)
    onChunks(bench, async (send, nth) => {
      // The first request arrives just before the second one that brings the same.
      if (nth === 2) await send()
      return nth === 1 ? unreachable() : send()
    })
    await add(bench, 'c1')
    await bench.clock.run(60_000)
    expect(council.arrived.size).toBe(1)
    expect(await stateOf(bench, 'c1')).toEqual([['sent', 5]])
  })

  it('ends the upload that it leaves, so that nothing which comes late can finish it', async () => {
    const bench = await openBench()
    const council = uploads(bench)
    const mismatch = appError(
      'cases/request-refused',
      'never',
      'PATCH /v1/uploads/u1 460 upload/checksum-mismatch',
    )
    onChunks(bench, async (send, nth) => (nth === 1 ? err(mismatch) : send()))
    await add(bench, 'c1')
    await bench.clock.run(60_000)
    expect(council.ended).toEqual(['u1'])
    expect(council.arrived.get('u2')?.bytes).toHaveLength(5)
    expect(await stateOf(bench, 'c1')).toEqual([['sent', 5]])
  })

  it('is not said to be sent when it was taken back while its last part was on its way', async () => {
    const bench = await openBench()
    const council = uploads(bench)
    onChunks(bench, async (send) => {
      await bench.clock.delay(1_000)
      return send()
    })
    const { id } = await add(bench, 'c1')
    await bench.clock.run(500)
    await bench.service.cancelAttachment(id)
    await bench.clock.run(60_000)
    expect(council.ended).toEqual(['u1'])
    expect(await bench.service.attachments('c1')).toEqual([])
  })

  it('that arrived unheard and was taken back with no network is taken off the case once there is one', async () => {
    const bench = await openBench()
    const council = uploads(bench)
    onChunks(bench, async (send) => {
      await send()
      council.failing = true
      return unreachable()
    })
    const { id } = await add(bench, 'c1')
    await bench.clock.run(100)
    expect(council.arrived.get('u1')?.bytes).toHaveLength(5)
    await bench.service.cancelAttachment(id)
    expect(await bench.service.attachments('c1')).toEqual([])
    await bench.service.close()
    await bench.restart()
    expect(await bench.service.attachments('c1')).toEqual([])
    expect(council.ended).toEqual([])

    council.failing = false
    await bench.clock.run(60_000)
    expect(council.ended).toEqual(['u1'])
    expect(bench.files.files.size).toBe(0)
  })

  it('is sent in parts, whole and in order', async () => {
    const bench = await openBench()
    const council = uploads(bench)
    const length = filePartBytes * 2 + 7
    await add(bench, 'c1', length)
    await bench.clock.run(1_000)
    expect(council.arrived.get('u1')?.bytes).toEqual(Buffer.from(bytesOf(length)))
    expect(await stateOf(bench, 'c1')).toEqual([['sent', length]])
    expect(bench.files.files.size).toBe(0)
  })

  it('waits without a network, and goes on where it was when it is back', async () => {
    const bench = await openBench()
    const council = uploads(bench)
    onChunks(bench, async (send, nth) => {
      if (nth === 2) council.failing = true
      return council.failing ? unreachable() : send()
    })
    const length = filePartBytes * 3
    await add(bench, 'c1', length)
    await bench.clock.run(100)
    expect(await bench.service.attachments('c1')).toMatchObject([
      { sentBytes: filePartBytes, state: { name: 'waiting', reason: 'council-unreachable' } },
    ])
    council.failing = false
    await bench.clock.run(120_000)
    expect(council.arrived.size).toBe(1)
    expect(council.arrived.get('u1')?.bytes).toEqual(Buffer.from(bytesOf(length)))
  })

  it('outlives a restart of everything', async () => {
    const bench = await openBench()
    const council = uploads(bench)
    council.failing = true
    await add(bench, 'c1')
    await bench.clock.run(100)
    await bench.restart()
    expect(await stateOf(bench, 'c1')).toEqual([['waiting', 0]])
    council.failing = false
    await bench.clock.run(120_000)
    expect(council.arrived.get('u1')?.bytes).toEqual(Buffer.from(bytesOf(5)))
  })

  it('waits for its case to be at the council', async () => {
    const bench = await openBench()
    const council = uploads(bench)
    const { sendOperations } = bench.api
    bench.api = { ...bench.api, sendOperations: async () => unreachable() }
    await bench.service.save([createOf(1, 'c1')])
    await add(bench, 'c1')
    await bench.clock.run(10_000)
    expect(council.arrived.size).toBe(0)
    bench.api = { ...bench.api, sendOperations }
    await bench.service.syncNow()
    await bench.clock.run(120_000)
    expect(await stateOf(bench, 'c1')).toEqual([['sent', 5]])
  })

  it('goes when the council has its case, though an earlier try to make that case was refused', async () => {
    const bench = await openBench((each) => each.serve(putCase(aCase('c1'))))
    uploads(bench)
    const problem = { type: 'about:blank', title: 'No', status: 422 }
    bench.answerTo = ({ id }) => ({ id, outcome: 'refused', problem })
    await bench.service.save([createOf(1, 'c1'), createOf(2, 'c2')])
    await bench.clock.run(0)
    await add(bench, 'c1')
    await add(bench, 'c2')
    await bench.clock.run(60_000)
    expect(await stateOf(bench, 'c1')).toEqual([['sent', 5]])
    expect(await stateOf(bench, 'c2')).toEqual([['waiting', 0]])
  })

  it('that is refused says why, holds up no other, and can be offered again', async () => {
    const bench = await openBench()
    const council = uploads(bench)
    council.refusal = 'upload/too-large'
    const first = await add(bench, 'c1')
    await bench.clock.run(100)
    expect(await bench.service.attachments('c1')).toMatchObject([
      { state: { name: 'refused', why: 'upload/too-large' } },
    ])
    council.refusal = null
    await add(bench, 'c2')
    await bench.clock.run(100)
    expect(await stateOf(bench, 'c2')).toEqual([['sent', 5]])
    await bench.service.retryAttachment(first.id)
    await bench.clock.run(100)
    expect(await stateOf(bench, 'c1')).toEqual([['sent', 5]])
  })

  it('that the council forgot half-way begins again, and not for ever', async () => {
    const bench = await openBench()
    const council = uploads(bench)
    bench.api = {
      ...bench.api,
      uploadChunk: async () => err(appError('cases/request-refused', 'never', 'PATCH 404 upload/unknown')),
    }
    await add(bench, 'c1')
    await bench.clock.run(60_000)
    expect(council.arrived.size).toBe(3)
    expect(await stateOf(bench, 'c1')).toEqual([['refused', 0]])
  })

  it('that is taken back is forgotten here and at the council', async () => {
    const bench = await openBench()
    const council = uploads(bench)
    bench.api = { ...bench.api, uploadChunk: async () => unreachable() }
    const { id } = await add(bench, 'c1')
    await bench.clock.run(100)
    await bench.service.cancelAttachment(id)
    expect(council.ended).toEqual(['u1'])
    expect(await bench.service.attachments('c1')).toEqual([])
    expect(bench.files.files.size).toBe(0)
  })

  it('is not taken when the disk is full', async () => {
    const bench = await openBench()
    bench.files.full = true
    expect(await bench.service.addAttachment('c1', photo())).toMatchObject({
      ok: false,
      error: { code: 'cases/store-failed' },
    })
    expect(await bench.service.attachments('c1')).toEqual([])
  })
})

describe('what was opened on the desk', () => {
  it('is told to the council once for one look, and later when it cannot be told now', async () => {
    const bench = await openBench()
    const told: string[] = []
    await bench.service.viewed({ kind: 'resident', recordId: 'r1' })
    await bench.service.viewed({ kind: 'resident', recordId: 'r1' })
    await bench.service.viewed({ kind: 'warning', recordId: 'w1' })
    await bench.restart()
    bench.api = {
      ...bench.api,
      sendViews: async (views) => {
        told.push(...views.map(({ kind, recordId }) => `${kind} ${recordId}`))
        return ok(null)
      },
    }
    await bench.service.syncNow()
    await bench.clock.run(120_000)
    expect(told).toEqual(['resident r1', 'warning w1'])
    await bench.service.syncNow()
    await bench.clock.run(120_000)
    expect(told).toHaveLength(2)
  })
})
