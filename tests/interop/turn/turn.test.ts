import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { Seen } from './run.ts'

const networksCanBeMade =
  process.platform === 'linux' &&
  spawnSync('unshare', ['--net', 'ip', 'link', 'set', 'lo', 'up']).status === 0
const hasTurn = spawnSync('turnserver', ['--version']).error === undefined
const why = networksCanBeMade ? 'coturn is not installed' : 'no network namespace can be made here'

it.skipIf(!networksCanBeMade || !hasTurn)(
  `a call has sound both ways through TURN where there is no other way, and the check says whether there is one${
    networksCanBeMade && hasTurn ? '' : ` (skipped: ${why})`
  }`,
  () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(import.meta.dirname, 'run.ts')], {
      encoding: 'utf8',
    })
    expect(status, `${stdout}\n${stderr}`).toBe(0)
    const seen = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Seen
    expect(seen).toMatchObject({ checks: ['passed', 'warning', 'passed'], wayOut: ['relay'] })
    expect(Math.min(seen.adviserHeard, seen.residentHeard)).toBeGreaterThan(1e-4)
  },
  60_000,
)
