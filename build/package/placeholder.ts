import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

// Where electron-builder finds the switches burnt into Electron's executable: a mark, the version of their format,
// their number, and a byte each.
const FUSE_MARK = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'
const FUSES = '101100011'

/**
 * A stand-in for the folder of Electron's binary, enough to build an unpacked app for Linux around. The app it makes
 * says what it is and does not run.
 */
export function writePlaceholderElectron(folder: string, version: string): void {
  mkdirSync(join(folder, 'locales'), { recursive: true })
  const script =
    "#!/bin/sh\necho 'Electron itself is missing: this app was packaged without it.' >&2\nexit 1\n"
  const fuses = Buffer.concat([Buffer.from([1, FUSES.length]), Buffer.from(FUSES)])
  writeFileSync(join(folder, 'electron'), Buffer.concat([Buffer.from(`${script}#${FUSE_MARK}`), fuses]))
  chmodSync(join(folder, 'electron'), 0o755)
  writeFileSync(join(folder, 'version'), version)
  for (const language of ['en-GB', 'en-US', 'fr']) writeFileSync(join(folder, `locales/${language}.pak`), '')
}
