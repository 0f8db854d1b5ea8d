import type { StepInput, StepView } from '#shared/guidance/view.ts'
import { stepField, toggled } from './typed-fields.ts'

export type StepAction =
  | { readonly kind: 'back' }
  | { readonly kind: 'type'; readonly name: string; readonly text: string }
  | { readonly kind: 'input'; readonly input: StepInput }

/**
 * What a key means while the focus is in the step: 1 to 9 answer, Enter goes on where nothing is to be chosen,
 * Backspace goes back. Keys typed into a box stay with the box.
 */
export function stepKey(
  step: StepView,
  typed: Readonly<Record<string, string>>,
  key: string,
  target: EventTarget,
): StepAction | null {
  if (isTypedInto(target)) return null
  if (key === 'Backspace') return { kind: 'back' }
  if (step.kind === 'ask') {
    const option = step.options.find((each) => each.key === key)
    if (option === undefined) return null
    if (step.input !== 'several') return { kind: 'input', input: { kind: 'value', value: option.value } }
    const name = stepField(step.stepId)
    return { kind: 'type', name, text: toggled(typed[name] ?? '', option.value) }
  }
  const onControl = target instanceof HTMLButtonElement || target instanceof HTMLInputElement
  if (key === 'Enter' && !onControl && step.kind !== 'verify')
    return { kind: 'input', input: { kind: 'continue' } }
  return null
}

function isTypedInto(target: EventTarget): boolean {
  if (target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true
  return target instanceof HTMLInputElement && target.type !== 'radio' && target.type !== 'checkbox'
}
