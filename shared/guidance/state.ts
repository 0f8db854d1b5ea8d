import type { AnswerRecord, ScriptRun } from '../contract/draft.ts'
import type { FieldValue, IdentityCheck } from '../contract/rest.ts'
import { type CompiledScript, type CompiledStep, targetsOf } from './compile.ts'
import { evaluateFeel } from './feel.ts'
import type { VerifyStep } from './format.ts'
import { type Attempt, attemptOfValue, attemptsLeft, levelReached, methodOf } from './identity.ts'
import { type Places, placed, placeIn } from './persistent.ts'

/*
 * A run's answers folded over its script:
 *
 *   record for the current step ──▶ it joins the way, and answers that wait are used as far as they lead
 *   record with the value null ───▶ the step is current again; what came after it waits
 *   failed identity attempt ──────▶ the step stays current, with one attempt fewer
 *   checkEnded ───────────────────▶ the identity check it names counts for nothing from then on
 *   escalated ────────────────────▶ the escalation is current; the step that was left is kept, to return to
 *   anything else ────────────────▶ passed over: a log that was cut or tampered with still opens
 *
 * A state shares with the one before it all that the record did not change: what one more record costs does not grow
 * with the run.
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

/** Answered steps, newest first. Ways that part later share what they have in common. */
export interface Way {
  readonly entry: WayEntry
  readonly before: Way | null
  /** Where the same step stands on the way before: scripts may lead round. */
  readonly earlier: Way | null
}

export interface RunIdentity {
  readonly stepId: string
  readonly check: IdentityCheck
  /** Whose record was compared; null when the check was declined or failed. */
  readonly residentId: string | null
}

export interface RunState {
  /** Answered steps, from the one before the current step back to the start; null when there is none. */
  readonly way: Way | null
  /** Where each step stands on the way last. */
  readonly latest: Places<Way>
  /** The newest answer each step was given, on the way or not. */
  readonly given: Places<Exclude<FieldValue, null>>
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
  readonly lastAt: string | null
}

/** Value of the record that leaves for the escalation from another step. */
export const escalated = 'escalated'
/** Value of the record that ends an identity check, such as after a long hold. */
export const checkEnded = 'ended'

/** Folded answers are remembered, so that one more costs one step and not the whole way. */
const folded = new WeakMap<CompiledScript, WeakMap<ScriptRun['answers'], RunState>>()

export function stateOf(compiled: CompiledScript, { answers }: ScriptRun): RunState {
  const known = folded.get(compiled)?.get(answers)
  if (known !== undefined) return known
  let state = startState(compiled)
  for (const record of answers) state = nextState(compiled, state, record)
  return remembered(compiled, answers, state)
}

function remembered(compiled: CompiledScript, answers: ScriptRun['answers'], state: RunState): RunState {
  const states = folded.get(compiled) ?? new WeakMap<ScriptRun['answers'], RunState>()
  folded.set(compiled, states)
  states.set(answers, state)
  return state
}

/** The run with one more record, its state remembered. */
export function withRecord(compiled: CompiledScript, run: ScriptRun, record: AnswerRecord): ScriptRun {
  const answers = [...run.answers, record]
  remembered(compiled, answers, nextState(compiled, stateOf(compiled, run), record))
  return { ...run, answers }
}

/** The way from its start. */
export function entriesOf(way: Way | null): readonly WayEntry[] {
  const entries: WayEntry[] = []
  for (let at = way; at !== null; at = at.before) entries.push(at.entry)
  return entries.reverse()
}

/** What conditions see of a step; null when it is not on the way. */
export function valueOnWay(
  compiled: CompiledScript,
  { latest }: Pick<RunState, 'latest'>,
  stepId: string,
): FieldValue {
  return placeIn(latest, compiled.steps.get(stepId)?.place)?.entry.value ?? null
}

function startState(compiled: CompiledScript): RunState {
  return {
    way: null,
    latest: [],
    given: [],
    current: compiled.steps.get(compiled.script.start) ?? null,
    waiting: new Map(),
    setAside: new Map(),
    failedAttempts: new Map(),
    identity: null,
    leftFor: null,
    lastAt: null,
  }
}

function nextState(compiled: CompiledScript, state: RunState, record: AnswerRecord): RunState {
  const next = moved(compiled, state, record)
  const place = compiled.steps.get(record.stepId)?.place
  if (record.value === null || place === undefined) return next
  return { ...next, given: placed(next.given, place, record.value) }
}

function moved(compiled: CompiledScript, state: RunState, record: AnswerRecord): RunState {
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
  let { way, latest } = state
  const used = new Set<string>()
  let joining: WayEntry | undefined = entry
  let current: CompiledStep | null = null
  while (joining !== undefined) {
    const { id, place } = joining.step
    way = { entry: joining, before: way, earlier: placeIn(latest, place) ?? null }
    latest = placed(latest, place, way)
    used.add(id)
    current = compiled.steps.get(leadsTo(compiled, joining, latest) ?? '') ?? null
    joining = current === null || used.has(current.id) ? undefined : state.waiting.get(current.id)
  }
  const waiting = without(state.waiting, used)
  return { ...state, way, latest, waiting, setAside: without(state.setAside, used), current }
}

/** The same map when none of the steps is in it. */
function without(
  entries: ReadonlyMap<string, WayEntry>,
  stepIds: ReadonlySet<string>,
): ReadonlyMap<string, WayEntry> {
  const gone = entries.size === 0 ? [] : [...stepIds].filter((id) => entries.has(id))
  if (gone.length === 0) return entries
  const left = new Map(entries)
  for (const id of gone) left.delete(id)
  return left
}

function leadsTo(
  compiled: CompiledScript,
  { step, value, record }: WayEntry,
  latest: Places<Way>,
): string | null {
  if (step.failed !== null && value === 'none') return step.failed
  const taken = step.routes.find(
    ({ when }) =>
      when !== null &&
      evaluateFeel(when, {
        answer: (name) => valueOnWay(compiled, { latest }, name),
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
  const waiting = new Map(state.waiting)
  waiting.delete(stepId)
  const after: WayEntry[] = []
  let { way: opened, latest } = state
  for (; opened !== null; opened = opened.before) {
    latest = placed(latest, opened.entry.step.place, opened.earlier ?? undefined)
    if (opened.entry.step.id === stepId) break
    after.push(opened.entry)
  }
  if (opened === null) return { ...state, identity, waiting }
  const setAside = new Map(state.setAside)
  for (const entry of after.reverse()) {
    if (entry.derived || entry.step.step.kind === 'outcome') continue
    if (entry.step.quotesAnswers) setAside.set(entry.step.id, entry)
    else waiting.set(entry.step.id, entry)
  }
  waiting.delete(stepId)
  return { ...state, way: opened.before, latest, current: opened.entry.step, waiting, setAside, identity }
}

/** Steps that can still come, the one given first. */
export function* stepsAhead(compiled: CompiledScript, from: string | null): Generator<CompiledStep, void> {
  const seen = new Set<string>()
  const open = from === null ? [] : [from]
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const step = compiled.steps.get(id)
    if (step === undefined || seen.has(id)) continue
    seen.add(id)
    open.push(...targetsOf(step.step))
    yield step
  }
}

/** Answers that the way no longer uses: asked questions only, for nobody misses a greeting. */
export function droppedAnswers(compiled: CompiledScript, state: RunState): readonly AnswerRecord[] {
  if (state.waiting.size === 0 && state.setAside.size === 0) return []
  return [...state.setAside.values(), ...unreachable(compiled, state)]
    .filter(({ step }) => step.step.kind === 'ask' && step.id !== state.current?.id)
    .map(({ record }) => record)
}

function unreachable(compiled: CompiledScript, { waiting, current }: RunState): readonly WayEntry[] {
  const left = new Map([...waiting].filter(([, { step }]) => step.step.kind === 'ask'))
  if (left.size === 0) return []
  for (const { id } of stepsAhead(compiled, current?.id ?? null)) {
    left.delete(id)
    if (left.size === 0) break
  }
  return [...left.values()]
}
