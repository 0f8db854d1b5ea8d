import { Buffer } from 'node:buffer'

/** As much of Electron's NativeImage as a screenshot needs. */
export function imageOf(base64Png: string): Record<string, unknown> {
  const png = Buffer.from(base64Png, 'base64')
  // PNG: the header chunk holds width and height at these offsets.
  const size = png.length >= 24 ? { width: png.readUInt32BE(16), height: png.readUInt32BE(20) } : undefined
  return {
    isEmpty: () => size === undefined,
    getSize: () => size ?? { width: 0, height: 0 },
    toPNG: () => png,
    toDataURL: () => `data:image/png;base64,${base64Png}`,
  }
}
