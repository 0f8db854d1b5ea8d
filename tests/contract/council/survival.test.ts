import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { emptyDatabaseFile } from '#build/bundle/empty-database.ts'
import { lockFolder } from '#electron/practice/council/database/folder-lock.ts'
import { migrate } from '#electron/practice/council/database/migrations.ts'
import { openDatabase } from '#electron/practice/council/database/open-database.ts'
import { silentLog } from '#shared/kernel/log.ts'
import { backends, type Place, startSeeding } from './backends.ts'
import { type CouncilProcess, signInAt, startCouncilProcess } from './council-process.ts'
import { noScripts } from './places.ts'
import { appendNote, createCase, type Desk, deskOf } from './running-council.ts'

const [pglite] = backends
/** Several starts one after another, on a machine that may be busy. */
const patience = { timeout: 240_000 }
const cleanUps: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
})

async function place(kind: 'seeded' | 'empty'): Promise<Place & { folder: string }> {
  if (!pglite) throw new Error('there is always PGlite')
  const made = await pglite[kind]()
  cleanUps.push(made.dispose)
  if (!('folder' in made.database)) throw new Error('PGlite is in a folder')
  return { ...made, folder: made.database.folder }
}

function start(folder: string): CouncilProcess {
  const council = startCouncilProcess({ folder })
  cleanUps.push(council.kill)
  return council
}

test('killing the service loses no operation it has answered, and applies none twice', patience, async () => {
  const { folder } = await place('seeded')
  const acknowledged: string[] = []
  const sent: ReturnType<typeof appendNote>[] = []
  let tokens: Desk['tokens'] | undefined

  for (const answersAtLeast of [3, 9, 5]) {
    const child = start(folder)
    const url = await child.line('http')
    const desk = tokens ? deskOf(url, tokens) : await signInAt(url)
    tokens = desk.tokens
    const killAt = acknowledged.length + answersAtLeast
    let isAlive = true
    const send = async () => {
      while (isAlive) {
        const note = appendNote(null, 'Kept.')
        sent.push(note)
        const results = await desk.send(note).catch(() => undefined)
        if (results?.[0]?.outcome === 'applied') acknowledged.push(note.entryId)
        if (!results || acknowledged.length >= killAt) isAlive = false
      }
    }
    // The others are in the middle of theirs when the first has enough answers.
    const sending = [send(), send(), send()]
    await Promise.race(sending)
    await child.kill()
    await Promise.all(sending)
  }
  expect(acknowledged.length).toBeGreaterThanOrEqual(17)

  expect(await entriesIn(folder)).toEqual(expect.arrayContaining(acknowledged))

  const council = await startSeeding({ folder }, noScripts)
  const desk = await signInAt(council.url)
  for (let from = 0; from < sent.length; from += 100) {
    const results = await desk.send(...sent.slice(from, from + 100))
    expect(results.every(({ outcome }) => outcome === 'applied')).toBe(true)
  }
  await council.stop()
  expect((await entriesIn(folder)).sort()).toEqual(sent.map(({ entryId }) => entryId).sort())
})

test('a file that was on its way when the service was killed goes on where it was', patience, async () => {
  const { folder } = await place('seeded')
  const bytes = randomBytes(1_000_000)
  const chunkBytes = 64 * 1024
  const octets = { 'tus-resumable': '1.0.0', 'content-type': 'application/offset+octet-stream' }
  const add = (desk: Desk, where: string, offset: number, to: number) =>
    desk.fetch(where, {
      method: 'PATCH',
      headers: { ...octets, 'upload-offset': String(offset) },
      body: bytes.subarray(offset, to),
    })
  const first = start(folder)
  const url = await first.line('http')
  const desk = await signInAt(url)
  const created = createCase(randomUUID())
  await desk.send(created)
  const values = { caseId: created.caseId, filename: 'bin.jpg', filetype: 'image/jpeg' }
  const metadata = Object.entries(values).map(([key, value]) => `${key} ${btoa(value)}`)
  const begun = await desk.fetch('/v1/uploads', {
    method: 'POST',
    headers: {
      'tus-resumable': '1.0.0',
      'upload-length': String(bytes.length),
      'upload-metadata': metadata.join(','),
    },
  })
  const where = begun.headers.get('location') ?? ''
  let acknowledged = 0
  for (let chunks = 0; chunks < 5; chunks += 1) {
    const answer = await add(desk, where, acknowledged, acknowledged + chunkBytes)
    acknowledged = Number(answer.headers.get('upload-offset'))
  }
  // In the middle of the rest.
  const rest = add(desk, where, acknowledged, bytes.length).catch(() => {})
  await first.kill()
  await rest

  const second = start(folder)
  const back = deskOf(await second.line('http'), desk.tokens)
  const asked = await back.fetch(where, { method: 'HEAD', headers: octets })
  const offset = Number(asked.headers.get('upload-offset'))
  expect(offset).toBeGreaterThanOrEqual(acknowledged)
  if (offset < bytes.length) await add(back, where, offset, bytes.length)
  const { changes } = await back.pull()
  const change = changes.find(({ kind, id }) => kind === 'case' && id === created.caseId)
  expect(change).toMatchObject({
    record: { attachments: [{ sha256: createHash('sha256').update(bytes).digest('hex') }] },
  })
  await second.kill()
})

/** Timeline entries that are not the seed's. */
async function entriesIn(folder: string): Promise<string[]> {
  const { db, close } = await openDatabase({ folder }, silentLog)
  const rows = await db.selectFrom('timeline_entry').select('id').where('id', 'not like', 'entry-%').execute()
  await close()
  return rows.map(({ id }) => id)
}

test('a database whose making was interrupted is made again', patience, async () => {
  const { folder } = await place('empty')
  // What is there when the process ends between the first files of a new database and the last.
  await mkdir(join(folder, 'database'))
  await writeFile(join(folder, 'database/PG_VERSION'), '18\n')
  await writeFile(join(folder, 'being-made'), '')

  const { db, close } = await openDatabase({ folder }, silentLog)
  cleanUps.push(close)
  await migrate(db)
  expect(await db.selectFrom('council').selectAll().execute()).toEqual([])
  expect(await readdir(folder)).toEqual(['database'])
})

test(
  'a new database begins as the copy of an empty one, or the long way when that is broken',
  patience,
  async () => {
    const packed = await emptyDatabaseFile()
    const broken = join((await place('empty')).folder, 'broken.tar.gz')
    await writeFile(broken, (await readFile(packed)).subarray(0, 100_000))
    const errors: string[] = []
    const log = { ...silentLog, error: (code: string) => void errors.push(code) }
    for (const emptyDatabase of [packed, broken]) {
      const { folder } = await place('empty')
      const open = () => openDatabase({ folder, emptyDatabase }, log)
      const first = await open()
      await migrate(first.db)
      await first.db.insertInto('council').values({ id: 'kept', seeded_on: null }).execute()
      await first.close()
      // What is there already is never begun again.
      const second = await open()
      expect(await second.db.selectFrom('council').select('id').execute()).toEqual([{ id: 'kept' }])
      await second.close()
      expect(await readdir(folder)).toEqual(['database'])
    }
    expect(errors).toEqual(['council/empty-database-unusable'])
  },
)

test(
  'a second process does not open a database in use, and gets it when the first is killed',
  patience,
  async () => {
    const { folder } = await place('seeded')
    const child = start(folder)
    await child.line('http')
    await expect(lockFolder(folder, 200)).rejects.toThrow('council/database-in-use')
    const waiting = lockFolder(folder, 20_000)
    await child.kill()
    await (await waiting).release()
  },
)
