import type { Session } from 'electron'
import type { CdpSession } from './cdp.ts'
import type { Schemes } from './schemes.ts'
import type { WebContents } from './web-contents.ts'

type RequestHandler = NonNullable<Parameters<Session['setPermissionRequestHandler']>[0]>
type CheckHandler = NonNullable<Parameters<Session['setPermissionCheckHandler']>[0]>
type PermissionName = Parameters<RequestHandler>[1]

interface Descriptor {
  name: string
  allowWithoutSanitization?: boolean
}

// Electron's names that are called something else in the Permissions API.
const DESCRIPTORS: Partial<Record<PermissionName, Descriptor>> = {
  'clipboard-sanitized-write': { name: 'clipboard-write', allowWithoutSanitization: false },
  'clipboard-read': { name: 'clipboard-read' },
}

const NETWORK: readonly PermissionName[] = ['local-network', 'loopback-network', 'local-network-access']
const CHECKED_EARLY: readonly PermissionName[] = ['notifications', 'clipboard-read']

function descriptorsOf(permission: PermissionName, mediaTypes: readonly string[]): Descriptor[] {
  if (permission !== 'media') return [DESCRIPTORS[permission] ?? { name: permission }]
  return [
    ...(mediaTypes.includes('audio') ? [{ name: 'microphone' }] : []),
    ...(mediaTypes.includes('video') ? [{ name: 'camera' }] : []),
  ]
}

/**
 * Has the app's permission handlers decide, then tells Chromium, which does the granting and the refusing. A handler
 * that is not set grants, as in Electron.
 */
export class Permissions {
  requestHandler: RequestHandler | null = null
  checkHandler: CheckHandler | null = null
  readonly #browser: () => CdpSession
  readonly #schemes: Schemes
  readonly #applied = new Map<string, string>()

  constructor(browser: () => CdpSession, schemes: Schemes) {
    this.#browser = browser
    this.#schemes = schemes
  }

  /** A page is about to use what needs this permission. */
  async ask(contents: WebContents, permission: PermissionName, mediaTypes: readonly string[]): Promise<void> {
    const url = contents.getURL()
    const passesCheck = permission !== 'media' && this.#check(contents, permission, url)
    const isGranted = passesCheck || (await this.#request(contents, permission, url, mediaTypes))
    await this.#apply(url, descriptorsOf(permission, mediaTypes), isGranted ? 'granted' : 'denied')
  }

  /**
   * What Chromium decides without a page call this runtime could wrap: reaching loopback and local networks, device
   * labels, permissions.query(). Asked before a document loads, so handlers see more calls than Electron makes.
   */
  async askBeforeDocument(contents: WebContents, url: string): Promise<void> {
    const early = CHECKED_EARLY.map((permission) => this.#presetByCheck(contents, permission, url, []))
    const media = ['audio', 'video'].map((type) => this.#presetByCheck(contents, 'media', url, [type]))
    const network = NETWORK.map(async (permission) => {
      const isGranted =
        this.#check(contents, permission, url) || (await this.#request(contents, permission, url, []))
      await this.#apply(url, descriptorsOf(permission, []), isGranted ? 'granted' : 'denied')
    })
    await Promise.all([...early, ...media, ...network])
  }

  async #presetByCheck(
    contents: WebContents,
    permission: PermissionName,
    url: string,
    mediaTypes: string[],
  ): Promise<void> {
    const isAllowed = this.checkHandler === null || this.#check(contents, permission, url, mediaTypes[0])
    await this.#apply(url, descriptorsOf(permission, mediaTypes), isAllowed ? 'granted' : 'prompt')
  }

  #check(contents: WebContents, permission: PermissionName, url: string, mediaType?: string): boolean {
    if (!this.checkHandler) return false
    const details = {
      requestingUrl: url,
      isMainFrame: true,
      securityOrigin: originOf(url),
      ...(mediaType ? { mediaType: mediaType as 'audio' | 'video' } : {}),
    }
    return this.checkHandler(contents as unknown as Electron.WebContents, permission, originOf(url), details)
  }

  #request(
    contents: WebContents,
    permission: PermissionName,
    url: string,
    mediaTypes: readonly string[],
  ): Promise<boolean> {
    const handler = this.requestHandler
    if (!handler) return Promise.resolve(true)
    const details = {
      requestingUrl: url,
      isMainFrame: true,
      ...(permission === 'media'
        ? { securityOrigin: originOf(url), mediaTypes: mediaTypes as 'audio'[] }
        : {}),
    }
    return new Promise((resolve) => {
      handler(contents as unknown as Electron.WebContents, permission, resolve, details)
    })
  }

  async #apply(
    url: string,
    descriptors: Descriptor[],
    setting: 'granted' | 'denied' | 'prompt',
  ): Promise<void> {
    const origin = new URL(this.#schemes.toChromium(url)).origin
    if (origin === 'null') return
    await Promise.all(
      descriptors.map(async (permission) => {
        const key = `${origin} ${permission.name}`
        if (this.#applied.get(key) === setting) return
        this.#applied.set(key, setting)
        await this.#browser().send('Browser.setPermission', { permission, setting, origin })
      }),
    )
  }
}

/** Electron hands origins with a trailing slash to permission handlers. */
function originOf(url: string): string {
  const { protocol, host } = new URL(url)
  return `${protocol}//${host}/`
}
