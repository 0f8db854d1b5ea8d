import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { icnsFile, icoFile } from '#build/icons/icon-files.ts'

const iconFolder = join(import.meta.dirname, '../../../build/icons')
const image = (size: number) => ({
  size,
  png: Buffer.from(`PNG of ${size}`),
  rgba: Buffer.from(
    Array.from({ length: size * size }, (_, at) => [at % 256, 2, 3, at === 0 ? 0 : 255]).flat(),
  ),
})

/** Size, first byte and length of each image in an .ico. */
function icoImages(ico: Buffer) {
  return Array.from({ length: ico.readUInt16LE(4) }, (_, at) => {
    const entry = 6 + at * 16
    const start = ico.readUInt32LE(entry + 12)
    return { size: ico[entry] || 256, start, end: start + ico.readUInt32LE(entry + 8) }
  })
}

describe('icon files', () => {
  it('put the images one after the other, PNG only at 256', () => {
    const ico = icoFile([image(16), image(256)])
    const [small, large] = icoImages(ico)
    expect(small?.size).toBe(16)
    expect(large?.size).toBe(256)
    expect(small?.end).toBe(large?.start)
    expect(large?.end).toBe(ico.length)
    expect(ico.subarray(large?.start).toString()).toBe('PNG of 256')
    expect(ico.readUInt32LE(small?.start)).toBe(40)
  })

  it('turn bitmaps upside down, blue first, with transparent pixels masked', () => {
    const ico = icoFile([image(16)])
    const start = (icoImages(ico)[0]?.start ?? 0) + 40
    // The first pixel stored is the first of the last row.
    expect([...ico.subarray(start, start + 4)]).toEqual([3, 2, 15 * 16, 255])
    const maskStart = start + 16 * 16 * 4
    // The top row comes last; its first pixel is the transparent one.
    expect(ico[maskStart + 15 * 4]).toBe(0x80)
    expect(ico[maskStart]).toBe(0)
  })

  it('give macOS each size under its name', () => {
    const icns = icnsFile([image(128), { ...image(16), size: 1024 }])
    expect(icns.subarray(0, 4).toString()).toBe('icns')
    expect(icns.readUInt32BE(4)).toBe(icns.length)
    expect(icns.subarray(8, 12).toString()).toBe('ic07')
    expect(icns.toString('latin1')).toContain('ic10')
  })

  it('are in the repository in the sizes Windows asks for', () => {
    const ico = readFileSync(join(iconFolder, 'icon.ico'))
    expect(icoImages(ico).map(({ size }) => size)).toEqual([16, 24, 32, 48, 64, 128, 256])
  })
})
