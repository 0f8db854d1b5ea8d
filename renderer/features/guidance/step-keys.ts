import type { AskStepView, OptionView, StepInput, StepView } from '#shared/guidance/view.ts'
import type { StepSupport } from './step-support.ts'
import { chosenEntry, entryField, givenText, stepField, toggled } from './typed-fields.ts'

export type StepAction =
  | { readonly kind: 'back' }
  | { readonly kind: 'type'; readonly name: string; readonly text: string }
  | { readonly kind: 'input'; readonly input: StepInput }
  | { readonly kind: 'ask-first'; readonly entryId: string }
  | { readonly kind: 'pass-on'; readonly entryId: string }

/**
 * What a key means while the focus is in the step: digits and letters answer, A and P pass the call on, Enter goes on
 * where nothing is to be chosen, Backspace goes back. Keys typed into a box stay with the box.
 */
export function stepKey(
  step: StepView,
  typed: Readonly<Record<string, string>>,
  key: string,
  target: EventTarget,
  support: Pick<StepSupport, 'handOver' | 'payment'>,
): StepAction | null {
  if (isTypedInto(target)) return null
  if (key === 'Backspace') return { kind: 'back' }
  if (key === 'Enter') return isControl(target) ? null : entered(step, typed, support)
  if (step.kind === 'ask') return optionChosen(step, typed, key)
  return isHandOver(step, support) ? handedOver(step, typed, key.toLowerCase(), support) : null
}

export const optionOf = (options: readonly OptionView[], key: string): OptionView | undefined =>
  options.find((option) => [option.key, option.letter].includes(key.toLowerCase()))

function optionChosen(
  step: AskStepView,
  typed: Readonly<Record<string, string>>,
  key: string,
): StepAction | null {
  const option = optionOf(step.options, key)
  if (option === undefined) return null
  if (step.input !== 'several') return { kind: 'input', input: { kind: 'value', value: option.value } }
  return { kind: 'type', name: stepField(step.stepId), text: toggled(givenText(step, typed), option.value) }
}

function entered(
  step: StepView,
  typed: Readonly<Record<string, string>>,
  { payment }: Pick<StepSupport, 'payment'>,
): StepAction | null {
  if (step.kind === 'verify' || (step.kind === 'pay' && payment.name !== 'safe')) return null
  if (step.kind !== 'ask') return { kind: 'input', input: { kind: 'continue' } }
  if (step.input !== 'several') return null
  const list = givenText(step, typed)
  return list === '' ? null : { kind: 'input', input: { kind: 'value', value: list.split(',') } }
}

/** While a payment is not safe, nobody is called for it. */
const isHandOver = (step: StepView, { payment }: Pick<StepSupport, 'payment'>): boolean =>
  step.kind === 'transfer' || step.kind === 'escalate' || (step.kind === 'pay' && payment.name === 'safe')

function handedOver(
  step: StepView,
  typed: Readonly<Record<string, string>>,
  key: string,
  { handOver }: Pick<StepSupport, 'handOver'>,
): StepAction | null {
  const { entries, askWords, passOnWords } = handOver
  const entryId = chosenEntry(step.stepId, typed, entries)
  if (entryId === null) return null
  if (key === 'a' && askWords !== null) return { kind: 'ask-first', entryId }
  if (key === 'p' && passOnWords !== null && step.kind !== 'pay') return { kind: 'pass-on', entryId }
  const entry = /^[1-9]$/.test(key) ? entries[Number(key) - 1] : undefined
  return entry === undefined || entry.name === null
    ? null
    : { kind: 'type', name: entryField(step.stepId), text: entry.id }
}

const isControl = (target: EventTarget): boolean =>
  target instanceof HTMLButtonElement || target instanceof HTMLInputElement

export function isTypedInto(target: EventTarget): boolean {
  if (target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true
  return target instanceof HTMLInputElement && target.type !== 'radio' && target.type !== 'checkbox'
}
