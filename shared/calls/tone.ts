import type { Line } from '../contract/phone.ts'
import { isUnderWay } from './transfer.ts'

/** A call progress tone. */
export interface Cadence {
  readonly name: 'ring' | 'call-waiting' | 'ringback' | 'auto-answer' | 'hold-reminder'
  readonly frequenciesHz: readonly number[]
  /** Lengths of tone and pause in turn, beginning with tone; repeated for ever. */
  readonly stepsMs: readonly number[]
  /** 1 is full scale. */
  readonly volume: number
}

/** The British double ring, 400 and 450 Hz (BT SIN 350). */
const doubleRing = { frequenciesHz: [400, 450], stepsMs: [400, 200, 400, 2_000] } as const

export const ring: Cadence = { name: 'ring', ...doubleRing, volume: 0.25 }
/** What the adviser hears while the far end rings. */
export const ringback: Cadence = { name: 'ringback', ...doubleRing, volume: 0.1 }
/** A second call, under the conversation: one short soft tone every two seconds. */
export const callWaiting: Cadence = {
  name: 'call-waiting',
  frequenciesHz: [400],
  stepsMs: [100, 2_000],
  volume: 0.05,
}

/** Two rising notes before a call is answered by itself. */
export const autoAnswer: Cadence = {
  name: 'auto-answer',
  frequenciesHz: [880],
  stepsMs: [120, 80, 120, 680],
  volume: 0.15,
}

const reminderFirstMs = 60_000
const reminderEveryMs = 30_000

/** Someone is still on hold: a double tick, and nothing for the rest of half a minute. */
export const holdReminder: Cadence = {
  name: 'hold-reminder',
  frequenciesHz: [1_000],
  stepsMs: [40, 110, 40, reminderEveryMs - 190],
  volume: 0.05,
}

/**
 * The tone the adviser should hear just now; null for none. Never the loud one over a conversation. `at` is
 * milliseconds since 1970; without it nobody is reminded of a held call.
 */
export function toneFor(lines: readonly Line[], at = Number.NEGATIVE_INFINITY): Cadence | null {
  const states = lines.map((line) => line.state)
  const inConversation = states.some(({ name }) => ['active', 'answering', 'dialling'].includes(name))
  if (states.some(({ name }) => name === 'ringing')) {
    if (inConversation) return callWaiting
    return lines.some((line) => line.autoAnswerAt !== null) ? autoAnswer : ring
  }
  const ringsThere = states.some((state) => state.name === 'dialling' && state.progress === 'ringing')
  if (ringsThere) return ringback
  const due = holdReminderDueAt(lines)
  return due !== null && at >= due ? holdReminder : null
}

/** When `toneFor` begins to remind of a held call, in milliseconds since 1970; null when nobody is held by the adviser. */
export function holdReminderDueAt(lines: readonly Line[]): number | null {
  const since = lines.flatMap(({ state, transfer }) =>
    state.name === 'held' && state.by !== 'resident' && !isUnderWay(transfer) ? [state.since] : [],
  )
  return since.length === 0 ? null : Math.min(...since) + reminderFirstMs
}
