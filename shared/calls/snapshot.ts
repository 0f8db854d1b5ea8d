import type { DeviceChoices, DeviceReport } from '../contract/devices.ts'
import type { PhoneSnapshot } from '../contract/phone.ts'

/** Follows the system's default in everything. */
export const defaultChoices: DeviceChoices = {
  microphone: [],
  speaker: [],
  ringer: [],
  ringVolume: 0.8,
  echoCancellation: true,
  noiseSuppression: true,
  autoGainControl: true,
}

/** Before the browser has listed anything. */
export const noDevices: DeviceReport = {
  microphones: [],
  speakers: [],
  choices: defaultChoices,
  using: {
    microphone: null,
    speaker: null,
    ringer: null,
    followsDefault: { microphone: true, speaker: true, ringer: true },
  },
  standingIn: { microphone: false, speaker: false, ringer: false },
  microphoneLevel: null,
}

/** A telephone that has only just begun; `at` is milliseconds since 1970. */
export function newSnapshot(incarnation: string, at: number): PhoneSnapshot {
  return {
    incarnation,
    takenAt: at,
    registration: { name: 'off', reason: 'starting' },
    microphone: { name: 'unknown' },
    readinessProblems: ['not-registered', 'microphone-unknown'],
    agent: null,
    lines: [],
    devices: noDevices,
    headset: { name: 'absent' },
    headsetEvents: [],
    check: null,
    presence: {},
    voicemail: null,
    autoAnswer: false,
    lostCalls: [],
    lastReport: null,
  }
}
