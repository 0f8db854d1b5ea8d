import { type FileStore, filePartBytes, type WaitingFile } from '#shared/cases/file-store.ts'
import { appError } from '#shared/kernel/app-error.ts'
import { err, ok, type Result } from '#shared/kernel/result.ts'

/** Files that outlive the stores on them. */
export class FakeFileDisk {
  readonly files = new Map<string, { file: WaitingFile; bytes: Uint8Array<ArrayBuffer> }>()
  full = false
}

/** FileStore in memory. */
export class FakeFileStore implements FileStore {
  readonly #disk: FakeFileDisk

  constructor(disk: FakeFileDisk) {
    this.#disk = disk
  }

  async open(): Promise<Result<readonly WaitingFile[]>> {
    const files = [...this.#disk.files.values()].map(({ file }) => structuredClone(file))
    return ok(files.sort((a, b) => a.addedAt - b.addedAt))
  }

  async add(file: WaitingFile, bytes: Uint8Array<ArrayBuffer>): Promise<Result<null>> {
    if (this.#disk.full) return err(appError('cases/store-failed', 'now', 'QuotaExceededError'))
    this.#disk.files.set(file.id, structuredClone({ file, bytes }))
    return ok(null)
  }

  async put(file: WaitingFile): Promise<Result<null>> {
    const kept = this.#disk.files.get(file.id)
    if (kept) kept.file = structuredClone(file)
    return ok(null)
  }

  async part(fileId: string, index: number): Promise<Result<Uint8Array<ArrayBuffer> | null>> {
    const bytes = this.#disk.files.get(fileId)?.bytes
    return ok(bytes?.slice(index * filePartBytes, (index + 1) * filePartBytes) ?? null)
  }

  async remove(fileId: string): Promise<Result<null>> {
    this.#disk.files.delete(fileId)
    return ok(null)
  }

  async wipe(): Promise<void> {
    this.#disk.files.clear()
  }

  async close(): Promise<void> {}
}
