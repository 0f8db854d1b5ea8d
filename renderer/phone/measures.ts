import { createLevelMeter } from '#renderer/platform/media/level-meter.ts'
import type { Microphone } from '#renderer/platform/media/microphone.ts'
import type { Clock } from '#shared/kernel/clock.ts'
import { measureMediaPath } from './media-path.ts'
import type { Measures } from './readiness-runner.ts'

const bytesPerMb = 1024 * 1024

/** What this browser can find out for the check before a shift. */
export function createMeasures(clock: Clock, microphone: Microphone): Measures {
  return {
    listen: createLevelMeter(clock, microphone).listen,
    mediaPath: measureMediaPath,
    async freeMb() {
      const { quota, usage = 0 } = await navigator.storage.estimate()
      return quota === undefined ? null : Math.floor((quota - usage) / bytesPerMb)
    },
  }
}
