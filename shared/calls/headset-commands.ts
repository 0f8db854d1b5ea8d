import type { Line } from '../contract/phone.ts'
import { assertNever } from '../kernel/assert-never.ts'
import { type HeadsetAction, type HeadsetCall, noCall } from './headset-buttons.ts'
import { isUp } from './line.ts'
import type { LineCommand } from './phone.ts'

/** The command a button stands for with these lines; null when it means nothing just now. */
export function commandFor(action: HeadsetAction, lines: readonly Line[]): LineCommand | null {
  const ringing = lines.find(({ state }) => state.name === 'ringing')
  const spoken = lines.findLast(({ state }) => state.name === 'active')
  const held = lines.findLast(({ state }) => state.name === 'held')
  switch (action) {
    case 'answer':
      return ringing === undefined ? null : { name: 'answer', lineId: ringing.id }
    case 'reject':
      return ringing === undefined ? null : { name: 'reject', lineId: ringing.id }
    case 'end': {
      const made = lines.findLast(({ state }) => state.name === 'dialling' || state.name === 'answering')
      const line = spoken ?? made ?? held
      return line === undefined ? null : { name: 'hangUp', lineId: line.id }
    }
    case 'hold':
      return spoken === undefined ? null : { name: 'hold', lineId: spoken.id }
    case 'resume':
      return held === undefined ? null : { name: 'resume', lineId: held.id }
    case 'mute':
    case 'unmute':
      return spoken === undefined ? null : { name: 'setMuted', lineId: spoken.id, muted: action === 'mute' }
    default:
      return assertNever(action)
  }
}

/** What the headset's lights should show. Mute is that of the call that is spoken on: there is no other truth. */
export function headsetCallOf(lines: readonly Line[]): HeadsetCall {
  const ringing = lines.some(({ state }) => state.name === 'ringing')
  const inUse = lines.filter(
    (line) => isUp(line) || line.state.name === 'dialling' || line.state.name === 'answering',
  )
  if (inUse.length === 0) return { ...noCall, ringing }
  const spoken = inUse.findLast(({ state }) => state.name !== 'held')
  return {
    ringing,
    offHook: true,
    muted: spoken?.muted ?? false,
    held: spoken === undefined,
  }
}
