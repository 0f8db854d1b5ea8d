import { assertNever } from '../kernel/assert-never.ts'

/*
 * How a simulated resident behaves on the telephone. Pure: the shell plays clips, listens, and keeps one timer for
 * `wakeAt`. All times are milliseconds of one clock.
 *
 *   calling ──answered──▶ connecting ──sound──▶ listening ◀──clip ended── speaking
 *      │                                         │  │  ▲ └─────wake───────▶ │
 *      │ patience over                      held │  │  └─resumed─┐     held │
 *      ▼                                         ▼  │            │          ▼
 *    gone ◀───────── hung up, ended ─────────────┴──┴─────────  held ◀──────┘
 */
export type ResidentState =
  | { readonly name: 'calling'; readonly wakeAt: number }
  | { readonly name: 'connecting'; readonly wakeAt: number }
  | (Talk & { readonly name: 'speaking'; readonly line: string; readonly thenWaitMs: number })
  | (Talk & {
      readonly name: 'listening'
      /** The adviser said something since the last line. */
      readonly asked: boolean
      readonly wakeAt: number | null
      /** The story is over and so is the call at `wakeAt`. */
      readonly leaving: boolean
    })
  | (Talk & { readonly name: 'held'; readonly wakeAt: number })
  | { readonly name: 'gone'; readonly why: 'gave-up' | 'hung-up' | 'ended' }

interface Talk {
  /** Lines of the story that were told. */
  readonly told: number
  /** Replies and prompts given, to take them in turn. */
  readonly replied: number
  readonly prompted: number
  readonly adviserSpeaks: boolean
}

/** What somebody in a call has to say; lines are of their voice in speech.ts. */
export interface Part {
  /** Waiting and ringing together; then the resident gives up. */
  readonly patienceMs: number
  /** From the open line to the first word, when the other side says nothing. */
  readonly greetAfterMs: number
  /** Told one after the other, with the silence kept after each before going on unasked. */
  readonly story: readonly PartLine[]
  /** Said in turn when the story is told and the other side speaks on. */
  readonly replies: readonly string[]
  /** Said in turn when nobody speaks any more. */
  readonly prompts: readonly PartLine[]
  /** Hangs up that long after the last line of the story; null leaves it to the other side. */
  readonly hangsUpAfterMs: number | null
}

export interface PartLine {
  readonly say: string
  readonly thenWaitMs: number
}

export type ResidentEvent =
  | { readonly name: 'answered' | 'sound-connected'; readonly at: number }
  | { readonly name: 'adviser-spoke' | 'adviser-fell-silent'; readonly at: number }
  | { readonly name: 'clip-ended' | 'time-passed'; readonly at: number }
  | { readonly name: 'held' | 'resumed'; readonly at: number }
  /** Something calls for this line at once. */
  | { readonly name: 'cued'; readonly at: number; readonly line: string }
  /** Nothing came from the adviser for `soundLostAfterMs`, not even silence. */
  | { readonly name: 'sound-lost'; readonly at: number }
  | { readonly name: 'ended'; readonly at: number }

export type ResidentAction =
  /** A line of the speaker's in speech.ts. */
  | { readonly name: 'say'; readonly line: string }
  | { readonly name: 'fall-silent' }
  /** Cancels the call or hangs up, whichever it takes. */
  | { readonly name: 'hang-up' }

export interface ResidentStep {
  readonly state: ResidentState
  readonly actions: readonly ResidentAction[]
}

/** A breath before answering a question. */
export const replyAfterMs = 500
/** Someone who talks without a pause is interrupted in the end. */
export const politeForMs = 20_000
/** As exchanges do: a line without a single packet for so long is dead, though nobody hung up. */
export const soundLostAfterMs = 90_000
/** Sound that never comes, and hold music that never ends. */
export const soundPatienceMs = 30_000
export const holdPatienceMs = 600_000

export function callingResident(part: Part, at: number): ResidentState {
  return { name: 'calling', wakeAt: at + part.patienceMs }
}

/** When the shell must report `time-passed`; null when nothing is due. */
export function wakeAtOf(state: ResidentState): number | null {
  return 'wakeAt' in state ? state.wakeAt : null
}

/** What the resident does next. Events that make no sense in a state change nothing. */
export function nextResident(part: Part, state: ResidentState, event: ResidentEvent): ResidentStep {
  if (state.name === 'gone') return stay(state)
  if (event.name === 'ended') return stay({ name: 'gone', why: 'ended' })
  if (event.name === 'time-passed' && event.at < (wakeAtOf(state) ?? Number.POSITIVE_INFINITY))
    return stay(state)
  switch (state.name) {
    case 'calling':
      if (event.name === 'time-passed') return leave('gave-up')
      if (event.name !== 'answered') return stay(state)
      return stay({ name: 'connecting', wakeAt: event.at + soundPatienceMs })
    case 'connecting':
      if (event.name === 'time-passed') return leave('hung-up')
      if (event.name !== 'sound-connected') return stay(state)
      return stay(listening(newTalk, event.at + part.greetAfterMs))
    case 'speaking':
      if (event.name === 'sound-lost') return leave('hung-up')
      return whileSpeaking(part, state, event)
    case 'listening':
      if (event.name === 'sound-lost') return leave('hung-up')
      return whileListening(part, state, event)
    case 'held':
      if (event.name === 'time-passed') return leave('hung-up')
      return event.name === 'resumed' ? stay(listening(state, event.at + replyAfterMs)) : stay(state)
    default:
      return assertNever(state)
  }
}

const newTalk: Talk = { told: 0, replied: 0, prompted: 0, adviserSpeaks: false }

type Speaking = ResidentState & { name: 'speaking' }
type Listening = ResidentState & { name: 'listening' }

function whileSpeaking(part: Part, state: Speaking, event: ResidentEvent): ResidentStep {
  switch (event.name) {
    case 'adviser-spoke':
      return stay({ ...state, adviserSpeaks: true })
    case 'adviser-fell-silent':
      return stay({ ...state, adviserSpeaks: false })
    case 'held': {
      // What nobody could hear is told again.
      const told = Math.max(0, part.story[state.told - 1]?.say === state.line ? state.told - 1 : state.told)
      return { state: held({ ...state, told }, event.at), actions: [{ name: 'fall-silent' }] }
    }
    case 'cued':
      return say(state, event.line, politeForMs)
    case 'clip-ended': {
      const storyOver = state.told >= part.story.length
      const leaving = storyOver && part.hangsUpAfterMs !== null
      const wait = leaving ? (part.hangsUpAfterMs ?? 0) : state.adviserSpeaks ? politeForMs : state.thenWaitMs
      return stay({ ...listening(state, event.at + wait), leaving })
    }
    default:
      return stay(state)
  }
}

function whileListening(part: Part, state: Listening, event: ResidentEvent): ResidentStep {
  switch (event.name) {
    case 'adviser-spoke': {
      const wakeAt = state.leaving ? state.wakeAt : event.at + politeForMs
      return stay({ ...state, adviserSpeaks: true, asked: true, wakeAt })
    }
    case 'adviser-fell-silent': {
      const wakeAt = state.leaving ? state.wakeAt : event.at + replyAfterMs
      return stay({ ...state, adviserSpeaks: false, wakeAt })
    }
    case 'held':
      return stay(held(state, event.at))
    case 'cued':
      return say(state, event.line, politeForMs)
    case 'time-passed':
      return state.leaving ? leave('hung-up') : speak(part, state)
    default:
      return stay(state)
  }
}

function speak(part: Part, state: Listening): ResidentStep {
  const { told, replied, prompted, adviserSpeaks } = state
  const talk = { told, replied, prompted, adviserSpeaks }
  const next = part.story[told]
  if (next !== undefined) return say({ ...talk, told: told + 1 }, next.say, next.thenWaitMs)
  const prompt = inTurn(part.prompts, prompted)
  const reply = state.asked ? inTurn(part.replies, replied) : undefined
  if (reply !== undefined)
    return say({ ...talk, replied: replied + 1 }, reply, prompt?.thenWaitMs ?? politeForMs)
  if (prompt !== undefined) return say({ ...talk, prompted: prompted + 1 }, prompt.say, prompt.thenWaitMs)
  return stay({ ...state, wakeAt: null })
}

const inTurn = <T>(list: readonly T[], turn: number): T | undefined => list[turn % Math.max(1, list.length)]

const stay = (state: ResidentState): ResidentStep => ({ state, actions: [] })

const leave = (why: 'gave-up' | 'hung-up'): ResidentStep => ({
  state: { name: 'gone', why },
  actions: [{ name: 'hang-up' }],
})

const say = (
  { told, replied, prompted, adviserSpeaks }: Talk,
  line: string,
  thenWaitMs: number,
): ResidentStep => ({
  state: { told, replied, prompted, adviserSpeaks, name: 'speaking', line, thenWaitMs },
  actions: [{ name: 'say', line }],
})

function listening({ told, replied, prompted, adviserSpeaks }: Talk, wakeAt: number): Listening {
  return {
    name: 'listening',
    told,
    replied,
    prompted,
    adviserSpeaks,
    asked: adviserSpeaks,
    wakeAt,
    leaving: false,
  }
}

function held({ told, replied, prompted }: Talk, at: number): ResidentState {
  return { name: 'held', told, replied, prompted, adviserSpeaks: false, wakeAt: at + holdPatienceMs }
}
