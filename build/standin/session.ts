import { EventEmitter } from 'node:events'
import type { Session as ElectronSession } from 'electron'
import type { CdpSession } from './cdp.ts'
import { refuseTheRest } from './named.ts'
import type { Permissions } from './permissions.ts'
import type { Protocol } from './protocol.ts'
import { record } from './recorded.ts'
import type { Schemes } from './schemes.ts'
import type { WebRequest } from './web-request.ts'

export interface SessionParts {
  readonly permissions: Permissions
  readonly protocol: Protocol
  readonly webRequest: WebRequest
  readonly schemes: Schemes
  readonly browser: () => CdpSession
  readonly fetch: (input: string | Request, init?: RequestInit) => Promise<Response>
}

/** Electron's `session.defaultSession`, the only session there is here. */
export class Session extends EventEmitter {
  readonly protocol: Protocol
  readonly webRequest: WebRequest
  readonly fetch: SessionParts['fetch']
  readonly #parts: SessionParts

  constructor(parts: SessionParts) {
    super()
    this.#parts = parts
    this.protocol = parts.protocol
    this.webRequest = parts.webRequest
    this.fetch = parts.fetch
  }

  setPermissionRequestHandler(handler: Parameters<ElectronSession['setPermissionRequestHandler']>[0]): void {
    this.#parts.permissions.requestHandler = handler
  }

  setPermissionCheckHandler(handler: Parameters<ElectronSession['setPermissionCheckHandler']>[0]): void {
    this.#parts.permissions.checkHandler = handler
  }

  setDevicePermissionHandler(handler: unknown): void {
    record('session.setDevicePermissionHandler', handler)
  }

  setDisplayMediaRequestHandler(handler: unknown): void {
    record('session.setDisplayMediaRequestHandler', handler)
  }

  setCertificateVerifyProc(verify: unknown): void {
    record('session.setCertificateVerifyProc', verify)
  }

  setSpellCheckerEnabled(enabled: boolean): void {
    record('session.setSpellCheckerEnabled', enabled)
  }

  setSpellCheckerLanguages(languages: string[]): void {
    record('session.setSpellCheckerLanguages', languages)
  }

  setUserAgent(userAgent: string): void {
    record('session.setUserAgent', userAgent)
  }

  setProxy(configuration: unknown): Promise<void> {
    record('session.setProxy', configuration)
    return Promise.resolve()
  }

  closeAllConnections(): Promise<void> {
    return Promise.resolve()
  }

  clearCache(): Promise<void> {
    record('session.clearCache')
    return Promise.resolve()
  }

  async clearStorageData(options: { origin?: string; storages?: string[] } = {}): Promise<void> {
    const { origin = '*', storages = ['all'] } = options
    const names: Record<string, string> = { indexdb: 'indexeddb', localstorage: 'local_storage' }
    await this.#parts.browser().send('Storage.clearDataForOrigin', {
      origin: this.#parts.schemes.toChromium(origin).replace(/\/$/, ''),
      storageTypes: storages.map((name) => names[name] ?? name).join(','),
    })
  }

  isPersistent(): boolean {
    return true
  }

  flushStorageData(): void {
    record('session.flushStorageData')
  }
}

refuseTheRest('session', Session)
