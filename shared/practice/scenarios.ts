import { z } from 'zod'
import { e164 } from '../contract/rest.ts'
import { cast } from './cast.ts'
import { speech } from './speech.ts'

/** One thing said: a line of the speaker's in speech.ts, and the silence kept after it before going on unasked. */
const line = z.object({
  say: z.string(),
  thenWaitMs: z.number().int().nonnegative().default(6000),
})

/** What calls an adviser practises with. Data only; resident-behaviour.ts is how they are played. */
export const scenario = z
  .object({
    id: z.string().regex(/^[a-z0-9-]+$/),
    title: z.string().min(1),
    /** Id of the queue that is called. */
    queueId: z.string().min(1),
    /** Cast member who speaks. */
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
  })
  .refine(({ speaker }) => cast.some(({ id }) => id === speaker), { error: 'the speaker is not in the cast' })
  .refine(
    ({ speaker, story, replies, prompts }) => {
      const known = Object.keys((speech as Record<string, { lines: object }>)[speaker]?.lines ?? {})
      return (
        [...story, ...prompts].every(({ say }) => known.includes(say)) &&
        replies.every((say) => known.includes(say))
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
])

/** The number that is shown to the adviser; null when withheld. */
export function numberShown({ caller, speaker }: Scenario): string | null {
  if (caller.name === 'withheld') return null
  if (caller.name === 'other-number') return caller.number
  return cast.find(({ id }) => id === speaker)?.phone ?? null
}
