import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { createWorkFiles, safeName } from '#electron/main/work-files.ts'
import { silentLog } from '#shared/kernel/log.ts'

const folder = mkdtempSync(join(tmpdir(), 'adviser-desktop-work-'))
afterEach(() => rmSync(folder, { recursive: true, force: true }))
const files = createWorkFiles({ folder, log: silentLog, now: () => Date.parse('2026-11-03T10:04:00.000Z') })

describe('files that were asked for', () => {
  it('hold the words, for this user alone', async () => {
    const written = await files.write('Work that is not sent')
    if (!written.ok) throw new Error('not written')
    const path = join(written.value.folder, written.value.file)
    expect(readFileSync(path, 'utf8')).toBe('\uFEFFWork that is not sent')
    if (process.platform !== 'win32') expect(statSync(path).mode & 0o077).toBe(0)
  })

  it('have a name that leads nowhere else', async () => {
    expect(safeName('../../.bashrc')).toBe('_.._.bashrc')
    expect(safeName('..')).toBe('file')
    const written = await files.save('../Ffôn: gate.jpg', new Uint8Array([1, 2]))
    if (!written.ok) throw new Error('not written')
    expect(written.value.file).toBe('2026-11-03T10-04-00-000Z _Ffôn_ gate.jpg')
    expect([...readFileSync(join(folder, written.value.file))]).toEqual([1, 2])
  })

  it('that cannot be written are an error, not a crash', async () => {
    const none = createWorkFiles({ folder: '/dev/null/work', log: silentLog, now: () => 0 })
    expect(await none.write('x')).toMatchObject({ ok: false, error: { code: 'work/not-exported' } })
  })
})
