import { randomUUID } from 'node:crypto'
import type { AttachedToTarget, CdpConnection, CdpSession } from './cdp.ts'

export interface Bounds {
  x: number
  y: number
  width: number
  height: number
}

export interface PageTarget {
  readonly targetId: string
  readonly session: CdpSession
}

/** Opens a window from outside, as a second start of the browser does. Needed for windows without tabs. */
export type OpenAppWindow = (url: string) => void

const BLANK_HOST = 'window.internal'
/** On a screen. A window takes a second or two to come, more on a busy machine. */
const WINDOW_WITHIN_MS = 6_000
const ASKS_FOR_A_WINDOW = 3

/**
 * Chromium's pages. Those this runtime opened become windows; any other is a popup a page opened, and is refused:
 * its opener has been told no by then, and Chromium gives no way to say so earlier.
 */
export class Targets {
  readonly #connection: CdpConnection
  readonly #openAppWindow: OpenAppWindow | undefined
  readonly #unclaimed = new Map<string, PageTarget>()
  readonly #refused = new Set<string>()
  readonly #onGone = new Map<string, () => void>()
  readonly #onCrash = new Map<string, (status: string, code: number) => void>()
  /** Windows on a screen that were asked for and have not come yet; one blank page is as good as another. */
  readonly #awaitedWindows: ((page: PageTarget) => void)[] = []
  readonly #awaitedTargets = new Map<string, (page: PageTarget) => void>()
  #opening = 0

  constructor(connection: CdpConnection, openAppWindow: OpenAppWindow | undefined) {
    this.#connection = connection
    this.#openAppWindow = openAppWindow
    const { browser } = connection
    browser.on('Target.attachedToTarget', (event) => this.#attach(event))
    browser.on('Target.detachedFromTarget', ({ targetId }) => this.#gone(targetId))
    browser.on('Target.targetDestroyed', ({ targetId }) => this.#gone(targetId))
    browser.on('Target.targetCrashed', ({ targetId, status, errorCode }) =>
      this.#onCrash.get(targetId)?.(status, errorCode),
    )
    // A headed window starts on a page only this runtime knows, by which it is recognised.
    browser.on('Fetch.requestPaused', ({ requestId, request }) => {
      if (!this.isStartPage(request.url)) return
      const responseHeaders = [{ name: 'content-type', value: 'text/html' }]
      browser.send('Fetch.fulfillRequest', { requestId, responseCode: 200, responseHeaders, body: '' })
    })
  }

  async start(): Promise<void> {
    const filter = [{ type: 'page' }, { exclude: true }]
    const { browser } = this.#connection
    await browser.send('Target.setDiscoverTargets', { discover: true, filter })
    await browser.send('Target.setAutoAttach', {
      autoAttach: true,
      waitForDebuggerOnStart: true,
      flatten: true,
      filter,
    })
  }

  isStartPage(url: string): boolean {
    return url.startsWith(`https://${BLANK_HOST}/`)
  }

  isRefused(targetId: string): boolean {
    return this.#refused.has(targetId)
  }

  async open({ width, height }: Bounds): Promise<PageTarget> {
    const open = this.#openAppWindow
    if (open) return this.#openOnScreen(open)
    this.#opening += 1
    try {
      const { targetId } = await this.#connection.browser.send('Target.createTarget', {
        url: 'about:blank',
        newWindow: true,
        width,
        height,
      })
      return await this.#arrival(targetId)
    } finally {
      this.#opening -= 1
      this.#refuseUnclaimed()
    }
  }

  /** Chromium may lose a window asked for while it is busy starting: it is asked again. */
  #openOnScreen(open: OpenAppWindow): Promise<PageTarget> {
    const ask = () => open(`https://${BLANK_HOST}/${randomUUID()}`)
    return new Promise((resolve) => {
      let asked = 1
      const again = setInterval(() => {
        asked += 1
        if (asked >= ASKS_FOR_A_WINDOW) clearInterval(again)
        ask()
      }, WINDOW_WITHIN_MS)
      this.#awaitedWindows.push((page) => {
        clearInterval(again)
        resolve(page)
      })
      ask()
    })
  }

  /** Watches a page that `open` gave: it crashed, or it is closed for good. */
  watch(targetId: string, crashed: (status: string, code: number) => void, gone: () => void): void {
    this.#onCrash.set(targetId, crashed)
    this.#onGone.set(targetId, gone)
  }

  #attach({ sessionId, targetInfo }: AttachedToTarget): void {
    if (targetInfo.type !== 'page') return
    const { targetId, url } = targetInfo
    const page = { targetId, session: this.#connection.session(sessionId) }
    const hasOpener = Boolean(targetInfo.openerId || targetInfo.openerFrameId)
    // A page seen very early has no address yet.
    const isBlank = url === '' || url === 'about:blank' || this.isStartPage(url)
    const claim =
      this.#awaitedTargets.get(targetId) ?? (isBlank && !hasOpener ? this.#awaitedWindows.shift() : undefined)
    this.#awaitedTargets.delete(targetId)
    if (claim) {
      claim(page)
    } else if (hasOpener) {
      this.#refuse(page)
    } else {
      this.#unclaimed.set(targetId, page)
      this.#refuseUnclaimed()
    }
  }

  /** The attachment may be told before or after the answer to createTarget. */
  #arrival(targetId: string): Promise<PageTarget> {
    const page = this.#unclaimed.get(targetId)
    this.#unclaimed.delete(targetId)
    return page
      ? Promise.resolve(page)
      : new Promise((resolve) => this.#awaitedTargets.set(targetId, resolve))
  }

  #refuseUnclaimed(): void {
    // While a window of ours is being opened, a page not yet claimed may be it.
    if (this.#opening > 0) return
    for (const page of this.#unclaimed.values()) this.#refuse(page)
  }

  #refuse({ targetId, session }: PageTarget): void {
    this.#unclaimed.delete(targetId)
    this.#refused.add(targetId)
    // A popup shares its opener's renderer: closed while still paused, it would hang the opener.
    session.send('Runtime.runIfWaitingForDebugger')
    this.#connection.browser.send('Target.closeTarget', { targetId })
  }

  #gone(targetId: string | undefined): void {
    if (!targetId) return
    this.#onGone.get(targetId)?.()
    this.#onGone.delete(targetId)
    this.#onCrash.delete(targetId)
    this.#refused.delete(targetId)
  }
}
