import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { clipFile } from '#shared/practice/speech.ts'
import { frameSamples } from './resident-media.ts'

/** Speech clips as 20 ms µ-law frames, read once. */
export interface Clips {
  /** Rejects when the clip is missing or not 8 kHz mono µ-law. */
  frames(speaker: string, line: string): Promise<readonly Buffer[]>
}

export function createClips(folder: string): Clips {
  const read = new Map<string, Promise<readonly Buffer[]>>()
  return {
    frames(speaker, line) {
      const file = clipFile(speaker, line)
      const known = read.get(file) ?? readFile(join(folder, file)).then((wav) => framesOf(soundOf(wav, file)))
      read.set(file, known)
      return known
    },
  }
}

/** The sound data of a WAV file. */
export function soundOf(wav: Buffer, file: string): Buffer {
  if (wav.toString('latin1', 0, 4) !== 'RIFF' || wav.toString('latin1', 8, 12) !== 'WAVE')
    throw new Error(`${file} is not a WAV file`)
  for (let at = 12; at + 8 <= wav.length; ) {
    const id = wav.toString('latin1', at, at + 4)
    const size = wav.readUInt32LE(at + 4)
    const body = wav.subarray(at + 8, at + 8 + size)
    if (id === 'fmt ') {
      const [format, channels, rate] = [body.readUInt16LE(0), body.readUInt16LE(2), body.readUInt32LE(4)]
      if (format !== 7 || channels !== 1 || rate !== 8000) throw new Error(`${file} is not 8 kHz mono µ-law`)
    }
    if (id === 'data') return body
    at += 8 + size + (size % 2)
  }
  throw new Error(`${file} has no sound`)
}

function framesOf(sound: Buffer): Buffer[] {
  const frames: Buffer[] = []
  for (let at = 0; at < sound.length; at += frameSamples) {
    const frame = Buffer.alloc(frameSamples, 0xff)
    sound.copy(frame, 0, at, at + frameSamples)
    frames.push(frame)
  }
  return frames
}
