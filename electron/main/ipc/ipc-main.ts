import { type BrowserWindow, type IpcMainInvokeEvent, ipcMain } from 'electron'
import type { NoticeName, NoticeOf } from '#shared/contract/ipc.ts'
import { type Page, pages } from '../windows/pages.ts'
import type { Door, Sender } from './door.ts'

/** The windows that are open now, by page. */
export type Windows = (page: Page) => BrowserWindow | undefined

/** The only place that touches ipcMain. */
export function openDoor(door: Door, windows: Windows): void {
  ipcMain.handle('request', (event, name: unknown, request: unknown) =>
    door(senderOf(event, windows), name, request),
  )
}

export function tellPages<N extends NoticeName>(windows: Windows, name: N, notice: NoticeOf<N>): void {
  for (const page of pages) {
    const window = windows(page)
    if (window && !window.isDestroyed()) window.webContents.send(`notice:${name}`, notice)
  }
}

function senderOf(event: IpcMainInvokeEvent, windows: Windows): Sender {
  const frame = event.senderFrame
  return {
    window: pages.find((page) => windows(page)?.webContents.id === event.sender.id),
    url: frame?.url ?? '',
    isMainFrame: frame !== null && frame.parent === null,
  }
}
