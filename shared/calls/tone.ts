import type { Line } from '../contract/phone.ts'

/** A call progress tone. */
export interface Cadence {
  readonly name: 'ring' | 'call-waiting' | 'ringback'
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

/** The tone the adviser should hear just now; null for none. Never the loud one over a conversation. */
export function toneFor(lines: readonly Line[]): Cadence | null {
  const states = lines.map((line) => line.state)
  const inConversation = states.some(({ name }) => ['active', 'answering', 'dialling'].includes(name))
  if (states.some(({ name }) => name === 'ringing')) return inConversation ? callWaiting : ring
  const ringsThere = states.some((state) => state.name === 'dialling' && state.progress === 'ringing')
  return ringsThere ? ringback : null
}
