import { parseDate, parseTime } from 'feelin'
import type { FeelExpression } from './feel.ts'
import { children, type FeelNode } from './feel-tree.ts'

/*
 * Types of the subset of FEEL that scripts use, worked out over the parse tree. FEEL itself has no types before it
 * runs: a comparison of a number with a text is null there, and the route is silently never taken.
 */

export type FeelKind =
  | 'text'
  | 'number'
  | 'boolean'
  | 'date'
  | 'time'
  | 'moment'
  | 'duration'
  | 'list'
  | 'nothing'
  | 'anything'

export interface FeelType {
  readonly kind: FeelKind
  /** Values a text can have, or the items of a list; null when it can be any. */
  readonly values: readonly string[] | null
}

export interface FeelNames {
  readonly answer: (name: string) => FeelType
  readonly table: (name: string) => FeelType
}

/** `from` and `to` are places in the expression, from 0. */
export interface FeelTypeProblem {
  readonly problem: string
  readonly fix: string
  readonly from: number
  readonly to: number
}

export interface FeelTyping {
  readonly type: FeelType
  readonly problems: readonly FeelTypeProblem[]
}

export const typeOf = (kind: FeelKind, values: readonly string[] | null = null): FeelType => ({
  kind,
  values,
})

const kindWords: Readonly<Record<FeelKind, string>> = {
  text: 'a text',
  number: 'a number',
  boolean: 'true or false',
  date: 'a date',
  time: 'a time of day',
  moment: 'a date and time',
  duration: 'a length of time',
  list: 'several answers',
  nothing: 'nothing',
  anything: 'anything',
}

const ordered: readonly FeelKind[] = ['number', 'date', 'time', 'moment', 'duration']

interface Signature {
  readonly takes: readonly (readonly FeelKind[])[]
  readonly gives: FeelKind
}

const functions: Readonly<Record<string, Signature>> = {
  not: { takes: [['boolean']], gives: 'boolean' },
  contains: { takes: [['text'], ['text']], gives: 'boolean' },
  'starts with': { takes: [['text'], ['text']], gives: 'boolean' },
  'ends with': { takes: [['text'], ['text']], gives: 'boolean' },
  'lower case': { takes: [['text']], gives: 'text' },
  'string length': { takes: [['text']], gives: 'number' },
  'list contains': { takes: [['list'], ['text']], gives: 'boolean' },
  count: { takes: [['list']], gives: 'number' },
  number: { takes: [['text']], gives: 'number' },
  date: { takes: [['text', 'moment']], gives: 'date' },
  time: { takes: [['text', 'moment']], gives: 'time' },
  duration: { takes: [['text']], gives: 'duration' },
  today: { takes: [], gives: 'date' },
  now: { takes: [], gives: 'moment' },
  clock: { takes: [['text']], gives: 'time' },
}

const paths: Readonly<Record<string, readonly FeelKind[]>> = {
  year: ['date', 'moment'],
  month: ['date', 'moment'],
  day: ['date', 'moment'],
  weekday: ['date', 'moment'],
  hour: ['time', 'moment'],
  minute: ['time', 'moment'],
  days: ['duration'],
  hours: ['duration'],
  minutes: ['duration'],
}

/** What the expression gives, and what in it cannot go together. */
export function typesOf(expression: FeelExpression, names: FeelNames): FeelTyping {
  const problems: FeelTypeProblem[] = []
  const of = (node: FeelNode) => expression.text.slice(node.from, node.to)
  const wrong = (node: FeelNode, problem: string, fix: string) => {
    problems.push({ problem, fix, from: node.from, to: node.to })
    return typeOf('anything')
  }
  const fits = ({ kind }: FeelType, wanted: readonly FeelKind[]) =>
    kind === 'anything' || kind === 'nothing' || wanted.includes(kind)
  const needs = (node: FeelNode, wanted: readonly FeelKind[], fix: string): FeelType => {
    const type = typed(node)
    if (fits(type, wanted)) return type
    const words = wanted.map((kind) => kindWords[kind]).join(' or ')
    return wrong(node, `"${of(node)}" is ${kindWords[type.kind]}, and ${words} is needed there`, fix)
  }

  const equal = (whole: FeelNode, left: FeelNode, right: FeelNode) => {
    const [a, b] = [typed(left), typed(right)]
    if (a.kind === 'list' || b.kind === 'list') {
      wrong(
        whole,
        `"${of(whole)}" compares several answers at once`,
        'Write list contains(question, "value").',
      )
    } else if (!fits(a, [b.kind]) && !fits(b, [a.kind])) {
      wrong(
        whole,
        `"${of(whole)}" compares ${kindWords[a.kind]} with ${kindWords[b.kind]}, which are never the same`,
        kindFix(a, b),
      )
    } else if (
      a.values !== null &&
      b.values !== null &&
      !a.values.some((value) => b.values?.includes(value))
    ) {
      wrong(
        whole,
        `"${of(whole)}" compares values that are never the same`,
        `Use one of: ${(left.name === 'StringLiteral' ? b : a).values?.join(', ')}.`,
      )
    }
  }

  const inOrder = (whole: FeelNode, nodes: readonly FeelNode[]) => {
    const types = nodes.map((node) =>
      needs(node, ordered, 'Only numbers, dates, times and lengths of time have an order.'),
    )
    const known = types.filter(({ kind }) => kind !== 'anything' && kind !== 'nothing')
    const [first] = known
    const other = known.find(({ kind }) => kind !== first?.kind)
    if (first === undefined || other === undefined) return
    wrong(
      whole,
      `"${of(whole)}" compares ${kindWords[first.kind]} with ${kindWords[other.kind]}`,
      kindFix(first, other),
    )
  }

  const comparison = (node: FeelNode): FeelType => {
    const parts = children(node).filter(({ name }) => name !== 'and')
    const [left, operator, ...rest] = parts
    const right = rest[0]
    if (left === undefined || operator === undefined || right === undefined) return typeOf('boolean')
    if (operator.name === 'between') inOrder(node, [left, ...rest])
    else if (operator.name === 'in') for (const test of tests(rest)) equal(node, left, test)
    else if (of(operator) === '=' || of(operator) === '!=') equal(node, left, right)
    else inOrder(node, [left, right])
    return typeOf('boolean')
  }

  const arithmetic = (node: FeelNode): FeelType => {
    const parts = children(node)
    const sign = parts.find(({ name }) => name === 'ArithOp')
    const [left, right] = parts.filter(({ name }) => name !== 'ArithOp')
    if (left === undefined || sign === undefined) return typeOf('anything')
    if (right === undefined) return needs(left, ['number', 'duration'], 'Only a number can be negative.')
    const [a, b] = [typed(left), typed(right)]
    if (a.kind === 'anything' || b.kind === 'anything') return typeOf('anything')
    const kind = sums[`${a.kind} ${of(sign)} ${b.kind}`]
    return kind !== undefined
      ? typeOf(kind)
      : wrong(
          node,
          `"${of(node)}" cannot be worked out with ${kindWords[a.kind]} and ${kindWords[b.kind]}`,
          kindFix(a, b),
        )
  }

  const call = (node: FeelNode, name: string, given: readonly FeelNode[]): FeelType => {
    const signature = functions[name]
    if (signature === undefined) return typeOf('anything')
    const { takes, gives } = signature
    if (given.length !== takes.length) {
      const count = takes.length === 1 ? '1 value' : `${takes.length} values`
      return wrong(
        node,
        `${name}() takes ${count} and is given ${given.length}`,
        'Correct what is in the brackets.',
      )
    }
    given.forEach((argument, at) => {
      needs(argument, takes[at] ?? [], callFix(name))
    })
    const [list, item] = given
    if (name === 'list contains' && list !== undefined && item !== undefined) {
      const [known, wanted] = [typed(list).values, typed(item).values]
      if (known !== null && wanted !== null && !wanted.some((value) => known.includes(value))) {
        wrong(node, `"${of(node)}" can never hold`, `Use one of: ${known.join(', ')}.`)
      }
    }
    const [literal] = given
    if (literal?.name === 'StringLiteral' && !readable(name, of(literal).slice(1, -1))) {
      wrong(node, `"${of(node)}" is not ${kindWords[gives]}`, callFix(name))
    }
    return typeOf(gives)
  }

  const path = (node: FeelNode): FeelType => {
    const [owner] = children(node)
    const name = of(children(node).find((child) => child.name === 'PathName') ?? node)
    if (owner === undefined) return typeOf('anything')
    if (of(owner) === 'council') return typeOf('text')
    if (of(owner) === 'tables') return names.table(name)
    needs(owner, paths[name] ?? [], `.${name} goes with dates, times or lengths of time.`)
    return typeOf('number')
  }

  const typed = (node: FeelNode): FeelType => {
    const inner = children(node)
    switch (node.name) {
      case 'Comparison':
        return comparison(node)
      case 'Conjunction':
      case 'Disjunction':
        for (const part of inner.filter(({ name }) => name !== 'and' && name !== 'or')) {
          needs(part, ['boolean'], 'Write a comparison on both sides of and, and of or.')
        }
        return typeOf('boolean')
      case 'ArithmeticExpression':
        return arithmetic(node)
      case 'FunctionInvocation':
      case 'DateTimeLiteral':
        return called(node, inner)
      case 'PathExpression':
        return path(node)
      case 'VariableName':
        return names.answer(of(node))
      case 'StringLiteral':
        return typeOf('text', [of(node).slice(1, -1)])
      case 'NumericLiteral':
        return typeOf('number')
      case 'BooleanLiteral':
        return typeOf('boolean')
      case 'null':
        return typeOf('nothing')
      case 'IfExpression':
        return choice(inner.filter(({ name }) => !['if', 'then', 'else'].includes(name)))
      default: {
        const only = inner.filter(({ name }) => name !== '(' && name !== ')')
        return only.length === 1 && only[0] !== undefined ? typed(only[0]) : typeOf('anything')
      }
    }
  }

  const called = (node: FeelNode, inner: readonly FeelNode[]): FeelType => {
    const at = inner.find(({ name }) => name === 'AtLiteral')
    if (at !== undefined) return typeOf('anything')
    const name = of(inner[0] ?? node).replace(/\s+/g, ' ')
    const given = children(inner.find((part) => part.name === 'PositionalParameters') ?? node)
    return call(node, name, inner.some((part) => part.name === 'PositionalParameters') ? given : [])
  }

  const choice = ([condition, first, second]: readonly FeelNode[]): FeelType => {
    if (condition === undefined || first === undefined || second === undefined) return typeOf('anything')
    needs(condition, ['boolean'], 'Write a comparison after if.')
    const [a, b] = [typed(first), typed(second)]
    if (a.kind !== b.kind) return typeOf('anything')
    return typeOf(a.kind, a.values === null || b.values === null ? null : [...a.values, ...b.values])
  }

  const type = typed(expression.tree)
  return { type, problems: unique(problems) }
}

/** The values a question is held against by `in`: one, or several in brackets. */
function tests(nodes: readonly FeelNode[]): readonly FeelNode[] {
  return nodes.flatMap((node) => {
    if (node.name === '(' || node.name === ')') return []
    return /UnaryTest/.test(node.name) ? tests(children(node)) : [node]
  })
}

const sums: Readonly<Record<string, FeelKind>> = {
  'number + number': 'number',
  'number - number': 'number',
  'number * number': 'number',
  'number / number': 'number',
  'text + text': 'text',
  'date - date': 'duration',
  'moment - moment': 'duration',
  'time - time': 'duration',
  'date + duration': 'date',
  'date - duration': 'date',
  'moment + duration': 'moment',
  'moment - duration': 'moment',
  'time + duration': 'time',
  'time - duration': 'time',
  'duration + duration': 'duration',
  'duration - duration': 'duration',
  'duration * number': 'duration',
  'duration / number': 'duration',
}

function kindFix(a: FeelType, b: FeelType): string {
  const kinds = [a.kind, b.kind]
  if (kinds.includes('text') && kinds.includes('number')) {
    return 'Write a number without quotes; a fact or a text becomes one by number(council.name).'
  }
  if (kinds.includes('date')) return 'Write a date as date("2026-11-03"), or use today().'
  if (kinds.includes('time')) return 'Write a time as clock("4pm"), and now as time(now()).'
  if (kinds.includes('duration')) return 'Write days as (today() - question).days, which is a number.'
  return 'Compare values of one kind.'
}

function callFix(name: string): string {
  if (name === 'list contains' || name === 'count') return 'Use a question that takes several answers.'
  if (name === 'date') return 'Write a day that there is, as date("2026-11-03").'
  if (name === 'time') return 'Write time(now()), or time("16:00:00").'
  if (name === 'clock') return 'Write a time in words, as clock("4pm") or clock(council.roundsFinishBy).'
  if (name === 'duration') return 'Write duration("P3D") for three days.'
  if (name === 'not') return 'Write not(question = "value").'
  return 'Use a text.'
}

function readable(name: string, literal: string): boolean {
  if (name === 'date') return parseDate(literal) !== null
  if (name === 'time') return parseTime(literal) !== null
  if (name === 'number') return Number.isFinite(Number(literal)) && literal.trim() !== ''
  return name !== 'duration' || /^-?P(?=.)(\d+Y)?(\d+M)?(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+S)?)?$/.test(literal)
}

/** One mistake is said once, at the smallest place that holds it. */
function unique(problems: readonly FeelTypeProblem[]): readonly FeelTypeProblem[] {
  return problems.filter((each, at) => problems.findIndex(({ problem }) => problem === each.problem) === at)
}
