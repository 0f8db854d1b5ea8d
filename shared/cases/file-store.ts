import type { Result } from '../kernel/result.ts'

/** Bytes of a part of a file, but for the last: what is sent in one request too. */
export const filePartBytes = 512 * 1024

/** A file that was added to a case and is not whole at the service. `addedAt` in milliseconds since 1970. */
export interface WaitingFile {
  readonly id: string
  readonly caseId: string
  readonly name: string
  /** Media type. */
  readonly type: string
  readonly sizeBytes: number
  readonly addedAt: number
  /** The upload at the service, once it has begun. */
  readonly uploadId: string | null
  /** Why the service will not take it; null while nothing is known against it. */
  readonly refused: string | null
  /** Not to be sent after all: it goes once the service has let go of the upload. */
  readonly takenBack?: boolean
}

/**
 * Files on their way, encrypted at rest until they are sent.
 *
 * A store
 * - MUST have all of a file on the disk when `add` is fulfilled, and keep it through a crash of everything;
 * - MUST answer `cases/store-failed` and keep nothing of the file when it does not fit.
 */
export interface FileStore {
  /** Reads what waits, oldest first; parts of files that were never finished are removed. */
  open(): Promise<Result<readonly WaitingFile[]>>
  add(file: WaitingFile, bytes: Uint8Array<ArrayBuffer>): Promise<Result<null>>
  /** Replaces what is said of a file. */
  put(file: WaitingFile): Promise<Result<null>>
  /** Null when it is not there or cannot be decrypted. */
  part(fileId: string, index: number): Promise<Result<Uint8Array<ArrayBuffer> | null>>
  remove(fileId: string): Promise<Result<null>>
  wipe(): Promise<void>
  close(): Promise<void>
}
