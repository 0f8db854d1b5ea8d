import { describe, expect, it } from 'vitest'
import { guidanceErrorMessage, guidanceErrorWords } from '#shared/guidance/wording.ts'

describe('words for what is wrong', () => {
  it('are whole sentences, and never name which identity answer was wrong', () => {
    for (const words of Object.values(guidanceErrorWords)) expect(words).toMatch(/^[A-Z].*\.$/)
    expect(guidanceErrorWords['guidance/identity-not-matched']).not.toMatch(/name|address|birth/)
  })

  it('exist for codes of a newer version too', () => {
    expect(guidanceErrorMessage('guidance/needed')).toBe('Give an answer first.')
    expect(guidanceErrorMessage('guidance/from-tomorrow')).toBe('This answer could not be taken. Try again.')
    expect(guidanceErrorMessage('constructor')).toBe('This answer could not be taken. Try again.')
  })
})
