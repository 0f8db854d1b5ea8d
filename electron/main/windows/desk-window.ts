import { type BrowserWindow, nativeTheme, screen } from 'electron'
import { createAppWindow, type WindowSetup } from './app-window.ts'
import type { DeskMemory } from './desk-memory.ts'
import { paper } from './paper.ts'
import { minimumSize, openingBounds } from './window-bounds.ts'

export function createDeskWindow(setup: WindowSetup, memory: DeskMemory): BrowserWindow {
  const { bounds, isMaximized } = memory.get()
  const primary = screen.getPrimaryDisplay()
  const others = screen.getAllDisplays().filter((display) => display.id !== primary.id)
  const opening = openingBounds(bounds, [primary.workArea, ...others.map((display) => display.workArea)])
  const least = minimumSize(screen.getDisplayMatching(opening).workArea)

  const window = createAppWindow('desk', setup, {
    ...opening,
    minWidth: least.width,
    minHeight: least.height,
    show: false,
    title: 'Adviser Desktop',
    backgroundColor: nativeTheme.shouldUseDarkColors ? paper.dark : paper.light,
  })
  window.setMenuBarVisibility(false)
  const show = () => {
    if (window.isDestroyed() || window.isVisible()) return
    if (isMaximized) window.maximize()
    window.show()
  }
  window.once('ready-to-show', show)
  // A page that cannot be drawn still gets a window: nothing at all looks like an app that did not start.
  setup.clock.after(5_000, show)

  const remember = () => {
    if (window.isDestroyed() || window.isMinimized() || window.isFullScreen()) return
    memory.set({ bounds: window.getNormalBounds(), isMaximized: window.isMaximized() })
  }
  window.on('resized', remember)
  window.on('moved', remember)
  window.on('close', remember)
  nativeTheme.on('updated', () => {
    if (window.isDestroyed()) return
    window.setBackgroundColor(nativeTheme.shouldUseDarkColors ? paper.dark : paper.light)
  })
  return window
}
