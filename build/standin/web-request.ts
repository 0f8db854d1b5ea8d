import { Buffer } from 'node:buffer'
import type { WebRequestFilter } from 'electron'
import type { CdpSession, RequestPaused } from './cdp.ts'

interface BeforeRequest {
  id: number
  url: string
  method: string
  resourceType: string
}
interface HeadersReceived extends BeforeRequest {
  statusCode: number
  responseHeaders: Record<string, string[]>
}
type Listener<Details, Answer> = (details: Details, callback: (answer: Answer) => void) => void
type BeforeRequestListener = Listener<BeforeRequest, { cancel?: boolean; redirectURL?: string }>
type HeadersReceivedListener = Listener<
  HeadersReceived,
  { cancel?: boolean; responseHeaders?: Record<string, string | string[]> }
>

interface Registered<T> {
  urls: readonly string[]
  listener: T
}

const TYPES: Record<string, string> = {
  Document: 'mainFrame',
  Stylesheet: 'stylesheet',
  Script: 'script',
  Image: 'image',
  Font: 'font',
  Media: 'media',
  XHR: 'xhr',
  Fetch: 'xhr',
}

function matches(urls: readonly string[], url: string): boolean {
  return urls.some((pattern) => {
    if (pattern === '<all_urls>') return true
    const source = pattern.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')
    return new RegExp(`^${source}$`).test(url)
  })
}

function register<T>(args: unknown[]): Registered<T> | undefined {
  const listener = args.at(-1) as T | null
  if (!listener) return undefined
  const filter = args.length > 1 ? (args[0] as WebRequestFilter) : undefined
  return { urls: filter?.urls ?? ['<all_urls>'], listener }
}

/**
 * Electron's `session.webRequest`, for network requests. Listeners do not see app:// requests: whether Electron
 * shows them is not certain, so an app that relied on it would pass here by luck.
 */
export class WebRequest {
  beforeRequest: Registered<BeforeRequestListener> | undefined
  headersReceived: Registered<HeadersReceivedListener> | undefined
  readonly #changed: () => void

  constructor(changed: () => void) {
    this.#changed = changed
  }

  onBeforeRequest(...args: unknown[]): void {
    this.beforeRequest = register(args)
    this.#changed()
  }

  onHeadersReceived(...args: unknown[]): void {
    this.headersReceived = register(args)
    this.#changed()
  }
}

let lastId = 0

function detailsOf(paused: RequestPaused): BeforeRequest {
  lastId += 1
  const { url, method } = paused.request
  return { id: lastId, url, method, resourceType: TYPES[paused.resourceType] ?? 'other' }
}

/** True when a listener took the request out of Chromium's hands. */
export async function passBeforeRequest(
  browser: CdpSession,
  paused: RequestPaused,
  { beforeRequest }: WebRequest,
): Promise<boolean> {
  if (!beforeRequest || !matches(beforeRequest.urls, paused.request.url)) return false
  const { requestId } = paused
  const answer = await new Promise<{ cancel?: boolean; redirectURL?: string }>((resolve) => {
    beforeRequest.listener(detailsOf(paused), resolve)
  })
  if (answer.cancel) {
    await browser.send('Fetch.failRequest', { requestId, errorReason: 'BlockedByClient' })
  } else if (answer.redirectURL) {
    const responseHeaders = [{ name: 'location', value: answer.redirectURL }]
    await browser.send('Fetch.fulfillRequest', { requestId, responseCode: 307, responseHeaders })
  }
  return Boolean(answer.cancel || answer.redirectURL)
}

/** Lets onHeadersReceived change a response that came from the network. */
export async function passHeadersReceived(
  browser: CdpSession,
  paused: RequestPaused,
  { headersReceived }: WebRequest,
): Promise<void> {
  const { requestId, responseStatusCode = 0, responseErrorReason } = paused
  if (responseErrorReason || !headersReceived || !matches(headersReceived.urls, paused.request.url)) {
    await browser.send('Fetch.continueRequest', { requestId })
    return
  }
  const responseHeaders: Record<string, string[]> = {}
  for (const { name, value } of paused.responseHeaders ?? []) {
    responseHeaders[name] = [...(responseHeaders[name] ?? []), value]
  }
  const answer = await new Promise<Parameters<Parameters<HeadersReceivedListener>[1]>[0]>((resolve) => {
    headersReceived.listener(
      { ...detailsOf(paused), statusCode: responseStatusCode, responseHeaders },
      resolve,
    )
  })
  if (answer.cancel) {
    await browser.send('Fetch.failRequest', { requestId, errorReason: 'BlockedByClient' })
    return
  }
  if (!answer.responseHeaders) {
    await browser.send('Fetch.continueRequest', { requestId })
    return
  }
  const changed = Object.entries(answer.responseHeaders).flatMap(([name, values]) =>
    [values].flat().map((value) => ({ name, value })),
  )
  // A policy added by continueResponse is not enforced by Chromium; a fulfilled response's is.
  const { body, base64Encoded } = await browser.send('Fetch.getResponseBody', { requestId })
  await browser.send('Fetch.fulfillRequest', {
    requestId,
    responseCode: responseStatusCode,
    responseHeaders: changed.filter(({ name }) => !/^content-(encoding|length)$/i.test(name)),
    body: base64Encoded ? body : Buffer.from(body).toString('base64'),
  })
}
