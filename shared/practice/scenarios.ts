import { z } from 'zod'
import { e164 } from '../contract/rest.ts'
import { cast } from './cast.ts'
import { colleagues } from './colleagues.ts'
import type { Part } from './resident-behaviour.ts'
import { speech } from './speech.ts'

/** One thing said: a line of the speaker's in speech.ts, and the silence kept after it before going on unasked. */
const line = z.object({
  say: z.string(),
  thenWaitMs: z.number().int().nonnegative().default(6000),
})

/** A colleague had the call first, checked who speaks, and passed it on with a hand-over. */
const passedOn = z.object({
  reason: z.string(),
  level: z.enum(['standard', 'enhanced']),
  method: z.string(),
  checkedMinutesAgo: z.number().int().nonnegative(),
})

export type PassedOn = z.infer<typeof passedOn>

const isCast = (speaker: string): boolean => cast.some(({ id }) => id === speaker)
const isColleague = (speaker: string): boolean => colleagues.some(({ user }) => user === speaker)

/** What calls an adviser practises with. Data only; resident-behaviour.ts is how they are played. */
export const scenario = z
  .object({
    id: z.string().regex(/^[a-z0-9-]+$/),
    title: z.string().min(1),
    /** Who is called: the queue `queueId`, or the adviser at the desk without a queue. */
    calls: z.enum(['queue', 'adviser']).default('queue'),
    queueId: z.string().min(1),
    /** Cast member, or user of a colleague, who speaks. */
    speaker: z.string(),
    /** The number shown: the speaker's own, another one, or none. */
    caller: z.discriminatedUnion('name', [
      z.object({ name: z.literal('own-number') }),
      z.object({ name: z.literal('other-number'), number: e164 }),
      z.object({ name: z.literal('withheld') }),
    ]),
    /** Waiting in the queue and ringing together; then the resident gives up. */
    patienceMs: z.number().int().positive(),
    /** Time from hearing the line open to the first word, when the adviser says nothing. */
    greetAfterMs: z.number().int().nonnegative().default(1200),
    /** Told one after the other: after the adviser stops speaking, or unasked after the wait. */
    story: z.array(line).min(1),
    /** Said in turn when the story is told and the adviser speaks on. */
    replies: z.array(z.string()),
    /** Said in turn when nobody speaks any more. */
    prompts: z.array(line),
    /** Hangs up that long after the last line of the story; null leaves it to the adviser. */
    hangsUpAfterMs: z.number().int().nonnegative().nullable().default(null),
    /** Said to a colleague whom the resident is passed on to, before saying goodbye; empty tells the story again. */
    toldOn: z.array(z.string()).default([]),
    /** The call asks the adviser's telephone to answer by itself. */
    autoAnswer: z.boolean().default(false),
    /** A supervisor begins to listen that long after the answer. */
    supervisorListensAfterMs: z.number().int().nonnegative().nullable().default(null),
    /** Puts the adviser on hold that long after the answer, for so long. */
    holdsAdviser: z
      .object({ afterMs: z.number().int().nonnegative(), forMs: z.number().int().positive() })
      .nullable()
      .default(null),
    passedOn: passedOn.nullable().default(null),
    /** The number of the council that was dialled, when it is not the one of who is called. */
    dialled: e164.nullable().default(null),
    /** Line left with the adviser's voicemail when the call is not answered. */
    leavesMessage: z.string().nullable().default(null),
  })
  .refine(({ speaker }) => isCast(speaker) || isColleague(speaker), {
    error: 'the speaker is neither in the cast nor a colleague',
  })
  .refine(
    ({ speaker, story, replies, prompts, toldOn, leavesMessage }) => {
      const known = Object.keys((speech as Record<string, { lines: object }>)[speaker]?.lines ?? {})
      const said = [...story, ...prompts].map(({ say }) => say)
      return [...said, ...replies, ...toldOn, ...(leavesMessage === null ? [] : [leavesMessage])].every(
        (say) => known.includes(say),
      )
    },
    { error: 'the speaker has no such line' },
  )

export type Scenario = z.infer<typeof scenario>

const replies = ['yes', 'one-moment', 'thanks']
const prompts = [{ say: 'still-there', thenWaitMs: 8000 }]
const fiveMinutesMs = 300_000

/** In the order in which residents call when nobody chooses. */
export const scenarios: readonly Scenario[] = z.array(scenario).parse([
  {
    id: 'missed-bin',
    title: 'Missed recycling: Dr Raman, known by her number',
    queueId: 'waste',
    speaker: 'cast-priya-raman',
    caller: { name: 'own-number' },
    patienceMs: fiveMinutesMs,
    story: ['hello', 'name', 'address', 'birth', 'bin', 'out', 'access'].map((say) => ({ say })),
    replies,
    prompts,
  },
  {
    id: 'missed-bin-shared-number',
    title: 'Missed bin: two people share this number',
    queueId: 'waste',
    speaker: 'cast-amara-okafor',
    caller: { name: 'own-number' },
    patienceMs: fiveMinutesMs,
    story: ['hello', 'name', 'address', 'birth', 'bin', 'out'].map((say) => ({ say })),
    replies,
    prompts,
  },
  {
    id: 'missed-bin-withheld',
    title: 'Missed garden waste: number withheld',
    queueId: 'waste',
    speaker: 'cast-derek-hollis',
    caller: { name: 'withheld' },
    patienceMs: fiveMinutesMs,
    greetAfterMs: 2500,
    story: ['hello', 'name', 'address', 'birth', 'bin', 'help'].map((say) => ({ say, thenWaitMs: 8000 })),
    replies,
    prompts,
  },
  {
    id: 'unknown-number',
    title: 'New resident: number not on record',
    queueId: 'waste',
    speaker: 'cast-tomasz-kowalczyk',
    caller: { name: 'own-number' },
    patienceMs: fiveMinutesMs,
    story: ['hello', 'name', 'address', 'birth', 'bin', 'new'].map((say) => ({ say })),
    replies,
    prompts,
  },
  {
    id: 'impatient',
    title: 'Impatient: gives up while it rings',
    queueId: 'waste',
    speaker: 'cast-amara-okafor',
    caller: { name: 'own-number' },
    patienceMs: 8000,
    story: [{ say: 'hello' }, { say: 'hurry', thenWaitMs: 1000 }],
    replies: ['yes'],
    prompts: [],
    hangsUpAfterMs: 1000,
  },
  {
    id: 'welsh-speaker',
    title: 'Welsh speaker: would rather speak Welsh',
    queueId: 'waste',
    speaker: 'cast-gwen-pritchard',
    caller: { name: 'own-number' },
    patienceMs: fiveMinutesMs,
    story: ['hello', 'language', 'name', 'address', 'birth'].map((say) => ({ say })),
    replies: ['yes', 'thanks'],
    prompts,
  },
  {
    id: 'hangs-up-midway',
    title: 'Hangs up in the middle of the call',
    queueId: 'waste',
    speaker: 'cast-michael-okafor',
    caller: { name: 'own-number' },
    patienceMs: fiveMinutesMs,
    story: [
      { say: 'hello', thenWaitMs: 3000 },
      { say: 'bin', thenWaitMs: 600 },
      { say: 'oh', thenWaitMs: 600 },
    ],
    replies: ['yes'],
    prompts: [],
    hangsUpAfterMs: 600,
  },
  {
    id: 'council-tax-transfer',
    title: 'Asks to be put through to the Council Tax team',
    queueId: 'general',
    speaker: 'cast-amara-okafor',
    caller: { name: 'own-number' },
    patienceMs: fiveMinutesMs,
    story: ['bill', 'name', 'put-through'].map((say) => ({ say })),
    replies: ['yes', 'thanks'],
    prompts,
    toldOn: ['told-on', 'discount', 'yes'],
  },
  {
    id: 'needs-interpreter',
    title: 'Needs an interpreter in the call',
    queueId: 'general',
    speaker: 'cast-tomasz-kowalczyk',
    caller: { name: 'own-number' },
    patienceMs: fiveMinutesMs,
    story: ['letter', 'interpreter'].map((say) => ({ say })),
    replies: ['polish', 'thanks'],
    prompts,
    toldOn: ['polish'],
  },
  {
    id: 'pays-by-telephone',
    title: 'Pays by telephone: pause the recording',
    queueId: 'waste',
    speaker: 'cast-derek-hollis',
    caller: { name: 'own-number' },
    patienceMs: fiveMinutesMs,
    story: ['pay', 'name', 'card', 'keypad'].map((say) => ({ say, thenWaitMs: 8000 })),
    replies: ['one-moment', 'yes', 'thanks'],
    prompts,
  },
  {
    id: 'wants-callback',
    title: 'Cannot talk now: wants to be called back',
    queueId: 'general',
    speaker: 'cast-priya-raman',
    caller: { name: 'own-number' },
    patienceMs: fiveMinutesMs,
    story: ['hello', 'call-me-back', 'number'].map((say) => ({ say })),
    replies: ['yes', 'thanks'],
    prompts,
  },
  {
    id: 'supervisor-auto-answer',
    title: 'The supervisor rings you: answers by itself',
    calls: 'adviser',
    queueId: 'general',
    speaker: 'supervisor',
    caller: { name: 'own-number' },
    patienceMs: 60_000,
    story: [{ say: 'intercom' }],
    replies: ['right', 'yes'],
    prompts: [],
    autoAnswer: true,
  },
  {
    id: 'direct-call',
    title: 'Rings you directly, and leaves a message when you do not answer',
    calls: 'adviser',
    queueId: 'general',
    speaker: 'cast-michael-okafor',
    caller: { name: 'own-number' },
    patienceMs: 15_000,
    story: [{ say: 'direct' }, { say: 'bin' }],
    replies: ['yes', 'thanks'],
    prompts,
    leavesMessage: 'message',
  },
  {
    id: 'put-through',
    title: 'Dialled the housing number, and is put through to you',
    calls: 'adviser',
    queueId: 'housing',
    speaker: 'cast-michael-okafor',
    caller: { name: 'own-number' },
    dialled: '+448081570103',
    patienceMs: 60_000,
    story: ['leak', 'hello'].map((say) => ({ say })),
    replies: ['yes', 'thanks'],
    prompts,
  },
  {
    id: 'supervisor-listens',
    title: 'Missed recycling: a supervisor listens in',
    queueId: 'waste',
    speaker: 'cast-priya-raman',
    caller: { name: 'own-number' },
    patienceMs: fiveMinutesMs,
    story: ['hello', 'name', 'address', 'birth', 'bin', 'out'].map((say) => ({ say })),
    replies,
    prompts,
    supervisorListensAfterMs: 3000,
  },
  {
    id: 'passed-on-identified',
    title: 'Passed on by Jo, who has checked who speaks',
    queueId: 'council-tax',
    speaker: 'cast-amara-okafor',
    caller: { name: 'own-number' },
    patienceMs: fiveMinutesMs,
    story: ['told-on', 'discount'].map((say) => ({ say })),
    replies: ['yes', 'thanks'],
    prompts,
    passedOn: {
      reason: 'Lives alone since October and asks for the discount',
      level: 'standard',
      method: 'name, address',
      checkedMinutesAgo: 3,
    },
  },
  {
    id: 'puts-you-on-hold',
    title: 'Missed recycling: puts you on hold to look outside',
    queueId: 'waste',
    speaker: 'cast-priya-raman',
    caller: { name: 'own-number' },
    patienceMs: fiveMinutesMs,
    story: ['hello', 'bin', 'out', 'name', 'address'].map((say) => ({ say })),
    replies,
    prompts,
    holdsAdviser: { afterMs: 3000, forMs: 4000 },
  },
])

/** What the resident tells a colleague to whom the call was passed on. */
export function toldOnBy(scenario: Scenario): Part {
  const told = scenario.toldOn.length === 0 ? scenario.story.map(({ say }) => say) : scenario.toldOn
  const story = [...told, 'goodbye'].map((say) => ({ say, thenWaitMs: 5000 }))
  // Whoever takes the call says who is there first.
  return { ...scenario, greetAfterMs: 4000, story, replies: [], prompts: [], hangsUpAfterMs: 1500 }
}

/** What the resident says to an adviser's voicemail; null when no message is left. */
export function messageOf(scenario: Scenario): Part | null {
  if (scenario.leavesMessage === null) return null
  const story = [{ say: scenario.leavesMessage, thenWaitMs: 0 }]
  return { ...scenario, greetAfterMs: 8000, story, replies: [], prompts: [], hangsUpAfterMs: 500 }
}

/** The number that is shown to the adviser; null when withheld. */
export function numberShown({ caller, speaker }: Scenario): string | null {
  if (caller.name === 'withheld') return null
  if (caller.name === 'other-number') return caller.number
  return cast.find(({ id }) => id === speaker)?.phone ?? null
}
