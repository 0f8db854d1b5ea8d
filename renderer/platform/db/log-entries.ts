import type { CacheCipher } from './cache-cipher.ts'
import type { OverlayEntry } from './overlay.ts'
import type { Keyed } from './record-disk.ts'
import type { Version } from './versions-of-records.ts'

/** What the log holds of an entry of the overlay. */
export interface LoggedVersion {
  readonly version: Version
  readonly epoch: number
}

const versionsOfEntry = 32
/** Characters of JSON, as for pages. */
const fullEntryLength = 40_000

const logPlace = (key: number): string => `log/${key}`

/** Packs versions into sealed log entries with the keys from `firstKey` on. */
export async function sealLog(
  entries: readonly OverlayEntry[],
  firstKey: number,
  cipher: CacheCipher,
): Promise<readonly Keyed<number>[]> {
  const packed: LoggedVersion[][] = []
  let length = 0
  for (const { version, epoch } of entries) {
    const last = packed.at(-1)
    // Only a long record is worth measuring.
    const more = version.record ? JSON.stringify(version.record).length : 0
    if (last && last.length < versionsOfEntry && length + more <= fullEntryLength) {
      last.push({ version, epoch })
      length += more
    } else {
      packed.push([{ version, epoch }])
      length = more
    }
  }
  return Promise.all(
    packed.map(async (versions, index): Promise<Keyed<number>> => {
      const key = firstKey + index
      return [key, await cipher.seal(logPlace(key), versions)]
    }),
  )
}

export async function unsealLog(
  [key, sealed]: Keyed<number>,
  cipher: CacheCipher,
): Promise<readonly LoggedVersion[]> {
  return (await cipher.unseal(logPlace(key), sealed)) as readonly LoggedVersion[]
}
