import { EventEmitter } from 'node:events'
import type { BrowserWindowConstructorOptions, WebPreferences } from 'electron'
import type { CdpSession } from './cdp.ts'
import { fitOnScreen, screenQuestion } from './fit-on-screen.ts'
import { notImplemented, refuseTheRest } from './named.ts'
import { record } from './recorded.ts'
import type { Bounds } from './targets.ts'
import { type PageHost, WebContents } from './web-contents.ts'

type WindowState = 'normal' | 'minimized' | 'maximized' | 'fullscreen'

/** What windows need of the runtime around them. */
export interface WindowHost extends PageHost {
  readonly browser: () => CdpSession
  readonly isReady: () => boolean
  readonly windowCreated: (window: BrowserWindow) => void
  readonly lastWindowClosed: () => void
  /** Whether windows are on a screen, where hiding them means something. */
  readonly isHeaded: boolean
}

const FAR_AWAY = 4_000

let host: WindowHost | undefined
const all: BrowserWindow[] = []
let focused: BrowserWindow | null = null
let lastId = 0

export function provideWindowHost(provided: WindowHost): void {
  host = provided
}

function refuseUnsafe(preferences: WebPreferences): void {
  if (preferences.contextIsolation === false) throw notImplemented('contextIsolation: false')
  if (preferences.nodeIntegration) throw notImplemented('nodeIntegration: true')
  if (preferences.sandbox === false) throw notImplemented('sandbox: false')
  if (preferences.partition || preferences.session) throw notImplemented('a session other than the default')
  if ((preferences.autoplayPolicy ?? 'no-user-gesture-required') !== 'no-user-gesture-required') {
    throw notImplemented(`autoplayPolicy: ${preferences.autoplayPolicy}`)
  }
}

/** Electron's `BrowserWindow`. Its state is kept here; Chromium's window follows as well as it can. */
export class BrowserWindow extends EventEmitter {
  readonly id: number
  readonly webContents: WebContents
  readonly #host: WindowHost
  #bounds: Bounds
  #state: WindowState = 'normal'
  #visible: boolean
  #destroyed = false
  #settled: Promise<void> = Promise.resolve()
  #settling = 0
  #title: string
  #alwaysOnTop: boolean
  #minimumSize: [number, number]
  #menuBarVisible = true

  constructor(options: BrowserWindowConstructorOptions = {}) {
    super()
    if (!host?.isReady()) throw new Error('Cannot create BrowserWindow before app is ready')
    refuseUnsafe(options.webPreferences ?? {})
    this.#host = host
    lastId += 1
    this.id = lastId
    const { x = 0, y = 0, width = 800, height = 600 } = options
    this.#bounds = { x, y, width, height }
    this.#visible = options.show ?? true
    this.#title = options.title ?? ''
    this.#alwaysOnTop = options.alwaysOnTop ?? false
    this.#minimumSize = [options.minWidth ?? 0, options.minHeight ?? 0]
    this.webContents = new WebContents(host, this.#bounds, options.webPreferences ?? {})
    this.webContents.onClose = (gone) => (gone ? this.#closedByOthers() : this.close())
    this.webContents.onResized = () => void this.#resizedByOthers().catch(() => {})
    // Electron tells of the first paint; a document with its styles read is as near as the protocol comes.
    this.webContents.once('dom-ready', () => setImmediate(() => this.emit('ready-to-show')))
    all.push(this)
    if (this.#visible) focused = this
    this.#settle()
    host.windowCreated(this)
  }

  static getAllWindows(): BrowserWindow[] {
    return [...all]
  }

  static getFocusedWindow(): BrowserWindow | null {
    return focused
  }

  static fromWebContents(contents: WebContents): BrowserWindow | null {
    return all.find((window) => window.webContents === contents) ?? null
  }

  static fromId(id: number): BrowserWindow | null {
    return all.find((window) => window.id === id) ?? null
  }

  loadURL(url: string): Promise<void> {
    return this.webContents.loadURL(url)
  }

  reload(): void {
    this.webContents.reload()
  }

  // --- Seen or not --------------------------------------------------------------------------------------------

  show(): void {
    this.showInactive()
    this.focus()
  }

  showInactive(): void {
    if (this.#visible) return
    this.#visible = true
    this.#settle()
    this.emit('show')
  }

  hide(): void {
    if (!this.#visible) return
    this.blur()
    this.#visible = false
    this.#settle()
    this.emit('hide')
  }

  isVisible(): boolean {
    return this.#visible
  }

  focus(): void {
    if (!this.#visible) return
    this.webContents.focus()
    if (focused === this) return
    focused?.blur()
    focused = this
    this.emit('focus')
  }

  blur(): void {
    if (focused !== this) return
    focused = null
    this.emit('blur')
  }

  isFocused(): boolean {
    return focused === this
  }

  minimize(): void {
    this.blur()
    this.#become('minimized', 'minimize')
  }

  maximize(): void {
    this.#become('maximized', 'maximize')
  }

  unmaximize(): void {
    if (this.isMaximized()) this.#become('normal', 'unmaximize')
  }

  restore(): void {
    if (this.#state !== 'normal') this.#become('normal', 'restore')
  }

  setFullScreen(on: boolean): void {
    this.#become(on ? 'fullscreen' : 'normal', on ? 'enter-full-screen' : 'leave-full-screen')
  }

  isMinimized(): boolean {
    return this.#state === 'minimized'
  }

  isMaximized(): boolean {
    return this.#state === 'maximized'
  }

  isFullScreen(): boolean {
    return this.#state === 'fullscreen'
  }

  #become(state: WindowState, event: string): void {
    if (this.#state === state) return
    this.#state = state
    this.#settle()
    this.emit(event)
  }

  // --- Size and place -----------------------------------------------------------------------------------------

  getBounds(): Bounds {
    return { ...this.#bounds }
  }

  getNormalBounds(): Bounds {
    return { ...this.#bounds }
  }

  getContentBounds(): Bounds {
    return { ...this.#bounds }
  }

  setBounds(bounds: Partial<Bounds>): void {
    const before = this.#bounds
    this.#bounds = { ...before, ...bounds }
    this.#settle()
    const { x, y, width, height } = this.#bounds
    if (width !== before.width || height !== before.height) this.emit('resize')
    if (x !== before.x || y !== before.y) this.emit('move')
  }

  getSize(): [number, number] {
    return [this.#bounds.width, this.#bounds.height]
  }

  setSize(width: number, height: number): void {
    this.setBounds({ width, height })
  }

  getContentSize(): [number, number] {
    return this.getSize()
  }

  setContentSize(width: number, height: number): void {
    this.setSize(width, height)
  }

  getPosition(): [number, number] {
    return [this.#bounds.x, this.#bounds.y]
  }

  setPosition(x: number, y: number): void {
    this.setBounds({ x, y })
  }

  center(): void {
    record('browserWindow.center')
  }

  getMinimumSize(): [number, number] {
    return this.#minimumSize
  }

  setMinimumSize(width: number, height: number): void {
    this.#minimumSize = [width, height]
  }

  /** Brings Chromium's window in line with what this one says about itself, one change after the other. */
  #settle(): void {
    this.#settling += 1
    this.#settled = this.#settled
      .then(() => this.#bringInLine())
      // The window or the browser may be gone by then.
      .catch(() => {})
      .finally(() => {
        this.#settling -= 1
      })
  }

  async #bringInLine(): Promise<void> {
    const { targetId, session } = await this.webContents.attached
    if (this.#destroyed) return
    const browser = this.#host.browser()
    const { windowId } = await browser.send('Browser.getWindowForTarget', { targetId })
    const change = (bounds: {
      windowState?: WindowState
      left?: number
      top?: number
      width?: number
      height?: number
    }) => browser.send('Browser.setWindowBounds', { windowId, bounds })
    // Chromium takes a state or a size, never both.
    await change({ windowState: 'normal' })
    if (this.#host.isHeaded && !this.#visible) {
      const { width, height } = this.#bounds
      // Chromium cannot hide a window. Without a window manager it cannot minimise one either, but can move it away.
      await change({ left: -width - FAR_AWAY, top: -height - FAR_AWAY, width, height })
      await change({ windowState: 'minimized' })
      return
    }
    const { result } = await session.send('Runtime.evaluate', {
      expression: screenQuestion,
      returnByValue: true,
    })
    const [strip = 0, x = 0, y = 0, availWidth = 0, availHeight = 0] = result.value as number[]
    if (this.#host.isHeaded)
      this.#bounds = fitOnScreen(this.#bounds, { x, y, width: availWidth, height: availHeight })
    // Headless windows have a tab strip: without it, the page is as tall as the app asked.
    const tabStrip = this.#host.isHeaded ? 0 : strip
    const { x: left, y: top, width, height } = this.#bounds
    await change({ left, top, width, height: height + tabStrip })
    if (this.#state !== 'normal') await change({ windowState: this.#state })
    this.webContents.windowResized()
  }

  /** The page has another size. Unless this runtime is just seeing to that, the user dragged the window. */
  async #resizedByOthers(): Promise<void> {
    const isTheirs = this.#host.isHeaded && this.#settling === 0 && this.#visible && this.#state === 'normal'
    const { targetId } = await this.webContents.attached
    if (!isTheirs) return
    const { bounds } = await this.#host.browser().send('Browser.getWindowForTarget', { targetId })
    const { left = 0, top = 0, width = 0, height = 0, windowState = 'normal' } = bounds
    const before = this.#bounds
    if (windowState !== 'normal' || (width === before.width && height === before.height)) return
    this.#bounds = { x: left, y: top, width, height }
    this.webContents.windowResized()
    this.emit('resize')
  }

  // --- Ending -------------------------------------------------------------------------------------------------

  /** Asks the app's `close` listeners, which may forbid it. */
  close(): void {
    if (this.#destroyed) return
    const event = {
      defaultPrevented: false,
      preventDefault() {
        event.defaultPrevented = true
      },
    }
    this.emit('close', event)
    if (!event.defaultPrevented) this.destroy()
  }

  destroy(): void {
    if (this.#destroyed) return
    this.#destroyed = true
    if (focused === this) focused = null
    all.splice(all.indexOf(this), 1)
    this.webContents.destroy()
    this.emit('closed')
    if (all.length === 0) this.#host.lastWindowClosed()
  }

  /** The user or the page closed it: Chromium does not ask first, so neither can the app forbid it. */
  #closedByOthers(): void {
    this.emit('close', { defaultPrevented: false, preventDefault() {} })
    this.destroy()
  }

  isDestroyed(): boolean {
    return this.#destroyed
  }

  // --- Kept, with no effect -----------------------------------------------------------------------------------

  getTitle(): string {
    return this.#title
  }

  setTitle(title: string): void {
    this.#title = title
  }

  isAlwaysOnTop(): boolean {
    return this.#alwaysOnTop
  }

  setAlwaysOnTop(on: boolean): void {
    this.#alwaysOnTop = on
  }

  isMenuBarVisible(): boolean {
    return this.#menuBarVisible
  }

  setMenuBarVisibility(visible: boolean): void {
    this.#menuBarVisible = visible
  }

  setAutoHideMenuBar(hide: boolean): void {
    record('browserWindow.setAutoHideMenuBar', hide)
  }

  setMenu(menu: unknown): void {
    record('browserWindow.setMenu', menu)
  }

  removeMenu(): void {
    record('browserWindow.removeMenu')
  }

  flashFrame(flash: boolean): void {
    record('browserWindow.flashFrame', flash)
  }

  setProgressBar(progress: number): void {
    record('browserWindow.setProgressBar', progress)
  }

  setOverlayIcon(icon: unknown, description: string): void {
    record('browserWindow.setOverlayIcon', icon, description)
  }

  setBackgroundColor(colour: string): void {
    record('browserWindow.setBackgroundColor', colour)
  }

  setIcon(icon: unknown): void {
    record('browserWindow.setIcon', icon)
  }
}

refuseTheRest('browserWindow', BrowserWindow)
