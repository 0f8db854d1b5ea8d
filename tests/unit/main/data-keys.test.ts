import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createDataKeys } from '#electron/main/session/data-keys.ts'
import { createOsVault } from '#electron/main/session/os-vault.ts'
import { fakeSafeStorage, recordingLog, temporaryFolder } from './fakes.ts'

const holder = { scope: 'https://desk.example.org', adviserId: 'adv-1' }

function keysIn(folder: string, options: { backend?: string; isPractice?: boolean } = {}) {
  const log = recordingLog()
  const safeStorage = fakeSafeStorage(options.backend)
  const vault = createOsVault({
    safeStorage,
    platform: 'linux',
    isPractice: options.isPractice ?? false,
    log,
  })
  return { keys: createDataKeys({ folder: join(folder, 'keys'), vault, log }), safeStorage, log }
}

async function keyOf(folder: string, who = holder): Promise<string> {
  const key = await keysIn(folder).keys.of(who)
  if (!key.ok) throw new Error(key.error.code)
  return key.value.toString('hex')
}

describe('data key', () => {
  test('is made once and is the same after the next start', async () => {
    const folder = temporaryFolder()
    const first = await keyOf(folder)
    expect(first).toMatch(/^[0-9a-f]{64}$/)
    expect(await keyOf(folder)).toBe(first)
  })

  test('is made once when both pages ask at the same moment', async () => {
    const { keys } = keysIn(temporaryFolder())
    const [one, other] = await Promise.all([keys.of(holder), keys.of(holder)])
    expect(one).toEqual(other)
  })

  test('differs between advisers and between councils', async () => {
    const folder = temporaryFolder()
    const keys = [
      await keyOf(folder),
      await keyOf(folder, { ...holder, adviserId: 'adv-2' }),
      await keyOf(folder, { ...holder, scope: 'practice' }),
    ]
    expect(new Set(keys).size).toBe(3)
  })

  test('lies wrapped in a file that names nobody and only its owner may read', async () => {
    const folder = temporaryFolder()
    const key = await keyOf(folder)
    const [name = ''] = readdirSync(join(folder, 'keys'))
    expect(name).toMatch(/^[0-9a-f]{32}\.key$/)
    const file = join(folder, 'keys', name)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(statSync(join(folder, 'keys')).mode & 0o777).toBe(0o700)
    expect(readFileSync(file).toString('latin1')).not.toContain(Buffer.from(key, 'hex').toString('base64'))
  })

  test('is never replaced when it cannot be unwrapped: work may be encrypted with it', async () => {
    const folder = temporaryFolder()
    await keyOf(folder)
    const [name = ''] = readdirSync(join(folder, 'keys'))
    const file = join(folder, 'keys', name)
    writeFileSync(file, 'wrapped by somebody else')
    const { keys } = keysIn(folder)
    expect(await keys.of(holder)).toMatchObject({ error: { code: 'vault/unreadable', retry: 'never' } })
    expect(readFileSync(file, 'utf8')).toBe('wrapped by somebody else')
  })

  test.each(['basic_text', 'none'])('is not made in live mode with the key store %s', async (backend) => {
    const folder = temporaryFolder()
    const { keys, safeStorage } = keysIn(folder, { backend })
    expect(await keys.of(holder)).toMatchObject({ error: { code: 'vault/not-protected' } })
    expect(safeStorage.isPlainTextAllowed()).toBe(false)
    expect(readdirSync(folder)).toEqual([])
  })

  test('is made in practice without a key store', async () => {
    const { keys } = keysIn(temporaryFolder(), { backend: 'basic_text', isPractice: true })
    expect(await keys.of(holder)).toMatchObject({ ok: true })
  })

  test('says so when the disk does not let it be kept', async () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'keys'), 'in the way')
    const { keys } = keysIn(folder)
    expect(await keys.of(holder)).toMatchObject({ error: { code: 'vault/disk', retry: 'now' } })
  })
})
