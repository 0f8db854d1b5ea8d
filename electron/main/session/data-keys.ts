import { randomBytes } from 'node:crypto'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { appError } from '#shared/kernel/app-error.ts'
import type { Log } from '#shared/kernel/log.ts'
import { err, ok, type Result } from '#shared/kernel/result.ts'
import { errorCode, flushFolder, writeDurably } from '../durable-file.ts'
import { fileNameFor, type Holder } from './holder.ts'
import type { OsVault } from './os-vault.ts'

const keyBytes = 32

/** The key that each adviser's cache and journal are encrypted with, made once and wrapped by the vault. */
export interface DataKeys {
  /**
   * Codes: `vault/not-protected`, `vault/unreadable` (never replaced by itself: work may be encrypted with it),
   * `vault/disk`.
   */
  of(holder: Holder): Promise<Result<Buffer>>
  /** What was encrypted with it can be read by nobody any more. */
  destroy(holder: Holder): Promise<void>
}

export interface DataKeysOptions {
  readonly folder: string
  readonly vault: OsVault
  readonly log: Log
}

export function createDataKeys({ folder, vault, log }: DataKeysOptions): DataKeys {
  const asked = new Map<string, Promise<Result<Buffer>>>()

  async function readOrMake(file: string): Promise<Result<Buffer>> {
    try {
      const wrapped = await readFile(file).catch((error) => {
        if (errorCode(error) === 'ENOENT') return undefined
        throw error
      })
      return wrapped ? unwrap(wrapped) : await make(file)
    } catch (error) {
      log.error('vault/disk', { error: errorCode(error) })
      return err(appError('vault/disk', 'now', errorCode(error)))
    }
  }

  function unwrap(wrapped: Buffer): Result<Buffer> {
    const text = vault.reveal(wrapped)
    if (!text.ok) return text
    const key = Buffer.from(text.value, 'base64')
    return key.length === keyBytes ? ok(key) : err(appError('vault/unreadable', 'never', 'wrong length'))
  }

  async function make(file: string): Promise<Result<Buffer>> {
    const key = randomBytes(keyBytes)
    const wrapped = vault.protect(key.toString('base64'))
    if (!wrapped.ok) return wrapped
    await writeDurably(file, wrapped.value)
    log.info('vault/key-made')
    return ok(key)
  }

  return {
    of: (holder) => {
      const file = join(folder, `${fileNameFor(holder)}.key`)
      const known = asked.get(file)
      if (known) return known
      const key = readOrMake(file).then((result) => {
        if (!result.ok) asked.delete(file)
        return result
      })
      asked.set(file, key)
      return key
    },
    destroy: async (holder) => {
      const file = join(folder, `${fileNameFor(holder)}.key`)
      const known = await asked.get(file)
      asked.delete(file)
      if (known?.ok) known.value.fill(0)
      await rm(file, { force: true })
      await flushFolder(folder).catch(() => {})
      log.info('vault/key-destroyed')
    },
  }
}
