import { expect, it } from 'vitest'
import { inWriting } from '#shared/guidance/in-writing.ts'
import type { StepView } from '#shared/guidance/view.ts'

const step: StepView = {
  kind: 'say',
  stepId: 'greeting',
  title: 'Greeting',
  readAloud: { text: 'Hello', language: 'en', verbatim: false, inEnglish: null },
  why: null,
  facts: [],
  withheld: false,
  needs: 'none',
  continueLabel: 'I have said this',
}

it('asks to write what would be said, and keeps the words', () => {
  const written = inWriting(step)
  expect(written).toMatchObject({
    continueLabel: 'I have written this',
    readAloud: { text: 'Hello', written: true },
  })
  expect(inWriting({ ...step, readAloud: null, continueLabel: 'Continue' })).toMatchObject({
    readAloud: null,
    continueLabel: 'Continue',
  })
})
