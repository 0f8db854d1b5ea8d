import type { AnswerRecord } from '../contract/draft.ts'
import type { FieldValue } from '../contract/rest.ts'
import type { CompiledScript, CompiledStep } from './compile.ts'
import type { OutcomeStep } from './format.ts'
import type { NoteLine } from './notes.ts'
import { isSensitive, type PanelMaker, sourcesOf } from './panel.ts'
import { itemsOf } from './persistent.ts'
import { fill } from './placeholders.ts'
import type { RunState } from './state.ts'
import type { AnsweredStep, CaseDraft, RunOutcome } from './view.ts'
import type { WaySummary } from './way-summary.ts'
import { hiddenWord } from './wording.ts'
import { answerInWords } from './words.ts'

/** What the answers of a run amount to: the notes, the case and the outcome. All in English. */

/** Answers that are no longer on the way, in words. */
export function droppedSteps(
  { script }: CompiledScript,
  dropped: readonly AnswerRecord[],
): readonly AnsweredStep[] {
  return dropped.flatMap(({ stepId, value, at }): readonly AnsweredStep[] => {
    const step = script.steps[stepId]
    if (step?.kind !== 'ask') return []
    const sensitive = isSensitive(step)
    const words = sensitive ? hiddenWord : answerInWords(script, stepId, step, value, 'en')
    const title = script.wording.en[stepId]?.title ?? stepId
    return [{ stepId, title, value: words, sensitive, derived: false, at, kind: 'ask' }]
  })
}

/** The account as the script writes it. A line's key is its step, so that it stays while other answers change. */
export function noteLines(maker: PanelMaker, { lines, quoting }: WaySummary): readonly NoteLine[] {
  const written = itemsOf(lines)
  if (quoting.length === 0) return written
  const sources = sourcesOf(maker, 'en')
  for (const { at, write } of itemsOf(quoting)) {
    const key = written[at]?.key ?? ''
    written[at] = { key, text: write(sources) }
  }
  return written
}

function promisesOf(maker: PanelMaker, { id }: CompiledStep): readonly string[] {
  const promises = maker.compiled.script.wording.en[id]?.promises ?? []
  return promises.map((text) => fill(text, sourcesOf(maker, 'en')).text)
}

/** The outcome step that is current or was the last one answered. */
function outcomeReached(state: RunState): { compiled: CompiledStep; step: OutcomeStep } | null {
  const last = state.current ?? state.way?.entry.step
  return last?.step.kind === 'outcome' ? { compiled: last, step: last.step } : null
}

export function outcomeOf(maker: PanelMaker): RunOutcome | null {
  const reached = outcomeReached(maker.state)
  if (reached === null) return null
  return {
    stepId: reached.compiled.id,
    title: maker.compiled.script.wording.en[reached.compiled.id]?.title ?? reached.compiled.id,
    disposition: reached.step.disposition,
    wantsCase: reached.step.case,
    promises: promisesOf(maker, reached.compiled),
  }
}

export function caseDraftOf(maker: PanelMaker, summary: WaySummary): CaseDraft {
  const { script } = maker.compiled
  const fields: Record<string, FieldValue> = {}
  const fieldLabels: Record<string, string> = {}
  const fieldWords: Record<string, string> = {}
  for (const { name, value, label, words } of itemsOf(summary.fields)) {
    fields[name] = value
    fieldLabels[name] = label
    fieldWords[name] = words
  }
  const reached = outcomeReached(maker.state)
  const outcomeWording = reached === null ? undefined : script.wording.en[reached.compiled.id]
  for (const [name, value] of Object.entries(reached?.step.set ?? {})) {
    fields[name] = value
    fieldLabels[name] = outcomeWording?.fieldLabels?.[name] ?? name
    fieldWords[name] = String(value)
  }
  const subject = fill(outcomeWording?.subject ?? script.subject, sourcesOf(maker, 'en'))
  return {
    // Until all it quotes is known, the script's own title says what the case is about.
    subject: subject.missing.length > 0 ? script.title : subject.text,
    fields,
    fieldLabels,
    fieldWords,
    status: reached?.step.status ?? 'open',
  }
}
