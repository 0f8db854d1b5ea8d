import type { Draft } from '#shared/contract/draft.ts'

/** What to do on a call that goes at another pace. */
export interface AssistanceWords {
  readonly title: string
  readonly lines: readonly string[]
}

const sameQuestions = 'Ask the same identity questions as on any call.'
const noHurry = 'Take the time it needs: it counts against nobody, and wrap-up waits for you.'

const words: Record<NonNullable<Draft['assistance']>, AssistanceWords> = {
  relay: {
    title: 'Relay UK call: do not hang up',
    lines: [
      'Silences are normal: your words are being typed.',
      'Say “go ahead” when you finish, and wait for theirs.',
      `Speak to the resident, not the relay assistant. ${sameQuestions}`,
      noHurry,
    ],
  },
  interpreter: {
    title: 'Call with an interpreter: do not hang up',
    lines: [
      'Speak to the resident, not the interpreter: “When did you move?”',
      'One or two sentences, then stop. Silences are normal.',
      `Ask the interpreter to repeat both sides, all of it. ${sameQuestions}`,
      noHurry,
    ],
  },
  'sign-language': {
    title: 'Call with a sign language interpreter: do not hang up',
    lines: [
      'Speak to the resident, not the interpreter. Silences are normal: it is being signed.',
      'One or two sentences, then wait for the answer.',
      `Ask the interpreter to voice both sides, all of it. ${sameQuestions}`,
      noHurry,
    ],
  },
}

const welsh: AssistanceWords = {
  title: 'Galwad Gymraeg: a call in Welsh',
  lines: [
    'Greet in Welsh and stay in Welsh, or pass the call to somebody who speaks it: they come first when you pass it on.',
    'Never ask the resident to change to English. Their choice is kept for next time.',
    noHurry,
  ],
}

/** Null for a call like any other. */
export function assistanceWords(
  assistance: Draft['assistance'],
  language: 'en' | 'cy',
): AssistanceWords | null {
  if (assistance !== null) return words[assistance]
  return language === 'cy' ? welsh : null
}

/** A call whose time is no measure of anybody: nothing of it is counted on the screen. */
export function isUnhurried(assistance: Draft['assistance'], language: 'en' | 'cy'): boolean {
  return assistanceWords(assistance, language) !== null
}
