import { rmsOf } from '#shared/calls/voice-level.ts'
import type { Cancel, Clock } from '#shared/kernel/clock.ts'
import type { Microphone } from './microphone.ts'
import { createSilentContext } from './silent-context.ts'

export interface LevelMeter {
  /** Tells the root mean square of each stretch of the microphone's sound, until cancelled. */
  listen(heard: (rms: number, stretchMs: number) => void): Cancel
}

const stretchMs = 50

/** Measures the microphone's own track, which a muted call does not silence. Costs nothing while nobody listens. */
export function createLevelMeter(
  clock: Clock,
  microphone: Pick<Microphone, 'ownTrack' | 'subscribe' | 'onVoiceChanged'>,
): LevelMeter {
  const listeners = new Set<(rms: number, stretchMs: number) => void>()
  let stop: (() => void) | null = null

  function start(): void {
    const context = createSilentContext()
    const analyser = context.createAnalyser()
    // Just under a stretch, at any usual sampling rate.
    analyser.fftSize = 2_048
    let source: MediaStreamAudioSourceNode | null = null
    let measured: MediaStreamTrack | null = null
    let tick: Cancel = () => {}
    const samples = new Float32Array(analyser.fftSize)

    function connect(): void {
      const track = microphone.ownTrack()
      if (track === measured) return
      source?.disconnect()
      measured = track
      source = track === null ? null : context.createMediaStreamSource(new MediaStream([track]))
      source?.connect(analyser)
    }

    function measure(): void {
      tick = clock.after(stretchMs, measure)
      if (source === null) samples.fill(0)
      else analyser.getFloatTimeDomainData(samples)
      const rms = rmsOf(samples)
      for (const listener of listeners) listener(rms, stretchMs)
    }

    const unsubscribe = [microphone.subscribe(connect), microphone.onVoiceChanged(connect)]
    connect()
    tick = clock.after(stretchMs, measure)
    stop = () => {
      tick()
      for (const each of unsubscribe) each()
      void context.close().catch(() => {})
    }
  }

  return {
    listen(heard) {
      listeners.add(heard)
      if (stop === null) start()
      return () => {
        listeners.delete(heard)
        if (listeners.size > 0) return
        stop?.()
        stop = null
      }
    },
  }
}
