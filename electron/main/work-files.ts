import { join } from 'node:path'
import { appError } from '#shared/kernel/app-error.ts'
import type { Log } from '#shared/kernel/log.ts'
import { err, ok, type Result } from '#shared/kernel/result.ts'
import { errorCode, writeDurably } from './durable-file.ts'

export interface WorkFiles {
  /** Writes a file of its own that only this user can read. Code: `work/not-exported`. */
  write(text: string): Promise<Result<{ folder: string; file: string }>>
}

export interface WorkFilesOptions {
  readonly folder: string
  readonly log: Log
  /** Milliseconds since 1970. */
  now(): number
}

/** Work that is not sent, as text to type in elsewhere. The adviser deletes it: nothing here does. */
export function createWorkFiles({ folder, log, now }: WorkFilesOptions): WorkFiles {
  return {
    async write(text) {
      const file = `unsent-work-${new Date(now()).toISOString().replaceAll(/[:.]/g, '-')}.txt`
      try {
        // Without the mark some editors on Windows take the text for another encoding.
        await writeDurably(join(folder, file), `\uFEFF${text}`)
        log.info('work/exported')
        return ok({ folder, file })
      } catch (error) {
        log.error('work/not-exported', { error: errorCode(error) })
        return err(appError('work/not-exported', 'now', errorCode(error)))
      }
    },
  }
}
