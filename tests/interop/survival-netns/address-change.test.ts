import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, it } from 'vitest'

/* One round of `npm run test:survival`, where this machine lets anyone make networks. */

const networksCanBeMade =
  process.platform === 'linux' &&
  spawnSync('unshare', ['--net', 'ip', 'link', 'set', 'lo', 'up']).status === 0

/** Far more than the median, which only many rounds on an idle machine can show. */
const limitMs = 12_000

it.skipIf(!networksCanBeMade)(
  'a call survives that the adviser’s address changes in the middle of it',
  () => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [join(import.meta.dirname, 'run.ts'), '--rounds', '1', '--limit-ms', String(limitMs), 'c'],
      { encoding: 'utf8' },
    )
    expect(status, `${stdout}\n${stderr}`).toBe(0)
  },
  240_000,
)
