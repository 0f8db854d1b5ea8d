import type { AnswerRecord, ScriptRun } from '../contract/draft.ts'
import type { FieldValue, IdentityCheck } from '../contract/rest.ts'
import { type CompiledScript, type CompiledStep, targetsOf } from './compile.ts'
import { evaluateFeel } from './feel.ts'
import type { VerifyStep } from './format.ts'
import { type Attempt, attemptOfValue, attemptsLeft, levelReached, methodOf } from './identity.ts'

/*
 * A run's answers folded over its script:
 *
 *   record for the current step ──▶ it joins the way, and answers that wait are used as far as they lead
 *   record with the value null ───▶ the step is current again; what came after it waits
 *   failed identity attempt ──────▶ the step stays current, with one attempt fewer
 *   checkEnded ───────────────────▶ the identity check it names counts for nothing from then on
 *   escalated ────────────────────▶ the escalation is current; the step that was left is kept, to return to
 *   anything else ────────────────▶ passed over: a log that was cut or tampered with still opens
 */

export interface WayEntry {
  readonly step: CompiledStep
  readonly record: AnswerRecord
  /** What conditions see: the answer, or the level an identity check reached. */
  readonly value: FieldValue
  /** What an identity check came to. */
  readonly check?: IdentityCheck
  /** Worked out by the script: it carries the time of the record before it in the log. */
  readonly derived: boolean
}

export interface RunIdentity {
  readonly stepId: string
  readonly check: IdentityCheck
  /** Whose record was compared; null when the check was declined or failed. */
  readonly residentId: string | null
}

export interface RunState {
  /** Answered steps, from the start to the current step. */
  readonly way: readonly WayEntry[]
  /** Null when the run is finished, or leads where there is no step. */
  readonly current: CompiledStep | null
  /** Answers that are used again if the way leads to their steps. */
  readonly waiting: ReadonlyMap<string, WayEntry>
  /** Answers whose question quoted what has changed: they are asked again. */
  readonly setAside: ReadonlyMap<string, WayEntry>
  /** Failed identity attempts by resident. Opening a step again does not give them back. */
  readonly failedAttempts: ReadonlyMap<string, number>
  readonly identity: RunIdentity | null
  /** The step left for the escalation; null when the way led there, or never did. */
  readonly leftFor: CompiledStep | null
  /** Values on the way by the step's place, for conditions. */
  readonly values: readonly (FieldValue | undefined)[]
  readonly lastAt: string | null
}

/** Value of the record that leaves for the escalation from another step. */
export const escalated = 'escalated'
/** Value of the record that ends an identity check, such as after a long hold. */
export const checkEnded = 'ended'

/** Folded runs are remembered, so that one more answer costs one step and not the whole way. */
const folded = new WeakMap<CompiledScript, WeakMap<ScriptRun, RunState>>()

export function stateOf(compiled: CompiledScript, run: ScriptRun): RunState {
  const runs = folded.get(compiled) ?? new WeakMap<ScriptRun, RunState>()
  folded.set(compiled, runs)
  const known = runs.get(run)
  if (known !== undefined) return known
  let state = startState(compiled)
  for (const record of run.answers) state = nextState(compiled, state, record)
  runs.set(run, state)
  return state
}

/** The run with one more record, its state remembered. */
export function withRecord(compiled: CompiledScript, run: ScriptRun, record: AnswerRecord): ScriptRun {
  const state = nextState(compiled, stateOf(compiled, run), record)
  const longer: ScriptRun = { ...run, answers: [...run.answers, record] }
  folded.get(compiled)?.set(longer, state)
  return longer
}

function startState(compiled: CompiledScript): RunState {
  return {
    way: [],
    current: compiled.steps.get(compiled.script.start) ?? null,
    waiting: new Map(),
    setAside: new Map(),
    failedAttempts: new Map(),
    identity: null,
    leftFor: null,
    values: [],
    lastAt: null,
  }
}

function nextState(compiled: CompiledScript, state: RunState, record: AnswerRecord): RunState {
  const { current } = state
  if (record.value === null) return { ...takenBack(state, record.stepId), lastAt: record.at }
  if (record.value === checkEnded && state.identity?.stepId === record.stepId) {
    const check = { ...state.identity.check, until: record.at }
    return { ...state, identity: { ...state.identity, check }, lastAt: record.at }
  }
  if (isEscalation(compiled, state, record)) {
    const escalation = compiled.steps.get(record.stepId) ?? null
    return { ...state, current: escalation, leftFor: current, lastAt: record.at }
  }
  if (current === null || current.id !== record.stepId) return state
  const next =
    current.step.kind === 'verify'
      ? afterAttempt(compiled, state, current, record)
      : onward(compiled, state, {
          step: current,
          record,
          value: record.value,
          derived: current.derive !== null && record.at === state.lastAt,
        })
  return { ...next, lastAt: record.at }
}

function isEscalation({ script }: CompiledScript, { current }: RunState, record: AnswerRecord): boolean {
  const leaves = record.stepId === script.escalation && record.value === escalated
  return leaves && current !== null && current.id !== record.stepId
}

/** Returns from an escalation that was only begun, or opens an answered step again. */
function takenBack(state: RunState, stepId: string): RunState {
  if (state.leftFor !== null && state.current?.id === stepId) {
    return { ...state, current: state.leftFor, leftFor: null }
  }
  return openedAgain(state, stepId)
}

function afterAttempt(
  compiled: CompiledScript,
  state: RunState,
  step: CompiledStep,
  record: AnswerRecord,
): RunState {
  const attempt = attemptOfValue(record.value)
  if (step.step.kind !== 'verify' || attempt === null) return state
  const moveOn = (check: IdentityCheck, residentId: string | null, before = state) =>
    onward(
      compiled,
      { ...before, identity: { stepId: step.id, check, residentId } },
      { step, record, value: check.level, check, derived: attempt.kind === 'given' },
    )
  if (attempt.kind === 'declined') return moveOn({ level: 'none', method: 'declined', at: record.at }, null)
  if (attempt.kind === 'given') return moveOn(attempt.check, attempt.residentId)
  const { residentId, marks, speaker } = attempt
  const failed = Object.fromEntries(state.failedAttempts)
  const before = Math.max(failed[residentId] ?? 0, attempt.failedBefore ?? 0)
  const left = Math.min(
    attemptsLeft(step.step, { ...failed, [residentId]: before }, residentId),
    attempt.attemptsLeft ?? Number.POSITIVE_INFINITY,
  )
  const level = left > 0 ? levelReached(step.step, marks, speaker?.party) : 'none'
  if (level !== 'none') {
    const check = { level, method: methodOf(step.step, marks), at: record.at }
    return moveOn({ ...check, ...withWhom(attempt), ...until(step.step, record.at) }, residentId)
  }
  const counted = { ...state, failedAttempts: new Map(state.failedAttempts).set(residentId, before + 1) }
  return left > 1 ? counted : moveOn({ level: 'none', method: 'not matched', at: record.at }, null, counted)
}

function withWhom({ speaker }: Extract<Attempt, { kind: 'compared' }>): Partial<IdentityCheck> {
  if (speaker === undefined) return {}
  return { party: speaker.party, ...(speaker.name === '' ? {} : { partyName: speaker.name }) }
}

function until({ holdsForMinutes }: VerifyStep, at: string): Partial<IdentityCheck> {
  if (holdsForMinutes === undefined) return {}
  return { until: new Date(Date.parse(at) + holdsForMinutes * 60_000).toISOString() }
}

/** The entry joins the way, then answers that wait do, as far as they lead. Each is used once, so this ends. */
function onward(compiled: CompiledScript, state: RunState, entry: WayEntry): RunState {
  const way = [...state.way]
  const values = [...state.values]
  const waiting = new Map(state.waiting)
  const setAside = new Map(state.setAside)
  let joining: WayEntry | undefined = entry
  let current: CompiledStep | null = null
  while (joining !== undefined) {
    way.push(joining)
    values[joining.step.place] = joining.value
    waiting.delete(joining.step.id)
    setAside.delete(joining.step.id)
    current = compiled.steps.get(leadsTo(compiled, joining, values) ?? '') ?? null
    joining = current === null ? undefined : waiting.get(current.id)
  }
  return { ...state, way, values, waiting, setAside, current }
}

function leadsTo(
  compiled: CompiledScript,
  { step, value, record }: WayEntry,
  values: readonly (FieldValue | undefined)[],
): string | null {
  if (step.failed !== null && value === 'none') return step.failed
  const taken = step.routes.find(
    ({ when }) =>
      when !== null &&
      evaluateFeel(when, {
        answer: (name) => values[compiled.steps.get(name)?.place ?? -1] ?? null,
        // A route must be the same on every replay; only a derived answer may read facts, and it is recorded.
        fact: () => null,
        nowIso: record.at,
      }) === true,
  )
  return taken?.go ?? step.go
}

/** Makes an answered step current again. What was only waiting is forgotten, so that it is asked afresh. */
function openedAgain(state: RunState, stepId: string): RunState {
  const identity = state.identity?.stepId === stepId ? null : state.identity
  const at = state.way.findLastIndex(({ step }) => step.id === stepId)
  const opened = state.way[at]
  const waiting = new Map(state.waiting)
  waiting.delete(stepId)
  if (opened === undefined) return { ...state, identity, waiting }
  const setAside = new Map(state.setAside)
  for (const entry of state.way.slice(at + 1)) {
    if (entry.derived || entry.step.step.kind === 'outcome') continue
    if (entry.step.quotesAnswers) setAside.set(entry.step.id, entry)
    else waiting.set(entry.step.id, entry)
  }
  waiting.delete(stepId)
  const way = state.way.slice(0, at)
  const values: (FieldValue | undefined)[] = []
  for (const entry of way) values[entry.step.place] = entry.value
  return { ...state, way, current: opened.step, waiting, setAside, identity, values }
}

/** Steps that can still come, the one given included. */
export function stepsAhead(compiled: CompiledScript, from: string | null): ReadonlySet<string> {
  const seen = new Set<string>()
  const open = from === null ? [] : [from]
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const step = compiled.steps.get(id)
    if (step === undefined || seen.has(id)) continue
    seen.add(id)
    open.push(...targetsOf(step.step))
  }
  return seen
}

/** Answers that the way no longer uses: asked questions only, for nobody misses a greeting. */
export function droppedAnswers(compiled: CompiledScript, state: RunState): readonly AnswerRecord[] {
  if (state.waiting.size === 0 && state.setAside.size === 0) return []
  const ahead = stepsAhead(compiled, state.current?.id ?? null)
  const unreachable = [...state.waiting.values()].filter(({ step }) => !ahead.has(step.id))
  return [...state.setAside.values(), ...unreachable]
    .filter(({ step }) => step.step.kind === 'ask' && step.id !== state.current?.id)
    .map(({ record }) => record)
}
