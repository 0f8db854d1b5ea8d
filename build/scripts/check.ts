import { existsSync, statSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import type { Counted } from '#shared/guidance/coverage.ts'
import { type CheckedScript, checkFolder } from './library.ts'
import { libraryFolder } from './library-files.ts'

/**
 * `npm run scripts:check [-- FILE|FOLDER]`: proves every script and says what is wrong where, on the day it is run.
 * Exits with 1 if any is.
 */
async function check(given: string): Promise<number> {
  if (!existsSync(given)) {
    console.error(`There is no file or folder ${given}.`)
    return 1
  }
  const one = statSync(given).isFile() ? basename(given) : null
  const folder = one === null ? given : dirname(given)
  const today = new Date().toISOString().slice(0, 10)
  const checked = (await checkFolder(folder, { today })).filter(({ file }) => one === null || file === one)
  if (checked.length === 0) {
    console.error(`There is no script in ${folder}. Scripts are files that end in .yaml.`)
    return 1
  }
  for (const script of checked) console.log(reportOf(folder, script))
  const wrong = checked.filter(({ findings }) => findings.length > 0).length
  console.log(`\n${checked.length - wrong} of ${checked.length} files may be published.`)
  return wrong === 0 ? 0 : 1
}

function reportOf(folder: string, { file, findings, coverage, source }: CheckedScript): string {
  const path = relative(process.cwd(), join(folder, file))
  if (findings.length > 0) {
    return findings
      .map(({ line, stepId, problem, fix }) => {
        const step = stepId === null ? '' : ` step ${stepId}:`
        return `${path}:${line}:${step} ${problem}\n    ${fix}`
      })
      .join('\n')
  }
  if (coverage === null || source === null) return `${path}: ok`
  const { steps, routes } = coverage
  const missed = [...steps.missed, ...routes.missed].map((each) => `\n    no test call goes through ${each}`)
  return `${path}: ok, ${source.tests.length} test calls, ${share(steps)} of steps, ${share(routes)} of routes${missed.join('')}`
}

const share = ({ all, taken }: Counted): string => `${all === 0 ? 100 : Math.floor((taken / all) * 100)} %`

process.exitCode = await check(process.argv[2] ?? libraryFolder)
