import type { Log } from '#shared/kernel/log.ts'

/** The remote voice of one line, audible until stopped. */
export interface Playback {
  /** Silences it for a while, as when the adviser speaks on another line. */
  silence(on: boolean): void
  stop(): void
}

/** Where the voices of all lines are heard. */
export interface Speaker {
  play(stream: MediaStream): Playback
  /** Moves every voice, those that are speaking too, to an output; the empty id is the system's default. */
  use(deviceId: string): void
}

/**
 * Plays each stream in an element of its own. The element must not be muted for good: Chromium reads the sound level
 * of a stream only while some element plays it.
 */
export function createSpeaker(log: Log): Speaker {
  const elements = new Set<HTMLAudioElement>()
  let output = ''

  function move(element: HTMLAudioElement): void {
    const wanted = output
    element.setSinkId(wanted).catch((error: unknown) => {
      // AbortError: moved again meanwhile. An output that has gone must not take the voice with it.
      if (nameOf(error) === 'AbortError' || wanted !== output || !elements.has(element)) return
      log.info('phone.speaker-not-opened', { kind: nameOf(error) })
      if (wanted !== '') element.setSinkId('').catch(() => {})
    })
  }

  return {
    play(stream) {
      const element = document.createElement('audio')
      element.autoplay = true
      element.srcObject = stream
      elements.add(element)
      document.body.append(element)
      if (output !== '') move(element)
      element.play().catch((error: unknown) => {
        // AbortError: the call ended before its sound began.
        if (nameOf(error) !== 'AbortError') log.error('phone.playback-failed', { kind: nameOf(error) })
      })
      return {
        silence(on) {
          element.muted = on
        },
        stop() {
          elements.delete(element)
          element.srcObject = null
          element.remove()
        },
      }
    },
    use(deviceId) {
      if (deviceId === output) return
      output = deviceId
      for (const element of elements) move(element)
    },
  }
}

function nameOf(error: unknown): string {
  return error instanceof DOMException ? error.name : 'unknown'
}
