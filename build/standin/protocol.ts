import { Buffer } from 'node:buffer'
import { STATUS_CODES } from 'node:http'
import type { CustomScheme } from 'electron'
import type { CdpSession, RequestPaused } from './cdp.ts'
import type { Schemes } from './schemes.ts'

type Handler = (request: Request) => Response | Promise<Response>

const BODILESS = new Set(['GET', 'HEAD'])

/** Electron's `protocol`: which handler answers which scheme. */
export class Protocol {
  readonly #schemes: Schemes
  readonly #handlers = new Map<string, Handler>()

  constructor(schemes: Schemes) {
    this.#schemes = schemes
  }

  registerSchemesAsPrivileged(schemes: CustomScheme[]): void {
    this.#schemes.register(schemes)
  }

  handle(scheme: string, handler: Handler): void {
    if (!this.#schemes.isRegistered(scheme)) {
      throw new Error(`stand-in: protocol.handle('${scheme}') needs registerSchemesAsPrivileged first`)
    }
    if (this.#handlers.has(scheme)) throw new Error(`Failed to register protocol: ${scheme}`)
    this.#handlers.set(scheme, handler)
  }

  unhandle(scheme: string): void {
    this.#handlers.delete(scheme)
  }

  isProtocolHandled(scheme: string): boolean {
    return this.#handlers.has(scheme)
  }

  /** What the app's handler answers to a request for one of its URLs. */
  async answer(request: Request): Promise<Response> {
    const scheme = request.url.slice(0, request.url.indexOf(':'))
    const handler = this.#handlers.get(scheme)
    if (!handler) throw new Error(`net::ERR_UNKNOWN_URL_SCHEME`)
    return handler(request)
  }

  isHandling(url: string): boolean {
    return this.#handlers.has(url.slice(0, url.indexOf(':')))
  }
}

function requestOf(paused: RequestPaused, schemes: Schemes): Request {
  const { url, method, headers, postDataEntries } = paused.request
  const sent = new Headers()
  for (const [name, value] of Object.entries(headers)) {
    const isAddress = ['origin', 'referer'].includes(name.toLowerCase())
    sent.set(name, isAddress ? schemes.toApp(value) : value)
  }
  const body = Buffer.concat((postDataEntries ?? []).map(({ bytes }) => Buffer.from(bytes ?? '', 'base64')))
  const hasBody = !BODILESS.has(method) && body.length > 0
  return new Request(schemes.toApp(url), { method, headers: sent, ...(hasBody ? { body } : {}) })
}

/** Answers a request of the browser's for an app:// URL through the app's own handler. */
export async function fulfil(
  browser: CdpSession,
  paused: RequestPaused,
  protocol: Protocol,
  schemes: Schemes,
): Promise<void> {
  const { requestId, resourceType, request } = paused
  try {
    const scheme = schemes.schemeOf(request.url) ?? ''
    if (resourceType === 'Fetch' && !schemes.allowsFetch(scheme)) {
      throw new Error(`the scheme ${scheme} lacks supportFetchAPI`)
    }
    const response = await protocol.answer(requestOf(paused, schemes))
    if (response.type === 'error') throw new Error('the handler answered Response.error()')
    const body = Buffer.from(await response.arrayBuffer())
    const responseHeaders = [...response.headers].map(([name, value]) => ({
      name,
      value: name.startsWith('content-security-policy') ? schemes.policyToChromium(value) : value,
    }))
    await browser.send('Fetch.fulfillRequest', {
      requestId,
      responseCode: response.status,
      responsePhrase: response.statusText || STATUS_CODES[response.status] || 'OK',
      responseHeaders,
      body: body.toString('base64'),
    })
  } catch (error) {
    // Whoever asked is gone, as when a page is reloaded: Chromium has forgotten the request.
    if (String(error).includes('Invalid InterceptionId')) return
    console.error(`stand-in: ${schemes.toApp(request.url)}: ${String(error)}`)
    await browser.send('Fetch.failRequest', { requestId, errorReason: 'Failed' }).catch(() => {})
  }
}
