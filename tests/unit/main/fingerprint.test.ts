import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { fingerprintOf, readStamp, writeStamp } from '#build/bundle/fingerprint.ts'
import { temporaryFolder } from './fakes.ts'

function sources(): string {
  const root = temporaryFolder()
  mkdirSync(join(root, 'shared/kernel'), { recursive: true })
  writeFileSync(join(root, 'shared/kernel/a.ts'), 'a')
  writeFileSync(join(root, 'shared/b.ts'), 'b')
  return root
}

describe('what is built again', () => {
  test.each<[string, (root: string) => void]>([
    ['a file’s content changes', (root) => writeFileSync(join(root, 'shared/kernel/a.ts'), 'A')],
    ['a file is added', (root) => writeFileSync(join(root, 'shared/c.ts'), '')],
    ['a file is removed', (root) => rmSync(join(root, 'shared/b.ts'))],
    ['a file is renamed', (root) => renameSync(join(root, 'shared/b.ts'), join(root, 'shared/d.ts'))],
    [
      'two files change places',
      (root) => {
        writeFileSync(join(root, 'shared/kernel/a.ts'), 'b')
        writeFileSync(join(root, 'shared/b.ts'), 'a')
      },
    ],
  ])('everything when %s', async (_name, change) => {
    const root = sources()
    const before = await fingerprintOf(root, ['shared'], ['dev'])
    expect(await fingerprintOf(root, ['shared'], ['dev'])).toBe(before)
    change(root)
    expect(await fingerprintOf(root, ['shared'], ['dev'])).not.toBe(before)
  })

  test('everything when it is built for another purpose, and nothing for files it does not name', async () => {
    const root = sources()
    const before = await fingerprintOf(root, ['shared/kernel'], ['dev'])
    expect(await fingerprintOf(root, ['shared/kernel'], ['production'])).not.toBe(before)
    writeFileSync(join(root, 'shared/b.ts'), 'changed')
    expect(await fingerprintOf(root, ['shared/kernel', 'no-such-folder'], ['dev'])).toBe(before)
  })

  test('everything when an output is gone or the stamp is no stamp', async () => {
    const root = sources()
    const stamp = join(root, 'cache/stamp.json')
    await writeStamp(stamp, 'abc', join(root, 'shared'))
    expect((await readStamp(stamp, join(root, 'shared')))?.fingerprint).toBe('abc')
    rmSync(join(root, 'shared/b.ts'))
    expect(await readStamp(stamp, join(root, 'shared'))).toBeUndefined()
    writeFileSync(stamp, '{}')
    expect(await readStamp(stamp, join(root, 'shared'))).toBeUndefined()
    expect(await readStamp(join(root, 'none.json'), join(root, 'shared'))).toBeUndefined()
  })
})
