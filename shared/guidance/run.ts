import type { ScriptRun } from '../contract/draft.ts'
import type { Result } from '../kernel/result.ts'
import type { ScriptDocument } from './format.ts'
import type { GuidanceContext, RunView, StepInput } from './view.ts'

/*
 * A run is a fold of its answers over an immutable script. Answers are only ever appended: opening a step again
 * appends a record with the value null, and the answers after it wait to be used again if the way leads to them.
 */

/** Checks the JSON of a published document. Error: `guidance/not-a-script`. */
export declare function loadScript(document: unknown): Result<ScriptDocument>

export declare function startRun(script: ScriptDocument, startedAtIso: string): ScriptRun

export declare function viewRun(script: ScriptDocument, run: ScriptRun, context: GuidanceContext): RunView

/**
 * Appends the answer to the current step. Errors are `guidance/…` codes of wording.ts: `guidance/not-current` when
 * the run has moved on, otherwise what is wrong with the answer; the run is then unchanged.
 */
export declare function answerStep(
  script: ScriptDocument,
  run: ScriptRun,
  stepId: string,
  input: StepInput,
  atIso: string,
  context: GuidanceContext,
): Result<ScriptRun>

/** Opens the last answered step again; the same run when there is none. */
export declare function goBack(script: ScriptDocument, run: ScriptRun, context: GuidanceContext): ScriptRun

/** Opens an answered step again; the same run when it was not answered. */
export declare function reopenStep(
  script: ScriptDocument,
  run: ScriptRun,
  stepId: string,
  context: GuidanceContext,
): ScriptRun
