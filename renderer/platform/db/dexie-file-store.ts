import { Dexie, type Table } from 'dexie'
import type { CasesErrorCode } from '#shared/cases/errors.ts'
import { type FileStore, filePartBytes, type WaitingFile } from '#shared/cases/file-store.ts'
import { appError } from '#shared/kernel/app-error.ts'
import { err, ok, type Result } from '#shared/kernel/result.ts'
import { type CacheCipher, createCacheCipher } from './cache-cipher.ts'

type Sealed = Uint8Array<ArrayBuffer>

class FileDatabase extends Dexie {
  declare readonly files: Table<Sealed, string, Sealed>
  /** By file and number of the part. */
  declare readonly parts: Table<Sealed, string, Sealed>

  constructor(name: string) {
    super(name, { autoOpen: false, chromeTransactionDurability: 'strict' })
    this.version(1).stores({ files: '', parts: '' })
  }
}

const partKey = (fileId: string, index: number): string => `${fileId}/${index}`

async function attempt<T>(run: () => Promise<T>): Promise<Result<T>> {
  try {
    return ok(await run())
  } catch (error) {
    const name = error instanceof Error ? error.name : typeof error
    return err(appError('cases/store-failed' satisfies CasesErrorCode, 'now', name))
  }
}

/** Waiting files in IndexedDB, apart from the cases: they may be large and are never many. */
export class DexieFileStore implements FileStore {
  readonly #database: FileDatabase
  readonly #name: string
  readonly #cipher: CacheCipher

  private constructor(name: string, cipher: CacheCipher) {
    this.#name = name
    this.#cipher = cipher
    this.#database = new FileDatabase(name)
  }

  static async create(name: string, dataKey: Uint8Array<ArrayBuffer>): Promise<DexieFileStore> {
    return new DexieFileStore(name, await createCacheCipher(dataKey))
  }

  open(): Promise<Result<readonly WaitingFile[]>> {
    return attempt(async () => {
      const { files, parts } = await this.#database.open().then(() => this.#database)
      const keys = await files.toCollection().primaryKeys()
      const read = await Promise.all(keys.map((key) => this.#read(key)))
      const known = read.flatMap((file) => (file ? [file] : []))
      const ids = new Set(known.map(({ id }) => id))
      const lost = (await parts.toCollection().primaryKeys()).filter(
        (key) => !ids.has(key.split('/')[0] ?? ''),
      )
      await files.bulkDelete(keys.filter((key) => !ids.has(key)))
      await parts.bulkDelete(lost)
      return known.sort((a, b) => a.addedAt - b.addedAt)
    })
  }

  add(file: WaitingFile, bytes: Uint8Array<ArrayBuffer>): Promise<Result<null>> {
    return attempt(async () => {
      const indexes = Array.from({ length: Math.ceil(bytes.length / filePartBytes) }, (_, index) => index)
      const keys = indexes.map((index) => partKey(file.id, index))
      const sealed = await Promise.all(
        indexes.map((index) =>
          this.#cipher.sealBytes(
            `parts/${partKey(file.id, index)}`,
            bytes.subarray(index * filePartBytes, (index + 1) * filePartBytes),
          ),
        ),
      )
      const sealedFile = await this.#cipher.seal(`files/${file.id}`, file)
      const { files, parts } = this.#database
      await this.#database.transaction('rw', files, parts, async () => {
        await parts.bulkPut(sealed, keys)
        await files.put(sealedFile, file.id)
      })
      return null
    })
  }

  put(file: WaitingFile): Promise<Result<null>> {
    return attempt(async () => {
      await this.#database.files.put(await this.#cipher.seal(`files/${file.id}`, file), file.id)
      return null
    })
  }

  part(fileId: string, index: number): Promise<Result<Uint8Array<ArrayBuffer> | null>> {
    return attempt(async () => {
      const key = partKey(fileId, index)
      const sealed = await this.#database.parts.get(key)
      if (!sealed) return null
      const bytes = await this.#cipher.unsealBytes(`parts/${key}`, sealed).catch(() => null)
      return bytes && new Uint8Array(bytes)
    })
  }

  remove(fileId: string): Promise<Result<null>> {
    return attempt(async () => {
      const { files, parts } = this.#database
      await this.#database.transaction('rw', files, parts, async () => {
        await files.delete(fileId)
        await parts.where(':id').startsWith(`${fileId}/`).delete()
      })
      return null
    })
  }

  async wipe(): Promise<void> {
    this.#database.close()
    await Dexie.delete(this.#name)
  }

  async close(): Promise<void> {
    this.#database.close()
  }

  async #read(key: string): Promise<WaitingFile | null> {
    const sealed = await this.#database.files.get(key)
    if (!sealed) return null
    return (await this.#cipher.unseal(`files/${key}`, sealed).catch(() => null)) as WaitingFile | null
  }
}
