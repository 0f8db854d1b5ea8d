import type { DeviceChoices, SoundDevice } from '../contract/devices.ts'

/** A device as the browser lists it (Media Capture and Streams §9.4), its pseudo-devices included. */
export interface ListedDevice {
  readonly kind: string
  readonly deviceId: string
  readonly label: string
  /** The same for the parts of one physical device. */
  readonly groupId: string
}

/** What is plugged in of one kind, and which of it the system uses when nobody chooses. */
export interface PluggedIn {
  readonly devices: readonly SoundDevice[]
  /** With the id `default` when the browser does not say which it is; null when nothing is plugged in. */
  readonly systemDefault: SoundDevice | null
}

/** Which device to use. `standingIn`: the first choice is not plugged in. */
export interface ChosenDevice {
  readonly device: SoundDevice | null
  readonly followsDefault: boolean
  readonly standingIn: boolean
}

/** Chromium's names for "whatever the system says", which stand beside the true devices in its list. */
const pseudoDevices = ['default', 'communications']

/** Sorts the browser's list. Before the microphone is allowed it has neither ids nor labels, and nothing to choose. */
export function pluggedIn(listed: readonly ListedDevice[], kind: 'audioinput' | 'audiooutput'): PluggedIn {
  const ofKind = listed.filter((device) => device.kind === kind && device.deviceId !== '')
  const real = ofKind.filter(({ deviceId }) => !pseudoDevices.includes(deviceId))
  const named = ofKind.find(({ deviceId }) => deviceId === 'default')
  const first = real[0]
  if (named === undefined) {
    return { devices: real.map(soundDevice), systemDefault: first ? soundDevice(first) : null }
  }
  const behind = deviceBehind(named, real)
  return { devices: real.map(soundDevice), systemDefault: soundDevice(behind ?? named) }
}

/** The true device that `Default - Headset` is: a headset with two microphones has one group and two labels. */
function deviceBehind(named: ListedDevice, real: readonly ListedDevice[]): ListedDevice | undefined {
  const byLabel = real.filter(({ label }) => label !== '' && named.label.endsWith(` - ${label}`))
  const byGroup = real.filter(({ groupId }) => groupId !== '' && groupId === named.groupId)
  return byLabel.find((device) => byGroup.includes(device)) ?? byLabel[0] ?? byGroup[0]
}

const soundDevice = ({ deviceId, label }: ListedDevice): SoundDevice => ({ id: deviceId, label })

/**
 * The first preferred device that is plugged in, known by its id or, when it came back with another one, by its
 * label. None of them there, or none preferred: the system's default, which is not an error.
 */
export function chooseDevice(preferred: readonly SoundDevice[], plugged: PluggedIn): ChosenDevice {
  for (const [place, wanted] of preferred.entries()) {
    const device =
      plugged.devices.find(({ id }) => id === wanted.id) ??
      plugged.devices.find(({ label }) => label !== '' && label === wanted.label)
    if (device !== undefined) return { device, followsDefault: false, standingIn: place > 0 }
  }
  return { device: plugged.systemDefault, followsDefault: true, standingIn: preferred.length > 0 }
}

/** Everything in use for the adviser's choices. */
export interface DevicesInUse {
  readonly microphone: ChosenDevice
  readonly speaker: ChosenDevice
  readonly ringer: ChosenDevice
}

export function chooseDevices(choices: DeviceChoices, inputs: PluggedIn, outputs: PluggedIn): DevicesInUse {
  return {
    microphone: chooseDevice(choices.microphone, inputs),
    speaker: chooseDevice(choices.speaker, outputs),
    ringer: chooseDevice(choices.ringer, outputs),
  }
}
