import type { DeviceReport } from '#shared/contract/devices.ts'
import type { Log } from '#shared/kernel/log.ts'

/** Not yet in TypeScript's library (W3C Web Audio API §1.1, AudioContext.setSinkId). */
type MovableContext = AudioContext & { setSinkId?(id: string): Promise<void> }

/** Where voices are heard; empty for the system's default, which moves by itself. */
export function speakerId({ using }: Pick<DeviceReport, 'using'>): string {
  return using.followsDefault.speaker ? '' : (using.speaker?.id ?? '')
}

/** Plays a clip in the adviser's ear alone: it never meets the track that goes to the caller. */
export function createClipPlayer(outputId: () => string, log: Log): (clip: ArrayBuffer) => void {
  let context: MovableContext | null = null
  return (clip) => {
    context ??= new AudioContext()
    const player = context
    play(player, clip, outputId()).catch((error: unknown) => {
      log.info('phone.clip-not-played', { kind: error instanceof DOMException ? error.name : 'unknown' })
    })
  }
}

async function play(context: MovableContext, clip: ArrayBuffer, outputId: string): Promise<void> {
  await context.setSinkId?.(outputId).catch(() => {})
  await context.resume()
  // Decoding takes the bytes away from whoever holds them.
  const buffer = await context.decodeAudioData(clip.slice(0))
  const source = context.createBufferSource()
  source.buffer = buffer
  source.connect(context.destination)
  source.start()
}
