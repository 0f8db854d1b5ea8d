import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createCouncilApi } from '#renderer/platform/rest/council-api.ts'
import type { CouncilApi } from '#shared/cases/council-api.ts'
import { readsPage } from '#shared/contract/audit.ts'
import type { Resident } from '#shared/contract/rest.ts'
import { silentLog } from '#shared/kernel/log.ts'
import { ok, type Result } from '#shared/kernel/result.ts'
import { backends } from './backends.ts'
import { createResident, mergeResidents } from './resident-records.ts'
import { createCase, type Desk, type RunningCouncil, runCouncil, signIn } from './running-council.ts'

/* What the desk's client asks about residents and files, of the service that answers. */

const [pglite] = backends

describe('the desk’s client with the council', () => {
  let running: RunningCouncil
  let sam: Desk
  let api: CouncilApi

  beforeAll(async () => {
    if (!pglite) throw new Error('there is always PGlite')
    running = await runCouncil(pglite)
    sam = await signIn(running)
    api = createCouncilApi({
      baseUrl: running.council.url,
      token: async () => ok(sam.tokens.access_token),
      fetch,
      clock: running.clock,
      log: silentLog,
      online: () => true,
    })
  })
  afterAll(() => running.stop())

  const given = <T>(result: Result<T>): T => {
    if (!result.ok) throw new Error(`${result.error.code} ${result.error.detail}`)
    return result.value
  }
  const make = async (over: Parameters<typeof createResident>[1] = {}) => {
    const id = randomUUID()
    await sam.send(createResident(id, over))
    return id
  }
  const looksAt = async (recordId: string) => {
    const auditor = await signIn(running, 'ellis.auditor')
    const query = new URLSearchParams({ recordId })
    const { reads } = readsPage.parse(await auditor.json(`/v1/audit/reads?${query}`))
    // But for the auditor's own.
    return reads.map(({ kind }) => kind).filter((kind) => kind !== 'audit')
  }

  test('finds likely duplicates of a record that is about to be made, and it is kept who looked', async () => {
    const id = await make({ givenName: 'Catherine', familyName: 'Quayle', dateOfBirth: '1981-02-03' })
    const wanted = { givenName: 'Kathryn', familyName: 'Quail', dateOfBirth: '1981-02-03' }
    const [candidate] = given(await api.duplicates(wanted))
    expect(candidate).toMatchObject({ resident: { id }, reasons: ['sounds-alike-and-same-birthday'] })
    expect(given(await api.duplicates({ ...wanted, exceptId: id }))).toEqual([])
    expect(given(await api.duplicates({}))).toEqual([])
    expect(await looksAt(id)).toContain('duplicates')
    expect(JSON.stringify(running.log)).not.toContain('Kathryn')
  })

  test('says what a merge would move and where the two differ', async () => {
    const [keptId, goneId] = [await make(), await make({ email: 'bela@example.org', phones: [] })]
    await sam.send(createCase(randomUUID(), { residentId: goneId }))
    const preview = given(await api.mergePreview(keptId, goneId))
    expect(preview).toMatchObject({
      kept: { id: keptId },
      gone: { id: goneId },
      moves: { cases: 1, contacts: 0, timeline: 0, callbacks: 0, warnings: 0 },
      differing: ['email'],
    })
    expect(await looksAt(goneId)).toContain('merge-preview')
    expect(await api.mergePreview(keptId, 'nobody')).toMatchObject({
      error: { code: 'cases/request-refused', detail: expect.stringContaining('resident/unknown') },
    })
  })

  test('a search that finds a record which was merged shows the one that goes on', async () => {
    const [keptId, goneId] = [await make(), await make({ familyName: 'Unmistakable' })]
    await sam.send(mergeResidents(keptId, goneId))
    const idsOf = ({ residents }: { residents: readonly Resident[] }) => residents.map(({ id }) => id)
    expect(idsOf(given(await api.search('unmistakable')))).toEqual([keptId])
  })

  test('views are sent, also of a warning', async () => {
    const view = {
      id: randomUUID(),
      kind: 'warning' as const,
      recordId: 'warning-one',
      at: '2026-11-03T09:00:00Z',
    }
    expect(await api.sendViews([view])).toEqual(ok(null))
    expect(await api.sendViews([view])).toEqual(ok(null))
    expect(await looksAt('warning-one')).toEqual(['warning'])
  })

  test('a file goes up in chunks, from where it is, and comes down as it was', async () => {
    const caseId = randomUUID()
    await sam.send(createCase(caseId))
    const bytes = new Uint8Array(randomBytes(200_000))
    const file = { caseId, name: 'Elm Road “bin”.jpg', type: 'image/jpeg', sizeBytes: bytes.length }
    const { uploadId, expiresAt } = given(await api.beginUpload(file))
    expect(expiresAt).toBe(running.clock.now() + 7 * 86_400_000)
    expect(await api.uploadChunk(uploadId, 0, bytes.slice(0, 150_000))).toEqual(ok(150_000))
    expect(await api.uploadedBytes(uploadId)).toEqual(ok(150_000))
    expect(await api.uploadChunk(uploadId, 0, bytes.slice(0, 10))).toMatchObject({
      error: { code: 'cases/request-refused', detail: expect.stringContaining('upload/wrong-offset') },
    })
    expect(await api.uploadChunk(uploadId, 150_000, bytes.slice(150_000))).toEqual(ok(bytes.length))
    const read = given(await api.attachment(uploadId))
    expect([read.name, read.type]).toEqual([file.name, file.type])
    const sha256 = (of: Uint8Array) => createHash('sha256').update(of).digest('hex')
    expect(sha256(new Uint8Array(read.bytes))).toBe(sha256(bytes))
    expect(await looksAt(uploadId)).toEqual(['attachment'])
    expect(await api.endUpload(uploadId)).toEqual(ok(null))
    expect((await api.attachment(uploadId)).ok).toBe(false)
  })

  test('a file that the council does not keep is refused in words of the contract', async () => {
    const file = { caseId: 'nowhere', name: 'a.jpg', type: 'image/jpeg', sizeBytes: 3 }
    expect(await api.beginUpload(file)).toMatchObject({
      error: { retry: 'never', detail: expect.stringContaining('upload/case-unknown') },
    })
    expect(await api.uploadedBytes('nothing')).toMatchObject({ error: { retry: 'never' } })
  })
})
