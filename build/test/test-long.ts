import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

/* Long runs of what `npm test` does briefly: `npm run test:simulation`, `npm run test:kill`. */

const root = join(import.meta.dirname, '../..')
const [what, ...rest] = process.argv.slice(2)
const { values } = parseArgs({
  args: rest,
  options: {
    schedules: { type: 'string', default: '100000' },
    kills: { type: 'string', default: '200' },
    'first-seed': { type: 'string' },
    seed: { type: 'string' },
  },
})
const isKill = what === 'kill'
const env = {
  ...process.env,
  ...(isKill ? { KILLS: values.kills } : { SCHEDULES: values.schedules }),
  ...(values['first-seed'] === undefined ? {} : { FIRST_SEED: values['first-seed'] }),
  ...(values.seed === undefined ? {} : { SEED: values.seed }),
}
const tests = isKill ? 'tests/contract/survival' : 'tests/simulation'
const child = spawn(
  process.execPath,
  [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--config=build/test/vitest.config.ts', tests],
  { cwd: root, env, stdio: 'inherit' },
)
const [code] = await once(child, 'exit')
process.exitCode = code === 0 ? 0 : 1
