import type { BrowserWindow } from 'electron'
import type { WindowSetup } from './app-window.ts'
import type { DeskMemory } from './desk-memory.ts'
import { createDeskWindow } from './desk-window.ts'
import type { Page } from './pages.ts'
import { createPhoneWindow } from './phone-window.ts'

/** What the app decides about its windows. */
export interface WindowRules {
  /** Whether the desk may be closed now; if not, the adviser is being asked. */
  mayCloseDesk(): boolean
  onDeskClosed(): void
}

export interface OpenWindows {
  get(page: Page): BrowserWindow | undefined
  openDesk(): void
  openPhone(): void
  showDesk(): void
  /** From now on a closed window stays closed. */
  quitting(): void
}

/** Keeps one window for each page: the desk's end is the app's end, the phone page's is not. */
export function createOpenWindows(setup: WindowSetup, memory: DeskMemory, rules: WindowRules): OpenWindows {
  const open = new Map<Page, BrowserWindow>()
  let isQuitting = false

  function openDesk(): void {
    const window = createDeskWindow(setup, memory)
    open.set('desk', window)
    window.on('close', (event) => {
      if (!isQuitting && !rules.mayCloseDesk()) event.preventDefault()
    })
    window.once('closed', () => {
      open.delete('desk')
      isQuitting = true
      rules.onDeskClosed()
    })
  }

  function openPhone(): void {
    const window = createPhoneWindow(setup)
    open.set('phone', window)
    window.once('closed', () => {
      open.delete('phone')
      if (isQuitting) return
      setup.log.error('window/phone-closed')
      setup.pageDied('phone')
      openPhone()
    })
  }

  return {
    get: (page) => open.get(page),
    openDesk,
    openPhone,
    showDesk: () => {
      const desk = open.get('desk')
      if (!desk) return
      if (desk.isMinimized()) desk.restore()
      desk.show()
      desk.focus()
    },
    quitting: () => {
      isQuitting = true
    },
  }
}
