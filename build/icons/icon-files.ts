/** One size of the icon. */
export interface IconImage {
  readonly size: number
  readonly png: Buffer
  /** Rows from the top, four bytes a pixel: red, green, blue, alpha (not multiplied). */
  readonly rgba: Buffer
}

const ICO_HEADER_BYTES = 6
const ICO_ENTRY_BYTES = 16
const BITMAP_HEADER_BYTES = 40

/**
 * Windows' icon file. Sizes under 256 are bitmaps, because NSIS and old shells cannot read PNG there; 256 is PNG,
 * as Windows itself does it.
 */
export function icoFile(images: readonly IconImage[]): Buffer {
  const header = Buffer.alloc(ICO_HEADER_BYTES)
  header.writeUInt16LE(1, 2)
  header.writeUInt16LE(images.length, 4)
  const contents = images.map((image) => (image.size < 256 ? bitmap(image) : image.png))
  let offset = ICO_HEADER_BYTES + ICO_ENTRY_BYTES * images.length
  const entries = images.map(({ size }, at) => {
    const bytes = contents[at]?.length ?? 0
    const entry = Buffer.alloc(ICO_ENTRY_BYTES)
    // One byte each; 256 is written as 0.
    entry.writeUInt8(size % 256, 0)
    entry.writeUInt8(size % 256, 1)
    entry.writeUInt16LE(1, 4)
    entry.writeUInt16LE(32, 6)
    entry.writeUInt32LE(bytes, 8)
    entry.writeUInt32LE(offset, 12)
    offset += bytes
    return entry
  })
  return Buffer.concat([header, ...entries, ...contents])
}

/** Rows from the bottom, blue first, followed by a one-bit mask that alpha makes needless but readers expect. */
function bitmap({ size, rgba }: IconImage): Buffer {
  const maskRowBytes = Math.ceil(size / 32) * 4
  const header = Buffer.alloc(BITMAP_HEADER_BYTES)
  header.writeUInt32LE(BITMAP_HEADER_BYTES, 0)
  header.writeInt32LE(size, 4)
  // Colour and mask together.
  header.writeInt32LE(size * 2, 8)
  header.writeUInt16LE(1, 12)
  header.writeUInt16LE(32, 14)
  header.writeUInt32LE(size * size * 4 + maskRowBytes * size, 20)
  const colour = Buffer.alloc(size * size * 4)
  const mask = Buffer.alloc(maskRowBytes * size)
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) {
      const from = ((size - 1 - y) * size + x) * 4
      const to = (y * size + x) * 4
      const [red = 0, green = 0, blue = 0, alpha = 0] = rgba.subarray(from, from + 4)
      colour.set([blue, green, red, alpha], to)
      const maskAt = y * maskRowBytes + (x >> 3)
      if (alpha === 0) mask[maskAt] = (mask[maskAt] ?? 0) | (0x80 >> (x & 7))
    }
  }
  return Buffer.concat([header, colour, mask])
}

/** macOS's icon file: PNGs under a name for each size. */
const ICNS_NAMES: readonly (readonly [name: string, size: number])[] = [
  ['icp4', 16],
  ['ic11', 32],
  ['icp5', 32],
  ['ic12', 64],
  ['ic07', 128],
  ['ic13', 256],
  ['ic08', 256],
  ['ic14', 512],
  ['ic09', 512],
  ['ic10', 1024],
]

export function icnsFile(images: readonly IconImage[]): Buffer {
  const entries = ICNS_NAMES.flatMap(([name, size]) => {
    const image = images.find((candidate) => candidate.size === size)
    return image ? [chunk(name, image.png)] : []
  })
  return chunk('icns', Buffer.concat(entries))
}

function chunk(name: string, content: Buffer): Buffer {
  const header = Buffer.alloc(8)
  header.write(name, 0, 'latin1')
  header.writeUInt32BE(content.length + 8, 4)
  return Buffer.concat([header, content])
}
