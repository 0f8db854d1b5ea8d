import { speakerOf } from '#shared/cases/assistance.ts'
import type { Draft } from '#shared/contract/draft.ts'
import { levelNow } from '#shared/guidance/identity.ts'
import { checkWords } from './identity-words.ts'

const helpWords = {
  relay: 'Relay UK call',
  interpreter: 'Call with an interpreter',
  'sign-language': 'Call with a sign language interpreter',
} as const

/** What a colleague is told of a contact that is passed on, a line each. `now` in milliseconds since 1970. */
export function handOverWords(draft: Draft, language: 'en' | 'cy', now: number): readonly string[] {
  const { identity, assistance, residentId, caseId, saved } = draft
  const counts = levelNow(identity, new Date(now).toISOString()) !== 'none'
  const speaker = speakerOf(draft)
  return [
    counts && identity !== null ? checkWords(identity) : 'Nobody has been identified',
    residentId === null ? 'No resident is chosen' : 'The resident whose record you chose',
    ...(speaker.party === 'third-party' ? ['Somebody else speaks for the resident'] : []),
    ...(speaker.party === 'councillor' ? ['A councillor speaks for the resident'] : []),
    caseId !== null && saved !== null ? 'The case, as last saved' : 'No case: none has been saved',
    ...(assistance === null ? [] : [helpWords[assistance]]),
    language === 'cy' ? 'In Welsh' : 'In English',
  ]
}
