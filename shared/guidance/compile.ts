import { type FeelExpression, parseFeel } from './feel.ts'
import type { FlatStep, Route, ScriptDocument } from './format.ts'
import type { Level } from './level.ts'
import { neededLevel } from './needed-level.ts'
import { type CompiledTable, compileTable } from './tables.ts'

/** A step with its conditions parsed. */
export interface CompiledStep {
  readonly id: string
  /** Place in the document, for values kept by place. */
  readonly place: number
  readonly step: FlatStep
  readonly routes: readonly { readonly when: FeelExpression | null; readonly go: string }[]
  /** Where the step leads when no condition holds; null after an outcome. For verify, after a passed check. */
  readonly go: string | null
  /** For verify, after a check that was declined or failed. */
  readonly failed: string | null
  readonly derive: FeelExpression | null
  /** The wording quotes answers, so it has to be said again when they change. */
  readonly quotesAnswers: boolean
  /** Identity level that what it opens needs. */
  readonly needs: Level
}

export interface CompiledScript {
  readonly script: ScriptDocument
  readonly steps: ReadonlyMap<string, CompiledStep>
  readonly tables: ReadonlyMap<string, CompiledTable>
  /** Steps an adviser still meets from this step on to an outcome, itself counted, by the default routes. */
  readonly stepsLeft: (stepId: string) => number
}

const compiled = new WeakMap<ScriptDocument, CompiledScript>()

/** Once for each document; the document must not change afterwards. */
export function compileScript(script: ScriptDocument): CompiledScript {
  const known = compiled.get(script)
  if (known !== undefined) return known
  const steps = new Map<string, CompiledStep>()
  const answerNames = namesOfAnswers(script.steps)
  Object.entries(script.steps).forEach(([id, step], place) => {
    steps.set(id, compileStep(script, id, place, step, answerNames))
  })
  const tables = new Map(
    Object.entries(script.tables ?? {}).map(([name, table]) => [
      name,
      compileTable(table, (text) => readable(text, answerNames)),
    ]),
  )
  const made: CompiledScript = { script, steps, tables, stepsLeft: measure(steps) }
  compiled.set(script, made)
  return made
}

/** Step ids that a condition may use: questions by their answer, identity checks by the level they reached. */
export function namesOfAnswers(
  steps: Readonly<Record<string, { readonly kind: string }>>,
): ReadonlySet<string> {
  return new Set(
    Object.entries(steps)
      .filter(([, step]) => step.kind === 'ask' || step.kind === 'verify')
      .map(([id]) => id),
  )
}

/** Where a step may lead, in order. */
export function targetsOf(step: FlatStep): readonly string[] {
  if (step.kind === 'outcome') return []
  if (step.kind === 'verify') return [step.passed, step.failed]
  return [...(step.routes ?? []).map((route) => route.go), step.go]
}

function readable(text: string, answerNames: ReadonlySet<string>): FeelExpression | null {
  const result = parseFeel(text, answerNames)
  return result.ok ? result.value : null
}

function compileStep(
  script: ScriptDocument,
  id: string,
  place: number,
  step: FlatStep,
  answerNames: ReadonlySet<string>,
): CompiledStep {
  const parsed = (text: string) => readable(text, answerNames)
  const routes: readonly Route[] = 'routes' in step ? (step.routes ?? []) : []
  const derive = step.kind === 'ask' && step.derive !== undefined ? parsed(step.derive) : null
  return {
    id,
    place,
    step,
    routes: routes.map((route) => ({ when: parsed(route.when), go: route.go })),
    go: step.kind === 'outcome' ? null : step.kind === 'verify' ? step.passed : step.go,
    failed: step.kind === 'verify' ? step.failed : null,
    derive,
    quotesAnswers: /\{(answers|tables)\./.test(script.wording.en[id]?.say ?? ''),
    needs: neededLevel(script, id, step),
  }
}

/** Default routes followed to the end; where they go round in a circle, the shortest way out. */
function measure(steps: ReadonlyMap<string, CompiledStep>): (stepId: string) => number {
  const byDefault = new Map<string, number>()
  const counts = (step: CompiledStep) => (step.derive === null ? 1 : 0)
  const shortest = shortestWays(steps, counts)
  for (const first of steps.keys()) {
    const way: CompiledStep[] = []
    const seen = new Set<string>()
    let at = steps.get(first)
    while (at !== undefined && !seen.has(at.id) && !byDefault.has(at.id)) {
      seen.add(at.id)
      way.push(at)
      at = at.go === null ? undefined : steps.get(at.go)
    }
    const circular = at !== undefined && seen.has(at.id)
    let left = at === undefined ? 0 : (byDefault.get(at.id) ?? 0)
    for (const step of way.reverse()) {
      left += counts(step)
      byDefault.set(step.id, circular ? (shortest.get(step.id) ?? left) : left)
    }
  }
  return (stepId) => byDefault.get(stepId) ?? 0
}

function shortestWays(
  steps: ReadonlyMap<string, CompiledStep>,
  counts: (step: CompiledStep) => number,
): ReadonlyMap<string, number> {
  const sources = new Map<string, string[]>()
  for (const { id, step } of steps.values()) {
    for (const target of targetsOf(step)) sources.set(target, [...(sources.get(target) ?? []), id])
  }
  const distances = new Map<string, number>()
  let frontier = [...steps.values()].filter(({ step }) => step.kind === 'outcome').map(({ id }) => id)
  for (const id of frontier) distances.set(id, 1)
  while (frontier.length > 0) {
    const next: string[] = []
    for (const id of frontier) {
      for (const source of sources.get(id) ?? []) {
        const step = steps.get(source)
        const distance = (distances.get(id) ?? 0) + (step === undefined ? 0 : counts(step))
        if (step === undefined || distance >= (distances.get(source) ?? Number.POSITIVE_INFINITY)) continue
        distances.set(source, distance)
        next.push(source)
      }
    }
    frontier = next
  }
  return distances
}
