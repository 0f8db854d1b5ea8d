import { EventEmitter } from 'node:events'
import { AppPaths } from './app-paths.ts'
import type { CommandLine } from './command-line.ts'
import { refuseTheRest } from './named.ts'
import { record } from './recorded.ts'
import { SingleInstance } from './single-instance.ts'
import type { BrowserWindow } from './windows.ts'

export interface AppDescription {
  readonly name: string
  readonly version: string
  readonly folder: string
  readonly isPackaged: boolean
  readonly executable: string
}

/** What the app needs of the runtime around it to end. */
export interface AppHost {
  readonly windows: () => BrowserWindow[]
  readonly closeBrowser: () => Promise<void>
}

function preventable(): { defaultPrevented: boolean; preventDefault: () => void } {
  const event = {
    defaultPrevented: false,
    preventDefault() {
      event.defaultPrevented = true
    },
  }
  return event
}

/** Electron's `app`: names and paths, one instance, and the order in which an application ends. */
export class App extends EventEmitter {
  readonly isPackaged: boolean
  readonly commandLine: CommandLine
  readonly #description: AppDescription
  readonly #host: AppHost
  readonly #paths: AppPaths
  readonly #ready: Promise<void>
  #becomeReady: () => void = () => {}
  #isReady = false
  #name: string
  #instance: SingleInstance | undefined
  #quitting = false
  #ending = false

  constructor(description: AppDescription, commandLine: CommandLine, host: AppHost) {
    super()
    this.#description = description
    this.#host = host
    this.#name = description.name
    this.commandLine = commandLine
    this.isPackaged = description.isPackaged
    const userData = commandLine.getSwitchValue('user-data-dir') || undefined
    this.#paths = new AppPaths(() => this.#name, description.executable, userData)
    this.#ready = new Promise((resolve) => {
      this.#becomeReady = resolve
    })
  }

  // --- Names and paths ----------------------------------------------------------------------------------------

  getName(): string {
    return this.#name
  }

  setName(name: string): void {
    this.#name = name
  }

  get name(): string {
    return this.#name
  }

  set name(name: string) {
    this.#name = name
  }

  getVersion(): string {
    return this.#description.version
  }

  getAppPath(): string {
    return this.#description.folder
  }

  getPath(name: string): string {
    return this.#paths.get(name)
  }

  setPath(name: string, path: string): void {
    this.#paths.set(name, path)
  }

  setAppLogsPath(path?: string): void {
    this.#paths.set('logs', path ?? this.#paths.get('logs'))
  }

  getLocale(): string {
    return this.commandLine.getSwitchValue('lang') || Intl.DateTimeFormat().resolvedOptions().locale
  }

  getSystemLocale(): string {
    return this.getLocale()
  }

  getPreferredSystemLanguages(): string[] {
    return [this.getLocale()]
  }

  // --- Starting -----------------------------------------------------------------------------------------------

  isReady(): boolean {
    return this.#isReady
  }

  whenReady(): Promise<void> {
    return this.#ready
  }

  /** The browser is there: tells the app, listeners first and promises after, as Electron does. */
  becomeReady(): void {
    this.#isReady = true
    // Through the instance: Playwright's loader replaces `emit` to hold this event back.
    this.emit('ready', {}, {})
    this.#becomeReady()
  }

  requestSingleInstanceLock(additionalData?: unknown): boolean {
    this.#instance ??= new SingleInstance(this.getPath('userData'), (second) =>
      this.emit('second-instance', {}, second.argv, second.workingDirectory, second.additionalData),
    )
    return this.#instance.request({ argv: process.argv, workingDirectory: process.cwd(), additionalData })
  }

  hasSingleInstanceLock(): boolean {
    return this.#instance?.isHeld ?? false
  }

  releaseSingleInstanceLock(): void {
    this.#instance?.release()
  }

  focus(): void {
    this.#host.windows()[0]?.focus()
  }

  // --- Ending -------------------------------------------------------------------------------------------------

  /** before-quit, every window's close, will-quit, quit: any of the first three may call it off. */
  quit(): void {
    if (this.#ending || this.#quitting) return
    const asked = preventable()
    this.emit('before-quit', asked)
    if (asked.defaultPrevented) return
    this.#quitting = true
    for (const window of this.#host.windows()) {
      window.close()
      if (!window.isDestroyed()) {
        this.#quitting = false
        return
      }
    }
    if (!this.#willQuit()) return
    void this.#end(0)
  }

  /** Ends without asking anyone; only `quit` is told. */
  exit(code = 0): void {
    void this.#end(code)
  }

  lastWindowClosed(): void {
    if (this.#quitting || this.#ending) return
    if (this.listenerCount('window-all-closed') > 0) this.emit('window-all-closed')
    else this.quit()
  }

  #willQuit(): boolean {
    const asked = preventable()
    this.emit('will-quit', asked)
    if (asked.defaultPrevented) this.#quitting = false
    return !asked.defaultPrevented
  }

  async #end(code: number): Promise<void> {
    if (this.#ending) return
    this.#ending = true
    for (const window of this.#host.windows()) window.destroy()
    this.emit('quit', {}, code)
    await this.#host.closeBrowser()
    this.#instance?.release()
    process.exit(code)
  }

  // --- Remembered, with no effect -----------------------------------------------------------------------------

  relaunch(options?: unknown): void {
    record('app.relaunch', options)
  }

  setAsDefaultProtocolClient(protocol: string): boolean {
    record('app.setAsDefaultProtocolClient', protocol)
    return true
  }

  removeAsDefaultProtocolClient(protocol: string): boolean {
    record('app.removeAsDefaultProtocolClient', protocol)
    return true
  }

  isDefaultProtocolClient(): boolean {
    return false
  }

  disableHardwareAcceleration(): void {
    record('app.disableHardwareAcceleration')
    this.commandLine.appendSwitch('disable-gpu')
  }

  enableSandbox(): void {
    record('app.enableSandbox')
  }

  setAppUserModelId(id: string): void {
    record('app.setAppUserModelId', id)
  }

  setLoginItemSettings(settings: unknown): void {
    record('app.setLoginItemSettings', settings)
  }

  setBadgeCount(count: number): boolean {
    record('app.setBadgeCount', count)
    return true
  }

  setAboutPanelOptions(options: unknown): void {
    record('app.setAboutPanelOptions', options)
  }

  isAccessibilitySupportEnabled(): boolean {
    return false
  }
}

refuseTheRest('app', App)
