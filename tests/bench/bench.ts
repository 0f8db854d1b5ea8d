import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { calls } from './calls.ts'
import { inQuietNetwork } from './quiet-network.ts'
import { telephone } from './telephone.ts'

const usage = `npm run bench -- telephone [--rounds 30] [--no-desk]
npm run bench -- calls [--count 500]`

/** Answers with the exit code: 0 when everything wanted was reached. */
async function bench(): Promise<number> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    allowNegative: true,
    options: {
      rounds: { type: 'string', default: '30' },
      count: { type: 'string', default: '500' },
      desk: { type: 'boolean', default: true },
    },
  })
  const wanted = positionals.length === 0 ? ['telephone', 'calls'] : positionals
  if (wanted.some((name) => name !== 'telephone' && name !== 'calls')) {
    console.error(usage)
    return 1
  }
  if (wanted.includes('telephone')) installContenders()
  const elsewhere = inQuietNetwork()
  if (elsewhere !== null) return elsewhere
  let reached = true
  for (const name of wanted) {
    const run =
      name === 'telephone' ? telephone(Number(values.rounds), values.desk) : calls(Number(values.count))
    reached = (await run) && reached
  }
  return reached ? 0 : 1
}

/** Packages that the product knows nothing of. */
function installContenders(): void {
  const folder = join(import.meta.dirname, 'contenders')
  if (existsSync(join(folder, 'node_modules/jssip'))) return
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], {
    cwd: folder,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  })
  if (status !== 0) throw new Error('the packages to compare with could not be installed')
}

process.exitCode = await bench()
