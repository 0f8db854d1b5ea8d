import type { FlatStep, ScriptDocument } from './format.ts'
import type { Level } from './level.ts'
import { quotesRecord } from './placeholders.ts'

/**
 * The identity level that a step needs for what it opens: the one it declares, otherwise standard when its words quote
 * the record or it looks into what is on record about the resident.
 */
export function neededLevel(script: ScriptDocument, id: string, step: FlatStep): Level {
  if ('discloses' in step && step.discloses !== undefined) return step.discloses
  if (step.kind === 'lookup' && step.shows !== undefined && step.shows !== 'elsewhere') return 'standard'
  const texts = JSON.stringify([script.wording.en[id] ?? {}, script.wording.cy[id] ?? {}])
  return quotesRecord(texts) ? 'standard' : 'none'
}
