import { expect, it } from 'vitest'
import { greetedInWriting, inWriting } from '#shared/guidance/in-writing.ts'
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

it('has no words of the telephone for a greeting that is answered later', () => {
  expect(greetedInWriting(step)).toMatchObject({ readAloud: null, continueLabel: 'I have read it' })
  expect(greetedInWriting(step).why).toContain('begin the reply')
  const asked: StepView = { ...step, kind: 'inform' }
  expect(greetedInWriting(asked)).toEqual(inWriting(asked))
})
