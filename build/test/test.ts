import { delimiter, join } from 'node:path'
import { createProcesses, endOnSignals } from '#build/start/processes.ts'
import { readTestArguments } from './arguments.ts'
import { type Part, parts } from './parts.ts'
import { type PartResult, runPart } from './run-part.ts'

const say = (line: string) => console.log(line)

interface Finished extends PartResult {
  readonly part: Part
  readonly seconds: number
}

const succeeded = (result: PartResult): boolean => result.failed === 0

/** Runs the parts in order and says what came of each. Answers with the exit code. */
async function test(args: readonly string[]): Promise<number> {
  const chosen = readTestArguments(args, parts)
  if (!chosen.ok) {
    console.error(chosen.error)
    return 1
  }
  // Programs started by tests must find the project's Node first, also when this was not started by npm.
  process.env.PATH = [join(process.cwd(), 'node_modules/.bin'), process.env.PATH].join(delimiter)
  const processes = createProcesses()
  endOnSignals(processes)
  const finished: Finished[] = []
  for (const part of chosen.value.parts) {
    say(`\n── ${part.name}: ${part.what}`)
    const startedAt = performance.now()
    const result = await runPart(part, { processes, say, passedOn: chosen.value.passedOn })
    const seconds = (performance.now() - startedAt) / 1000
    finished.push({ ...result, part, seconds })
    if (processes.isEnding()) return 1
    say(`── ${part.name}: ${sentence(result)} in ${seconds.toFixed(1)} s`)
  }
  await processes.endAll()
  for (const { part, failures } of finished)
    for (const failure of failures) say(`\nFailed in ${part.name}: ${failure}`)
  say(`\n${table(finished)}\n`)
  const passed = sum(finished, 'passed')
  const failed = sum(finished, 'failed')
  say(`${passed} passed, ${failed} failed`)
  return failed === 0 ? 0 : 1
}

const sum = (results: readonly PartResult[], what: 'passed' | 'failed' | 'skipped'): number =>
  results.reduce((total, result) => total + result[what], 0)

function sentence(result: PartResult): string {
  const skipped = result.skipped > 0 ? `, ${result.skipped} skipped` : ''
  const problem = result.problem ? ` (${result.problem})` : ''
  return `${succeeded(result) ? 'ok' : 'FAILED'}, ${result.passed} passed, ${result.failed} failed${skipped}${problem}`
}

function table(finished: readonly Finished[]): string {
  const rows = finished.map(({ part, passed, failed, skipped, seconds, problem }) =>
    [part.name, passed, failed, skipped, seconds.toFixed(1), problem ?? (failed > 0 ? 'failed' : 'ok')].map(
      String,
    ),
  )
  const seconds = finished.reduce((total, { seconds }) => total + seconds, 0)
  const totals = [
    'all',
    sum(finished, 'passed'),
    sum(finished, 'failed'),
    sum(finished, 'skipped'),
    seconds.toFixed(1),
  ]
  const lines = [['part', 'passed', 'failed', 'skipped', 'seconds', ''], ...rows, totals.map(String)]
  return lines
    .map((cells) =>
      cells.map((cell, at) => (at === 0 ? cell.padEnd(12) : at < 5 ? cell.padStart(9) : `   ${cell}`)),
    )
    .map((cells) => cells.join('').trimEnd())
    .join('\n')
}

process.exit(await test(process.argv.slice(2)))
