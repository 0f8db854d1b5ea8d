import { chooseDevices, type DevicesInUse, type PluggedIn, pluggedIn } from '#shared/calls/device-choice.ts'
import { defaultChoices } from '#shared/calls/snapshot.ts'
import { type DeviceChoices, deviceChoices } from '#shared/contract/devices.ts'
import type { Log } from '#shared/kernel/log.ts'

/** What is plugged in, what the adviser chose of it, and what is to be used for that. */
export interface Devices {
  plugged(): { readonly inputs: PluggedIn; readonly outputs: PluggedIn }
  choices(): DeviceChoices
  inUse(): DevicesInUse
  /** Called whenever one of them changed. */
  subscribe(listener: () => void): () => void
  choose(choices: DeviceChoices): void
  /** Asks the browser again, which tells ids and labels only once the microphone is allowed. */
  refresh(): Promise<void>
}

const storageKey = 'phone.devices'
const nothing: PluggedIn = { devices: [], systemDefault: null }

export function createDevices(storage: Storage, log: Log): Devices {
  const listeners = new Set<() => void>()
  let choices = keptChoices(storage)
  let inputs = nothing
  let outputs = nothing
  let inUse = chooseDevices(choices, inputs, outputs)
  let reading: Promise<void> = Promise.resolve()

  function decide(): void {
    inUse = chooseDevices(choices, inputs, outputs)
    for (const listener of listeners) listener()
  }

  async function read(): Promise<void> {
    let listed: MediaDeviceInfo[]
    try {
      listed = await navigator.mediaDevices.enumerateDevices()
    } catch (error) {
      log.error('phone.devices-not-listed', { kind: error instanceof DOMException ? error.name : 'unknown' })
      return
    }
    const before = JSON.stringify([inputs, outputs])
    inputs = pluggedIn(listed, 'audioinput')
    outputs = pluggedIn(listed, 'audiooutput')
    if (JSON.stringify([inputs, outputs]) === before) return
    // Labels may hold a person's name: only counts are logged.
    log.info('phone.devices', { microphones: inputs.devices.length, speakers: outputs.devices.length })
    decide()
  }

  /** One after the other: an older list must not replace a newer one. */
  function refresh(): Promise<void> {
    reading = reading.then(read)
    return reading
  }

  navigator.mediaDevices.addEventListener('devicechange', () => void refresh())

  return {
    plugged: () => ({ inputs, outputs }),
    choices: () => choices,
    inUse: () => inUse,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    choose(next) {
      choices = next
      try {
        storage.setItem(storageKey, JSON.stringify(next))
      } catch {
        // They hold until the page is closed.
        log.error('phone.devices-not-kept')
      }
      decide()
    },
    refresh,
  }
}

/** Choices of an older version, or none: the defaults. */
function keptChoices(storage: Storage): DeviceChoices {
  try {
    const kept = deviceChoices.safeParse(JSON.parse(storage.getItem(storageKey) ?? 'null'))
    return kept.success ? kept.data : defaultChoices
  } catch {
    return defaultChoices
  }
}
