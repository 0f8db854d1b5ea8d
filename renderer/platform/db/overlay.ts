import type { RowFacts } from './row-facts.ts'
import type { LargeKind, LargeRecord, Version } from './versions-of-records.ts'

/** A version that lies in no chunk yet. */
export interface OverlayEntry {
  /** Made once: a text that was hashed before is found sooner. */
  readonly key: string
  readonly version: Version
  readonly facts: RowFacts
  /** The reading of the feed that told it. */
  readonly epoch: number
  /** Place among the overlay's rows; -1 for a record that was deleted. */
  readonly place: number
}

const keyOf = (kind: LargeKind, id: string): string => `${kind}:${id}`

/** The newest versions of what changed since the chunks were made, in the order in which they came. */
export class Overlay {
  readonly #entries = new Map<string, OverlayEntry>()
  readonly #byPlace: (OverlayEntry | undefined)[] = []
  readonly #free: number[] = []

  get size(): number {
    return this.#entries.size
  }

  /** Places given out are below it. */
  get places(): number {
    return this.#byPlace.length
  }

  get(kind: LargeKind, id: string): OverlayEntry | undefined {
    return this.#entries.get(keyOf(kind, id))
  }

  /** Whether it is still the newest. */
  has(entry: OverlayEntry): boolean {
    return this.#entries.get(entry.key) === entry
  }

  at(place: number): OverlayEntry | undefined {
    return this.#byPlace[place]
  }

  entries(): IterableIterator<OverlayEntry> {
    return this.#entries.values()
  }

  /** The version may not be here yet: what it takes the place of is removed before. */
  put(version: Version, facts: RowFacts, epoch: number): OverlayEntry {
    const place = version.record ? (this.#free.pop() ?? this.#byPlace.length) : -1
    const entry = { key: keyOf(version.kind, version.id), version, facts, epoch, place }
    if (place >= 0) this.#byPlace[place] = entry
    this.#entries.set(entry.key, entry)
    return entry
  }

  remove(entry: OverlayEntry): void {
    this.#entries.delete(entry.key)
    if (entry.place < 0) return
    this.#byPlace[entry.place] = undefined
    this.#free.push(entry.place)
  }

  clear(): void {
    this.#entries.clear()
    this.#byPlace.length = 0
    this.#free.length = 0
  }

  /** Records of a kind for which `wanted` holds. */
  records<T extends LargeRecord>(kind: LargeKind, wanted: (record: T) => boolean): readonly T[] {
    const found: T[] = []
    for (const { version } of this.#entries.values()) {
      if (version.kind !== kind || !version.record) continue
      const record = version.record as T
      if (wanted(record)) found.push(record)
    }
    return found
  }
}
