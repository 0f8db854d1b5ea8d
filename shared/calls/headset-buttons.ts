import type { HeadsetEvent } from '../contract/devices.ts'

/** What the calls are doing, as a headset's lights show it. All false: no call. */
export interface HeadsetCall {
  readonly ringing: boolean
  /** A call is up or being made. */
  readonly offHook: boolean
  readonly muted: boolean
  readonly held: boolean
}

/** What the adviser asked for with a button. Nothing on the headset or its lights changes before `apply` says so. */
export type HeadsetAction = 'answer' | 'end' | 'hold' | 'resume' | 'mute' | 'unmute' | 'reject'

export const noCall: HeadsetCall = { ringing: false, offHook: false, muted: false, held: false }

export type HeadsetEventWord = HeadsetEvent['what']
