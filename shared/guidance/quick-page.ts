import type { ScriptRun } from '../contract/draft.ts'
import type { AppError } from '../kernel/app-error.ts'
import { appError } from '../kernel/app-error.ts'
import type { CompiledScript, CompiledStep } from './compile.ts'
import { evaluateFeel } from './feel.ts'
import type { ScriptDocument } from './format.ts'
import { readAnswer } from './inputs.ts'
import { panelOf } from './panel.ts'
import { answerStep, panelMakerOf } from './run.ts'
import { type RunState, valueOnWay } from './state.ts'
import type { AskStepView, GuidanceContext, PlainStepView, StepInput, StepView } from './view.ts'

/*
 * An adviser who knows the script answers a run of questions at once. A page goes as far as the way is certain
 * without its own answers; what is said in between in the adviser's own words is on it too. It never passes an
 * identity check, words that carry a duty, or a step at which something is to be done:
 *
 *   ask ─▶ inform ─▶ ask ─▶ ask (its answer decides the way) │ the rest
 *   ask ─▶ ask │ verify, pay, transfer …, words to be read out word for word, words that repeat an answer of the page
 */

/** Steps that can be answered together, the current one first: at least two, and a question among them. */
export interface QuickPage {
  readonly steps: readonly QuickStepView[]
}

export type QuickStepView = AskStepView | PlainStepView

/** Null when the current step stands alone. */
export function quickPage(
  script: ScriptDocument,
  run: ScriptRun,
  context: GuidanceContext,
): QuickPage | null {
  const maker = panelMakerOf(script, run, context)
  const { current } = maker.state
  if (current === null || standsAlone(current)) return null
  const page = [current, ...certainSteps(maker.compiled, maker.state, current)]
  const views = page.map((step) => panelOf(maker, step).step).filter(isQuickStep)
  const closed = views.findIndex(({ withheld }) => withheld)
  const open = closed === -1 ? views : views.slice(0, closed)
  // What is said after the last question may wait: its answer may lead elsewhere.
  const steps = open.slice(0, open.findLastIndex(({ kind }) => kind === 'ask') + 1)
  return steps.length < 2 ? null : { steps }
}

/** Answers given to a page, by step id. */
export type PageInputs = Readonly<Record<string, StepInput>>

export type PageAnswer =
  | { readonly ok: true; readonly run: ScriptRun }
  /** Nothing was answered: what is wrong, by step id. Codes are `guidance/…` of wording.ts. */
  | { readonly ok: false; readonly errors: Readonly<Record<string, AppError>> }

/** Answers every question of the page as if one by one, or none of them when one cannot be read. */
export function answerPage(
  script: ScriptDocument,
  run: ScriptRun,
  inputs: PageInputs,
  atIso: string,
  context: GuidanceContext,
): PageAnswer {
  const page = quickPage(script, run, context)
  const steps = page?.steps ?? []
  const errors: Record<string, AppError> = {}
  for (const { stepId } of steps) {
    const step = script.steps[stepId]
    const read = step?.kind === 'ask' ? readAnswer(step, inputs[stepId], context.today) : null
    if (read?.ok === false) errors[stepId] = appError(read.code, 'now')
  }
  if (Object.keys(errors).length > 0) return { ok: false, errors }
  let answered = run
  for (const { stepId } of steps) {
    const input = script.steps[stepId]?.kind === 'ask' ? inputs[stepId] : ({ kind: 'continue' } as const)
    if (input === undefined) break
    const result = answerStep(script, answered, stepId, input, atIso, context)
    // The way turned, such as to an identity check that has just run out: the rest of the page is asked there.
    if (!result.ok) break
    answered = result.value
  }
  return { ok: true, run: answered }
}

/** Steps after the first that are sure to come, whatever is answered before them on the page. */
function certainSteps(
  compiled: CompiledScript,
  state: RunState,
  first: CompiledStep,
): readonly CompiledStep[] {
  const found: CompiledStep[] = []
  const open = new Set([first.id])
  for (let next = certainNext(compiled, state, first, open); next !== null; ) {
    if (standsAlone(next) || next.derive !== null || quotesAnswers(compiled, next)) break
    if (open.has(next.id) || state.waiting.has(next.id)) break
    found.push(next)
    open.add(next.id)
    next = certainNext(compiled, state, next, open)
  }
  return found
}

/** Where a step leads whatever the questions that are open are answered; null when that depends on them. */
function certainNext(
  compiled: CompiledScript,
  state: RunState,
  { routes, go }: CompiledStep,
  open: ReadonlySet<string>,
): CompiledStep | null {
  const targets = new Set<string>()
  const answer = (name: string) => valueOnWay(compiled, state, name)
  for (const route of routes) {
    // A condition of the clock may change until the page is answered.
    const known = route.when !== null && !route.when.names.some((name) => open.has(name))
    if (!known || route.when.usesClock) targets.add(route.go)
    else if (evaluateFeel(route.when, { answer, fact: () => null, nowIso: '' }) === true) {
      targets.add(route.go)
      return only(compiled, targets)
    }
  }
  if (go !== null) targets.add(go)
  return only(compiled, targets)
}

function only(compiled: CompiledScript, targets: ReadonlySet<string>): CompiledStep | null {
  const [target] = targets
  return target === undefined || targets.size > 1 ? null : (compiled.steps.get(target) ?? null)
}

function quotesAnswers({ script }: CompiledScript, { id }: CompiledStep): boolean {
  const { say, why, options } = script.wording.en[id] ?? {}
  return /\{(answers|tables)\./.test([say, why, ...Object.values(options ?? {})].join('\n'))
}

const quickKinds: readonly string[] = ['ask', 'say', 'inform']

/** Words that carry a duty are read out on a step of their own. */
function standsAlone({ step }: CompiledStep): boolean {
  return step.verbatim === true || step.before !== undefined || !quickKinds.includes(step.kind)
}

const isQuickStep = (view: StepView): view is QuickStepView => quickKinds.includes(view.kind)
