import type { AskStepView, Mark } from '#shared/guidance/view.ts'
import type { HandOverEntry } from './step-support.ts'

/** Name under which a step's half-given answer is kept in the draft. */
export const stepField = (stepId: string): string => `step.${stepId}`

/** Name under which the mark of an identity question is kept in the draft. */
export const markField = (stepId: string, questionId: string): string => `step.${stepId}.${questionId}`

/** What is typed or chosen for a question so far, else what it was answered with before; several joined by commas. */
export function givenText(step: AskStepView, typed: Readonly<Record<string, string>>): string {
  const { previous } = step
  return (
    typed[stepField(step.stepId)] ?? (typeof previous === 'string' ? previous : (previous?.join(',') ?? ''))
  )
}

/** A list of option values kept as one text, with `value` put in or taken out. */
export function toggled(list: string, value: string): string {
  const values = chosen(list)
  return (values.includes(value) ? values.filter((each) => each !== value) : [...values, value]).join(',')
}

export const chosen = (list: string): readonly string[] => (list === '' ? [] : list.split(','))

export function markOf(text: string | undefined): Mark {
  return text === 'matched' || text === 'not-matched' ? text : 'not-asked'
}

/** Name under which it is kept whom the adviser chose to pass the call on to. */
export const entryField = (stepId: string): string => `step.${stepId}.to`

/** Whom the keys act on: the entry chosen, else the first that the directory knows. */
export function chosenEntry(
  stepId: string,
  typed: Readonly<Record<string, string>>,
  entries: readonly HandOverEntry[],
): string | null {
  const known = entries.filter(({ name }) => name !== null)
  return (known.find(({ id }) => id === typed[entryField(stepId)]) ?? known[0])?.id ?? null
}
