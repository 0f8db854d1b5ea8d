import { EventEmitter } from 'node:events'
import { onlyThese, refuseTheRest } from './named.ts'
import { record, recorded } from './recorded.ts'

// What an operating system would show or do: kept in memory, for tests to look at and to poke.

const WORK_AREA = { x: 0, y: 0, width: 1920, height: 1040 }
const DISPLAY = {
  id: 1,
  bounds: { x: 0, y: 0, width: 1920, height: 1080 },
  workArea: WORK_AREA,
  workAreaSize: { width: WORK_AREA.width, height: WORK_AREA.height },
  size: { width: 1920, height: 1080 },
  scaleFactor: 1,
  rotation: 0,
}

class Screen extends EventEmitter {
  getPrimaryDisplay = () => DISPLAY
  getAllDisplays = () => [DISPLAY]
  getDisplayMatching = () => DISPLAY
  getDisplayNearestPoint = () => DISPLAY
  getCursorScreenPoint = () => ({ x: 0, y: 0 })
}
refuseTheRest('screen', Screen)

class PowerMonitor extends EventEmitter {
  getSystemIdleTime = () => 0
  getSystemIdleState = () => 'active'
  isOnBatteryPower = () => false
  onBatteryPower = false
}
refuseTheRest('powerMonitor', PowerMonitor)

/** Electron's `nativeTheme`; `system` follows `__standin.systemIsDark`. */
class NativeTheme extends EventEmitter {
  shouldUseHighContrastColors = false
  shouldUseInvertedColorScheme = false
  inForcedColorsMode = false
  prefersReducedTransparency = false
  #source: 'system' | 'light' | 'dark' = 'system'

  get themeSource(): 'system' | 'light' | 'dark' {
    return this.#source
  }

  set themeSource(source: 'system' | 'light' | 'dark') {
    this.#source = source
    this.emit('updated')
  }

  get shouldUseDarkColors(): boolean {
    return this.#source === 'system' ? recorded.systemIsDark : this.#source === 'dark'
  }

  get shouldUseDarkColorsForSystemIntegratedUI(): boolean {
    return recorded.systemIsDark
  }
}
refuseTheRest('nativeTheme', NativeTheme)

class Notification extends EventEmitter {
  readonly options: unknown

  constructor(options?: unknown) {
    super()
    this.options = options
  }

  static isSupported(): boolean {
    return true
  }

  show(): void {
    record('notification.show', this.options)
    recorded.notifications.push(this)
    this.emit('show')
  }

  close(): void {
    this.emit('close')
  }
}
refuseTheRest('notification', Notification)

interface MenuTemplate {
  submenu?: MenuTemplate[]
  [property: string]: unknown
}

class Menu {
  readonly items: MenuTemplate[]
  static #applicationMenu: Menu | null = null

  constructor(template: MenuTemplate[] = []) {
    this.items = template
  }

  static buildFromTemplate(template: MenuTemplate[]): Menu {
    return new Menu(template)
  }

  static setApplicationMenu(menu: Menu | null): void {
    record('menu.setApplicationMenu', menu)
    Menu.#applicationMenu = menu
  }

  static getApplicationMenu(): Menu | null {
    return Menu.#applicationMenu
  }

  popup(): void {
    record('menu.popup', this.items)
  }
}

function createClipboard(): object {
  let text = ''
  return onlyThese('clipboard', {
    readText: () => text,
    writeText: (written: string) => {
      text = written
    },
    clear: () => {
      text = ''
    },
  })
}

function createDialog(): object {
  const answer = () => ({ response: recorded.dialogResponse, checkboxChecked: false })
  return onlyThese('dialog', {
    showErrorBox: (title: string, content: string) => {
      record('dialog.showErrorBox', title, content)
      process.stderr.write(`${title}: ${content}\n`)
    },
    showMessageBox: async (...args: unknown[]) => {
      record('dialog.showMessageBox', ...args)
      return answer()
    },
    showMessageBoxSync: (...args: unknown[]) => {
      record('dialog.showMessageBoxSync', ...args)
      return answer().response
    },
  })
}

function createShortcuts(): object {
  const { shortcuts } = recorded
  return onlyThese('globalShortcut', {
    register: (accelerator: string, pressed: () => void) => {
      shortcuts.set(accelerator, pressed)
      return true
    },
    isRegistered: (accelerator: string) => shortcuts.has(accelerator),
    unregister: (accelerator: string) => shortcuts.delete(accelerator),
    unregisterAll: () => shortcuts.clear(),
  })
}

function createPowerSaveBlocker(): object {
  const started = new Set<number>()
  return onlyThese('powerSaveBlocker', {
    start: (type: string) => {
      record('powerSaveBlocker.start', type)
      const id = started.size + 1
      started.add(id)
      return id
    },
    stop: (id: number) => started.delete(id),
    isStarted: (id: number) => started.has(id),
  })
}

function createShell(): object {
  return onlyThese('shell', {
    openExternal: async (url: string) => record('shell.openExternal', url),
    openPath: async (path: string) => {
      record('shell.openPath', path)
      return ''
    },
    showItemInFolder: (path: string) => record('shell.showItemInFolder', path),
    beep: () => record('shell.beep'),
  })
}

export interface SystemModules {
  readonly nativeTheme: NativeTheme
  readonly [name: string]: unknown
}

export function createSystem(): SystemModules {
  const powerMonitor = new PowerMonitor()
  const nativeTheme = new NativeTheme()
  Object.assign(recorded, { powerMonitor, nativeTheme })
  return {
    Menu,
    Notification,
    clipboard: createClipboard(),
    crashReporter: onlyThese('crashReporter', {
      start: (options: unknown) => record('crashReporter.start', options),
    }),
    dialog: createDialog(),
    globalShortcut: createShortcuts(),
    nativeTheme,
    powerMonitor,
    powerSaveBlocker: createPowerSaveBlocker(),
    screen: new Screen(),
    shell: createShell(),
    systemPreferences: onlyThese('systemPreferences', {
      getMediaAccessStatus: () => 'granted',
      askForMediaAccess: async () => true,
    }),
  }
}
