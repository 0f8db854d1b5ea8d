import { join } from 'node:path'
import { appError } from '#shared/kernel/app-error.ts'
import type { Log } from '#shared/kernel/log.ts'
import { err, ok, type Result } from '#shared/kernel/result.ts'
import { errorCode, writeDurably } from './durable-file.ts'

export interface WorkFiles {
  /** Writes a file of its own that only this user can read. Code: `work/not-exported`. */
  write(text: string): Promise<Result<{ folder: string; file: string }>>
  /** The same for a file of a case; nothing that is there already is overwritten. Code: `work/not-exported`. */
  save(name: string, bytes: Uint8Array): Promise<Result<{ folder: string; file: string }>>
}

export interface WorkFilesOptions {
  readonly folder: string
  readonly log: Log
  /** Milliseconds since 1970. */
  now(): number
}

/** Files that were asked for: unsent work as text to type in elsewhere, and copies of a case's files. The adviser deletes it: nothing here does. */
export function createWorkFiles({ folder, log, now }: WorkFilesOptions): WorkFiles {
  async function written(file: string, content: Uint8Array | string) {
    try {
      await writeDurably(join(folder, file), content)
      log.info('work/exported')
      return ok({ folder, file })
    } catch (error) {
      log.error('work/not-exported', { error: errorCode(error) })
      return err(appError('work/not-exported', 'now', errorCode(error)))
    }
  }
  const stamp = () => new Date(now()).toISOString().replaceAll(/[:.]/g, '-')

  return {
    // Without the mark some editors on Windows take the text for another encoding.
    write: (text) => written(`unsent-work-${stamp()}.txt`, `\uFEFF${text}`),
    save: (name, bytes) => written(`${stamp()} ${safeName(name)}`, bytes),
  }
}

/** A name that no system takes for a path, a device or a hidden file, with its ending. */
export const safeName = (name: string): string =>
  name
    .replaceAll(/[^\p{L}\p{N} ._()-]/gu, '_')
    .replace(/^[. ]+/, '')
    .slice(-100) || 'file'
