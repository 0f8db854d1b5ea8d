import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { decodeMuLaw } from '#shared/practice/mu-law.ts'

/*
 * A microphone somebody speaks into: Chromium plays a file into it again and again. Its own beeps are too short to be
 * taken for speech. After each time there is a pause, for nobody answers who is not allowed a word.
 */

const clips = join(import.meta.dirname, '../../electron/practice/residents/clips')
const rate = 8_000
const headerBytes = 44
const pause = Buffer.alloc(4 * rate, 0xff)

/** Writes what the clip says as a file that Chromium reads, and answers the switch that plays it into the microphone. */
export function spokenInto(folder: string, clip: string): string {
  const file = join(folder, 'spoken.wav')
  writeFileSync(file, linear(Buffer.concat([soundOf(readFileSync(join(clips, clip))), pause])))
  return `--use-file-for-fake-audio-capture=${file}`
}

/** The bytes of the data chunk (RIFF). */
function soundOf(wav: Buffer): Buffer {
  let at = 12
  while (wav.toString('latin1', at, at + 4) !== 'data') at += 8 + wav.readUInt32LE(at + 4)
  return wav.subarray(at + 8, at + 8 + wav.readUInt32LE(at + 4))
}

/** WAV of 16-bit samples, one channel. */
function linear(muLaw: Buffer): Buffer {
  const wav = Buffer.alloc(headerBytes + 2 * muLaw.length)
  wav.write('RIFF', 0, 'latin1')
  wav.writeUInt32LE(wav.length - 8, 4)
  wav.write('WAVEfmt ', 8, 'latin1')
  wav.writeUInt32LE(16, 16)
  wav.writeUInt16LE(1, 20)
  wav.writeUInt16LE(1, 22)
  wav.writeUInt32LE(rate, 24)
  wav.writeUInt32LE(2 * rate, 28)
  wav.writeUInt16LE(2, 32)
  wav.writeUInt16LE(16, 34)
  wav.write('data', 36, 'latin1')
  wav.writeUInt32LE(2 * muLaw.length, 40)
  muLaw.forEach(
    (byte, i) => void wav.writeInt16LE(Math.round(decodeMuLaw(byte) * 32_767), headerBytes + 2 * i),
  )
  return wav
}
