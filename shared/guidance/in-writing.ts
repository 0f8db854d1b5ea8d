import type { StepView } from './view.ts'

/** A step of a contact that is answered in writing: by email, letter, chat or social media. */
export function inWriting(step: StepView): StepView {
  return {
    ...step,
    readAloud: step.readAloud === null ? null : { ...step.readAloud, written: true },
    continueLabel: spokenLabels[step.continueLabel] ?? step.continueLabel,
  }
}

/**
 * The greeting of a contact that was written and is answered later: nobody is there to be greeted aloud, and what
 * brought them is in what they wrote.
 */
export function greetedInWriting(step: StepView): StepView {
  if (step.kind !== 'say') return inWriting(step)
  return {
    ...step,
    readAloud: null,
    why: 'They wrote to us, so nothing is said. Read what they want, and begin the reply with their name, your name and the council’s.',
    continueLabel: 'I have read it',
  }
}

const spokenLabels: Readonly<Record<string, string>> = {
  'I have said this': 'I have written this',
  'I have read this out': 'I have written this, word for word',
}
