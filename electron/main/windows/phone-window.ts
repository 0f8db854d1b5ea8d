import type { BrowserWindow } from 'electron'
import { createAppWindow, type WindowSetup } from './app-window.ts'

/** Never shown, never slowed down: it owns the calls. */
export function createPhoneWindow(setup: WindowSetup): BrowserWindow {
  return createAppWindow('phone', setup, {
    show: false,
    skipTaskbar: true,
    focusable: false,
    width: 400,
    height: 300,
    title: 'Adviser Desktop telephone',
    webPreferences: { backgroundThrottling: false, autoplayPolicy: 'no-user-gesture-required' },
  })
}
