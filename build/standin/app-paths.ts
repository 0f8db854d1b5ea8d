import { mkdirSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { notImplemented } from './named.ts'

function configurationFolder(): string {
  const { APPDATA, XDG_CONFIG_HOME } = process.env
  if (process.platform === 'win32') return APPDATA ?? join(homedir(), 'AppData', 'Roaming')
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support')
  return XDG_CONFIG_HOME ?? join(homedir(), '.config')
}

/** The folders `app.getPath` names, with Electron's defaults. */
export class AppPaths {
  readonly #set = new Map<string, string>()
  readonly #appName: () => string
  readonly #executable: string

  constructor(appName: () => string, executable: string, userData: string | undefined) {
    this.#appName = appName
    this.#executable = executable
    if (userData) this.#set.set('userData', resolve(userData))
  }

  get(name: string): string {
    return this.#set.get(name) ?? this.#default(name)
  }

  set(name: string, path: string): void {
    this.#set.set(name, path)
    mkdirSync(path, { recursive: true })
  }

  #default(name: string): string {
    switch (name) {
      case 'appData':
        return configurationFolder()
      case 'userData':
        return join(this.get('appData'), this.#appName())
      case 'sessionData':
        return this.get('userData')
      case 'logs':
        return join(this.get('userData'), 'logs')
      case 'crashDumps':
        return join(this.get('userData'), 'Crashpad')
      case 'temp':
        return tmpdir()
      case 'home':
        return homedir()
      case 'desktop':
        return join(homedir(), 'Desktop')
      case 'documents':
        return join(homedir(), 'Documents')
      case 'downloads':
        return join(homedir(), 'Downloads')
      case 'exe':
      case 'module':
        return this.#executable
      default:
        throw notImplemented(`app.getPath('${name}')`)
    }
  }
}
