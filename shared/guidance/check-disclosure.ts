import { type Finding, finding } from './finding.ts'
import type { FlatStep, ScriptDocument } from './format.ts'
import { reachableFrom, type ScriptGraph } from './graph.ts'
import { quotesRecord } from './placeholders.ts'

/** A step that opens personal data is only reached after an identity check of its level, on every path. */
export function checkDisclosure(script: ScriptDocument, graph: ScriptGraph): readonly Finding[] {
  const found: Finding[] = []
  for (const level of ['standard', 'enhanced'] as const) {
    // What can be reached without a check that gives this level: passed checks of it are not walked over.
    const unchecked = reachableFrom(
      graph,
      graph.start,
      (from, to) => !passes(graph.steps.get(from), to, level),
    )
    for (const id of unchecked) {
      const step = graph.steps.get(id)
      if (step === undefined || neededLevel(script, id, step) !== level) continue
      found.push(
        finding(
          id,
          `The step opens personal data, but can be reached without a passed identity check (${level}).`,
          'Lead every path to it through a verify step, and the failed way past it.',
        ),
      )
    }
  }
  if (
    quotesRecord(script.subject) ||
    Object.values(script.wording.en).some(
      ({ subject, note }) => quotesRecord(subject ?? '') || quotesRecord(note ?? ''),
    )
  ) {
    found.push(
      finding(
        null,
        'A subject or a note quotes the record of the resident.',
        'Leave it out: the case already belongs to the resident.',
      ),
    )
  }
  return found
}

function passes(step: FlatStep | undefined, to: string, level: 'standard' | 'enhanced'): boolean {
  if (step?.kind !== 'verify' || to !== step.passed) return false
  return level === 'standard' || step.levels.every((reached) => reached.level === 'enhanced')
}

function neededLevel(script: ScriptDocument, id: string, step: FlatStep): 'standard' | 'enhanced' | null {
  if ('discloses' in step && step.discloses !== undefined) return step.discloses
  const texts = JSON.stringify([script.wording.en[id] ?? {}, script.wording.cy[id] ?? {}])
  return quotesRecord(texts) ? 'standard' : null
}
