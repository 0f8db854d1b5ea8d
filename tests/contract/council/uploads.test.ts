import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { Upload as TusUpload } from 'tus-js-client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Attachment, CaseRecord } from '#shared/contract/rest.ts'
import { backends } from './backends.ts'
import { createCase, type Desk, type RunningCouncil, runCouncil, signIn } from './running-council.ts'

const tus = { 'tus-resumable': '1.0.0' }
const base64 = (text: string) => Buffer.from(text).toString('base64')
const octets = { ...tus, 'content-type': 'application/offset+octet-stream' }

describe.each(backends)('files of cases, on $name', (backend) => {
  let running: RunningCouncil
  let sam: Desk
  let nia: Desk
  let cursor: string
  let caseId: string

  beforeAll(async () => {
    running = await runCouncil(backend)
    sam = await signIn(running, 'sam.practice')
    nia = await signIn(running, 'nia.practice')
    cursor = (await sam.pull()).cursor
    caseId = randomUUID()
    await sam.send(createCase(caseId))
  })
  afterAll(() => running.stop())

  const begin = (bytes: number, over: Record<string, string> = {}, desk = sam) => {
    const metadata = { caseId, filename: 'bin.jpg', filetype: 'image/jpeg', ...over }
    return desk.fetch('/v1/uploads', {
      method: 'POST',
      headers: {
        ...tus,
        'upload-length': String(bytes),
        'upload-metadata': Object.entries(metadata)
          .map(([key, value]) => `${key} ${base64(value)}`)
          .join(','),
      },
    })
  }
  const begun = async (bytes: number, over?: Record<string, string>) => {
    const answer = await begin(bytes, over)
    expect(answer.status).toBe(201)
    return answer.headers.get('location') ?? ''
  }
  const add = (place: string, offset: number, bytes: Uint8Array<ArrayBuffer>, headers = {}, desk = sam) =>
    desk.fetch(place, {
      method: 'PATCH',
      headers: { ...octets, 'upload-offset': String(offset), ...headers },
      body: bytes,
    })
  const offsetOf = async (place: string) => {
    const answer = await sam.fetch(place, { method: 'HEAD', headers: tus })
    return Number(answer.headers.get('upload-offset') ?? Number.NaN)
  }
  const codeOf = async (answer: Response) => ((await answer.json()) as { code?: string }).code
  const listed = async (): Promise<readonly Attachment[]> => {
    const { changes } = await sam.pull(cursor)
    const change = changes.find(({ kind, id }) => kind === 'case' && id === caseId)
    return ((change && 'record' in change ? change.record : {}) as CaseRecord).attachments ?? []
  }
  const idOf = (place: string) => place.split('/').at(-1) ?? ''

  test('a file comes in chunks, is listed when it is whole, and is read as it was', async () => {
    const bytes = randomBytes(700_000)
    const place = await begun(bytes.length, { filename: 'Elm Road – “bin”.jpg' })
    const first = await add(place, 0, bytes.subarray(0, 500_000))
    expect([first.status, first.headers.get('upload-offset')]).toEqual([204, '500000'])
    expect(first.headers.get('upload-expires')).toMatch(/GMT$/)
    expect(await offsetOf(place)).toBe(500_000)
    expect(await listed()).toEqual([])
    await add(place, 500_000, bytes.subarray(500_000))
    expect(await listed()).toEqual([
      {
        id: idOf(place),
        name: 'Elm Road – “bin”.jpg',
        type: 'image/jpeg',
        sizeBytes: 700_000,
        at: expect.any(String),
        by: 'Sam Practice',
        sha256: createHash('sha256').update(bytes).digest('hex'),
      },
    ])
    const read = await nia.fetch(`/v1/attachments/${idOf(place)}`)
    expect(Buffer.from(await read.arrayBuffer()).equals(bytes)).toBe(true)
    expect(read.headers.get('content-type')).toBe('image/jpeg')
    expect(read.headers.get('content-disposition')).toContain("filename*=UTF-8''Elm%20Road")
  })

  test('another maker’s client uploads in chunks and goes on after it stopped', async () => {
    const bytes = randomBytes(300_000)
    const options = {
      endpoint: `${running.council.url}/v1/uploads`,
      metadata: { caseId, filename: 'letter.pdf', filetype: 'application/pdf' },
      headers: { authorization: `Bearer ${sam.tokens.access_token}` },
      uploadSize: bytes.length,
      chunkSize: 64 * 1024,
      retryDelays: null,
    }
    const place = await new Promise<string>((resolve, reject) => {
      const upload = new TusUpload(bytes, {
        ...options,
        onError: reject,
        onChunkComplete: (_, sent) => {
          if (sent >= 128 * 1024) void upload.abort().then(() => resolve(upload.url ?? ''))
        },
      })
      upload.start()
    })
    const offset = await offsetOf(new URL(place).pathname)
    expect(offset).toBeGreaterThanOrEqual(128 * 1024)
    expect(offset).toBeLessThan(bytes.length)
    await new Promise<void>((resolve, reject) => {
      const upload = new TusUpload(bytes, {
        ...options,
        uploadUrl: place,
        onError: reject,
        onSuccess: () => resolve(),
      })
      upload.start()
    })
    expect((await listed()).find(({ id }) => id === idOf(place))?.sha256).toBe(
      createHash('sha256').update(bytes).digest('hex'),
    )
  })

  test('says what it speaks before any sign-in, and refuses another version', async () => {
    const answer = await fetch(`${running.council.url}/v1/uploads`, { method: 'OPTIONS' })
    expect(answer.headers.get('tus-version')).toBe('1.0.0')
    expect(answer.headers.get('tus-extension')).toBe('creation,termination,expiration,checksum')
    expect(Number(answer.headers.get('tus-max-size'))).toBe(25 * 1024 * 1024)
    expect(answer.headers.get('tus-checksum-algorithm')).toBe('sha1,sha256')
    const place = await begun(3)
    const old = await add(place, 0, new Uint8Array(3), { 'tus-resumable': '0.2.2' })
    expect([old.status, await codeOf(old), old.headers.get('tus-version')]).toEqual([
      412,
      'tus/version',
      '1.0.0',
    ])
  })

  test.each([
    ['a file that is too large', 25 * 1024 * 1024 + 1, {}, 413, 'upload/too-large'],
    ['a type that is not kept', 3, { filetype: 'application/x-msdownload' }, 415, 'upload/type-refused'],
    ['a file without a name', 3, { filename: '' }, 400, 'upload/malformed'],
    ['a case that is not there', 3, { caseId: 'nowhere' }, 404, 'upload/case-unknown'],
  ])('refuses %s', async (_, bytes, over, status, code) => {
    const answer = await begin(bytes, over as Record<string, string>)
    expect([answer.status, await codeOf(answer)]).toEqual([status, code])
  })

  test('a file belongs to who uploads it and to its case’s scope', async () => {
    const elsewhere = randomUUID()
    await sam.send(createCase(elsewhere, { queueId: 'housing', serviceCode: 141 }))
    const jo = await signIn(running, 'jo.practice')
    expect(await codeOf(await begin(3, { caseId: elsewhere }, jo))).toBe('upload/case-unknown')

    const place = await begun(3, { caseId: elsewhere })
    expect(await codeOf(await add(place, 0, new Uint8Array(3), {}, nia))).toBe('upload/unknown')
    expect((await nia.fetch(place, { method: 'HEAD', headers: tus })).status).toBe(404)
    expect(await codeOf(await sam.fetch(`/v1/attachments/${idOf(place)}`))).toBe('attachment/unknown')
    await add(place, 0, new Uint8Array(3))
    expect((await sam.fetch(`/v1/attachments/${idOf(place)}`)).status).toBe(200)
    expect(await codeOf(await jo.fetch(`/v1/attachments/${idOf(place)}`))).toBe('attachment/unknown')
  })

  test('bytes at another offset are not taken, nor more than there should be', async () => {
    const place = await begun(10)
    expect(await codeOf(await add(place, 5, new Uint8Array(5)))).toBe('upload/wrong-offset')
    expect(await codeOf(await add(place, 0, new Uint8Array(11)))).toBe('upload/too-large')
    expect(await offsetOf(place)).toBe(0)
    await add(place, 0, new Uint8Array(10))
    expect(await codeOf(await add(place, 10, new Uint8Array(0)))).toBe('upload/whole')
    expect(await offsetOf(place)).toBe(10)
  })

  test('of the same bytes sent many times at once, each is kept once', async () => {
    const bytes = randomBytes(5000)
    const place = await begun(bytes.length)
    const answers = await Promise.all(Array.from({ length: 4 }, () => add(place, 0, bytes)))
    expect(answers.filter(({ status }) => status === 204)).toHaveLength(1)
    const { sha256 } = (await listed()).find(({ id }) => id === idOf(place)) ?? {}
    expect(sha256).toBe(createHash('sha256').update(bytes).digest('hex'))
  })

  test('a checksum that does not fit keeps nothing of the bytes', async () => {
    const bytes = randomBytes(1000)
    const place = await begun(bytes.length)
    const sum = (algorithm: string, of: Uint8Array) =>
      `${algorithm} ${createHash(algorithm).update(of).digest('base64')}`
    const wrong = await add(place, 0, bytes, { 'upload-checksum': sum('sha1', randomBytes(3)) })
    expect([wrong.status, await codeOf(wrong)]).toEqual([460, 'upload/checksum-mismatch'])
    const unknown = await add(place, 0, bytes, { 'upload-checksum': sum('md5', bytes) })
    expect(await codeOf(unknown)).toBe('upload/checksum-unknown')
    expect(await offsetOf(place)).toBe(0)
    expect((await add(place, 0, bytes, { 'upload-checksum': sum('sha256', bytes) })).status).toBe(204)
  })

  test('what arrived before the connection broke is kept', async () => {
    const bytes = randomBytes(400_000)
    const place = await begun(bytes.length)
    const controller = new AbortController()
    let isFirst = true
    const body = new ReadableStream<Uint8Array>({
      pull: async (stream) => {
        if (isFirst) stream.enqueue(bytes.subarray(0, 300_000))
        else {
          // Broken off when the service has the first part, and not earlier.
          while ((await offsetOf(place)) === 0) {}
          controller.abort()
        }
        isFirst = false
      },
    })
    const sending = sam.fetch(place, {
      method: 'PATCH',
      headers: { ...octets, 'upload-offset': '0' },
      body,
      duplex: 'half',
      signal: controller.signal,
    } as RequestInit)
    await expect(sending).rejects.toThrow()
    expect(await offsetOf(place)).toBeGreaterThanOrEqual(256 * 1024)
    // The service may still be keeping the last of it: then it says that there is more, and the client asks again.
    for (let status = 409; status === 409; ) {
      const offset = await offsetOf(place)
      status = (await add(place, offset, bytes.subarray(offset))).status
      expect([204, 409]).toContain(status)
    }
    const { sha256 } = (await listed()).find(({ id }) => id === idOf(place)) ?? {}
    expect(sha256).toBe(createHash('sha256').update(bytes).digest('hex'))
  })

  test('giving an upload up forgets it, and deleting a file leaves that it was there', async () => {
    const place = await begun(3)
    expect((await sam.fetch(place, { method: 'DELETE', headers: tus })).status).toBe(204)
    expect((await sam.fetch(place, { method: 'HEAD', headers: tus })).status).toBe(404)

    const kept = await begun(3)
    await add(kept, 0, new Uint8Array(3))
    await sam.fetch(kept, { method: 'DELETE', headers: tus })
    expect((await listed()).find(({ id }) => id === idOf(kept))?.deleted).toBe(true)
    expect(await codeOf(await sam.fetch(`/v1/attachments/${idOf(kept)}`))).toBe('attachment/gone')
  })

  test('an empty file is whole at once', async () => {
    const place = await begun(0, { filename: 'empty.txt', filetype: 'text/plain' })
    expect((await listed()).find(({ id }) => id === idOf(place))?.sizeBytes).toBe(0)
  })

  test('an upload that nobody goes on with is given up after a week', async () => {
    const place = await begun(10)
    await add(place, 0, new Uint8Array(5))
    await running.clock.run(7 * 86_400_000)
    sam = await signIn(running, 'sam.practice')
    expect((await sam.fetch(place, { method: 'HEAD', headers: tus })).status).toBe(404)
    expect(await codeOf(await add(place, 5, new Uint8Array(5)))).toBe('upload/unknown')
  })
})
