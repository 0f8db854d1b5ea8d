import type { ScriptRun } from '../contract/draft.ts'
import type { ScriptDocument } from './format.ts'
import { answerStep, startRun, viewRun } from './run.ts'
import type { GuidanceContext } from './view.ts'

/** The script that is left for another in the middle of a contact. */
export interface LeftScript {
  readonly script: ScriptDocument
  readonly run: ScriptRun
}

/**
 * The run of a script that a contact changes to. What it begins by saying and was said already, such as the greeting,
 * counts as said: nobody is greeted twice. `atIso` is ISO 8601 with offset.
 */
export function startNext(
  script: ScriptDocument,
  atIso: string,
  left: LeftScript | null,
  context: GuidanceContext,
): ScriptRun {
  const said = left === null ? new Set<string>() : saidIn(left, context)
  let run = startRun(script, atIso)
  for (;;) {
    const { current } = viewRun(script, run, context)
    if (current?.kind !== 'say' || !said.has(script.wording.en[current.stepId]?.say ?? '')) return run
    const next = answerStep(script, run, current.stepId, { kind: 'continue' }, atIso, context)
    if (!next.ok) return run
    run = next.value
  }
}

/** The words, as the script's file has them, of steps that only say something and were answered. */
function saidIn({ script, run }: LeftScript, context: GuidanceContext): ReadonlySet<string> {
  const answered = viewRun(script, run, context).answered.map(({ stepId }) => stepId)
  return new Set(
    answered.flatMap((stepId) => {
      const words = script.wording.en[stepId]?.say
      return script.steps[stepId]?.kind === 'say' && words !== undefined ? [words] : []
    }),
  )
}
