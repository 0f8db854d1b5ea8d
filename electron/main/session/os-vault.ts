import { appError } from '#shared/kernel/app-error.ts'
import type { Log } from '#shared/kernel/log.ts'
import { err, ok, type Result } from '#shared/kernel/result.ts'
import { errorCode } from '../durable-file.ts'

/** The part of Electron's safeStorage used here. */
export interface SafeStorage {
  isEncryptionAvailable(): boolean
  encryptString(text: string): Buffer
  decryptString(encrypted: Buffer): string
  /** Linux only. */
  getSelectedStorageBackend(): string
  /** Linux only. */
  setUsePlainTextEncryption(usePlainText: boolean): void
}

/** Secrets wrapped by the operating system's key store, so that only this user on this computer unwraps them. */
export interface OsVault {
  /** `vault/not-protected` when the computer has no key store that protects anything. */
  ready(): Result<null>
  protect(text: string): Result<Buffer>
  /** `vault/unreadable` when another user, computer or key store wrapped it. */
  reveal(wrapped: Buffer): Result<string>
}

export interface OsVaultOptions {
  readonly safeStorage: SafeStorage
  readonly platform: NodeJS.Platform
  /** Practice has no real residents in it, so that a desk without a key store may practise. */
  readonly isPractice: boolean
  readonly log: Log
}

export function createOsVault({ safeStorage, platform, isPractice, log }: OsVaultOptions): OsVault {
  function ready(): Result<null> {
    if (platform === 'linux' && safeStorage.getSelectedStorageBackend() === 'basic_text') {
      // Electron then wraps with a password that is the same everywhere.
      if (!isPractice) return err(appError('vault/not-protected', 'never', 'basic_text'))
      safeStorage.setUsePlainTextEncryption(true)
    }
    return safeStorage.isEncryptionAvailable() ? ok(null) : err(appError('vault/not-protected', 'never'))
  }

  return {
    ready,
    protect: (text) => {
      const state = ready()
      if (!state.ok) return state
      try {
        return ok(safeStorage.encryptString(text))
      } catch (error) {
        log.error('vault/not-wrapped', { error: errorCode(error) })
        return err(appError('vault/not-protected', 'now'))
      }
    },
    reveal: (wrapped) => {
      const state = ready()
      if (!state.ok) return state
      try {
        return ok(safeStorage.decryptString(wrapped))
      } catch (error) {
        log.error('vault/unreadable', { error: errorCode(error) })
        return err(appError('vault/unreadable', 'never'))
      }
    },
  }
}
