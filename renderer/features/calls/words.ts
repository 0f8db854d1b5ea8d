import type { EndReason, Line, PhoneSnapshot, ReadinessProblem } from '#shared/contract/phone.ts'
import type { AgentState } from '#shared/contract/rest.ts'
import { assertNever } from '#shared/kernel/assert-never.ts'

export type Tone = 'good' | 'attention' | 'danger' | 'soft'

export interface StateWords {
  readonly tone: Tone
  readonly text: string
  /** Milliseconds since 1970: shows how long the state has lasted, or for wrap-up when it ends. */
  readonly since?: number
  readonly until?: number
  /** How long this state may last, in milliseconds. */
  readonly limitMs?: number
}

export interface CodeAndLabel {
  readonly code: string
  readonly label: string
}

const fixedReasons: Readonly<Record<string, string>> = {
  'signed-in': 'just signed in',
  'missed-call': 'you missed a call',
  'phone-not-ready': 'telephone not working',
  'timed-out': 'your time is up, choose what you do now',
  unknown: 'reason not known',
}

/** What the phone says of my state and of what stands against Ready. */
export type Standing = Pick<PhoneSnapshot, 'agent' | 'readinessProblems'>

/** My state in the trade's words. Whoever has answered does not ring any more, though the council is not told yet. */
export function stateWords(
  standing: Standing | null,
  reasons: readonly CodeAndLabel[],
  hasAnswered = false,
): StateWords {
  if (standing === null) return { tone: 'attention', text: 'Telephone is starting' }
  const agent = standing.agent
  if (agent === null) return { tone: 'attention', text: 'Asking the council for your state' }
  if (hasAnswered && agent.state.name === 'ringing') return { tone: 'good', text: 'On a call' }
  return agentWords(agent.state, reasons)
}

function agentWords(state: AgentState, reasons: readonly CodeAndLabel[]): StateWords {
  const since = Date.parse(state.since)
  switch (state.name) {
    case 'ready':
      return { tone: 'good', text: 'Ready', since }
    case 'not-ready':
      return {
        tone: state.reason === 'timed-out' ? 'attention' : 'soft',
        text: `Not ready: ${reasonWords(state.reason, reasons)}`,
        since,
        ...(state.until === undefined ? {} : { limitMs: Date.parse(state.until) - since }),
      }
    case 'ringing':
      return { tone: 'attention', text: 'Ringing', since }
    case 'on-call':
      return { tone: 'good', text: 'On a call', since }
    case 'wrap-up':
      return { tone: 'attention', text: 'Wrap-up', until: Date.parse(state.until) }
    default:
      return assertNever(state)
  }
}

export function reasonWords(code: string, reasons: readonly CodeAndLabel[]): string {
  // The council's label explains it at length, for the menu.
  if (code === 'do-not-disturb') return 'do not disturb'
  const known = reasons.find((reason) => reason.code === code)
  return known === undefined ? (fixedReasons[code] ?? code) : known.label.toLowerCase()
}

export interface ProblemWords {
  readonly title: string
  readonly whatToDo: string
}

/** Why Ready is off, and what the adviser can do. */
export const problemWords: Record<ReadinessProblem, ProblemWords> = {
  'not-registered': {
    title: 'The telephone is connecting',
    whatToDo: 'Ready becomes possible as soon as the switchboard has answered.',
  },
  'registration-refused': {
    title: 'The switchboard refused this telephone',
    whatToDo:
      'Your telephone account or its password is wrong at the switchboard. Tell your supervisor or IT, then choose Try again.',
  },
  'connection-lost': {
    title: 'No connection to the switchboard',
    whatToDo: 'It is tried again by itself. A call in progress and everything you save are kept.',
  },
  'microphone-unknown': {
    title: 'The microphone has not been checked yet',
    whatToDo: 'This takes a moment. If it stays, choose Check the microphone.',
  },
  'microphone-denied': {
    title: 'The microphone is not allowed',
    whatToDo:
      'Allow the microphone for Adviser Desktop in the computer’s privacy settings, then choose Check the microphone.',
  },
  'microphone-absent': {
    title: 'No microphone found',
    whatToDo: 'Plug in your headset, then choose Check the microphone.',
  },
  'microphone-failed': {
    title: 'The microphone does not work',
    whatToDo:
      'Another program may be using it. Close that program or plug the headset in again, then choose Check the microphone.',
  },
  'check-running': {
    title: 'The check before your shift is running',
    whatToDo: 'It takes a few seconds.',
  },
  'check-failed': {
    title: 'The check before your shift found something',
    whatToDo: 'Look at what it found and put it right, or go on with a reason.',
  },
  'desk-locked': {
    title: 'The desk is locked',
    whatToDo: 'Unlock it with your password to take calls again.',
  },
  'council-unreachable': {
    title: 'No connection to the council’s service',
    whatToDo:
      'No new calls can be sent to you. You can go on working on your cases: every save is kept and sent later.',
  },
}

/** What the adviser is told about a line while its network or sound is in trouble; null when all is well. */
export function lineTrouble(line: Line): { tone: Tone; text: string } | null {
  if (line.state.name === 'ended') return null
  if (line.signalling === 'lost')
    return { tone: 'attention', text: 'Connection lost. The call is kept while it is restored.' }
  if (line.signalling === 'recovering')
    return { tone: 'attention', text: 'Connection is back. Restoring the call…' }
  if (line.state.name !== 'active') return null
  if (line.sound.inbound === 'silent')
    return { tone: 'danger', text: 'No sound is arriving from the caller.' }
  if (line.sound.outbound === 'silent')
    return { tone: 'danger', text: 'The caller cannot hear you: no sound is leaving.' }
  return null
}

/** Why a call ended. */
export const endWords: Record<EndReason, string> = {
  'hung-up-here': 'You ended the call',
  'hung-up-there': 'The caller hung up',
  cancelled: 'The caller gave up',
  'answered-elsewhere': 'Answered by someone else',
  'rejected-here': 'You declined the call',
  busy: 'Busy',
  'no-answer': 'No answer',
  'not-found': 'Number not known',
  refused: 'The call was refused',
  'media-failed': 'The sound could not be connected',
  'connection-lost': 'The call was lost with the connection',
  transferred: 'Passed on',
}

/** The state of a line in words. */
export function lineWords(line: Line): string {
  switch (line.state.name) {
    case 'ringing':
      return 'Ringing'
    case 'dialling':
      return line.state.progress === 'trying' ? 'Dialling' : 'Ringing there'
    case 'answering':
      return 'Connecting'
    case 'active':
      return line.muted ? 'You are muted' : 'Talking'
    case 'held':
      return line.state.by === 'resident' ? 'The caller put you on hold' : 'On hold'
    case 'ended':
      return endWords[line.state.reason]
    default:
      return assertNever(line.state)
  }
}
