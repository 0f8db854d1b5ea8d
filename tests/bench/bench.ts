import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { cache } from './cache/cache.ts'
import { calls } from './calls.ts'
import { desk } from './desk/desk.ts'
import { guidance } from './guidance.ts'
import { load } from './load/load.ts'
import { inQuietNetwork } from './quiet-network.ts'
import { search } from './search/search.ts'
import { telephone } from './telephone.ts'

const usage = `npm run bench -- telephone [--rounds 30] [--no-desk]
npm run bench -- calls [--count 500]
npm run bench -- guidance [--steps 10000]
npm run bench -- load [--seconds 600] [--desks 100,1000]
npm run bench -- search [--cases 20000]
npm run bench -- cache [--cases 20000]
npm run bench -- desk [--cases 20000]`

/** Answers with the exit code: 0 when everything wanted was reached. */
async function bench(): Promise<number> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    allowNegative: true,
    options: {
      rounds: { type: 'string', default: '30' },
      count: { type: 'string', default: '500' },
      steps: { type: 'string', default: '10000' },
      desk: { type: 'boolean', default: true },
      seconds: { type: 'string', default: '600' },
      desks: { type: 'string', default: '100,1000' },
      cases: { type: 'string', default: '20000' },
    },
  })
  const measures: Readonly<Record<string, () => boolean | Promise<boolean>>> = {
    telephone: () => telephone(Number(values.rounds), values.desk),
    calls: () => calls(Number(values.count)),
    guidance: () => guidance(Number(values.steps)),
    load: () => load(Number(values.seconds), values.desks.split(',').map(Number)),
    search: () => search(Number(values.cases), 5),
    cache: () => cache(Number(values.cases)),
    desk: () => desk(Number(values.cases)),
  }
  const wanted = positionals.length === 0 ? Object.keys(measures) : positionals
  if (wanted.some((name) => !Object.hasOwn(measures, name))) {
    console.error(usage)
    return 1
  }
  if (['telephone', 'search', 'cache'].some((name) => wanted.includes(name))) installContenders()
  const elsewhere = wanted.every((name) => name === 'guidance' || name === 'search') ? null : inQuietNetwork()
  if (elsewhere !== null) return elsewhere
  let reached = true
  for (const name of wanted) {
    reached = (await measures[name]?.()) === true && reached
  }
  return reached ? 0 : 1
}

/** Packages that the product knows nothing of. */
function installContenders(): void {
  const folder = join(import.meta.dirname, 'contenders')
  const { dependencies } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    readonly dependencies: Readonly<Record<string, string>>
  }
  const packages = Object.keys(dependencies)
  if (packages.every((name) => existsSync(join(folder, 'node_modules', name)))) return
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], {
    cwd: folder,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  })
  if (status !== 0) throw new Error('the packages to compare with could not be installed')
}

process.exitCode = await bench()
