import type { MiddlewareHandler } from 'hono'
import type { Environment } from './environment.ts'

/** The desk's own pages, in Electron and in the development runtime. */
const origins = ['app://bundle', 'https://bundle.app.internal']
export const contractHeader = 'Adviser-Desktop-Contract'

const allowedHeaders = [
  'Authorization',
  'Content-Type',
  contractHeader,
  'If-None-Match',
  'Last-Event-ID',
  'Tus-Resumable',
  'Upload-Length',
  'Upload-Offset',
  'Upload-Metadata',
  'Upload-Checksum',
].join(',')

const exposedHeaders = [
  'ETag',
  'Retry-After',
  'Content-Disposition',
  contractHeader,
  'Location',
  'Tus-Resumable',
  'Upload-Length',
  'Upload-Offset',
  'Upload-Expires',
].join(',')

/**
 * CORS (Fetch standard §3.3). Hono's own sets headers of a response that is not there yet, so that every answer becomes
 * a web Response twice, which costs more than most answers do.
 */
export const admitOrigins: MiddlewareHandler<Environment> = async (c, next) => {
  const origin = c.req.header('origin')
  const isOurs = origin !== undefined && origins.includes(origin)
  c.header('vary', 'Origin')
  if (isOurs) {
    c.header('access-control-allow-origin', origin)
    c.header('access-control-expose-headers', exposedHeaders)
  }
  if (c.req.method !== 'OPTIONS') return next()
  if (isOurs) {
    c.header('access-control-allow-methods', 'GET,PUT,POST,PATCH,DELETE')
    c.header('access-control-allow-headers', allowedHeaders)
    c.header('access-control-max-age', '600')
  }
  return c.body(null, 204)
}
