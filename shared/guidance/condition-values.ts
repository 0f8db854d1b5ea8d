import type { FieldValue } from '../contract/rest.ts'
import { evaluateFeel, type FeelExpression } from './feel.ts'
import { children, type FeelNode } from './feel-tree.ts'
import type { AskStep, FlatStep, ScriptDocument } from './format.ts'
import { noneOption, optionValues } from './inputs.ts'

/*
 * What conditions can mean, by trying them: every value that an answer can have, or for numbers every value around
 * the ones that are written. Where that would not be the whole truth (dates, free text, sums, facts) nothing is said.
 */

/** Values of the answers that some conditions use, one for each way they can stand together. */
export type Situation = ReadonlyMap<string, FieldValue>

const mostSituations = 600

/** Every situation of these conditions; null when they cannot all be tried. `mayBeMissing`: was perhaps never asked. */
export function situationsOf(
  script: ScriptDocument,
  expressions: readonly FeelExpression[],
  mayBeMissing: (name: string) => boolean,
): readonly Situation[] | null {
  if (!expressions.every(isPlain)) return null
  let situations: readonly Situation[] = [new Map()]
  for (const name of new Set(expressions.flatMap(({ names }) => names))) {
    const values = valuesOf(script.steps[name], name, expressions)
    if (values === null) return null
    const all = mayBeMissing(name) ? [...values, null] : values
    if (situations.length * all.length > mostSituations) return null
    situations = situations.flatMap((situation) => all.map((value) => new Map(situation).set(name, value)))
  }
  return situations
}

export function holdsIn(expression: FeelExpression, situation: Situation): boolean {
  const answer = (name: string) => situation.get(name) ?? null
  return evaluateFeel(expression, { answer, fact: () => null, nowIso: '2026-11-03T10:00:00Z' }) === true
}

/** Only comparisons of one answer with what is written, joined by and, or, not. */
function isPlain({ tree, facts, tables, usesClock, text }: FeelExpression): boolean {
  if (facts.length + tables.length > 0 || usesClock) return false
  const plain = (node: FeelNode): boolean => {
    const inner = children(node)
    if (['ArithmeticExpression', 'PathExpression', 'DateTimeLiteral', 'IfExpression'].includes(node.name)) {
      return false
    }
    if (node.name === 'FunctionInvocation') {
      const [called] = inner
      const name = called === undefined ? '' : text.slice(called.from, called.to)
      if (!['not', 'list contains'].includes(name)) return false
    }
    if (node.name === 'Comparison' && inner.filter((child) => child.name === 'VariableName').length > 1) {
      return false
    }
    return inner.every(plain)
  }
  return plain(tree)
}

function valuesOf(
  step: FlatStep | undefined,
  name: string,
  expressions: readonly FeelExpression[],
): readonly FieldValue[] | null {
  if (step?.kind === 'verify') return ['none', ...step.levels.map(({ level }) => level)]
  if (step?.kind !== 'ask') return null
  const literals = new Set(
    expressions
      .flatMap(({ comparisons }) => comparisons)
      .filter((each) => each.name === name)
      .map(({ literal }) => literal),
  )
  const values = answersOf(step, literals)
  return values !== null && step.optional === true ? [...values, ''] : values
}

function answersOf(
  step: AskStep,
  literals: ReadonlySet<string | number | boolean>,
): readonly FieldValue[] | null {
  switch (step.input) {
    case 'choice':
    case 'yesNo':
      return optionValues(step)
    case 'several':
      return listsOf(optionValues(step), literals)
    case 'number':
    case 'money':
      return numbersOf(step, literals)
    case 'date':
      return null
    default:
      return ['some text', ...literals].map(String)
  }
}

/** Lists of the options that are written, with one that is not standing for all others. */
function listsOf(
  options: readonly string[],
  literals: ReadonlySet<string | number | boolean>,
): readonly FieldValue[] | null {
  const written = options.filter((option) => literals.has(option) && option !== noneOption)
  const other = options.find((option) => !literals.has(option) && option !== noneOption)
  const counted = other === undefined ? written : [...written, other]
  if (counted.length > 6) return null
  let lists: string[][] = [[]]
  for (const option of counted) lists = lists.flatMap((list) => [list, [...list, option]])
  const chosen = lists.filter((list) => list.length > 0)
  return options.includes(noneOption) ? [...chosen, [noneOption]] : chosen
}

function numbersOf(
  { min, max, input }: AskStep,
  literals: ReadonlySet<string | number | boolean>,
): readonly FieldValue[] {
  const near = [...literals].flatMap((literal) => {
    const value = Number(literal)
    return Number.isFinite(value) ? [value - 1, value - 0.01, value, value + 0.01, value + 1] : []
  })
  const least = min ?? (input === 'money' ? 0 : Number.NEGATIVE_INFINITY)
  const most = max ?? Number.POSITIVE_INFINITY
  const ends = [min, max].filter((value) => value !== undefined)
  const inside = [...ends, ...near].filter((value) => value >= least && value <= most)
  return [...new Set(inside.length === 0 ? [least === Number.NEGATIVE_INFINITY ? 0 : least] : inside)]
}
