import type { ScriptRun } from '../contract/draft.ts'
import type { FieldValue, IdentityCheck } from '../contract/rest.ts'
import { appError } from '../kernel/app-error.ts'
import { err, ok, type Result } from '../kernel/result.ts'
import { type CompiledScript, type CompiledStep, compileScript, targetsOf } from './compile.ts'
import { evaluateFeel } from './feel.ts'
import { type ScriptDocument, scriptDocument, type VerifyStep } from './format.ts'
import { checkTime, failuresOf, identityOf, settled, speakerOf, validTime } from './held-check.ts'
import {
  attemptsLeft,
  attemptToValue,
  levelNow,
  levelReached,
  levelsFor,
  questionsFor,
  recordSays,
} from './identity.ts'
import { readAnswer, readInput } from './inputs.ts'
import type { Level } from './level.ts'
import { migrateScript } from './migrate.ts'
import { type PanelMaker, panelOf } from './panel.ts'
import { itemsOf, placeIn } from './persistent.ts'
import { fill } from './placeholders.ts'
import { caseDraftOf, droppedSteps, noteLines, outcomeOf } from './report.ts'
import {
  checkEnded,
  droppedAnswers,
  escalated,
  type RunState,
  stateOf,
  valueOnWay,
  withRecord,
} from './state.ts'
import { chooseRow, valueIn } from './tables.ts'
import type { GuidanceContext, Mark, RunView, StepInput } from './view.ts'
import { summaryOf } from './way-summary.ts'
import type { GuidanceErrorCode } from './wording.ts'

/*
 * A run is a fold of its answers over an immutable script. Answers are only ever appended: opening a step again
 * appends a record with the value null, and the answers after it wait to be used again if the way leads to them.
 */

/** Checks the JSON of a published document. Error: `guidance/not-a-script`. */
export function loadScript(document: unknown): Result<ScriptDocument> {
  const parsed = scriptDocument.safeParse(migrateScript(document))
  if (!parsed.success) {
    const where = parsed.error.issues[0]?.path.join('.') ?? ''
    return err(appError('guidance/not-a-script', 'never', where))
  }
  const broken = brokenStep(parsed.data)
  return broken === null
    ? ok(parsed.data)
    : err(appError('guidance/not-a-script', 'never', `steps.${broken}`))
}

/** A step that leads nowhere or has a condition that cannot be read: publishing refuses it, so it was not published. */
function brokenStep(script: ScriptDocument): string | null {
  if (!Object.hasOwn(script.steps, script.start)) return script.start
  for (const { id, step, routes, derive } of compileScript(script).steps.values()) {
    const leads = targetsOf(step).every((target) => Object.hasOwn(script.steps, target))
    const unread = step.kind === 'ask' && step.derive !== undefined && derive === null
    if (!leads || unread || routes.some(({ when }) => when === null)) return id
  }
  return null
}

/** A run with no answers. `startedAtIso` is ISO 8601 with offset. */
export function startRun(script: ScriptDocument, startedAtIso: string): ScriptRun {
  return { scriptId: script.id, scriptVersion: script.version, startedAt: startedAtIso, answers: [] }
}

/** The run must belong to this script's version; answers to steps it does not have are passed over. */
export function viewRun(script: ScriptDocument, run: ScriptRun, context: GuidanceContext): RunView {
  const compiled = compileScript(script)
  const held = settled(compiled, run, context)
  const state = stateOf(compiled, held)
  const identity = identityOf(compiled, run, state, context)
  const maker = panelMaker(compiled, state, context, identity)
  const panel = state.current === null ? null : panelOf(maker, state.current)
  const dropped = droppedAnswers(compiled, state)
  const summary = summaryOf(compiled, state.way)
  const { asked } = summary
  const lines = noteLines(maker, summary)
  const left = state.current === null ? 0 : compiled.stepsLeft(state.current.id)
  return {
    current: panel?.step ?? null,
    finished: state.current === null,
    answered: itemsOf(summary.answered),
    progress: { step: state.current === null ? asked : asked + 1, about: asked + left },
    identity,
    failedAttempts: failuresOf(state, context),
    caseDraft: caseDraftOf(maker, summary),
    outcome: outcomeOf(maker),
    // One long text of every line is only wanted at times.
    get notes() {
      return lines.map(({ text }) => text).join('\n')
    },
    noteLines: lines,
    dropped,
    droppedSteps: droppedSteps(compiled, dropped),
    since: state.lastAt ?? run.startedAt,
    escalation: {
      title: script.wording.en[script.escalation]?.title ?? script.escalation,
      reached: state.current?.id === script.escalation,
      left: state.leftFor !== null,
    },
    missingFacts: panel?.missing ?? [],
  }
}

/** What the panels of steps further on are made from. */
export function panelMakerOf(script: ScriptDocument, run: ScriptRun, context: GuidanceContext): PanelMaker {
  const compiled = compileScript(script)
  const held = settled(compiled, run, context)
  const state = stateOf(compiled, held)
  return panelMaker(compiled, state, context, identityOf(compiled, run, state, context))
}

/**
 * Appends the answer to the current step. Errors are `guidance/…` codes of wording.ts: `guidance/not-current` when
 * the run has moved on, otherwise what is wrong with the answer; the run is then unchanged. An identity attempt that
 * does not match is recorded: the run is returned with one attempt fewer, and the view says so.
 */
export function answerStep(
  script: ScriptDocument,
  run: ScriptRun,
  stepId: string,
  input: StepInput,
  atIso: string,
  context: GuidanceContext,
): Result<ScriptRun> {
  const compiled = compileScript(script)
  const held = settled(compiled, run, context)
  const state = stateOf(compiled, held)
  if (state.current === null) return refused('guidance/finished')
  if (state.current.id !== stepId) return refused('guidance/not-current')
  const value = valueToRecord(state.current, input, state, context)
  if (!value.ok) return refused(value.code)
  const at = recordTime(atIso, state, state.current, run)
  const answered = withRecord(compiled, held, { stepId, value: value.value, at })
  return ok(withDerived(compiled, answered, at, context))
}

/** Opens the last answered step again; the same run when there is none. */
export function goBack(script: ScriptDocument, run: ScriptRun, context: GuidanceContext): ScriptRun {
  const compiled = compileScript(script)
  const held = settled(compiled, run, context)
  const state = stateOf(compiled, held)
  if (state.leftFor !== null && state.current?.id === script.escalation) {
    const at = validTime(context.now) ?? run.startedAt
    return withRecord(compiled, held, { stepId: script.escalation, value: null, at })
  }
  let last = state.way
  while (last?.entry.derived === true) last = last.before
  return last === null ? run : reopenStep(script, run, last.entry.step.id, context)
}

/**
 * Leaves for the script's escalation from whatever step is current; what was answered stays. `goBack` returns to the
 * step that was left. The same run when it is finished or there already.
 */
export function escalate(
  script: ScriptDocument,
  run: ScriptRun,
  atIso: string,
  context: GuidanceContext,
): ScriptRun {
  const compiled = compileScript(script)
  const held = settled(compiled, run, context)
  const { current } = stateOf(compiled, held)
  if (current === null || current.id === script.escalation) return run
  const at = validTime(atIso) ?? run.startedAt
  return withRecord(compiled, held, { stepId: script.escalation, value: escalated, at })
}

/** Opens an answered step again; the same run when it was not answered. */
export function reopenStep(
  script: ScriptDocument,
  run: ScriptRun,
  stepId: string,
  context: GuidanceContext,
): ScriptRun {
  const compiled = compileScript(script)
  const held = settled(compiled, run, context)
  const state = stateOf(compiled, held)
  if (placeIn(state.latest, compiled.steps.get(stepId)?.place) === undefined) return run
  return withRecord(compiled, held, { stepId, value: null, at: validTime(context.now) ?? run.startedAt })
}

/** Ends the identity check that counts, such as after a long hold; the same run when none does. */
export function endCheck(
  script: ScriptDocument,
  run: ScriptRun,
  atIso: string,
  context: GuidanceContext,
): ScriptRun {
  const compiled = compileScript(script)
  const held = settled(compiled, run, context)
  const { identity } = stateOf(compiled, held)
  if (identity === null || levelNow(identity.check, atIso) === 'none') return run
  return withRecord(compiled, held, { stepId: identity.stepId, value: checkEnded, at: atIso })
}

function panelMaker(
  compiled: CompiledScript,
  state: RunState,
  context: GuidanceContext,
  identity: IdentityCheck | null,
): PanelMaker {
  const identified: Level = levelNow(identity, checkTime(context))
  const ranOut = identity !== null && identity.level !== 'none' && identified === 'none'
  const failed = failuresOf(state, context)
  return { compiled, state, context, identified, ranOut, failed, speaker: speakerOf(context) }
}

type ToRecord =
  | { readonly ok: true; readonly value: Exclude<FieldValue, null> }
  | { readonly ok: false; readonly code: GuidanceErrorCode }

const toRecord = (value: Exclude<FieldValue, null>): ToRecord => ({ ok: true, value })
const refuse = (code: GuidanceErrorCode): ToRecord => ({ ok: false, code })
const refused = (code: GuidanceErrorCode) => err(appError(code, 'now'))

function valueToRecord(
  { step }: CompiledStep,
  input: StepInput,
  state: RunState,
  context: GuidanceContext,
): ToRecord {
  if (step.kind === 'verify') return identityToRecord(step, input, state, context)
  if (step.kind !== 'ask') return input.kind === 'continue' ? toRecord(true) : refuse('guidance/wrong-kind')
  return readAnswer(step, input, context.today)
}

function identityToRecord(
  step: VerifyStep,
  input: StepInput,
  state: RunState,
  context: GuidanceContext,
): ToRecord {
  if (input.kind === 'declined') return toRecord(attemptToValue({ kind: 'declined' }))
  if (input.kind !== 'identity') return refuse('guidance/wrong-kind')
  const { resident, today } = context
  const speaker = speakerOf(context)
  if (resident === null) return refuse('guidance/no-resident')
  if (levelsFor(step, speaker.party).length === 0) return refuse('guidance/identity-not-for-party')
  const failed = failuresOf(state, context)
  const left = attemptsLeft(step, failed, resident.id)
  if (left === 0) return refuse('guidance/identity-no-attempts')
  const marks: Record<string, Mark> = {}
  for (const { id, compares } of questionsFor(step, speaker.party)) {
    const mark = Object.hasOwn(input.marks, id) ? input.marks[id] : undefined
    marks[id] = mark === 'matched' || mark === 'not-matched' ? mark : 'not-asked'
    if (marks[id] === 'matched' && recordSays(resident, compares, speaker.party, today) === null) {
      return refuse('guidance/identity-nothing-to-compare')
    }
  }
  const wrong = Object.values(marks).includes('not-matched')
  if (!wrong && levelReached(step, marks, speaker.party) === 'none') {
    return refuse('guidance/identity-incomplete')
  }
  const known = Object.fromEntries(state.failedAttempts)
  const failedBefore = failed[resident.id] ?? 0
  return toRecord(
    attemptToValue({
      kind: 'compared',
      residentId: resident.id,
      marks,
      ...(speaker.party === 'resident' ? {} : { speaker }),
      // What other scripts of the contact saw goes into the record, so that the run replays by itself.
      ...(failedBefore > (known[resident.id] ?? 0) ? { failedBefore } : {}),
      ...(left < attemptsLeft(step, known, resident.id) ? { attemptsLeft: left } : {}),
    }),
  )
}

/** Records what the next steps can work out by themselves, until one has to be asked. */
function withDerived(
  compiled: CompiledScript,
  run: ScriptRun,
  at: string,
  context: GuidanceContext,
): ScriptRun {
  let reached = run
  for (let guard = compiled.steps.size; guard > 0; guard -= 1) {
    const state = stateOf(compiled, reached)
    const value = state.current === null ? null : derivedValue(compiled, state.current, state, at, context)
    if (state.current === null || value === null) return reached
    reached = withRecord(compiled, reached, { stepId: state.current.id, value, at })
  }
  return reached
}

function derivedValue(
  compiled: CompiledScript,
  { step, derive }: CompiledStep,
  state: RunState,
  at: string,
  context: GuidanceContext,
): FieldValue {
  if (step.kind !== 'ask' || derive === null) return null
  const { facts } = context.council
  const value = evaluateFeel(derive, {
    answer: (name) => valueOnWay(compiled, state, name),
    fact: (name) => (Object.hasOwn(facts, name) ? (facts[name]?.text ?? null) : null),
    table: (name) => tableValue(compiled, name, state, at, context),
    nowIso: at,
  })
  if (value === null) return null
  const input =
    typeof value === 'boolean' ? (value ? 'yes' : 'no') : Array.isArray(value) ? value : String(value)
  const read = readInput(step, input, context.today)
  return read.ok ? read.value : null
}

/** A number as it is; text with its facts filled in. */
function tableValue(
  compiled: CompiledScript,
  name: string,
  state: RunState,
  at: string,
  context: GuidanceContext,
): FieldValue {
  const table = compiled.tables.get(name)
  if (table === undefined) return null
  const answer = (step: string) => valueOnWay(compiled, state, step)
  const value = valueIn(chooseRow(table, { answer, today: context.today, nowIso: at }), 'en')
  if (typeof value === 'number') return value
  const filled = fill(value, {
    context,
    language: 'en',
    mayDisclose: false,
    freshForHours: {},
    answer: () => null,
    table: () => null,
  })
  return filled.missing.length > 0 ? null : filled.text
}

/** An answer given by a person to a step that can work itself out must not look worked out: see WayEntry.derived. */
function recordTime(atIso: string, state: RunState, step: CompiledStep, run: ScriptRun): string {
  const at = validTime(atIso) ?? run.startedAt
  return step.derive !== null && at === state.lastAt ? new Date(Date.parse(at) + 1).toISOString() : at
}
