import { namesOfAnswers } from './compile.ts'
import { type FeelExpression, type FeelProblem, feelWarnings, parseFeel } from './feel.ts'
import { type FeelKind, type FeelType, typeOf, typesOf } from './feel-types.ts'
import { type Finding, finding, findingAt } from './finding.ts'
import type { AskStep, DecisionTable, FlatStep, ScriptDocument } from './format.ts'
import { reachableFrom, type ScriptGraph } from './graph.ts'
import { optionValues } from './inputs.ts'

/** Every condition can be read, uses answers that come before it, and compares them with values they can have. */
export function checkConditions(script: ScriptDocument, graph: ScriptGraph): readonly Finding[] {
  const names = namesOfAnswers(script.steps)
  const comesBefore = new Map<string, ReadonlySet<string>>()
  const before = (earlier: string, later: string) => {
    const after = comesBefore.get(earlier) ?? reachableFrom(graph, earlier)
    comesBefore.set(earlier, after)
    return after.has(later)
  }
  return Object.entries(script.steps).flatMap(([id, step]) =>
    conditionsOf(step).flatMap(({ text, derives, at }) => {
      const placed = findingAt('steps', id, ...at)
      const parsed = parseFeel(text, names)
      if (!parsed.ok) return parsed.problems.map((problem) => placed(unreadable(id, text, problem, names)))
      const late = parsed.value.names.filter((name) => !before(name, id) || (derives && name === id))
      return [
        ...late.map((name) =>
          finding(
            id,
            `"${text}" uses ${name}, which is only asked later.`,
            `Ask ${name} before this step, or use another answer.`,
          ),
        ),
        ...unknownTables(script, id, text, parsed.value),
        ...(parsed.value.facts.length + parsed.value.tables.length > 0 && !derives
          ? [
              finding(
                id,
                `"${text}" uses council facts or a table, which may change during a call.`,
                'Put it into the derive of a question, and let the condition use that answer.',
              ),
            ]
          : []),
        ...mistyped(script, id, parsed.value, derives ? derivable(step) : ['boolean']),
      ].map(placed)
    }),
  )
}

/** Kinds that a worked-out answer of the question may have: text is read as if it had been typed. */
function derivable(step: FlatStep): readonly FeelKind[] {
  if (step.kind !== 'ask') return []
  switch (step.input) {
    case 'yesNo':
      return ['boolean', 'text']
    case 'number':
    case 'money':
      return ['number', 'text']
    case 'several':
      return ['list', 'text']
    default:
      return ['text']
  }
}

function unknownTables(
  script: ScriptDocument,
  id: string,
  text: string,
  { tables }: FeelExpression,
): readonly Finding[] {
  return tables
    .filter((name) => !Object.hasOwn(script.tables ?? {}, name))
    .map((name) =>
      finding(
        id,
        `"${text}" uses the table ${name}, which the script does not have.`,
        `Add ${name} under tables.`,
      ),
    )
}

interface Condition {
  readonly text: string
  readonly derives: boolean
  /** Where it stands in its step. */
  readonly at: readonly (string | number)[]
}

function conditionsOf(step: FlatStep): readonly Condition[] {
  const routes = 'routes' in step ? (step.routes ?? []) : []
  const derive =
    step.kind === 'ask' && step.derive !== undefined
      ? [{ text: step.derive, derives: true, at: ['derive'] }]
      : []
  return [
    ...routes.map(({ when }, at) => ({ text: when, derives: false, at: ['routes', at, 'when'] })),
    ...derive,
  ]
}

export function unreadable(
  id: string | null,
  text: string,
  problem: FeelProblem,
  names: ReadonlySet<string>,
): Finding {
  const said = `"${text}"`
  switch (problem.code) {
    case 'unknown-name': {
      const near = nearest(problem.text, names)
      return finding(
        id,
        `${said} uses ${problem.text}, which is not a question of this script.`,
        near === null
          ? 'Use the id of an earlier question. Text stands in double quotes.'
          : `Did you mean ${near}?`,
      )
    }
    case 'unknown-function':
      return finding(
        id,
        `${said} uses ${problem.text}(), which scripts do not have.`,
        'Use comparisons, and, or, not(), list contains(), today(), now() or clock().',
      )
    case 'not-allowed':
      return finding(
        id,
        `${said} uses "${problem.text}", which is not allowed in scripts.`,
        'Use comparisons with answers only. Lists, ranges, loops and functions of your own are not allowed.',
      )
    case 'too-long':
      return finding(id, 'A condition is longer than 500 characters.', 'Split it over several routes.')
    case 'syntax':
      return finding(
        id,
        `${said} cannot be read.`,
        'Write it like: which-bin = "food" and not(whole-street = "yes").',
      )
  }
}

/** The name one or two slips of the finger away. */
function nearest(word: string, names: ReadonlySet<string>): string | null {
  const near = [...names]
    .map((name) => ({ name, slips: slipsBetween(word, name) }))
    .sort((a, b) => a.slips - b.slips)
  const best = near[0]
  return best !== undefined && best.slips <= 2 ? best.name : null
}

function slipsBetween(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i]
    for (let j = 1; j <= b.length; j += 1) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, swap))
    }
    row = next
  }
  return row[b.length] ?? 0
}

const levels = ['none', 'standard', 'enhanced']

/** Values that do not go together, or a result of another kind than is wanted, each with its place. */
export function mistyped(
  script: ScriptDocument,
  id: string | null,
  expression: FeelExpression,
  wanted: readonly FeelKind[],
): readonly Finding[] {
  const { text } = expression
  const never = unlikely(script, id, text, expression)
  if (never.length > 0) return never
  const { type, problems } = typesOf(expression, {
    answer: (name) => typeOfAnswer(script.steps[name]),
    table: (name) => typeOfTable(script.tables?.[name]),
  })
  if (problems.length > 0) {
    return problems.map(({ problem, fix, from }) =>
      finding(id, `${problem}, at character ${from + 1} of "${text}".`, fix),
    )
  }
  if (type.kind !== 'anything' && !wanted.includes(type.kind)) {
    return [
      wanted.includes('boolean') && wanted.length === 1
        ? finding(id, `"${text}" is not true or false.`, 'Write a comparison, such as which-bin = "food".')
        : finding(id, `"${text}" gives no answer to the question.`, `Let it give ${wanted.join(' or ')}.`),
    ]
  }
  return warned(script, id, expression)
}

/** What feelin notes when it evaluates the expression with answers as they could be given. */
function warned(script: ScriptDocument, id: string | null, expression: FeelExpression): readonly Finding[] {
  // What a fact or a table says is not known here, so that a text in the wrong form is no mistake of the script.
  if (expression.facts.length + expression.tables.length > 0) return []
  const answers = expression.names.map((name) => sampleOf(script.steps[name]))
  const warnings = feelWarnings(expression, answers, '2026-11-03T10:00:00Z')
  return warnings.map(({ message, from, to }) =>
    finding(
      id,
      `"${expression.text.slice(from, to)}" does not work, at character ${from + 1} of "${expression.text}": ${message}.`,
      'Compare values of one kind: text in double quotes, numbers without, dates as date("2026-11-03").',
    ),
  )
}

function sampleOf(step: FlatStep | undefined): string | number | string[] {
  if (step?.kind !== 'ask') return 'none'
  if (step.input === 'number' || step.input === 'money') return step.min ?? 1
  if (step.input === 'date') return '2026-11-02'
  const [option] = optionValues(step)
  return step.input === 'several' ? [option ?? ''] : (option ?? 'text')
}

function typeOfAnswer(step: FlatStep | undefined): FeelType {
  if (step?.kind === 'verify') return typeOf('text', levels)
  if (step?.kind !== 'ask') return typeOf('anything')
  if (step.input === 'number' || step.input === 'money') return typeOf('number')
  if (step.input === 'date') return typeOf('date')
  if (step.input === 'several') return typeOf('list', optionValues(step))
  return typeOf('text', hasOptions(step) ? optionValues(step) : null)
}

/** Text in two languages is compared in English. */
function typeOfTable(table: DecisionTable | undefined): FeelType {
  const values = table === undefined ? [] : [...table.rows.map(({ gives }) => gives), table.otherwise]
  const numbers = values.filter((value) => typeof value === 'number').length
  if (values.length === 0 || (numbers > 0 && numbers < values.length)) return typeOf('anything')
  return typeOf(numbers > 0 ? 'number' : 'text')
}

/** Comparisons that can never hold: an option that does not exist, or a value of another kind. */
export function unlikely(
  script: ScriptDocument,
  id: string | null,
  text: string,
  expression: FeelExpression,
): readonly Finding[] {
  return expression.comparisons.flatMap(({ name, operator, literal }) => {
    const step = script.steps[name]
    const possible =
      step?.kind === 'verify' ? levels : step?.kind === 'ask' && hasOptions(step) ? optionValues(step) : null
    if (possible !== null && (typeof literal !== 'string' || !possible.includes(literal))) {
      return [
        finding(
          id,
          `"${text}" compares ${name} with ${JSON.stringify(literal)}, which it can never be.`,
          `Use one of: ${possible.join(', ')}.`,
        ),
      ]
    }
    if (step?.kind !== 'ask') return []
    if (typedFreely.includes(step.input) && ['=', '!=', 'in'].includes(operator)) {
      return [
        finding(
          id,
          `"${text}" compares ${name}, which is typed freely, with ${JSON.stringify(literal)}.`,
          'Nobody types it exactly so: make the question a choice.',
        ),
      ]
    }
    if (step.input === 'several' && operator !== 'list contains') {
      return [
        finding(
          id,
          `"${text}" compares ${name}, which has several answers.`,
          `Write list contains(${name}, ${JSON.stringify(literal)}).`,
        ),
      ]
    }
    if (['number', 'money'].includes(step.input) && typeof literal !== 'number') {
      return [
        finding(id, `"${text}" compares ${name}, a number, with text.`, 'Write the number without quotes.'),
      ]
    }
    if (step.input === 'date') {
      return [
        finding(
          id,
          `"${text}" compares ${name}, a date, with ${JSON.stringify(literal)}.`,
          'Write date("2026-11-03") or today().',
        ),
      ]
    }
    return []
  })
}

const typedFreely: readonly string[] = ['text', 'address', 'phone', 'email', 'postcode']

function hasOptions(step: AskStep): boolean {
  return ['choice', 'several', 'yesNo'].includes(step.input)
}
