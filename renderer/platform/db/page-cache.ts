import type { CacheCipher } from './cache-cipher.ts'
import type { PageRecords } from './chunk-builder.ts'
import type { Chunk } from './directory.ts'
import type { RecordDisk, Sealed } from './record-disk.ts'

export interface PagePlace {
  readonly chunk: Chunk
  readonly page: number
}

export const pagePlaceName = (nonce: string, page: number): string => `pages/${nonce}/${page}`

const decoder = new TextDecoder()

/** Pages of records as they were read last, so that records which lie together cost one reading. */
export class PageCache {
  readonly #disk: RecordDisk
  readonly #cipher: CacheCipher
  readonly #most: number
  /** The one that was used last at the end. */
  readonly #pages = new Map<string, Promise<PageRecords | null>>()

  constructor(disk: RecordDisk, cipher: CacheCipher, most = 48) {
    this.#disk = disk
    this.#cipher = cipher
    this.#most = most
  }

  /** Null for a page that is not there or cannot be unsealed. Rejects when the disk cannot be read. */
  async read(places: readonly PagePlace[]): Promise<readonly (PageRecords | null)[]> {
    const missing = new Map<string, PagePlace>()
    for (const place of places) {
      const key = keyOf(place)
      if (!this.#pages.has(key)) missing.set(key, place)
    }
    if (missing.size > 0) this.#fetch(missing)
    const pages = await Promise.all(places.map((place) => this.#use(keyOf(place))))
    this.#forgetOldest()
    return pages
  }

  clear(): void {
    this.#pages.clear()
  }

  #fetch(missing: ReadonlyMap<string, PagePlace>): void {
    const wanted = [...missing.values()]
    const sealed = this.#disk.pages(wanted.map(({ chunk, page }) => ({ chunk: chunk.number, page })))
    wanted.forEach((place, index) => {
      const key = keyOf(place)
      const page = sealed.then((values) => this.#open(place, values[index] ?? null))
      this.#pages.set(key, page)
      // A failure to read is no property of the page: the next one to ask tries again.
      page.catch(() => this.#pages.delete(key))
    })
  }

  async #open({ chunk, page }: PagePlace, sealed: Sealed | null): Promise<PageRecords | null> {
    if (!sealed) return null
    try {
      const bytes = await this.#cipher.unsealBytes(pagePlaceName(chunk.columns.nonce, page), sealed)
      return JSON.parse(decoder.decode(bytes)) as PageRecords
    } catch {
      return null
    }
  }

  #use(key: string): Promise<PageRecords | null> {
    const page = this.#pages.get(key) ?? Promise.resolve(null)
    this.#pages.delete(key)
    this.#pages.set(key, page)
    return page
  }

  #forgetOldest(): void {
    for (const key of this.#pages.keys()) {
      if (this.#pages.size <= this.#most) return
      this.#pages.delete(key)
    }
  }
}

const keyOf = ({ chunk, page }: PagePlace): string => `${chunk.columns.nonce}/${page}`
