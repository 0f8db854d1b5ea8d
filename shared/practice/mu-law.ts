/* ITU-T G.711 µ-law, as in every telephone: 8,000 bytes a second. */

const decoded = Float64Array.from({ length: 256 }, (_, byte) => {
  const bits = ~byte & 0xff
  const exponent = (bits >> 4) & 7
  const magnitude = ((((bits & 0xf) << 3) + 0x84) << exponent) - 0x84
  return (bits & 0x80 ? -magnitude : magnitude) / 32768
})

/** One µ-law byte as a sample of −1…1. */
export function decodeMuLaw(byte: number): number {
  return decoded[byte & 0xff] ?? 0
}

/** One sample of −1…1 as a µ-law byte; louder ones are clipped. */
export function encodeMuLaw(sample: number): number {
  const sign = sample < 0 ? 0x80 : 0
  const magnitude = Math.min(Math.round(Math.abs(sample) * 32768), 32635) + 0x84
  const exponent = Math.max(0, Math.floor(Math.log2(magnitude)) - 7)
  const mantissa = (magnitude >> (exponent + 3)) & 0xf
  return ~(sign | (exponent << 4) | mantissa) & 0xff
}

/** Mean square of a frame's samples (−1…1); 0 for an empty one. */
export function muLawEnergy(frame: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < frame.length; i++) sum += decodeMuLaw(frame[i] ?? 0xff) ** 2
  return frame.length === 0 ? 0 : sum / frame.length
}
