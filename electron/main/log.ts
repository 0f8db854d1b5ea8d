import { existsSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import fileLogger from 'electron-log/node'
import type { Log, LogFacts, LogLevel } from '#shared/kernel/log.ts'

const archives = 5

export interface LogOptions {
  readonly folder: string
  readonly toConsole: boolean
}

/** Writes codes and facts, a line each, to `adviser-desktop.log`; at 1 MB it begins anew and keeps five old ones. */
export function createFileLog({ folder, toConsole }: LogOptions): Log {
  const logger = fileLogger.create({ logId: 'adviser-desktop' })
  const { file, console: terminal } = logger.transports
  file.resolvePathFn = () => join(folder, 'adviser-desktop.log')
  file.level = 'debug'
  file.maxSize = 1024 * 1024
  file.format = '{iso} {level} {text}'
  file.archiveLogFn = (old) => keepArchives(old.path)
  terminal.level = toConsole ? 'debug' : false
  terminal.format = '{level} {text}'

  const write = (level: LogLevel, code: string, facts?: LogFacts): void => {
    logger[level](facts && Object.keys(facts).length > 0 ? `${code} ${JSON.stringify(facts)}` : code)
  }
  return {
    error: (code, facts) => write('error', code, facts),
    info: (code, facts) => write('info', code, facts),
    debug: (code, facts) => write('debug', code, facts),
  }
}

function keepArchives(path: string): void {
  try {
    rmSync(`${path}.${archives}`, { force: true })
    for (let number = archives - 1; number >= 1; number -= 1) {
      if (existsSync(`${path}.${number}`)) renameSync(`${path}.${number}`, `${path}.${number + 1}`)
    }
    renameSync(path, `${path}.1`)
  } catch {
    // Somebody holds a file open: the log goes on growing rather than stopping the app.
  }
}
