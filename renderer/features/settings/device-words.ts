import type { DeviceReport, Headset, HeadsetEvent, SoundDevice } from '#shared/contract/devices.ts'
import { assertNever } from '#shared/kernel/assert-never.ts'

export type DeviceKind = 'microphone' | 'speaker' | 'ringer'

export const kindWords: Record<DeviceKind, string> = {
  microphone: 'Microphone',
  speaker: 'Where you hear the caller',
  ringer: 'Where calls ring',
}

/** What the kind is chosen from: calls ring on speakers too. */
export function pluggedIn(report: DeviceReport, kind: DeviceKind): readonly SoundDevice[] {
  return kind === 'microphone' ? report.microphones : report.speakers
}

/** The same headset may come back with another id, but not under another name. */
export function isPluggedIn(report: DeviceReport, kind: DeviceKind, device: SoundDevice): boolean {
  return pluggedIn(report, kind).some(({ id, label }) => id === device.id || label === device.label)
}

/** Chromium's own names for the system's default are no devices of their own. */
const isAlias = ({ id }: SoundDevice): boolean => id === 'default' || id === 'communications'

export function notChosen(report: DeviceReport, kind: DeviceKind): readonly SoundDevice[] {
  const chosen = report.choices[kind]
  return pluggedIn(report, kind).filter(
    (device) =>
      !isAlias(device) && !chosen.some(({ id, label }) => id === device.id || label === device.label),
  )
}

/** The list with the device at `index` one place up or down; the same list at its ends. */
export function moved<T>(list: readonly T[], index: number, by: -1 | 1): readonly T[] {
  const to = index + by
  const item = list[index]
  if (item === undefined || to < 0 || to >= list.length) return list
  return list.toSpliced(index, 1).toSpliced(to, 0, item)
}

/** What is used now, and why it and not another. */
export function usedWords(report: DeviceReport, kind: DeviceKind): string {
  const device = report.using[kind]
  if (device === null) return kind === 'microphone' ? 'No microphone is in use.' : 'Nothing is in use.'
  if (report.standingIn[kind]) return `In use: ${device.label}, because your first choice is not plugged in.`
  if (report.using.followsDefault[kind]) return `In use: ${device.label}, as the computer is set.`
  return `In use: ${device.label}, as you chose.`
}

/** Loudness as people hear it: -60 dB is the left end, full scale the right. */
export function meterShare(level: number | null): number {
  if (level === null || level <= 0) return 0
  return Math.min(1, Math.max(0, 1 + (20 * Math.log10(level)) / 60))
}

const speechFrom = 0.35
const tooLoudFrom = 0.98

export function levelWords(level: number | null): string {
  const share = meterShare(level)
  if (level === null) return 'Not measured'
  if (share >= tooLoudFrom) return 'Too loud'
  return share >= speechFrom ? 'It hears you' : 'Quiet: say something'
}

/** The headset's state, and what to do about it. */
export function headsetWords(headset: Headset): { text: string; trouble: boolean } {
  switch (headset.name) {
    case 'absent':
      return {
        text: 'No headset’s buttons are connected. Calls work all the same, by the keys of the desk.',
        trouble: false,
      }
    case 'connecting':
      return { text: `${headset.model} is being connected…`, trouble: false }
    case 'connected':
      return {
        text: `${headset.model} (${headset.vendor}): its buttons answer, mute and end calls.`,
        trouble: false,
      }
    case 'held-elsewhere':
      return {
        text: `Another program, such as Teams, has the buttons of ${headset.model}. They would end or mute the wrong call: close that program, or use the keys of the desk.`,
        trouble: true,
      }
    case 'failed':
      return {
        text: `The buttons of ${headset.model} could not be used. Plug it in again; if it stays, tell IT: ${headset.detail}.`,
        trouble: true,
      }
    default:
      return assertNever(headset)
  }
}

const fromHeadset: Partial<Record<HeadsetEvent['what'], string>> = {
  answer: 'You pressed answer',
  end: 'You pressed end',
  hold: 'You pressed hold',
  resume: 'You pressed resume',
  mute: 'You muted at the headset',
  unmute: 'You unmuted at the headset',
  reject: 'You pressed decline',
}

const toHeadset: Partial<Record<HeadsetEvent['what'], string>> = {
  answer: 'The headset was told that a call is up',
  end: 'The headset was told that the call is over',
  hold: 'The headset shows hold',
  resume: 'The headset shows that the call goes on',
  mute: 'The headset’s mute light went on',
  unmute: 'The headset’s mute light went off',
  reject: 'The headset was told that the call was declined',
  ring: 'The headset rings',
}

export function headsetEventWords({ direction, what }: Pick<HeadsetEvent, 'direction' | 'what'>): string {
  if (what === 'connected') return 'The headset was connected'
  if (what === 'failed') return 'The headset did not do what it was asked'
  return (direction === 'from-headset' ? fromHeadset : toHeadset)[what] ?? what
}
