import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { join } from 'node:path'
import { type Summary, summarise } from './statistics.ts'

const folder = join(import.meta.dirname, '../../out/bench')
const barWidth = 40

/** One thing measured for one contender. */
export interface Row {
  readonly contender: string
  readonly samples: readonly number[]
}

export interface Table {
  readonly title: string
  readonly unit: string
  readonly rows: readonly Row[]
  /** Said under the table: what was wanted, and whether it was reached. */
  readonly verdicts?: readonly Verdict[]
}

export interface Verdict {
  readonly wanted: string
  readonly reached: boolean
}

/** Writes `out/bench/NAME.json` and `NAME.txt`, prints the latter, and answers whether all that was wanted was reached. */
export function report(name: string, tables: readonly Table[], facts: object): boolean {
  const machine = { cores: cpus().length, cpu: cpus()[0]?.model ?? '', load: loadavg()[0] ?? 0 }
  const measured = tables.map(({ rows, ...table }) => ({
    ...table,
    rows: rows.map((row) => ({ ...row, ...summarise(row.samples) })),
  }))
  const text = tables.map(tableText).join('\n\n')
  mkdirSync(folder, { recursive: true })
  const written = { at: new Date().toISOString(), machine, ...facts, tables: measured }
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(written, null, 2)}\n`)
  writeFileSync(join(folder, `${name}.txt`), `${text}\n`)
  console.log(`\n${text}\n\nout/bench/${name}.json`)
  return tables.flatMap(({ verdicts = [] }) => verdicts).every(({ reached }) => reached)
}

/** A bar runs from nothing to the median; the lighter part behind it to the third quartile. */
function tableText({ title, unit, rows, verdicts = [] }: Table): string {
  const summaries = rows.map((row) => ({ ...row, summary: summarise(row.samples) }))
  const longest = Math.max(...summaries.map(({ summary }) => summary.q3))
  const nameWidth = Math.max(...rows.map(({ contender }) => contender.length))
  const lines = summaries.map(({ contender, summary }) => {
    const filled = Math.round((summary.median / longest) * barWidth)
    const spread = Math.max(0, Math.round((summary.q3 / longest) * barWidth) - filled)
    const bar = `${'█'.repeat(filled)}${'░'.repeat(spread)}`.padEnd(barWidth)
    return `  ${contender.padEnd(nameWidth)}  ${bar}  ${figures(summary, unit)}`
  })
  const words = verdicts.map(({ wanted, reached }) => `  ${reached ? 'reached' : 'MISSED '}  ${wanted}`)
  return [title, ...lines, ...words].join('\n')
}

function figures({ n, median, q1, q3, min, max }: Summary, unit: string): string {
  const [a, b, c, d, e] = [median, q1, q3, min, max].map((value) => value.toFixed(value < 100 ? 1 : 0))
  return `${a} ${unit} (quartiles ${b}–${c}, range ${d}–${e}, n = ${n})`
}
