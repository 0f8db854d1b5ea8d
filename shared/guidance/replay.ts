import type { ScriptRun } from '../contract/draft.ts'
import { compileScript } from './compile.ts'
import type { ScriptDocument } from './format.ts'
import { entriesOf, stateOf } from './state.ts'

/** The route of a run, by step id. */
export interface Replayed {
  /** Steps that were answered, in the order of the way. */
  readonly way: readonly string[]
  /** The step that was open; null when the run was finished. */
  readonly open: string | null
}

/**
 * Where a run stood at a moment, ISO 8601, worked out from its answers alone: today and now in conditions are those
 * of the answers, so that whoever looks years later sees the route that was taken. Answers of the moment count.
 */
export function replayAt(script: ScriptDocument, run: ScriptRun, atIso: string): Replayed {
  const until = Date.parse(atIso)
  const answers = run.answers.filter(({ at }) => !(Date.parse(at) > until))
  const { way, current } = stateOf(compileScript(script), { ...run, answers })
  return { way: entriesOf(way).map(({ step }) => step.id), open: current?.id ?? null }
}
