import { mistyped, unreadable } from './check-conditions.ts'
import { checkRows } from './check-rows.ts'
import { namesOfAnswers } from './compile.ts'
import { parseFeel } from './feel.ts'
import { type Finding, finding, findingAt } from './finding.ts'
import type { DecisionTable, FlatStep, ScriptDocument } from './format.ts'
import { alwaysPasses, type ScriptGraph } from './graph.ts'
import { piecesOf } from './placeholders.ts'

/** Every row of a decision table can be read and can hold, its dates make sense, and it is only used when decided. */
export function checkTables(script: ScriptDocument, graph: ScriptGraph): readonly Finding[] {
  const names = namesOfAnswers(script.steps)
  return Object.entries(script.tables ?? {}).flatMap(([name, table]) => [
    ...checkRows(script, name, table).map(findingAt('tables', name)),
    ...table.rows.flatMap(({ when }, at) =>
      when === undefined
        ? []
        : checkCondition(script, when, names).map(findingAt('tables', name, 'rows', at, 'when')),
    ),
    ...checkUse(script, graph, name, table, names),
  ])
}

function checkCondition(
  script: ScriptDocument,
  when: string,
  names: ReadonlySet<string>,
): readonly Finding[] {
  const parsed = parseFeel(when, names)
  if (!parsed.ok) return parsed.problems.map((problem) => unreadable(null, when, problem, names))
  const { facts, tables, usesClock } = parsed.value
  return [
    ...mistyped(script, null, parsed.value, ['boolean']),
    ...(facts.length + tables.length > 0
      ? [finding(null, `"${when}" uses facts or another table.`, 'Decide by answers, and by from and until.')]
      : []),
    ...(usesClock ? [finding(null, `"${when}" uses the clock.`, 'Use from and until of the row.')] : []),
  ]
}

/** Where a table is quoted, the answers that decide it have been given on every way. */
function checkUse(
  script: ScriptDocument,
  graph: ScriptGraph,
  name: string,
  table: DecisionTable,
  names: ReadonlySet<string>,
): readonly Finding[] {
  const users = Object.entries(script.steps).filter(([id, step]) => uses(script, id, step, name))
  if (users.length === 0) {
    return [finding(null, `The table ${name} is never used.`, `Quote it as {tables.${name}}, or remove it.`)]
  }
  const deciding = new Set(
    table.rows.flatMap(({ when }) => {
      const parsed = when === undefined ? null : parseFeel(when, names)
      return parsed?.ok === true ? parsed.value.names : []
    }),
  )
  return users.flatMap(([id]) =>
    [...deciding]
      .filter((answer) => answer === id || !alwaysPasses(graph, id, answer))
      .map((answer) =>
        finding(
          id,
          `The step quotes the table ${name}, which is decided by ${answer}, and that is not always known here.`,
          `Ask ${answer} on every path before this step.`,
        ),
      ),
  )
}

function uses(script: ScriptDocument, id: string, step: FlatStep, name: string): boolean {
  const words = JSON.stringify([script.wording.en[id] ?? {}, script.wording.cy[id] ?? {}])
  const quoted = piecesOf(words).some(
    (piece) => piece.kind === 'placeholder' && piece.scope === 'tables' && piece.name === name,
  )
  return quoted || (step.kind === 'ask' && new RegExp(`\\btables\\.${name}\\b`).test(step.derive ?? ''))
}
