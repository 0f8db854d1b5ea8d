import type { StepView } from './view.ts'

/** A step of a contact that is answered in writing: by email, letter, chat or social media. */
export function inWriting(step: StepView): StepView {
  return {
    ...step,
    readAloud: step.readAloud === null ? null : { ...step.readAloud, written: true },
    continueLabel: spokenLabels[step.continueLabel] ?? step.continueLabel,
  }
}

const spokenLabels: Readonly<Record<string, string>> = {
  'I have said this': 'I have written this',
  'I have read this out': 'I have written this, word for word',
}
