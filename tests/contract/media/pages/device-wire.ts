/*
 * Microphones on a wire: what is plugged in is the test's, each with a tone of its own. Outputs are Chromium's, and
 * whether they are listed is the test's too. Everything below `navigator.mediaDevices` stays the browser's.
 */

interface PluggedMicrophone {
  readonly id: string
  readonly label: string
  readonly groupId: string
  readonly hz: number
  /** 0 to 1. */
  readonly volume: number
  readonly tracks: Set<MediaStreamTrack>
  /** Whether opening it fails, as when another program has it for itself. */
  busy: boolean
}

export function createDeviceWire() {
  const devices = navigator.mediaDevices
  const listOutputs = devices.enumerateDevices.bind(devices)
  const context = new AudioContext()
  const microphones = new Map<string, PluggedMicrophone>()
  const hiddenOutputs = new Set<string>()
  const asked: MediaTrackConstraints[] = []
  let defaultId = ''
  let opened = 0

  const byDefault = () => microphones.get(defaultId) ?? [...microphones.values()][0]
  const changed = () => devices.dispatchEvent(new Event('devicechange'))

  devices.enumerateDevices = async () => {
    const named = byDefault()
    const pseudo = named && { deviceId: 'default', label: `Default - ${named.label}`, groupId: named.groupId }
    const inputs = [...microphones.values()].map(({ id, label, groupId }) => ({
      deviceId: id,
      label,
      groupId,
    }))
    const listed = [...(pseudo ? [pseudo] : []), ...inputs].map((each) => ({ ...each, kind: 'audioinput' }))
    const outputs = (await listOutputs()).filter(
      ({ kind, label }) => kind === 'audiooutput' && !hiddenOutputs.has(label),
    )
    return [...(listed as MediaDeviceInfo[]), ...outputs]
  }

  devices.getUserMedia = async (constraints) => {
    const audio = constraints?.audio as MediaTrackConstraints
    asked.push(audio)
    const exact = (audio.deviceId as { exact: string } | undefined)?.exact
    const device = exact === undefined ? byDefault() : microphones.get(exact)
    if (device === undefined)
      throw new DOMException('', exact === undefined ? 'NotFoundError' : 'OverconstrainedError')
    if (device.busy) throw new DOMException('', 'NotReadableError')
    opened += 1
    return open(device)
  }

  function open(device: PluggedMicrophone): MediaStream {
    const oscillator = context.createOscillator()
    oscillator.frequency.value = device.hz
    const gain = context.createGain()
    gain.gain.value = device.volume
    const destination = context.createMediaStreamDestination()
    oscillator.connect(gain).connect(destination)
    oscillator.start()
    void context.resume()
    for (const track of destination.stream.getAudioTracks()) adopt(device, track)
    return destination.stream
  }

  function adopt(device: PluggedMicrophone, track: MediaStreamTrack): void {
    device.tracks.add(track)
    Object.defineProperty(track, 'label', { value: device.label })
    track.getSettings = () => ({ deviceId: device.id })
    const clone = track.clone.bind(track)
    track.clone = () => {
      const copy = clone()
      adopt(device, copy)
      return copy
    }
  }

  return {
    plug(id: string, label: string, hz: number, volume = 0.5): void {
      microphones.set(id, { id, label, groupId: `group-${id}`, hz, volume, tracks: new Set(), busy: false })
      changed()
    },
    /** Its tracks end and it is not listed any more. */
    unplug(id: string): void {
      const device = microphones.get(id)
      microphones.delete(id)
      for (const track of device?.tracks ?? []) {
        track.stop()
        track.dispatchEvent(new Event('ended'))
      }
      changed()
    },
    makeDefault(id: string): void {
      defaultId = id
      changed()
    },
    setBusy(id: string, busy: boolean): void {
      const device = microphones.get(id)
      if (device) device.busy = busy
    },
    hideOutput(label: string, hidden: boolean): void {
      if (hidden) hiddenOutputs.add(label)
      else hiddenOutputs.delete(label)
      changed()
    },
    /** How many tracks of each microphone are open: one of our own, and one for every call. */
    openTracks: () =>
      Object.fromEntries(
        [...microphones.values()].map(({ id, tracks }) => [
          id,
          [...tracks].filter(({ readyState }) => readyState === 'live').length,
        ]),
      ),
    asked: () => asked,
    opened: () => opened,
  }
}
