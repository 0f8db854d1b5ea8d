import { readFile, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { adviser } from '#shared/contract/rest.ts'
import type { Log } from '#shared/kernel/log.ts'
import type { Result } from '#shared/kernel/result.ts'
import { ok } from '#shared/kernel/result.ts'
import { errorCode, flushFolder, writeDurably } from '../durable-file.ts'
import { fileNameForScope } from './holder.ts'
import type { OsVault } from './os-vault.ts'
import { passwordCheck } from './password-check.ts'

const storedSession = z.object({
  version: z.literal(1),
  adviser,
  councilUrl: z.url(),
  /** When the adviser signed in, milliseconds since 1970. */
  since: z.number(),
  refreshToken: z.string(),
  /** Absent when an older desk signed in: then only signing in again unlocks. */
  passwordCheck: passwordCheck.optional(),
  locked: z.boolean().optional(),
})

/** What outlives the app of a session. */
export type StoredSession = z.infer<typeof storedSession>

export interface SessionStore {
  /** Undefined when there is none, or none that can be read. */
  load(): Promise<StoredSession | undefined>
  /** Codes of the vault. */
  save(session: StoredSession): Promise<Result<null>>
  clear(): Promise<void>
}

export interface SessionStoreOptions {
  readonly folder: string
  readonly scope: string
  readonly vault: OsVault
  readonly log: Log
}

export function createSessionStore({ folder, scope, vault, log }: SessionStoreOptions): SessionStore {
  const file = join(folder, `${fileNameForScope(scope)}.session`)
  // One after the other: a token must not be written back behind a sign-out.
  let lastWrite: Promise<unknown> = Promise.resolve()
  function inTurn<T>(write: () => Promise<T>): Promise<T> {
    const result = lastWrite.then(write)
    lastWrite = result.catch(() => {})
    return result
  }

  return {
    load: async () => {
      try {
        const text = vault.reveal(await readFile(file))
        return text.ok ? storedSession.parse(JSON.parse(text.value)) : undefined
      } catch (error) {
        if (errorCode(error) !== 'ENOENT') log.error('session/not-loaded', { error: errorCode(error) })
        return undefined
      }
    },
    save: async (session) => {
      const wrapped = vault.protect(JSON.stringify(session))
      if (!wrapped.ok) return wrapped
      try {
        await inTurn(() => writeDurably(file, wrapped.value))
      } catch (error) {
        // The session works on; only a restart will ask to sign in again.
        log.error('session/not-stored', { error: errorCode(error) })
      }
      return ok(null)
    },
    clear: () =>
      inTurn(async () => {
        await rm(file, { force: true })
        await flushFolder(dirname(file)).catch(() => {})
      }),
  }
}
