import { readFile } from 'node:fs/promises'
import { protocol } from 'electron'
import type { Log } from '#shared/kernel/log.ts'
import { errorCode } from '../durable-file.ts'
import { appScheme } from '../windows/pages.ts'
import { appFileAt } from './app-files.ts'
import { securityHeaders } from './content-security-policy.ts'

/** Before the app is ready. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    {
      scheme: appScheme,
      privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true },
    },
  ])
}

export interface AppProtocolOptions {
  /** `dist/renderer`; nothing outside it is ever served. */
  readonly folder: string
  readonly policy: string
  readonly log: Log
}

export function serveApp({ folder, policy, log }: AppProtocolOptions): void {
  const headers = securityHeaders(policy)
  const refuse = (status: number) =>
    new Response(null, { status, headers: { ...headers, 'Content-Type': 'text/plain; charset=utf-8' } })

  protocol.handle(appScheme, async (request) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(405)
    const file = appFileAt(request.url, folder)
    if (!file) return refuse(404)
    try {
      const content = await readFile(file.path)
      const body = request.method === 'HEAD' ? null : new Uint8Array(content)
      return new Response(body, { headers: { ...headers, 'Content-Type': file.mimeType } })
    } catch (error) {
      const code = errorCode(error)
      if (code !== 'ENOENT' && code !== 'EISDIR') log.error('app/file-unreadable', { code })
      return refuse(404)
    }
  })
}
