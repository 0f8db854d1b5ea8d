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
  /** Moves to what is wished for now, when that is another device or other switches; calls go on meanwhile. */
  follow(): Promise<void>
  /** The microphone's own track, for meters alone: it is stopped when the microphone is exchanged. */
  ownTrack(): MediaStreamTrack | null
  /** A copy of the adviser's voice for one call alone, to be stopped with it; null when no microphone is live. */
  voiceTrack(): MediaStreamTrack | null
}

/** Which microphone to open, and how its sound is treated before it leaves. */
export interface MicrophoneWish {
  /** Null: whichever the system gives. */
  readonly deviceId: string | null
  readonly echoCancellation: boolean
  readonly noiseSuppression: boolean
  readonly autoGainControl: boolean
}

const anyMicrophone: MicrophoneWish = {
  deviceId: null,
  echoCancellation: true,
  noiseSuppression: true,
  autoGainControl: true,
}

/** Headsets fall silent for a moment while they change their profile; longer than this is a fault. */
const silentDriverMs = 2_000
/** Plugging in a headset announces itself several times within this. */
const settleMs = 300
/** Another microphone usually takes over from one that was pulled out within this, and nobody need hear of it. */
const takeOverMs = 1_000
/** The browser may still list a device that has just gone. */
const takeOverEveryMs = 200

/**
 *   unknown ──open──▶ live ──track ended, and no other device within 1 s──▶ absent, failed
 *                │     ▲ └──muted by the driver for 2 s──▶ failed ──unmuted──▶ live
 *                ▼     │
 *      denied, absent, failed ──open, device or permission changed──▶ …
 */
export function createMicrophone(
  clock: Clock,
  log: Log,
  wish: () => Promise<MicrophoneWish> = async () => anyMicrophone,
): Microphone {
  const listeners = new Set<() => void>()
  const voiceListeners = new Set<() => void>()
  let state: MicrophoneState = { name: 'unknown' }
  let stream: MediaStream | null = null
  let openedFor: MicrophoneWish | null = null
  let wanted = false
  let opening: Promise<void> | null = null
  let settling: Cancel = () => {}
  let driverSilence: Cancel = () => {}
  /** After a device was pulled out: what has become of opening another so far. */
  let takeOver: { failure: unknown; readonly cancel: Cancel } | null = null

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
    const wished = await wish()
    try {
      const opened = await openDevice(wished)
      if (!wanted) {
        stopAll(opened)
        return
      }
      const old = stream
      stream = opened
      openedFor = wished
      endTakeOver()
      watch(opened)
      enter(stateOf(opened))
      for (const listener of voiceListeners) listener()
      if (old !== null) stopAll(old)
    } catch (error) {
      // Not tried again before something changes.
      openedFor = wished
      if (!wanted || (stream !== null && !isRefusal(error))) return
      if (takeOver === null || isRefusal(error)) fail(error)
      else tryToTakeOver(takeOver, error)
    }
  }

  function tryToTakeOver(trying: NonNullable<typeof takeOver>, failure: unknown): void {
    trying.failure = failure
    clock.after(takeOverEveryMs, () => {
      if (takeOver === trying) void reopen()
    })
  }

  function endTakeOver(): void {
    takeOver?.cancel()
    takeOver = null
  }

  /** The device wished for; any other rather than none, but never in place of one that works. */
  async function openDevice(wished: MicrophoneWish): Promise<MediaStream> {
    const { deviceId, ...voice } = wished
    const audio: MediaTrackConstraints = { ...voice, channelCount: 1 }
    const get = (more: MediaTrackConstraints) =>
      navigator.mediaDevices.getUserMedia({ audio: { ...audio, ...more }, video: false })
    if (deviceId === null) return get({})
    try {
      return await get({ deviceId: { exact: deviceId } })
    } catch (error) {
      if (stream !== null || isRefusal(error)) throw error
      log.info('phone.microphone-not-opened', {
        kind: error instanceof DOMException ? error.name : 'unknown',
      })
      return get({})
    }
  }

  function fail(error: unknown): void {
    endTakeOver()
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
      driverSilence()
      const cancel = clock.after(takeOverMs, () => fail(takeOver?.failure))
      takeOver = { failure: new DOMException('', 'ended'), cancel }
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
    opening ??= openAsWished().finally(() => {
      opening = null
    })
    return opening
  }

  /** What is wished for may change while a device is being opened. */
  async function openAsWished(): Promise<void> {
    do await openOnce()
    while (wanted && stream !== null && !sameWish(openedFor, await wish()))
  }

  async function follow(): Promise<void> {
    if (!wanted || (stream !== null && sameWish(openedFor, await wish()))) return
    await reopen()
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
      endTakeOver()
      driverSilence()
      if (stream !== null) stopAll(stream)
      stream = null
      enter({ name: 'unknown' })
    },
    follow,
    ownTrack: () => stream?.getAudioTracks()[0] ?? null,
    voiceTrack: () => stream?.getAudioTracks()[0]?.clone() ?? null,
  }
}

function isRefusal(error: unknown): boolean {
  return stateFor(error).name === 'denied'
}

function sameWish(a: MicrophoneWish | null, b: MicrophoneWish): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
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
