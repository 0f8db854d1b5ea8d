import { evaluate, parseDate, parseDateTime, parseExpression, parseTime } from 'feelin'
import type { FieldValue } from '../contract/rest.ts'
import {
  children,
  compared,
  type FeelComparison,
  type FeelNode,
  factsName,
  isRoot,
  isRootPath,
  nameToken,
  pathName,
  tablesName,
  wholeName,
} from './feel-tree.ts'
import { dayNumber, timeOfDay, wallClock } from './time.ts'

/*
 * Conditions are a checked subset of FEEL (OMG DMN 1.5, chapter 10). The parse tree is walked against an allow-list
 * before an expression is ever evaluated: nothing in the subset loops, builds lists or ranges, or defines functions,
 * so an evaluation costs no more than its own length. See build/decisions/feel.md.
 */

export interface FeelProblem {
  readonly code: 'syntax' | 'not-allowed' | 'unknown-name' | 'unknown-function' | 'too-long'
  /** The part of the expression it is about. */
  readonly text: string
}

export interface FeelExpression {
  readonly text: string
  /** Answers it uses, by step id. */
  readonly names: readonly string[]
  /** Council facts it uses, by name. */
  readonly facts: readonly string[]
  /** Decision tables it uses, by name. */
  readonly tables: readonly string[]
  readonly usesClock: boolean
  readonly comparisons: readonly FeelComparison[]
  /** Where the names stand, so that a part's names can be given its prefix. */
  readonly places: readonly { readonly name: string; readonly from: number; readonly to: number }[]
  /** For the checks. */
  readonly tree: FeelNode
}

export type FeelParse =
  | { readonly ok: true; readonly value: FeelExpression }
  | { readonly ok: false; readonly problems: readonly FeelProblem[] }

export interface FeelScope {
  /** Value of an answer by step id; null when it was not given. */
  readonly answer: (name: string) => FieldValue
  /** Text of a council fact; null when the council has none. */
  readonly fact: (name: string) => string | null
  /** Value of a decision table for the answers so far; null when there is no such table. */
  readonly table?: (name: string) => FieldValue
  /** ISO 8601: what `now()` and `today()` mean, taken from the run and never from the machine. */
  readonly nowIso: string
}

const maxLength = 500

const allowedNodes = new Set([
  'Expression',
  'Disjunction',
  'Conjunction',
  'Comparison',
  'CompareOp',
  'ArithmeticExpression',
  'ArithOp',
  'ParenthesizedExpression',
  'FunctionInvocation',
  'PositionalParameters',
  'VariableName',
  'Identifier',
  'PathExpression',
  'PathName',
  'PositiveUnaryTests',
  'PositiveUnaryTest',
  'StringLiteral',
  'NumericLiteral',
  'BooleanLiteral',
  'DateTimeLiteral',
  'DateTimeConstructor',
  'AtLiteral',
  'IfExpression',
  'if',
  'then',
  'else',
  'and',
  'or',
  'in',
  'between',
  'null',
  'date',
  'time',
  'duration',
  '(',
  ')',
  '.',
])

/** `clock("3.30pm")` reads a fact written for people as a time of day. */
const allowedFunctions = new Set([
  'not',
  'contains',
  'starts with',
  'ends with',
  'lower case',
  'string length',
  'list contains',
  'count',
  'number',
  'date',
  'time',
  'duration',
  'today',
  'now',
  'clock',
])

const pathsOfTime = new Set(['year', 'month', 'day', 'hour', 'minute', 'weekday', 'days', 'hours', 'minutes'])

/** By text and the names in it that are known: a condition is parsed once, however many scripts and checks use it. */
const parsedBefore = new Map<string, FeelParse>()
const parsedLimit = 5000

/** Parses an expression whose names may only be those of `known`. Never throws. */
export function parseFeel(text: string, known: { has(name: string): boolean }): FeelParse {
  if (text.length > maxLength) return { ok: false, problems: [{ code: 'too-long', text: text.slice(0, 40) }] }
  const names = [...new Set(text.match(nameToken))].filter((token) => known.has(token)).sort()
  const key = `${names.join(' ')}\n${text}`
  const before = parsedBefore.get(key)
  if (before !== undefined) return before
  if (parsedBefore.size >= parsedLimit) parsedBefore.clear()
  const parse = plainParse(text, names) ?? parseNames(text, names)
  parsedBefore.set(key, parse)
  return parse
}

const plainCondition = /^([a-z][a-z0-9]*(?:-[a-z0-9]+)*) = "([^"\\\n\r]*)"$/

/** One answer against one word, as most conditions are: nothing to look for in a tree, which only the checks read. */
function plainParse(text: string, names: readonly string[]): FeelParse | null {
  const [, name = '', literal = ''] = plainCondition.exec(text) ?? []
  if (isRoot(name) || !names.includes(name)) return null
  let tree: FeelNode | null = null
  return {
    ok: true,
    value: {
      text,
      names: [name],
      facts: [],
      tables: [],
      usesClock: false,
      comparisons: [{ name, operator: '=', literal }],
      places: [{ name, from: 0, to: name.length }],
      get tree() {
        tree ??= treeOf(text, scopeOf(names))
        return tree
      },
    },
  }
}

function scopeOf(names: readonly string[]): Record<string, unknown> {
  const inScope: Record<string, unknown> = { [factsName]: {}, [tablesName]: {} }
  for (const name of names) inScope[name] = null
  return inScope
}

const treeOf = (text: string, inScope: Record<string, unknown>): FeelNode =>
  parseExpression(text, inScope, undefined).topNode

function parseNames(text: string, names: readonly string[]): FeelParse {
  const inScope = scopeOf(names)
  try {
    return read(text, inScope, treeOf(text, inScope))
  } catch {
    return { ok: false, problems: [{ code: 'syntax', text }] }
  }
}

function read(text: string, inScope: Record<string, unknown>, top: FeelNode): FeelParse {
  const problems: FeelProblem[] = []
  const names = new Set<string>()
  const facts = new Set<string>()
  const tables = new Set<string>()
  const places: { name: string; from: number; to: number }[] = []
  const comparisons: FeelComparison[] = []
  let usesClock = false
  const of = (node: FeelNode) => text.slice(node.from, node.to)

  const variable = (node: FeelNode) => {
    const name = of(node)
    const parent = node.parent
    if (parent?.name === 'FunctionInvocation' && parent.firstChild?.from === node.from) {
      const known = name.replace(/\s+/g, ' ')
      if (!allowedFunctions.has(known)) problems.push({ code: 'unknown-function', text: name })
      if (known === 'now' || known === 'today') usesClock = true
    } else if (isRoot(name)) {
      const path = parent?.name === 'PathExpression' ? pathName(parent) : null
      if (path === null) problems.push({ code: 'not-allowed', text: name })
      else (name === factsName ? facts : tables).add(of(path))
    } else if (Object.hasOwn(inScope, name)) {
      names.add(name)
      places.push({ name, from: node.from, to: node.to })
    } else {
      problems.push({ code: 'unknown-name', text: wholeName(text, node.from) })
    }
  }

  const refused = (node: FeelNode) =>
    !allowedNodes.has(node.name) ||
    (node.name === 'ArithOp' && of(node) === '**') ||
    (node.name === 'PathName' && !pathsOfTime.has(of(node)) && !isRootPath(text, node))

  const visit = (node: FeelNode) => {
    if (node.type.isError) problems.push({ code: 'syntax', text: of(node) === '' ? text : of(node) })
    else if (refused(node)) problems.push({ code: 'not-allowed', text: of(node) })
    else if (node.name === 'VariableName') variable(node)
    else {
      comparisons.push(...compared(text, node, inScope))
      for (const child of children(node)) visit(child)
    }
  }
  visit(top)
  if (top.firstChild === null) problems.push({ code: 'syntax', text })
  return problems.length > 0
    ? { ok: false, problems }
    : {
        ok: true,
        value: {
          text,
          names: [...names],
          facts: [...facts],
          tables: [...tables],
          usesClock,
          comparisons,
          places,
          tree: top,
        },
      }
}

const isoDate = /^\d{4}-\d{2}-\d{2}$/

function toFeel(value: FieldValue): unknown {
  if (value === '') return null
  if (typeof value === 'string' && isoDate.test(value) && dayNumber(value) !== null) return parseDate(value)
  return value
}

function fromFeel(value: unknown): FieldValue {
  if (typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  if (Array.isArray(value)) return value.every((item) => typeof item === 'string') ? value : null
  return null
}

/** Results by expression and by the values it used: feelin parses again on every call, at 0.1 to 0.3 ms. */
const remembered = new WeakMap<FeelExpression, Map<string, FieldValue>>()
const rememberedResults = 256

/** Most conditions hold one answer against one word: they need no interpreter. */
function plainly({ text, names, comparisons }: FeelExpression, scope: FeelScope): boolean | null {
  const [name] = names
  const [comparison] = comparisons
  if (name === undefined || names.length > 1 || comparisons.length > 1 || !comparison) return null
  const { operator, literal } = comparison
  if (operator !== '=' || typeof literal !== 'string' || text !== `${name} = "${literal}"`) return null
  const answer = scope.answer(name)
  // A day as an answer is a date in FEEL, which is no text.
  return typeof answer !== 'string' || isoDate.test(answer) || literal.includes('\\')
    ? null
    : answer === literal && answer !== ''
}

/** Value of a parsed expression; null when it cannot be worked out. Never throws. */
export function evaluateFeel(expression: FeelExpression, scope: FeelScope): FieldValue {
  const plain = plainly(expression, scope)
  if (plain !== null) return plain
  const answers = expression.names.map((name) => scope.answer(name))
  const facts = expression.facts.map((name) => scope.fact(name))
  const tables = expression.tables.map((name) => scope.table?.(name) ?? null)
  const key = JSON.stringify([answers, facts, tables, expression.usesClock ? scope.nowIso : null])
  const results = remembered.get(expression) ?? new Map<string, FieldValue>()
  remembered.set(expression, results)
  const known = results.get(key)
  if (known !== undefined) return known
  const value = run(expression, { answers, facts, tables }, scope.nowIso)
  if (results.size >= rememberedResults) results.clear()
  results.set(key, value)
  return value
}

/** What feelin itself finds wrong when the expression is evaluated with these values. */
export interface FeelWarning {
  readonly message: string
  readonly from: number
  readonly to: number
}

const warnedBefore = new WeakMap<FeelExpression, Map<string, readonly FeelWarning[]>>()

/**
 * feelin evaluates past most mistakes and notes them: for the checks, they are errors. `answers` are in the order of
 * the expression's names; facts and tables have no value.
 */
export function feelWarnings(
  expression: FeelExpression,
  answers: readonly FieldValue[],
  nowIso: string,
): readonly FeelWarning[] {
  const known = warnedBefore.get(expression) ?? new Map<string, readonly FeelWarning[]>()
  warnedBefore.set(expression, known)
  const key = JSON.stringify([answers, nowIso])
  const warnings = known.get(key) ?? warningsOf(expression, answers, nowIso)
  known.set(key, warnings)
  return warnings
}

function warningsOf(
  expression: FeelExpression,
  answers: readonly FieldValue[],
  nowIso: string,
): readonly FeelWarning[] {
  try {
    const values = valuesOf(expression, { answers, facts: [], tables: [] }, nowIso)
    return evaluate(expression.text, values).warnings.map(({ message, position }) => ({
      message,
      ...position,
    }))
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    return [{ message, from: 0, to: expression.text.length }]
  }
}

interface UsedValues {
  readonly answers: readonly FieldValue[]
  readonly facts: readonly (string | null)[]
  readonly tables: readonly FieldValue[]
}

function run(expression: FeelExpression, used: UsedValues, nowIso: string): FieldValue {
  try {
    return fromFeel(evaluate(expression.text, valuesOf(expression, used, nowIso)).value)
  } catch {
    return null
  }
}

function valuesOf(
  expression: FeelExpression,
  { answers, facts, tables }: UsedValues,
  nowIso: string,
): Record<string, unknown> {
  const values: Record<string, unknown> = {
    [factsName]: Object.fromEntries(expression.facts.map((name, index) => [name, facts[index] ?? null])),
    [tablesName]: Object.fromEntries(expression.tables.map((name, index) => [name, tables[index] ?? null])),
    clock: (words: unknown) => {
      const time = typeof words === 'string' ? timeOfDay(words) : null
      return time === null ? null : parseTime(time)
    },
  }
  expression.names.forEach((name, index) => {
    values[name] = toFeel(answers[index] ?? null)
  })
  if (expression.usesClock) {
    const wall = wallClock(nowIso)
    values.today = () => (wall === null ? null : parseDate(wall.date))
    values.now = () => (wall === null ? null : parseDateTime(`${wall.date}T${wall.time}`))
  }
  return values
}
