import { createHash } from 'node:crypto'
import type { Directory, DirectoryEntry } from '#shared/contract/rest.ts'
import type { Clock } from '#shared/kernel/clock.ts'

export interface DirectoryService {
  read(): Directory
  /** Of the entries: `asAt` alone is no change. */
  readonly hash: string
}

export function createDirectory(entries: readonly DirectoryEntry[], clock: Clock): DirectoryService {
  return {
    read: () => ({ asAt: new Date(clock.now()).toISOString(), entries: [...entries] }),
    hash: createHash('sha256').update(JSON.stringify(entries)).digest('base64url'),
  }
}
