import { frameSamples } from './resident-media.ts'

/* Two-channel WAV of G.711 µ-law at 8 kHz (RFC 2361 §6, WAVE_FORMAT_MULAW). */

const channels = 2
const rate = 8000
/** µ-law silence of 20 ms. */
export const silence = Buffer.alloc(frameSamples, 0xff)

/** For so many bytes of sound. */
export function stereoHeader(soundBytes: number): Buffer {
  const header = Buffer.alloc(58)
  header.write('RIFF', 0, 'latin1')
  header.writeUInt32LE(50 + soundBytes, 4)
  header.write('WAVEfmt ', 8, 'latin1')
  header.writeUInt32LE(18, 16)
  header.writeUInt16LE(7, 20)
  header.writeUInt16LE(channels, 22)
  header.writeUInt32LE(rate, 24)
  header.writeUInt32LE(rate * channels, 28)
  header.writeUInt16LE(channels, 32)
  header.writeUInt16LE(8, 34)
  header.write('fact', 38, 'latin1')
  header.writeUInt32LE(4, 42)
  header.writeUInt32LE(soundBytes / channels, 46)
  header.write('data', 50, 'latin1')
  header.writeUInt32LE(soundBytes, 54)
  return header
}

/** Left and right, sample by sample. */
export function interleaved(left: Buffer, right: Buffer): Buffer {
  const both = Buffer.alloc(frameSamples * channels)
  for (let i = 0; i < frameSamples; i++) {
    both[channels * i] = left[i] ?? 0xff
    both[channels * i + 1] = right[i] ?? 0xff
  }
  return both
}
