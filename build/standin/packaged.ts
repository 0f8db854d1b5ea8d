import {
  closeSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve, sep } from 'node:path'

interface Entry {
  files?: Record<string, Entry>
  link?: string
  /** Bytes from the end of the header; a decimal string, as it may exceed what JSON numbers hold elsewhere. */
  offset?: string
  size?: number
  unpacked?: boolean
  executable?: boolean
}

const SIZES_BYTES = 16

/** The resources folder of a packaged app, when this folder is one. */
export function findResources(folder: string): string | undefined {
  const candidates = [join(folder, 'resources'), join(folder, 'Contents', 'Resources')]
  return candidates.find((resources) => existsSync(join(resources, 'app.asar')))
}

function readBytes(file: number, position: number, length: number): Buffer {
  const bytes = Buffer.alloc(length)
  readSync(file, bytes, 0, length, position)
  return bytes
}

/**
 * Unpacks app.asar into a folder that lasts as long as this process: Node, unlike Electron, cannot read into archives.
 * The format: four sizes of four bytes each, the header as JSON, then the files' bytes.
 */
export function extractApp(resources: string): string {
  const archive = join(resources, 'app.asar')
  const file = openSync(archive, 'r')
  const folder = mkdtempSync(join(tmpdir(), 'app-asar-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  const sizes = readBytes(file, 0, SIZES_BYTES)
  const headerBytes = sizes.readUInt32LE(4)
  const header = JSON.parse(readBytes(file, SIZES_BYTES, sizes.readUInt32LE(12)).toString()) as Entry

  const extract = (entry: Entry, path: string) => {
    const target = resolve(folder, path)
    if (target !== folder && !target.startsWith(folder + sep))
      throw new Error(`${archive}: ${path} leads outside`)
    if (entry.files) {
      mkdirSync(target, { recursive: true })
      for (const [name, inner] of Object.entries(entry.files)) extract(inner, join(path, name))
    } else if (entry.link) {
      symlinkSync(join(folder, entry.link), target)
    } else if (entry.unpacked) {
      cpSync(join(`${archive}.unpacked`, path), target)
    } else {
      const bytes = readBytes(file, 8 + headerBytes + Number(entry.offset), entry.size ?? 0)
      writeFileSync(target, bytes, { mode: entry.executable ? 0o755 : 0o644 })
    }
  }
  extract(header, '')
  closeSync(file)
  return folder
}
