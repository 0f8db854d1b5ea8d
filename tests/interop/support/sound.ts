import { readFile } from 'node:fs/promises'

/** A microphone that hums: a WAV file of one tone, mono, 16 bits, 48 kHz. */
export function tone(hz: number, seconds: number): Buffer {
  const rate = 48_000
  const samples = Buffer.alloc(rate * seconds * 2)
  for (let at = 0; at < rate * seconds; at += 1) {
    samples.writeInt16LE(Math.round(Math.sin((2 * Math.PI * hz * at) / rate) * 10_000), at * 2)
  }
  const head = Buffer.alloc(44)
  head.write('RIFF', 0)
  head.writeUInt32LE(36 + samples.length, 4)
  head.write('WAVEfmt ', 8)
  head.writeUInt32LE(16, 16)
  head.writeUInt16LE(1, 20)
  head.writeUInt16LE(1, 22)
  head.writeUInt32LE(rate, 24)
  head.writeUInt32LE(rate * 2, 28)
  head.writeUInt16LE(2, 32)
  head.writeUInt16LE(16, 34)
  head.write('data', 36)
  head.writeUInt32LE(samples.length, 40)
  return Buffer.concat([head, samples])
}

/** How much of the sound at the end of a recording is of this frequency: 1 for a pure tone, 0 for silence. */
export async function shareOfTone(file: string, hz: number, lastMs: number): Promise<number> {
  const { samples, rate } = await readWav(file)
  const last = samples.subarray(Math.max(0, samples.length - Math.round((rate * lastMs) / 1000)))
  const energy = last.reduce((sum, sample) => sum + sample * sample, 0)
  if (energy === 0) return 0
  let [cosine, sine] = [0, 0]
  last.forEach((sample, at) => {
    const angle = (2 * Math.PI * hz * at) / rate
    cosine += sample * Math.cos(angle)
    sine += sample * Math.sin(angle)
  })
  return (2 * (cosine * cosine + sine * sine)) / (last.length * energy)
}

/** A file that is still being written says nothing true of its length: everything after the head is sound. */
async function readWav(file: string): Promise<{ samples: Float64Array; rate: number }> {
  const bytes = await readFile(file)
  const channels = bytes.readUInt16LE(22)
  const rate = bytes.readUInt32LE(24)
  const count = Math.floor((bytes.length - 44) / 2 / channels)
  return {
    rate,
    samples: Float64Array.from({ length: count }, (_, at) => bytes.readInt16LE(44 + at * 2 * channels)),
  }
}
