import { extname, join, sep } from 'node:path'
import { appHost, appScheme } from '../windows/pages.ts'

const mimeTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.woff2': 'font/woff2',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.wav': 'audio/wav',
  '.mp3': 'audio/mpeg',
  '.ogg': 'audio/ogg',
  '.wasm': 'application/wasm',
  '.txt': 'text/plain; charset=utf-8',
}

export interface AppFile {
  readonly path: string
  readonly mimeType: string
}

/** The file below `folder` an `app://bundle/…` address stands for; undefined when there can be none. */
export function appFileAt(url: string, folder: string): AppFile | undefined {
  const ours = `${appScheme}://${appHost}/`
  if (!url.startsWith(ours)) return
  const rest = url.slice(ours.length).replace(/[?#].*$/s, '')
  let name: string
  try {
    name = decodeURIComponent(rest)
  } catch {
    return
  }
  // Decoded once; a segment that climbs, hides, or is none of ours on any operating system is refused.
  const isPlain = name.split('/').every((segment) => /^[\w-][\w.@-]*$/.test(segment))
  const mimeType = mimeTypes[extname(name)]
  const path = join(folder, name)
  if (!isPlain || !mimeType || !path.startsWith(folder + sep)) return
  return { path, mimeType }
}
