import { isUp } from '#shared/calls/line.ts'
import type { Line } from '#shared/contract/phone.ts'
import { partyWords } from './caller-words.ts'
import {
  consultation,
  isEmergency,
  isHeldHere,
  joinableLines,
  joinedWith,
  lineInHand,
  lineWaiting,
  numbered,
  otherLine,
} from './groups.ts'
import { namedLines } from './named-lines.ts'
import { passOn } from './pass-on.ts'
import type { CallsStore } from './store.ts'
import type { TelephoneStore } from './telephone.ts'

/** A second press of F2 this soon after answering with it is a slip of the finger, not a wish to hang up. */
const answerGuardMs = 1_500

export interface CallKeys {
  readonly calls: CallsStore
  readonly telephone: TelephoneStore
}

/** A key press, as the browser's event has it. */
export interface KeyPress {
  readonly key: string
  readonly code: string
  readonly shiftKey: boolean
  readonly ctrlKey: boolean
  readonly altKey: boolean
}

/**
 * Call control by function keys and chords, from anywhere in the desk. Returns whether the key was one of them.
 * What each does is listed in `key-list.ts`.
 */
export function callKey(keys: CallKeys, press: KeyPress, now: number): boolean {
  const chord = chordOf(press)
  const act = chord === null ? undefined : actions[chord]
  if (act !== undefined) {
    act(keys, now)
    return true
  }
  const digit = press.altKey && press.shiftKey && !press.ctrlKey ? /^Digit([1-4])$/.exec(press.code) : null
  if (digit === null) return false
  goToLine(keys, Number(digit[1]))
  return true
}

function chordOf({ key, shiftKey, ctrlKey, altKey }: KeyPress): string | null {
  if (altKey) return null
  return `${ctrlKey ? 'Ctrl ' : ''}${shiftKey ? 'Shift ' : ''}${key.length === 1 ? key.toUpperCase() : key}`
}

const linesOf = ({ calls }: CallKeys) => calls.getState().snapshot?.lines ?? []

const actions: Readonly<Record<string, (keys: CallKeys, now: number) => void>> = {
  F1: ({ telephone }) => telephone.getState().open({ name: 'keys' }),
  F2: answerOrEnd,
  'Shift F2': answerWaiting,
  'Ctrl F2': decline,
  F3: ({ telephone }) => telephone.getState().open({ name: 'dial' }),
  'Shift F3': passOnAsked,
  'Ctrl D': openKeypad,
  F4: holdOrResume,
  F6: (keys) => {
    const line = lineInHand(linesOf(keys))
    if (line !== undefined && isUp(line))
      void keys.calls.getState().execute({ name: 'setMuted', lineId: line.id, muted: !line.muted })
  },
  'Shift F6': pauseRecording,
  F7: (keys) => {
    const other = otherLine(linesOf(keys))
    if (other !== undefined) void keys.calls.getState().execute({ name: 'resume', lineId: other.id })
  },
  'Shift F7': joinAll,
  F8: ready,
  'Shift F8': ({ telephone }) => telephone.getState().open({ name: 'state' }),
  F10: ({ telephone }) => telephone.getState().open({ name: 'calls', tab: 'recent' }),
}

function answerOrEnd(keys: CallKeys, now: number): void {
  const line = lineInHand(linesOf(keys))
  const { execute } = keys.calls.getState()
  if (line === undefined) return
  if (line.state.name === 'ringing') void execute({ name: 'answer', lineId: line.id })
  else if (endsByKey(line, linesOf(keys), now))
    for (const each of joinedWith(linesOf(keys), line)) void execute({ name: 'hangUp', lineId: each.id })
}

/**
 * Whether the key that answers would end this call now: not just after it, and not on the way from one call to another,
 * while both are on hold and the one in hand is not the one that is meant.
 */
export function endsByKey(line: Line, lines: readonly Line[], now: number): boolean {
  const { answeredAt, invitedAt } = line.times
  const isBetween = line.state.name === 'held' && otherHeld(lines, line)
  const isJustAnswered = line.direction === 'inbound' && now - (answeredAt ?? invitedAt) <= answerGuardMs
  return !isBetween && !isJustAnswered
}

const otherHeld = (lines: readonly Line[], line: Line): boolean =>
  lines.some((each) => each.id !== line.id && isHeldHere(each) && !joinedWith(lines, line).includes(each))

function answerWaiting(keys: CallKeys): void {
  const waiting = lineWaiting(linesOf(keys))
  if (waiting !== undefined) void keys.calls.getState().execute({ name: 'answer', lineId: waiting.id })
}

/** The call that waits, else the one that rings, else one that would be answered by itself. */
function decline(keys: CallKeys): void {
  const lines = linesOf(keys)
  const ringing = lineWaiting(lines) ?? lines.find((line) => line.state.name === 'ringing')
  if (ringing !== undefined) void keys.calls.getState().execute({ name: 'reject', lineId: ringing.id })
}

/** Beside an emergency call it is the caller who is held, never the operator by a slip. */
function holdOrResume(keys: CallKeys): void {
  const lines = linesOf(keys)
  const inHand = lineInHand(lines)
  const isBeside = ({ state }: Line) => state.name === 'active' && inHand?.conferenceId == null
  const beside =
    inHand !== undefined && isEmergency(inHand)
      ? lines.find((each) => each !== inHand && isBeside(each))
      : undefined
  const line = beside ?? inHand
  if (line === undefined || (line.state.name !== 'active' && line.state.name !== 'held')) return
  void keys.calls.getState().execute({ name: isHeldHere(line) ? 'resume' : 'hold', lineId: line.id })
}

function passOnAsked(keys: CallKeys): void {
  const { directory } = keys.telephone.getState()
  const asking = consultation(namedLines(linesOf(keys), directory))
  if (asking !== null && canBePassedOn(asking.asked))
    void passOn(
      keys.calls,
      keys.telephone,
      { name: 'completeTransfer', lineId: asking.asked.id },
      partyWords(asking.asked),
    )
}

/** Someone who has not answered yet cannot be handed a call (RFC 5589 §7). */
export const canBePassedOn = (asked: { readonly state: { readonly name: string } }): boolean =>
  asked.state.name === 'active' || asked.state.name === 'held'

function joinAll(keys: CallKeys): void {
  const lines = linesOf(keys)
  const lineIds = joinableLines(lines)
  const inHand = lineInHand(lines)
  const joined = inHand === undefined ? 0 : joinedWith(lines, inHand).length
  if (lineIds.length > Math.max(1, joined))
    void keys.calls.getState().execute({ name: 'merge', lineIds: [...lineIds] })
}

function openKeypad(keys: CallKeys): void {
  const line = lineInHand(linesOf(keys))
  if (line?.state.name === 'active') keys.telephone.getState().open({ name: 'keypad', lineId: line.id })
}

function pauseRecording(keys: CallKeys): void {
  const line = lineInHand(linesOf(keys))
  const recording = line?.status?.recording.name ?? 'none'
  if (line === undefined || recording === 'none') return
  void keys.calls
    .getState()
    .execute({ name: 'setRecordingPaused', lineId: line.id, paused: recording === 'recording' })
}

function ready(keys: CallKeys): void {
  const { snapshot, execute } = keys.calls.getState()
  const name = snapshot?.agent?.state.name
  // A state not heard yet is asked for too: a key that does nothing says nothing.
  if (name === undefined || name === 'not-ready' || name === 'wrap-up')
    void execute({ name: 'requestAgentState', request: { name: 'ready' } })
}

function goToLine(keys: CallKeys, number: number): void {
  const line = numbered(linesOf(keys))[number - 1]
  if (line === undefined) return
  if (line.state.name === 'ringing') void keys.calls.getState().execute({ name: 'answer', lineId: line.id })
  else if (isHeldHere(line)) void keys.calls.getState().execute({ name: 'resume', lineId: line.id })
}
