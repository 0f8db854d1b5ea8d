import { existsSync } from 'node:fs'
import { join, relative } from 'node:path'
import type { Counted } from '#shared/guidance/coverage.ts'
import { type CheckedScript, checkFolder } from './library.ts'

/** `npm run scripts:check [FOLDER]`: proves every script of a folder and says what is wrong where. Exits with 1 if any is. */
async function check(folder: string): Promise<number> {
  if (!existsSync(folder)) {
    console.error(`There is no folder ${folder}.`)
    return 1
  }
  const checked = await checkFolder(folder)
  if (checked.length === 0) {
    console.error(`There is no script in ${folder}. Scripts are files that end in .yaml.`)
    return 1
  }
  for (const script of checked) console.log(reportOf(folder, script))
  const wrong = checked.filter(({ findings }) => findings.length > 0).length
  console.log(`\n${checked.length - wrong} of ${checked.length} files may be published.`)
  return wrong === 0 ? 0 : 1
}

function reportOf(folder: string, { file, findings, coverage, testCalls }: CheckedScript): string {
  const path = relative(process.cwd(), join(folder, file))
  if (findings.length > 0) {
    return findings
      .map(({ line, stepId, problem, fix }) => {
        const step = stepId === null ? '' : ` step ${stepId}:`
        return `${path}:${line}:${step} ${problem}\n    ${fix}`
      })
      .join('\n')
  }
  if (coverage === null) return `${path}: ok`
  const { steps, routes } = coverage
  const missed = [...steps.missed, ...routes.missed].map((each) => `\n    no test call goes through ${each}`)
  return `${path}: ok, ${testCalls} test calls, ${share(steps)} of steps, ${share(routes)} of routes${missed.join('')}`
}

const share = ({ all, taken }: Counted): string => `${all === 0 ? 100 : Math.floor((taken / all) * 100)} %`

process.exitCode = await check(process.argv[2] ?? join(import.meta.dirname, '../../shared/guidance/scripts'))
