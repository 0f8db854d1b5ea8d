import { readFile } from 'node:fs/promises'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onlyThese } from './named.ts'
import type { Protocol } from './protocol.ts'
import { recorded } from './recorded.ts'

const MIME_TYPES: Record<string, string> = {
  '.css': 'text/css',
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.mjs': 'text/javascript',
  '.mp3': 'audio/mpeg',
  '.ogg': 'audio/ogg',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain',
  '.wasm': 'application/wasm',
  '.wav': 'audio/wav',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
}

async function fetchFile(url: string): Promise<Response> {
  const path = fileURLToPath(url.replace(/[?#].*$/, ''))
  const body = await readFile(path).catch(() => {
    throw new Error('net::ERR_FILE_NOT_FOUND')
  })
  const type = MIME_TYPES[extname(path).toLowerCase()] ?? 'application/octet-stream'
  return new Response(body, { headers: { 'content-type': type } })
}

export function createFetch(protocol: Protocol) {
  return async (input: string | Request, init?: RequestInit): Promise<Response> => {
    const url = typeof input === 'string' ? input : input.url
    if (url.startsWith('file:')) return fetchFile(url)
    if (protocol.isHandling(url)) return protocol.answer(new Request(input, init))
    return fetch(input, init)
  }
}

/** Electron's `net`. Requests go out through Node, not through Chromium's network stack. */
export function createNet(fetchAny: ReturnType<typeof createFetch>): object {
  return onlyThese('net', {
    fetch: fetchAny,
    isOnline: () => recorded.isOnline,
    get online() {
      return recorded.isOnline
    },
  })
}
