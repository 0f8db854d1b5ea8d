import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { App } from 'electron'
import type { Config, ConfigProblem } from '#shared/contract/config.ts'
import type { Result } from '#shared/kernel/result.ts'
import { type ConfigPlace, readConfig } from './config.ts'

/** Everything that has to be settled before the app is ready. */
export interface Startup {
  readonly userData: string
  readonly config: Result<Config, ConfigProblem>
}

export function prepare(app: App): Startup {
  const folder = app.commandLine.getSwitchValue('user-data-dir')
  if (folder) {
    mkdirSync(folder, { recursive: true })
    app.setPath('userData', resolve(folder))
  }
  const userData = app.getPath('userData')

  const config = readConfig(configPlace(app.commandLine.getSwitchValue('config'), process.env, userData))
  // The phone page rings and plays voices although nobody ever clicks in it.
  app.commandLine.appendSwitch('autoplay-policy', 'no-user-gesture-required')
  if (config.ok && isOnThisComputer(config.value)) {
    // The residents speak from this computer, where Chromium expects nobody.
    app.commandLine.appendSwitch('allow-loopback-in-peer-connection')
  }
  app.enableSandbox()
  return { userData, config }
}

/** Practice, or a council and switchboard started beside the desk with `npm run council`. */
export function isOnThisComputer(config: Config): boolean {
  if (config.mode === 'practice') return true
  return ['127.0.0.1', '[::1]', 'localhost'].includes(new URL(config.council.url).hostname)
}

export function configPlace(
  named: string,
  environment: Readonly<Record<string, string | undefined>>,
  userData: string,
): ConfigPlace {
  const file = named || environment.ADVISER_DESKTOP_CONFIG
  return file ? { file, isNamed: true } : { file: join(userData, 'adviser-desktop.json'), isNamed: false }
}
