import type { CdpSession } from './cdp.ts'
import type { Schemes } from './schemes.ts'
import type { WebContents } from './web-contents.ts'

// Chromium's net error numbers, for the errors a desktop app meets.
const NET_ERRORS: Record<string, number> = {
  ERR_FAILED: -2,
  ERR_ABORTED: -3,
  ERR_TIMED_OUT: -7,
  ERR_BLOCKED_BY_CLIENT: -20,
  ERR_CONNECTION_REFUSED: -102,
  ERR_NAME_NOT_RESOLVED: -105,
  ERR_INTERNET_DISCONNECTED: -106,
  ERR_UNKNOWN_URL_SCHEME: -302,
}

const LEVELS: Record<string, string> = {
  log: 'info',
  info: 'info',
  warning: 'warning',
  error: 'error',
  debug: 'debug',
}

export function failLoad(contents: WebContents, errorText: string, url: string): void {
  const description = errorText.replace('net::', '')
  contents.loading = false
  contents.emit('did-fail-load', {}, NET_ERRORS[description] ?? -2, description, url, true, 1, 1)
  contents.emit('did-stop-loading')
}

/** Resolves when the page has loaded, or is closed; rejects with Electron's error when this URL could not be. */
export function untilLoaded(contents: WebContents, url: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (error?: Error) => {
      contents.off('did-finish-load', succeed)
      contents.off('destroyed', succeed)
      contents.off('did-fail-load', fail)
      if (error) reject(error)
      else resolve()
    }
    const succeed = () => settle()
    const fail = (_event: unknown, errno: number, code: string, failedUrl: string) => {
      // A load that another one interrupts fails; the later one goes on.
      if (failedUrl !== url) return
      settle(Object.assign(new Error(`${code} (${errno}) loading '${url}'`), { errno, code, url }))
    }
    contents.on('did-finish-load', succeed)
    contents.on('destroyed', succeed)
    contents.on('did-fail-load', fail)
  })
}

/** Turns what Chromium reports about a page into the events Electron emits on its webContents. */
export function watchPage(contents: WebContents, session: CdpSession, schemes: Schemes): void {
  let mainFrameId: string | undefined
  let isErrorPage = false
  // The blank page a window starts with is not a load of the app's.
  const isReal = () => contents.committedUrl !== ''

  session.on('Page.frameNavigated', ({ frame }) => {
    if (frame.parentId) return
    mainFrameId = frame.id
    if (frame.url === 'about:blank' && !isReal()) return
    if (frame.url.startsWith('https://window.internal/')) return
    isErrorPage = frame.unreachableUrl !== undefined
    if (frame.unreachableUrl !== undefined) {
      if (!contents.isLoadingUrl) failLoad(contents, 'net::ERR_FAILED', schemes.toApp(frame.unreachableUrl))
      return
    }
    contents.committedUrl = schemes.toApp(frame.url + (frame.urlFragment ?? ''))
    contents.emit('did-navigate', {}, contents.committedUrl, 200, 'OK')
  })
  session.on('Page.navigatedWithinDocument', ({ frameId, url }) => {
    if (frameId !== mainFrameId) return
    contents.committedUrl = schemes.toApp(url)
    contents.emit('did-navigate-in-page', {}, contents.committedUrl, true, 1, 1)
  })
  session.on('Page.frameRequestedNavigation', ({ frameId, url }) => {
    if (frameId === contents.targetId) contents.requestedByPage(schemes.toApp(url))
  })
  session.on('Page.frameStartedLoading', ({ frameId }) => {
    if (frameId !== contents.targetId) return
    contents.loading = true
    contents.emit('did-start-loading')
  })
  session.on('Page.domContentEventFired', () => {
    if (!isReal() || isErrorPage) return
    contents.emit('dom-ready', {})
  })
  session.on('Page.loadEventFired', () => {
    if (!isReal()) return
    contents.loading = false
    if (!isErrorPage) contents.emit('did-finish-load', {})
    contents.emit('did-stop-loading', {})
  })
  session.on('Page.windowOpen', ({ url, windowName, windowFeatures }) =>
    contents.windowOpened(schemes.toApp(url), windowName, windowFeatures.join(',')),
  )
  session.on('Runtime.consoleAPICalled', ({ type, args, stackTrace }) => {
    const at = stackTrace?.callFrames[0]
    const message = args.map((arg) => String(arg.value ?? arg.description ?? '')).join(' ')
    const level = LEVELS[type] ?? 'info'
    const sourceId = schemes.toApp(at?.url ?? '')
    const details = { level, message, lineNumber: at?.lineNumber ?? 0, sourceId, frame: contents.mainFrame }
    contents.emit('console-message', details, level, message, details.lineNumber, sourceId)
  })
}
