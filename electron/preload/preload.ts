import { contextBridge, type IpcRendererEvent, ipcRenderer } from 'electron'
import type { Bridge } from '#shared/contract/ipc.ts'

const bridge: Bridge = {
  invoke: (name, request) => ipcRenderer.invoke('request', name, request),
  on: (name, listener) => {
    const channel = `notice:${name}`
    const hear = (_event: IpcRendererEvent, notice: Parameters<typeof listener>[0]) => listener(notice)
    ipcRenderer.on(channel, hear)
    // Braces: returning ipcRenderer itself would hand it to the page.
    return () => {
      ipcRenderer.off(channel, hear)
    }
  },
}

contextBridge.exposeInMainWorld('bridge', bridge)
