import type { Microphone as MicrophoneState } from '#shared/contract/phone.ts'
import type { Cancel, Clock } from '#shared/kernel/clock.ts'
import type { Log } from '#shared/kernel/log.ts'

export interface Microphone {
  state(): MicrophoneState
  /** Called whenever `state` changed. */
  subscribe(listener: () => void): () => void
  /** Called whenever calls that are up should take a new `voiceTrack`. */
  onVoiceChanged(listener: () => void): () => void
  /** Opens the microphone and keeps it warm, so that answering waits for nothing. Asking again is harmless. */
  open(): Promise<void>
  close(): void
  /** A copy of the adviser's voice for one call alone, to be stopped with it; null when no microphone is live. */
  voiceTrack(): MediaStreamTrack | null
}

const voice: MediaTrackConstraints = {
  echoCancellation: true,
  noiseSuppression: true,
  autoGainControl: true,
  channelCount: 1,
}

/** Headsets fall silent for a moment while they change their profile; longer than this is a fault. */
const silentDriverMs = 2_000
/** Plugging in a headset announces itself several times within this. */
const settleMs = 300

/**
 *   unknown ──open──▶ live ──track ended, device gone──▶ absent, failed
 *                │     ▲ └──muted by the driver for 2 s──▶ failed ──unmuted──▶ live
 *                ▼     │
 *      denied, absent, failed ──open, device or permission changed──▶ …
 */
export function createMicrophone(clock: Clock, log: Log): Microphone {
  const listeners = new Set<() => void>()
  const voiceListeners = new Set<() => void>()
  let state: MicrophoneState = { name: 'unknown' }
  let stream: MediaStream | null = null
  let wanted = false
  let opening: Promise<void> | null = null
  let settling: Cancel = () => {}
  let driverSilence: Cancel = () => {}

  function enter(next: MicrophoneState): void {
    if (sameState(state, next)) return
    // The device's name may be a person's; it goes to the snapshot, not to the log.
    log.info('phone.microphone', {
      from: state.name,
      to: next.name,
      ...(next.name === 'failed' ? { detail: next.detail } : {}),
    })
    state = next
    for (const listener of listeners) listener()
  }

  async function openOnce(): Promise<void> {
    try {
      const opened = await navigator.mediaDevices.getUserMedia({ audio: voice, video: false })
      if (!wanted) {
        stopAll(opened)
        return
      }
      const old = stream
      stream = opened
      watch(opened)
      enter(stateOf(opened))
      for (const listener of voiceListeners) listener()
      if (old !== null) stopAll(old)
    } catch (error) {
      if (wanted) fail(error)
    }
  }

  function fail(error: unknown): void {
    driverSilence()
    if (stream !== null) stopAll(stream)
    stream = null
    enter(stateFor(error))
  }

  function watch(opened: MediaStream): void {
    driverSilence()
    const track = opened.getAudioTracks()[0]
    if (track === undefined) return
    const ours = (handle: () => void) => () => {
      if (stream === opened) handle()
    }
    // The device is gone: another may be there already.
    track.onended = ours(() => {
      stream = null
      enter({ name: 'failed', detail: 'ended' })
      void reopen()
    })
    const wentSilent = ours(() => {
      driverSilence()
      driverSilence = clock.after(silentDriverMs, () => enter({ name: 'failed', detail: 'muted-by-driver' }))
    })
    track.onmute = wentSilent
    track.onunmute = ours(() => {
      driverSilence()
      enter(stateOf(opened))
    })
    if (track.muted) wentSilent()
  }

  function reopen(): Promise<void> {
    opening ??= openOnce().finally(() => {
      opening = null
    })
    return opening
  }

  function reconsider(): void {
    if (!wanted || state.name === 'live') return
    settling()
    settling = clock.after(settleMs, () => void reopen())
  }

  navigator.mediaDevices.addEventListener('devicechange', reconsider)
  navigator.permissions
    .query({ name: 'microphone' })
    .then((permission) => {
      permission.onchange = () => {
        if (!wanted) return
        if (permission.state === 'denied') fail(new DOMException('', 'NotAllowedError'))
        else reconsider()
      }
    })
    .catch(() => {})

  return {
    state: () => state,
    subscribe: (listener) => add(listeners, listener),
    onVoiceChanged: (listener) => add(voiceListeners, listener),
    open() {
      wanted = true
      return state.name === 'live' ? Promise.resolve() : reopen()
    },
    close() {
      wanted = false
      settling()
      driverSilence()
      if (stream !== null) stopAll(stream)
      stream = null
      enter({ name: 'unknown' })
    },
    voiceTrack: () => stream?.getAudioTracks()[0]?.clone() ?? null,
  }
}

/** Which of the three it is, from the name of the failure (Media Capture and Streams §10.1.3). */
function stateFor(error: unknown): MicrophoneState {
  const name = error instanceof DOMException ? error.name : 'unknown'
  if (name === 'NotAllowedError' || name === 'SecurityError') return { name: 'denied' }
  if (name === 'NotFoundError' || name === 'OverconstrainedError') return { name: 'absent' }
  return { name: 'failed', detail: name }
}

function stateOf(stream: MediaStream): MicrophoneState {
  return { name: 'live', label: stream.getAudioTracks()[0]?.label ?? '' }
}

function sameState(a: MicrophoneState, b: MicrophoneState): boolean {
  return a.name === b.name && JSON.stringify(a) === JSON.stringify(b)
}

function stopAll(stream: MediaStream): void {
  for (const track of stream.getTracks()) {
    track.onended = null
    track.stop()
  }
}

function add(listeners: Set<() => void>, listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
