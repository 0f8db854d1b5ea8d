import type { Mark } from '#shared/guidance/view.ts'

/** Name under which a step's half-given answer is kept in the draft. */
export const stepField = (stepId: string): string => `step.${stepId}`

/** Name under which the mark of an identity question is kept in the draft. */
export const markField = (stepId: string, questionId: string): string => `step.${stepId}.${questionId}`

/** A list of option values kept as one text, with `value` put in or taken out. */
export function toggled(list: string, value: string): string {
  const values = chosen(list)
  return (values.includes(value) ? values.filter((each) => each !== value) : [...values, value]).join(',')
}

export const chosen = (list: string): readonly string[] => (list === '' ? [] : list.split(','))

export function markOf(text: string | undefined): Mark {
  return text === 'matched' || text === 'not-matched' ? text : 'not-asked'
}
