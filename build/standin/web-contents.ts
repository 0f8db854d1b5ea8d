import { EventEmitter } from 'node:events'
import type { WebPreferences, WindowOpenHandlerResponse } from 'electron'
import { PageBridge, type PageMessage, type Reply } from './bridge.ts'
import type { CdpSession } from './cdp.ts'
import { imageOf } from './image.ts'
import { notImplemented, refuseTheRest } from './named.ts'
import { failLoad, untilLoaded, watchPage } from './page-events.ts'
import { record } from './recorded.ts'
import type { Schemes } from './schemes.ts'
import type { Bounds, PageTarget, Targets } from './targets.ts'
import { WebFrameMain } from './web-frame.ts'
import { applyZoom } from './zoom.ts'

/** What a page needs of the runtime around it. */
export interface PageHost {
  readonly targets: Targets
  readonly schemes: Schemes
  readonly session: unknown
  readonly receive: (contents: WebContents, message: PageMessage, reply: Reply) => void
  readonly closeBrowserPage: (targetId: string) => void
  readonly colourScheme: () => string
}

type OpenHandler = (details: {
  url: string
  frameName: string
  features: string
  disposition: string
}) => WindowOpenHandlerResponse

const all = new Map<number, WebContents>()
let lastId = 0

/** Electron's `webContents`: one page of Chromium's, driven over its DevTools session. */
export class WebContents extends EventEmitter {
  readonly id: number
  readonly mainFrame: WebFrameMain
  readonly session: unknown
  /** Resolves once Chromium has the page and our scripts are in place; everything else waits for it. */
  readonly attached: Promise<PageTarget>
  /** What the window does when its page is closed: by code, or (`gone`) already by someone else. */
  onClose: (gone: boolean) => void = () => {}
  onResized: () => void = () => {}
  committedUrl = ''
  loading = false
  crashed = false
  targetId: string | undefined
  readonly #host: PageHost
  #bridge: PageBridge | undefined
  #destroyed = false
  #pendingUrl: string | undefined
  #zoomFactor = 1
  #muted = false
  #throttling: boolean
  #openHandler: OpenHandler | undefined
  #requestedUrl: string | undefined

  constructor(host: PageHost, bounds: Bounds, preferences: WebPreferences) {
    super()
    lastId += 1
    this.id = lastId
    this.#host = host
    this.session = host.session
    this.mainFrame = new WebFrameMain(this)
    this.#throttling = preferences.backgroundThrottling ?? true
    all.set(this.id, this)
    this.attached = host.targets.open(bounds).then((page) => this.#attach(page, preferences))
    this.attached.catch(() => {})
  }

  static getAllWebContents(): WebContents[] {
    return [...all.values()]
  }

  static getFocusedWebContents(): WebContents | null {
    return null
  }

  static fromId(id: number): WebContents | undefined {
    return all.get(id)
  }

  static fromDevToolsTargetId(targetId: string): WebContents | undefined {
    return [...all.values()].find((contents) => contents.targetId === targetId)
  }

  async #attach(page: PageTarget, preferences: WebPreferences): Promise<PageTarget> {
    const { session, targetId } = page
    this.targetId = targetId
    this.#host.targets.watch(
      targetId,
      (status, exitCode) => this.#crash(status, exitCode),
      () => this.#gone(),
    )
    this.#bridge = new PageBridge(session, (message, reply) => this.#receive(message, reply))
    watchPage(this, session, this.#host.schemes)
    const inPlace = [
      session.send('Page.enable'),
      session.send('Runtime.enable'),
      ...this.#bridge.install(preferences.preload, preferences.additionalArguments ?? []),
      this.applyColourScheme(session),
      session.send('Runtime.runIfWaitingForDebugger'),
    ]
    // Answered before anything is loaded: a navigation under way parks commands, and its scripts would run without.
    await Promise.all(inPlace)
    return page
  }

  #receive(message: PageMessage, reply: Reply): void {
    if (message.kind === 'hello') this.committedUrl = this.#host.schemes.toApp(message.url)
    else if (message.kind === 'resized') this.onResized()
    else if (message.kind === 'preload-failed') {
      console.error(`stand-in: the preload failed: ${message.message}`)
      this.emit('preload-error', {}, '', new Error(message.message))
    } else this.#host.receive(this, message, reply)
  }

  async #session(): Promise<CdpSession> {
    const { session } = await this.attached
    if (this.#destroyed) throw new TypeError('Object has been destroyed')
    return session
  }

  // --- Loading ------------------------------------------------------------------------------------------------

  async loadURL(url: string): Promise<void> {
    this.#pendingUrl = url
    const session = await this.#session()
    this.loading = true
    this.crashed = false
    const finished = untilLoaded(this, url)
    finished.catch(() => {})
    const { errorText } = await session.send('Page.navigate', { url: this.#host.schemes.toChromium(url) })
    if (this.#pendingUrl === url) this.#pendingUrl = undefined
    if (errorText) failLoad(this, errorText, url)
    return finished
  }

  /** Whether a load is under way whose failure loadURL will report itself. */
  get isLoadingUrl(): boolean {
    return this.#pendingUrl !== undefined
  }

  reload(): void {
    this.#reload(false)
  }

  reloadIgnoringCache(): void {
    this.#reload(true)
  }

  #reload(ignoreCache: boolean): void {
    this.crashed = false
    this.#session().then(
      (session) => session.send('Page.reload', { ignoreCache }),
      () => {},
    )
  }

  stop(): void {
    this.#command((session) => session.send('Page.stopLoading'))
  }

  getURL(): string {
    return this.#pendingUrl ?? this.committedUrl
  }

  isLoading(): boolean {
    return this.loading
  }

  isLoadingMainFrame(): boolean {
    return this.loading
  }

  // --- Navigation the page asks for ---------------------------------------------------------------------------

  /** The page itself asked to go to this URL; the request for it follows. */
  requestedByPage(url: string): void {
    this.#requestedUrl = url
  }

  /** True when the page asked to go there and a will-navigate listener forbade it. */
  refusesNavigation(url: string): boolean {
    if (this.#requestedUrl !== url) return false
    this.#requestedUrl = undefined
    const event = {
      url,
      isMainFrame: true,
      isSameDocument: false,
      frame: this.mainFrame,
      initiator: this.mainFrame,
      defaultPrevented: false,
      preventDefault() {
        event.defaultPrevented = true
      },
    }
    this.emit('will-frame-navigate', event)
    this.emit('will-navigate', event, url, false, true)
    return event.defaultPrevented
  }

  setWindowOpenHandler(handler: OpenHandler): void {
    this.#openHandler = handler
  }

  /** A page called window.open; the window Chromium made for it is refused whatever the answer is. */
  windowOpened(url: string, frameName: string, features: string): void {
    const answer = this.#openHandler?.({ url, frameName, features, disposition: 'foreground-tab' })
    if (answer?.action !== 'deny')
      console.error(`${notImplemented('window.open with action: allow').message}`)
  }

  // --- Talking to the page ------------------------------------------------------------------------------------

  send(channel: string, ...args: unknown[]): void {
    this.#bridge?.post(channel, args)
  }

  postMessage(channel: string, message: unknown, transfer?: unknown[]): void {
    if (transfer?.length) throw notImplemented('webContents.postMessage with ports')
    this.send(channel, message)
  }

  async executeJavaScript(code: string, userGesture = false): Promise<unknown> {
    const session = await this.#session()
    const { result, exceptionDetails } = await session.send('Runtime.evaluate', {
      expression: code,
      awaitPromise: true,
      returnByValue: true,
      userGesture,
    })
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text)
    return result.value
  }

  async capturePage(): Promise<unknown> {
    const session = await this.#session()
    const { data } = await session.send('Page.captureScreenshot', { format: 'png' })
    return imageOf(data)
  }

  // --- Ending -------------------------------------------------------------------------------------------------

  isDestroyed(): boolean {
    return this.#destroyed
  }

  isCrashed(): boolean {
    return this.crashed
  }

  close(): void {
    this.onClose(false)
  }

  /** Closes the page without asking anyone. */
  destroy(): void {
    if (this.#destroyed) return
    this.#destroyed = true
    all.delete(this.id)
    this.attached.then(
      ({ targetId }) => this.#host.closeBrowserPage(targetId),
      () => {},
    )
    this.emit('destroyed')
  }

  forcefullyCrashRenderer(): void {
    this.#command((session) => session.send('Page.crash'))
  }

  #crash(status: string, exitCode: number): void {
    this.crashed = true
    this.loading = false
    const reason = status === 'killed' ? 'killed' : 'crashed'
    this.emit('render-process-gone', {}, { reason, exitCode })
  }

  #gone(): void {
    if (!this.#destroyed) this.onClose(true)
  }

  // --- Appearance ---------------------------------------------------------------------------------------------

  applyColourScheme(session: CdpSession): Promise<unknown> {
    const features = [{ name: 'prefers-color-scheme', value: this.#host.colourScheme() }]
    return session.send('Emulation.setEmulatedMedia', { features })
  }

  colourSchemeChanged(): void {
    this.#command((session) => this.applyColourScheme(session))
  }

  get zoomFactor(): number {
    return this.#zoomFactor
  }

  set zoomFactor(factor: number) {
    this.setZoomFactor(factor)
  }

  getZoomFactor(): number {
    return this.#zoomFactor
  }

  setZoomFactor(factor: number): void {
    this.#zoomFactor = factor
    this.#command((session) => applyZoom(session, factor))
  }

  /** The window has another size: what fits into it at this zoom has changed. */
  windowResized(): void {
    if (this.#zoomFactor !== 1) this.setZoomFactor(this.#zoomFactor)
  }

  // Electron's levels are powers of 1.2.
  getZoomLevel(): number {
    return Math.log(this.#zoomFactor) / Math.log(1.2)
  }

  setZoomLevel(level: number): void {
    this.setZoomFactor(1.2 ** level)
  }

  setVisualZoomLevelLimits(): Promise<void> {
    return Promise.resolve()
  }

  isAudioMuted(): boolean {
    return this.#muted
  }

  setAudioMuted(muted: boolean): void {
    record('webContents.setAudioMuted', muted)
    this.#muted = muted
  }

  getBackgroundThrottling(): boolean {
    return this.#throttling
  }

  setBackgroundThrottling(allowed: boolean): void {
    this.#throttling = allowed
  }

  focus(): void {
    this.#command((session) => session.send('Page.bringToFront'))
  }

  openDevTools(options?: unknown): void {
    record('webContents.openDevTools', options)
  }

  closeDevTools(): void {
    record('webContents.closeDevTools')
  }

  isDevToolsOpened(): boolean {
    return false
  }

  #command(run: (session: CdpSession) => unknown): void {
    // Fire and forget: the page may be gone by the time it is its turn.
    this.#session()
      .then(run)
      .catch(() => {})
  }
}

refuseTheRest('webContents', WebContents)
