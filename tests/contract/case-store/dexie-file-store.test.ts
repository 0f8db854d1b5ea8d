import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { filePartBytes, type WaitingFile } from '#shared/cases/file-store.ts'
import { type Chromium, startChromium } from './chromium.ts'
import type { WaitingFiles } from './store-page.ts'

type Globals = { readonly waitingFiles: WaitingFiles }
type Calls = { [K in keyof WaitingFiles]: Parameters<WaitingFiles[K]> }

let browser: Chromium
let page: Page
let disks = 0
let disk = ''
let store = 0

beforeAll(async () => {
  browser = await startChromium()
  page = await browser.open('store-page')
})
afterAll(() => browser.close())
beforeEach(async () => {
  disks += 1
  disk = `files-${disks}`
  store = await opened()
})

const run = <K extends keyof WaitingFiles>(method: K, ...args: Calls[K]) =>
  page.evaluate(
    ([name, parameters]) =>
      (globalThis as unknown as Globals).waitingFiles[name as 'open'](...(parameters as [number])) as unknown,
    [method, args] as const,
  ) as Promise<Awaited<ReturnType<WaitingFiles[K]>>>

async function opened(keyByte = 7): Promise<number> {
  const number = await run('create', disk, keyByte)
  expect(await run('open', number)).toMatchObject({ ok: true })
  return number
}

const word = 'photograph of a broken lid '
const sizeBytes = filePartBytes * 2 + 11

const aFile = (id: string, over: Partial<WaitingFile> = {}): WaitingFile => ({
  id,
  caseId: 'c1',
  name: 'broken-lid.jpg',
  type: 'image/jpeg',
  sizeBytes,
  addedAt: 1_000,
  uploadId: null,
  refused: null,
  ...over,
})

const expectedPart = (index: number) => {
  const whole = Buffer.from(word.repeat(Math.ceil(sizeBytes / word.length))).subarray(0, sizeBytes)
  const part = whole.subarray(index * filePartBytes, (index + 1) * filePartBytes)
  return { length: part.length, sha256: createHash('sha256').update(part).digest('hex') }
}

it('keeps a file in parts through a kill of the browser', async () => {
  expect(await run('add', store, aFile('f1'), word)).toEqual({ ok: true, value: null })
  await run('put', store, aFile('f1', { uploadId: 'u1' }))
  await browser.killAndStartAgain()
  page = await browser.open('store-page')
  store = await run('create', disk, 7)
  expect(await run('open', store)).toEqual({ ok: true, value: [aFile('f1', { uploadId: 'u1' })] })
  for (const index of [0, 1, 2]) expect(await run('part', store, 'f1', index)).toEqual(expectedPart(index))
  expect(await run('part', store, 'f1', 3)).toBeNull()
})

it('forgets a file that is sent, and no other', async () => {
  await run('add', store, aFile('f1'), word)
  await run('add', store, aFile('f2', { addedAt: 2_000 }), word)
  await run('remove', store, 'f1')
  expect(await run('part', store, 'f1', 0)).toBeNull()
  expect(await run('part', store, 'f2', 0)).toEqual(expectedPart(0))
  await run('close', store)
  store = await run('create', disk, 7)
  expect(await run('open', store)).toMatchObject({ value: [{ id: 'f2' }] })
})

it('shows another adviser’s key nothing', async () => {
  await run('add', store, aFile('f1'), word)
  await run('close', store)
  const other = await run('create', disk, 8)
  expect(await run('open', other)).toEqual({ ok: true, value: [] })
  expect(await run('part', other, 'f1', 0)).toBeNull()
})

it('writes neither names nor contents so that they can be read', async () => {
  await run('add', store, aFile('f1'), word)
  await run('close', store)
  const entries = await readdir(browser.profile, { recursive: true, withFileTypes: true })
  let searched = 0
  for (const entry of entries.filter((each) => each.isFile())) {
    const bytes = await readFile(join(entry.parentPath, entry.name)).catch(() => Buffer.alloc(0))
    searched += bytes.length
    for (const secret of [word, 'broken-lid.jpg', 'image/jpeg"']) {
      expect(bytes.includes(secret), `${secret} in ${entry.name}`).toBe(false)
      expect(bytes.includes(Buffer.from(secret, 'utf16le')), `${secret} in ${entry.name}`).toBe(false)
    }
  }
  expect(searched).toBeGreaterThan(sizeBytes)
})
