import type { ScriptRun } from '../contract/draft.ts'
import type { IdentityCheck } from '../contract/rest.ts'
import type { CompiledScript } from './compile.ts'
import { attemptToValue, levelNow, levelsFor, mergedFailures, type Speaker, sameSpeaker } from './identity.ts'
import { reaches } from './level.ts'
import { type RunIdentity, type RunState, stateOf, stepsAhead, withRecord } from './state.ts'
import type { GuidanceContext } from './view.ts'

/**
 * An identity check holds for one resident, for whoever speaks and for a time: when another is chosen or speaks, its
 * step is open again, and when it has run out as soon as something ahead needs it. A check given from before the run
 * answers the step that would make it again.
 */
export function settled(compiled: CompiledScript, run: ScriptRun, context: GuidanceContext): ScriptRun {
  const at = validTime(context.now) ?? run.startedAt
  const state = stateOf(compiled, run)
  const { identity } = state
  if (identity !== null && identity.residentId !== null && context.resident !== null) {
    const another =
      identity.residentId !== context.resident.id || !sameSpeaker(identity.check, speakerOf(context))
    const ranOut = identity.check.level !== 'none' && levelNow(identity.check, checkTime(context)) === 'none'
    if (another || (ranOut && needsCheckAhead(compiled, state))) {
      return withRecord(compiled, run, { stepId: identity.stepId, value: null, at })
    }
  }
  const { current } = state
  const given = givenCheck(state, context)
  if (given === null || current?.step.kind !== 'verify') return run
  const asked = run.answers.some(({ stepId }) => stepId === current.id)
  const enough = levelsFor(current.step, speakerOf(context).party).some(({ level }) =>
    reaches(given.level, level),
  )
  if (asked || !enough || context.resident === null) return run
  const value = attemptToValue({ kind: 'given', residentId: context.resident.id, check: given })
  return withRecord(compiled, run, { stepId: current.id, value, at })
}

const theResident: Speaker = { party: 'resident', name: '' }
export const speakerOf = ({ speaker }: GuidanceContext): Speaker => speaker ?? theResident

/** A check ages while the call lasts. */
export const checkTime = ({ now, callEnded }: GuidanceContext): string => callEnded ?? now

function needsCheckAhead(compiled: CompiledScript, { current }: RunState): boolean {
  for (const { needs } of stepsAhead(compiled, current?.id ?? null)) {
    if (needs !== 'none') return true
  }
  return false
}

/** The check from before the run, while it counts. */
function givenCheck(state: RunState, context: GuidanceContext): IdentityCheck | null {
  const check = givenAbout(state, context)
  return levelNow(check, checkTime(context)) === 'none' ? null : check
}

/** The same when it has run out as well: attempts that failed since then end it. */
function givenAbout(state: RunState, context: GuidanceContext): IdentityCheck | null {
  const { given, resident } = context
  if (given == null || resident === null || given.residentId !== resident.id) return null
  if (state.failedAttempts.has(resident.id) || given.check.level === 'none') return null
  return sameSpeaker(given.check, speakerOf(context)) ? given.check : null
}

/** The check that counts, or the last that did and ran out. */
export function identityOf(
  compiled: CompiledScript,
  run: ScriptRun,
  state: RunState,
  context: GuidanceContext,
): IdentityCheck | null {
  const own = state.identity
  if (own !== null) return isAbout(own, context) ? own.check : null
  const before = stateOf(compiled, run).identity
  const ranOut = before !== null && isAbout(before, context) && sameSpeaker(before.check, speakerOf(context))
  return givenCheck(state, context) ?? (ranOut ? before.check : givenAbout(state, context))
}

const isAbout = ({ residentId }: RunIdentity, { resident }: GuidanceContext): boolean =>
  residentId === null || residentId === resident?.id

export function failuresOf(
  { failedAttempts }: RunState,
  context: GuidanceContext,
): Readonly<Record<string, number>> {
  return mergedFailures(context.failedAttempts ?? {}, Object.fromEntries(failedAttempts))
}

/** Null for what is no moment. */
export function validTime(iso: string): string | null {
  const at = typeof iso === 'string' ? Date.parse(iso) : Number.NaN
  return Number.isNaN(at) ? null : iso
}
