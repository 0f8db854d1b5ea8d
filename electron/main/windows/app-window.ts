import { BrowserWindow, type BrowserWindowConstructorOptions, type WebPreferences } from 'electron'
import type { Clock } from '#shared/kernel/clock.ts'
import type { Log } from '#shared/kernel/log.ts'
import { type Page, pageUrl } from './pages.ts'
import { createRevival } from './revival.ts'

export interface WindowSetup {
  readonly preload: string
  readonly isPackaged: boolean
  readonly clock: Clock
  readonly log: Log
  /** The page's process is gone; it is loaded again after this. */
  pageDied(page: Page): void
}

const safePreferences: WebPreferences = {
  contextIsolation: true,
  sandbox: true,
  nodeIntegration: false,
  nodeIntegrationInWorker: false,
  nodeIntegrationInSubFrames: false,
  webviewTag: false,
  webSecurity: true,
  allowRunningInsecureContent: false,
  navigateOnDragDrop: false,
  // Chromium would fetch dictionaries from elsewhere.
  spellcheck: false,
}

/** A window of one of our pages; when the page's process dies, the page is loaded again. */
export function createAppWindow(
  page: Page,
  setup: WindowSetup,
  options: BrowserWindowConstructorOptions,
): BrowserWindow {
  const { preload, isPackaged, clock, log } = setup
  const window = new BrowserWindow({
    ...options,
    webPreferences: { ...safePreferences, ...options.webPreferences, preload, devTools: !isPackaged },
  })
  const contents = window.webContents
  const revival = createRevival(clock)
  const load = () => {
    if (window.isDestroyed()) return
    window.loadURL(pageUrl(page)).catch(() => log.error('window/not-loaded', { page }))
  }
  contents.on('render-process-gone', (_event, { reason, exitCode }) => {
    if (window.isDestroyed() || reason === 'clean-exit') return
    setup.pageDied(page)
    const delayMs = revival.nextDelayMs()
    log.error('window/page-died', { page, reason, exitCode, delayMs })
    clock.after(delayMs, load)
  })
  window.on('unresponsive', () => log.error('window/unresponsive', { page }))
  window.on('responsive', () => log.info('window/responsive', { page }))
  contents.on('preload-error', (_event, _path, error) =>
    log.error('window/preload-failed', { page, error: error.name }),
  )
  load()
  return window
}
