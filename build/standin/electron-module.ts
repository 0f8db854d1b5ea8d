import Module from 'node:module'
import { join } from 'node:path'
import { App, type AppDescription } from './app.ts'
import type { Arguments } from './arguments.ts'
import { type Browser, launchBrowser } from './browser.ts'
import type { CdpSession } from './cdp.ts'
import { CommandLine } from './command-line.ts'
import { findBrowser } from './find-browser.ts'
import { IpcMain } from './ipc-main.ts'
import { notImplemented, onlyThese } from './named.ts'
import { createFetch, createNet } from './net.ts'
import { Permissions } from './permissions.ts'
import { Protocol } from './protocol.ts'
import { decideRequest, watchRequests } from './requests.ts'
import { SafeStorage } from './safe-storage.ts'
import { Schemes } from './schemes.ts'
import { Session } from './session.ts'
import { createSystem } from './system.ts'
import { Targets } from './targets.ts'
import { fork, UtilityProcess } from './utility-process.ts'
import { WebContents } from './web-contents.ts'
import { WebRequest } from './web-request.ts'
import { BrowserWindow, provideWindowHost } from './windows.ts'

export interface Runtime {
  readonly app: App
  /** What `require('electron')` gives. */
  readonly electron: object
  /** Starts Chromium; windows can be made from then on. */
  readonly start: () => Promise<void>
}

function isHeaded(): boolean {
  if (process.env.ADVISER_DESKTOP_HEADLESS === '1') return false
  if (process.platform !== 'linux') return true
  return Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY)
}

/** Puts the parts together into the `electron` module. */
export function createRuntime(description: AppDescription, { switches }: Arguments): Runtime {
  let running: Browser | undefined
  let isClosing = false
  const browser = (): CdpSession => {
    if (!running) throw new Error('the app is not ready yet')
    return running.connection.browser
  }
  const commandLine = new CommandLine(switches)
  const schemes = new Schemes()
  const protocol = new Protocol(schemes)
  const permissions = new Permissions(browser, schemes)
  const ipcMain = new IpcMain()
  const system = createSystem()
  const fetchAny = createFetch(protocol)
  let watchAgain = () => {}
  const webRequest = new WebRequest(() => watchAgain())
  const session = new Session({ permissions, protocol, webRequest, schemes, browser, fetch: fetchAny })

  const app = new App(description, commandLine, {
    windows: () => BrowserWindow.getAllWindows(),
    closeBrowser: async () => {
      isClosing = true
      await running?.close()
    },
  })

  const start = async () => {
    const executable = await findBrowser()
    if (!executable) {
      throw new Error('no Chrome, Chromium or Edge found; set ADVISER_DESKTOP_BROWSER to one')
    }
    const profileFolder = join(app.getPath('sessionData'), 'Chromium')
    running = await launchBrowser({ executable, profileFolder, commandLine, isHeaded: isHeaded() })
    const { connection, openAppWindow } = running
    connection.closed.then(() => {
      if (isClosing) return
      process.stderr.write('stand-in: the browser has ended, and the app with it\n')
      app.exit(1)
    })
    const targets = new Targets(connection, openAppWindow)
    const requests = {
      browser: connection.browser,
      protocol,
      schemes,
      permissions,
      webRequest,
      contentsOfFrame: (frameId: string) => WebContents.fromDevToolsTargetId(frameId),
      isRefusedPopup: (frameId: string) => targets.isRefused(frameId),
    }
    connection.browser.on('Fetch.requestPaused', (paused) => {
      if (targets.isStartPage(paused.request.url)) return
      // A page that is gone by now cannot be answered; nothing else fails here.
      decideRequest(requests, paused).catch(() => {})
    })
    watchAgain = () => void watchRequests(requests)
    await watchRequests(requests)
    await targets.start()
    provideWindowHost({
      targets,
      schemes,
      session,
      browser,
      isHeaded: isHeaded(),
      isReady: () => app.isReady(),
      colourScheme: () => (system.nativeTheme.shouldUseDarkColors ? 'dark' : 'light'),
      closeBrowserPage: (targetId) => void browser().send('Target.closeTarget', { targetId }),
      lastWindowClosed: () => app.lastWindowClosed(),
      windowCreated: (window) => {
        app.emit('browser-window-created', {}, window)
        app.emit('web-contents-created', {}, window.webContents)
      },
      receive: (contents, message, reply) => {
        if (message.kind === 'ask') {
          const { permission, mediaTypes } = message
          permissions.ask(contents, permission as 'media', mediaTypes).then(
            () => reply({ value: undefined }),
            (error) => reply({ error: String(error) }),
          )
        } else if (message.kind === 'send' || message.kind === 'invoke') {
          void ipcMain.receive(contents, message, reply)
        }
      },
    })
  }

  system.nativeTheme.on('updated', () => {
    for (const contents of WebContents.getAllWebContents()) contents.colourSchemeChanged()
  })

  const isReady = () => app.isReady()
  const vault = process.env.ADVISER_DESKTOP_STANDIN_VAULT
  const safeStorage = new SafeStorage(() => join(app.getPath('userData'), 'vault-key'), isReady, vault)
  const sessions = onlyThese('session', {
    defaultSession: session,
    fromPartition: () => {
      throw notImplemented('session.fromPartition')
    },
  })
  const electron = onlyThese('electron', {
    ...system,
    app,
    BrowserWindow,
    ipcMain,
    net: createNet(fetchAny),
    protocol,
    safeStorage,
    session: sessions,
    utilityProcess: onlyThese('utilityProcess', { fork }),
    UtilityProcess,
    webContents: WebContents,
  })
  return { app, electron, start }
}

/** Makes `require('electron')` give this module, in the app and in what Playwright evaluates. */
export function provideModule(electron: object): void {
  const loader = Module as unknown as {
    _load: (request: string, parent: unknown, isMain: boolean) => unknown
  }
  const load = loader._load
  loader._load = (request, parent, isMain) =>
    request === 'electron' || request === 'electron/main' ? electron : load(request, parent, isMain)
}
