import { namesOfAnswers } from './compile.ts'
import { holdsIn, type Situation, situationsOf } from './condition-values.ts'
import { type FeelExpression, parseFeel } from './feel.ts'
import { type Finding, finding } from './finding.ts'
import type { DecisionTable, ScriptDocument } from './format.ts'
import { dayNumber, isoOfDay } from './time.ts'

type Row = DecisionTable['rows'][number]

/**
 * Every row of a decision table can be the one that is taken, and rows with one condition follow each other day by
 * day, without a day that none or two of them hold on, until the script is read again.
 */
export function checkRows(script: ScriptDocument, name: string, table: DecisionTable): readonly Finding[] {
  const { rows } = table
  const backwards = rows.flatMap(({ from, until }, at) =>
    from !== undefined && until !== undefined && from > until
      ? [finding(null, `${said(name, at)} ends before it begins.`, 'Correct from and until.')]
      : [],
  )
  if (backwards.length > 0) return backwards
  return [...unusedRows(script, name, rows), ...checkPeriods(script, name, rows), ...sameValue(name, table)]
}

/** Rows that ended before a day, `YYYY-MM-DD`: nobody meets them any more. */
export function expiredRows(script: ScriptDocument, today: string): readonly Finding[] {
  return Object.entries(script.tables ?? {}).flatMap(([name, { rows }]) =>
    rows.flatMap(({ until }, at) =>
      until !== undefined && until < today
        ? [
            finding(
              null,
              `${said(name, at)} ended on ${until}.`,
              'Remove it, and see that a row for the days from now on is there.',
              ['tables', name, 'rows', at],
            ),
          ]
        : [],
    ),
  )
}

const said = (name: string, at: number) => `Row ${at + 1} of table ${name}`

function sameValue(name: string, { rows, otherwise }: DecisionTable): readonly Finding[] {
  const value = JSON.stringify(otherwise)
  if (rows.some((row) => row.when === undefined && row.from === undefined && row.until === undefined)) {
    return [
      finding(
        null,
        `Otherwise of table ${name} is never used: a row before it always holds.`,
        'Give the row its condition, or remove it and let otherwise give its value.',
      ),
    ]
  }
  return rows.every(({ gives }) => JSON.stringify(gives) === value)
    ? [
        finding(
          null,
          `The table ${name} gives the same, whichever row holds.`,
          'Correct what its rows give, or write the value where the table is quoted.',
        ),
      ]
    : []
}

function unusedRows(script: ScriptDocument, name: string, rows: readonly Row[]): readonly Finding[] {
  const names = namesOfAnswers(script.steps)
  const conditions = rows.map(({ when }) => (when === undefined ? null : parseFeel(when, names)))
  if (conditions.some((parsed) => parsed !== null && !parsed.ok)) return []
  const parsed = conditions.map((condition) => (condition?.ok === true ? condition.value : null))
  const days = daysThatMatter(rows)
  return rows.flatMap((row, at) => {
    const condition = parsed[at] ?? null
    const before = rows.slice(0, at)
    const situations = situationsOf(script, onlyParsed(parsed.slice(0, at + 1)), () => false)
    const holds = (index: number, day: string, situation: Situation) => {
      const own = parsed[index] ?? null
      return isOn(rows[index], day) && (own === null || holdsIn(own, situation))
    }
    if (situations === null) return alwaysBefore(name, rows, at)
    const ever = situations.some((situation) => condition === null || holdsIn(condition, situation))
    if (!ever) {
      const problem = `${said(name, at)} is never used: "${row.when}" can never hold.`
      return [finding(null, problem, 'Correct its condition, or remove the row.')]
    }
    const used = days.some((day) =>
      situations.some(
        (situation) =>
          holds(at, day, situation) && !before.some((_, earlier) => holds(earlier, day, situation)),
      ),
    )
    if (used) return []
    const problem = `${said(name, at)} is never used: a row before it always holds when it does.`
    return [finding(null, problem, 'Remove it, or move it up.')]
  })
}

const onlyParsed = (conditions: readonly (FeelExpression | null)[]): readonly FeelExpression[] =>
  conditions.filter((condition) => condition !== null)

/** For rows whose conditions cannot all be tried: one without condition and dates, or the same one, stands before. */
function alwaysBefore(name: string, rows: readonly Row[], at: number): readonly Finding[] {
  const row = rows[at]
  const hides = rows
    .slice(0, at)
    .some(
      ({ when, from, until }) =>
        from === undefined && until === undefined && (when === undefined || when === row?.when),
    )
  const problem = `${said(name, at)} is never used: a row before it always holds when it does.`
  return hides ? [finding(null, problem, 'Remove it, or move it up.')] : []
}

/** Days around which something changes. */
function daysThatMatter(rows: readonly Row[]): readonly string[] {
  const ends = rows.flatMap(({ from, until }) => [
    ...(from === undefined ? [] : [from, dayAfter(from, -1)]),
    ...(until === undefined ? [] : [until, dayAfter(until, 1)]),
  ])
  return ends.length === 0 ? ['2026-11-03'] : [...new Set(ends)]
}

const dayAfter = (day: string, days: number) => isoOfDay((dayNumber(day) ?? 0) + days)

const isOn = (row: Row | undefined, day: string) =>
  row !== undefined &&
  (row.from === undefined || row.from <= day) &&
  (row.until === undefined || day <= row.until)

/** Rows that only differ in their days follow each other; a row without days may stand in for the rest. */
function checkPeriods(script: ScriptDocument, name: string, rows: readonly Row[]): readonly Finding[] {
  const found: Finding[] = []
  for (const when of new Set(rows.map((row) => row.when))) {
    const same = rows.map((row, at) => ({ row, at })).filter(({ row }) => row.when === when)
    const dated = same
      .filter(({ row }) => row.from !== undefined || row.until !== undefined)
      .toSorted((a, b) => (a.row.from ?? '').localeCompare(b.row.from ?? ''))
    const standsIn = same.length > dated.length
    dated.forEach(({ row, at }, place) => {
      const next = dated[place + 1]
      if (next === undefined) return
      const { until } = row
      const { from } = next.row
      if (until === undefined || from === undefined || until >= from) {
        const problem = `${said(name, at)} and row ${next.at + 1} both hold ${from === undefined ? 'from the first day' : `on ${from}`}.`
        found.push(finding(null, problem, 'Let one end on the day before the other begins.'))
      } else if (!standsIn && dayAfter(until, 1) < from) {
        const problem = `The table ${name} has no row from ${dayAfter(until, 1)} to ${dayAfter(from, -1)}.`
        found.push(finding(null, problem, 'Correct from or until, so that the rows follow each other.'))
      }
    })
    const last = dated.at(-1)?.row.until
    if (!standsIn && last !== undefined && last < script.reviewBy) {
      const problem = `The table ${name} has no row after ${last}, and the script is read again by ${script.reviewBy}.`
      found.push(
        finding(null, problem, `Add a row from ${dayAfter(last, 1)} on, or set reviewBy to ${last}.`),
      )
    }
  }
  return found
}
