import type { Part } from './resident-behaviour.ts'

/**
 * Who can be rung inside the practice council: simulated colleagues and services at its own switchboard. `user` is the
 * user part of the address and the key of their voice in speech.ts. All are fictional.
 */
export interface Colleague {
  readonly user: string
  readonly name: string
  /** What they do, such as a team or a service. */
  readonly detail: string
  readonly languages: readonly ('en' | 'cy')[]
  /** Short numbers of the public network that end here in practice, so that no real service is ever rung. */
  readonly numbers: readonly string[]
  /** Whether the council's directory lists them. */
  readonly listed: boolean
  readonly answers: ColleagueAnswer
  /** Those who look before they call see that nobody is at the telephone. */
  readonly away?: boolean
  /** Knows digits of the keypad only as messages of the call (INFO), as old equipment does. */
  readonly digitsByInfo?: boolean
  readonly talk: ColleagueTalk
}

/** What a colleague says, by the lines of their voice. */
export interface ColleagueTalk {
  readonly story: readonly string[]
  /** Instead of the story, to a resident who is put through after the adviser asked. */
  readonly toResident?: readonly string[]
  readonly replies: readonly string[]
  readonly prompts?: readonly string[]
  /** Said once hash is pressed on the keypad. */
  readonly onHash?: string
  /** User whom the caller's telephone is asked to call (REFER) a little after the answer. */
  readonly sendsOnTo?: string
}

export type ColleagueAnswer =
  /** Answers, and takes transfers of both kinds. */
  | { readonly name: 'after'; readonly ms: number }
  /** Answers who asks, but declines every resident who is passed on (603). */
  | { readonly name: 'no-transfers'; readonly ms: number }
  | { readonly name: 'busy' }
  | { readonly name: 'never' }
  /** Takes messages for advisers, and plays them to the adviser who rings it. */
  | { readonly name: 'voicemail' }

/** User part of the voicemail service; `voicemail+USER` leaves a message for that adviser. */
export const voicemailUser = 'voicemail'

const english = ['en'] as const
const talk: ColleagueTalk = { story: ['hello'], replies: ['right', 'yes', 'go'] }
const silent: ColleagueTalk = { story: [], replies: [] }
const soon = { name: 'after', ms: 1500 } as const

/** Of Ofcom's numbers for drama: those of the council's teams that scripts name. One voice answers for all of them. */
export const dutyTeamNumbers: readonly string[] = Array.from(
  { length: 14 },
  (_, index) => `+4416329609${20 + index}`,
)

export const colleagues: readonly Colleague[] = [
  {
    user: 'supervisor',
    name: 'Bethan Marsh',
    detail: 'Contact centre supervisor',
    languages: english,
    numbers: [],
    listed: true,
    answers: soon,
    talk: talk,
  },
  {
    user: 'council-tax-team',
    name: 'Council Tax team',
    detail: 'Council Tax: bills, bands and arrears',
    languages: english,
    numbers: [],
    listed: true,
    answers: soon,
    talk: { ...talk, story: ['hello', 'look'] },
  },
  {
    user: 'housing-repairs',
    name: 'Housing repairs',
    detail: 'Council homes: repairs and emergencies',
    languages: english,
    numbers: [],
    listed: true,
    answers: soon,
    talk: { ...talk, story: ['hello', 'look'] },
  },
  {
    user: 'welsh-line',
    name: 'Llinell Gymraeg',
    detail: 'Welsh language line',
    languages: ['cy', 'en'],
    numbers: [],
    listed: true,
    answers: soon,
    talk: { story: ['hello'], replies: ['yes', 'go'] },
  },
  {
    user: 'interpreter',
    name: 'Interpreting service',
    detail: 'Telephone interpreters: Polish',
    languages: english,
    numbers: [],
    listed: true,
    answers: soon,
    talk: { story: ['hello'], replies: ['yes', 'again'] },
  },
  {
    user: 'payment-line',
    name: 'Payment line',
    detail: 'Automated card payments: digits by keypad',
    languages: english,
    numbers: [],
    listed: true,
    answers: soon,
    talk: { story: ['hello'], replies: [], prompts: ['waiting'], onHash: 'paid' },
  },
  {
    user: 'rent-line',
    name: 'Rent line',
    detail: 'Automated rent payments, on older equipment in practice',
    languages: english,
    numbers: [],
    listed: true,
    answers: soon,
    digitsByInfo: true,
    talk: { story: ['hello'], replies: [], prompts: ['waiting'], onHash: 'paid' },
  },
  {
    user: 'benefits-team',
    name: 'Benefits team',
    detail: 'Always busy in practice',
    languages: english,
    numbers: [],
    listed: true,
    answers: { name: 'busy' },
    talk: silent,
  },
  {
    user: 'planning-team',
    name: 'Planning team',
    detail: 'Never answers in practice',
    languages: english,
    numbers: [],
    listed: true,
    answers: { name: 'never' },
    away: true,
    talk: silent,
  },
  {
    user: 'elections-team',
    name: 'Elections team',
    detail: 'Declines transfers in practice',
    languages: english,
    numbers: [],
    listed: true,
    answers: { name: 'no-transfers', ms: 1500 },
    talk: talk,
  },
  {
    user: 'council-operator',
    name: 'Council operator',
    detail: 'Asks your telephone to call the supervisor in practice',
    languages: english,
    numbers: [],
    listed: true,
    answers: soon,
    talk: { story: ['hello'], replies: [], sendsOnTo: 'supervisor' },
  },
  {
    user: 'duty-team',
    name: 'Duty team',
    detail: 'Answers for every duty team in practice',
    languages: english,
    numbers: dutyTeamNumbers,
    listed: false,
    answers: soon,
    talk: talk,
  },
  {
    user: 'emergency-operator',
    name: '999 practice operator',
    detail: 'Practice only: no emergency service is called',
    languages: english,
    numbers: ['999', '112', '18000'],
    listed: false,
    answers: soon,
    talk: { story: ['practice', 'asks', 'where'], replies: ['reminder'] },
  },
  {
    user: 'public-service-operator',
    name: 'Practice operator for 101, 105 and 111',
    detail: 'Practice only: no public service is called',
    languages: english,
    numbers: ['101', '105', '111'],
    listed: false,
    answers: soon,
    talk: { story: ['practice', 'asks'], replies: ['reminder'] },
  },
  {
    user: voicemailUser,
    name: 'Voicemail',
    detail: 'Messages left for you',
    languages: english,
    numbers: [],
    listed: true,
    answers: { name: 'voicemail' },
    talk: silent,
  },
]

/** How a colleague behaves in a call (resident-behaviour.ts): says who is there, then answers when spoken to. */
export function partOf({ talk }: Colleague, to: 'adviser' | 'resident' = 'adviser'): Part {
  const story = to === 'resident' ? (talk.toResident ?? talk.story) : talk.story
  return {
    patienceMs: 60_000,
    greetAfterMs: 400,
    story: story.map((say) => ({ say, thenWaitMs: 5000 })),
    replies: talk.replies,
    prompts: (talk.prompts ?? []).map((say) => ({ say, thenWaitMs: 15_000 })),
    hangsUpAfterMs: null,
  }
}
