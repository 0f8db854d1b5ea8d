import type { Callback, ScriptEntry } from '#shared/contract/rest.ts'
import type { CacheCipher } from './cache-cipher.ts'
import type { Keyed } from './record-disk.ts'
import type { SmallChange } from './versions-of-records.ts'

interface SmallEntry {
  readonly change: SmallChange
  readonly epoch: number
}

/** Scripts and callbacks: few, held whole by whoever has the store, and each a sealed value of its own. */
export class SmallRecords {
  readonly #entries = new Map<string, SmallEntry>()
  /** Names of entries that the disk has otherwise. */
  readonly #unwritten = new Set<string>()

  get count(): number {
    return this.#entries.size
  }

  async load(sealed: readonly Keyed<string>[], cipher: CacheCipher): Promise<void> {
    for (const [key, value] of sealed) {
      const entry = (await cipher.unseal(`small/${key}`, value)) as SmallEntry
      this.#entries.set(nameOf(entry.change), entry)
    }
  }

  clear(): void {
    this.#entries.clear()
    this.#unwritten.clear()
  }

  put(kind: SmallChange['kind'], id: string, change: SmallChange | null, epoch: number): void {
    const name = `${kind}:${id}`
    if (change) this.#entries.set(name, { change, epoch })
    else this.#entries.delete(name)
    this.#unwritten.add(name)
  }

  /** Forgets what an older reading told, and answers the ids. */
  dropOlder(epoch: number): readonly string[] {
    const ids: string[] = []
    for (const [name, entry] of this.#entries) {
      if (entry.epoch >= epoch) continue
      ids.push(entry.change.id)
      this.#entries.delete(name)
      this.#unwritten.add(name)
    }
    return ids
  }

  scripts(): readonly ScriptEntry[] {
    return [...this.#entries.values()].flatMap(({ change }) =>
      change.kind === 'script' && 'record' in change ? [change.record] : [],
    )
  }

  callbacks(): readonly Callback[] {
    return [...this.#entries.values()].flatMap(({ change }) =>
      change.kind === 'callback' && 'record' in change ? [change.record] : [],
    )
  }

  /** What has to be written; `written` is called when it has been. */
  async toWrite(cipher: CacheCipher): Promise<{
    readonly put: readonly Keyed<string>[]
    readonly remove: readonly string[]
    readonly written: () => void
  }> {
    const names = [...this.#unwritten]
    const put: Keyed<string>[] = []
    const remove: string[] = []
    for (const name of names) {
      const key = await cipher.opaque(name)
      const entry = this.#entries.get(name)
      if (entry) put.push([key, await cipher.seal(`small/${key}`, entry)])
      else remove.push(key)
    }
    const written = (): void => {
      for (const name of names) this.#unwritten.delete(name)
    }
    return { put, remove, written }
  }
}

const nameOf = ({ kind, id }: SmallChange): string => `${kind}:${id}`
