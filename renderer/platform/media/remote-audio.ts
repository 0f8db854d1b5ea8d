import type { Log } from '#shared/kernel/log.ts'

/** The remote voice of one line, audible until stopped. */
export interface Playback {
  /** Silences it for a while, as when the adviser speaks on another line. */
  silence(on: boolean): void
  stop(): void
}

/**
 * Plays a stream in an element of its own. The element must not be muted for good: Chromium reads the sound level of
 * a stream only while some element plays it.
 */
export function playRemoteAudio(stream: MediaStream, log: Log): Playback {
  const element = document.createElement('audio')
  element.autoplay = true
  element.srcObject = stream
  document.body.append(element)
  element.play().catch((error: unknown) => {
    // AbortError: the call ended before its sound began.
    const kind = error instanceof DOMException ? error.name : 'unknown'
    if (kind !== 'AbortError') log.error('phone.playback-failed', { kind })
  })
  return {
    silence(on) {
      element.muted = on
    },
    stop() {
      element.srcObject = null
      element.remove()
    },
  }
}
