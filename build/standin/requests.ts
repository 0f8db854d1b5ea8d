import type { CdpSession, RequestPaused } from './cdp.ts'
import type { Permissions } from './permissions.ts'
import { fulfil, type Protocol } from './protocol.ts'
import type { Schemes } from './schemes.ts'
import type { WebContents } from './web-contents.ts'
import { passBeforeRequest, passHeadersReceived, type WebRequest } from './web-request.ts'

export interface RequestParts {
  readonly browser: CdpSession
  readonly protocol: Protocol
  readonly schemes: Schemes
  readonly permissions: Permissions
  readonly webRequest: WebRequest
  /** The page whose main frame has this id, or undefined for frames inside pages and for refused popups. */
  readonly contentsOfFrame: (frameId: string) => WebContents | undefined
  readonly isRefusedPopup: (frameId: string) => boolean
}

/** Tells Chromium which requests to stop at; called again when the app starts to listen to more of them. */
export async function watchRequests({ browser, schemes, webRequest }: RequestParts): Promise<void> {
  const patterns: { urlPattern: string; resourceType?: 'Document'; requestStage?: 'Request' | 'Response' }[] =
    [
      ...schemes.names.map((scheme) => ({ urlPattern: `https://*.${scheme}.internal/*` })),
      // Every document, for will-navigate and for the popups that are refused.
      { urlPattern: '*', resourceType: 'Document' },
    ]
  if (webRequest.beforeRequest) patterns.push({ urlPattern: '*', requestStage: 'Request' })
  if (webRequest.headersReceived) patterns.push({ urlPattern: '*', requestStage: 'Response' })
  await browser.send('Fetch.enable', { patterns })
}

/**
 * Decides about one request of any page or worker. Intercepting on the browser rather than on each page is what
 * covers the scripts and fetches of shared and dedicated workers and audio worklets.
 */
export async function decideRequest(parts: RequestParts, paused: RequestPaused): Promise<void> {
  const { browser, protocol, schemes, permissions, webRequest } = parts
  const { requestId, frameId, resourceType, request } = paused
  const isResponse = paused.responseStatusCode !== undefined || paused.responseErrorReason !== undefined
  const isOurs = schemes.schemeOf(request.url) !== undefined
  if (isResponse) {
    if (isOurs) await browser.send('Fetch.continueRequest', { requestId })
    else await passHeadersReceived(browser, paused, webRequest)
    return
  }
  if (resourceType === 'Document') {
    const contents = parts.contentsOfFrame(frameId)
    if (parts.isRefusedPopup(frameId) || contents?.refusesNavigation(schemes.toApp(request.url))) {
      await browser.send('Fetch.failRequest', { requestId, errorReason: 'Aborted' })
      return
    }
    if (contents) await permissions.askBeforeDocument(contents, schemes.toApp(request.url))
  }
  // Chromium the browser looks for an icon for its tab; Electron never asks the app for one.
  const isTabIcon = resourceType === 'Other' && new URL(request.url).pathname === '/favicon.ico'
  if (isOurs && isTabIcon) {
    await browser.send('Fetch.fulfillRequest', { requestId, responseCode: 204 })
  } else if (isOurs) {
    await fulfil(browser, paused, protocol, schemes)
  } else if (!(await passBeforeRequest(browser, paused, webRequest))) {
    await browser.send('Fetch.continueRequest', { requestId })
  }
}
